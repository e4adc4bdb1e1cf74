//! As much DER as is needed to tell key formats apart and to take them to pieces. Writing is left to aws-lc.

use crate::{Error, Result};

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
/// `[0]`, constructed: the curve inside an `ECPrivateKey`.
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// The contents of the object identifiers `rsaEncryption`, `id-ecPublicKey` and `id-Ed25519`.
pub(crate) const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
pub(crate) const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
pub(crate) const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

const BAD: Error = Error::InvalidKey("not valid DER");

/// Reads one element after another. Definite, minimal lengths only.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The inside of a sequence that fills `der` to its last byte.
    pub(crate) fn sequence(der: &'a [u8]) -> Result<Reader<'a>> {
        let mut outer = Reader(der);
        let inner = outer.take(SEQUENCE)?;
        outer.end()?;
        Ok(Reader(inner))
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<&'a [u8]> {
        let [found, first, rest @ ..] = self.0 else { return Err(BAD) };
        if *found != tag {
            return Err(BAD);
        }
        let (len, rest) = match *first {
            short @ ..=0x7f => (usize::from(short), rest),
            long @ 0x81..=0x83 => {
                let (digits, rest) = rest.split_at_checked(usize::from(long - 0x80)).ok_or(BAD)?;
                let len = digits.iter().fold(0, |n, d| n << 8 | usize::from(*d));
                if digits[0] == 0 || len < 0x80 {
                    return Err(BAD);
                }
                (len, rest)
            }
            _ => return Err(BAD),
        };
        let (contents, rest) = rest.split_at_checked(len).ok_or(BAD)?;
        self.0 = rest;
        Ok(contents)
    }

    pub(crate) fn reader(&mut self, tag: u8) -> Result<Reader<'a>> {
        self.take(tag).map(Reader)
    }

    /// A positive integer as big-endian bytes without leading zeros.
    pub(crate) fn positive(&mut self) -> Result<&'a [u8]> {
        match self.take(INTEGER)? {
            [0, rest @ ..] if rest.first().is_some_and(|b| *b >= 0x80) => Ok(rest),
            plain @ [1..0x80, ..] => Ok(plain),
            _ => Err(BAD),
        }
    }

    /// The bytes of a bit string whose length is a multiple of eight.
    pub(crate) fn bits(&mut self) -> Result<&'a [u8]> {
        match self.take(BIT_STRING)? {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(BAD),
        }
    }

    pub(crate) fn end(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(BAD) }
    }
}
