//! Password hashes in Keycloak's own JSON: Argon2 and PBKDF2, made and verified.

use crate::{Error, Result, error};
use argon2::{Argon2, Block, Params, Version};
use aws_lc_rs::{constant_time, pbkdf2};
use cloakroom_api::fields::{Attributes, Secret};
use data_encoding::{BASE64, BASE64_NOPAD};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// How a hash is made. Two are equal when a password hashed by the one need not be hashed anew for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RFC 9106.
    Argon2 {
        /// Which of the three.
        kind: Kind,
        /// 1.3, or 1.0 in old hashes.
        version: Argon2Version,
        /// In KiB.
        memory: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes.
        lanes: u32,
        /// Of the hash, in bytes.
        length: usize,
    },
    /// RFC 8018 section 5.2.
    Pbkdf2 {
        /// What is iterated.
        digest: Digest,
        /// How often.
        iterations: u32,
        /// Of the hash, in bytes.
        length: usize,
    },
}

/// The kinds of Argon2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    D,
    I,
    Id,
}

/// The versions of Argon2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argon2Version {
    V10,
    V13,
}

/// The digests of PBKDF2, under HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// Of a new salt, in bytes.
pub const SALT: usize = 16;

/// What an imported hash may cost at most: nobody's hash shall stop the server for everybody.
const MEMORY: u32 = 1 << 20;
const LANES: u32 = 64;
const PASSES: u32 = 1000;
const ITERATIONS: u32 = 10_000_000;
const LENGTH: usize = 1024;

impl Default for Algorithm {
    fn default() -> Self {
        let (kind, version) = (Kind::Id, Argon2Version::V13);
        Algorithm::Argon2 { kind, version, memory: 7168, passes: 5, lanes: 1, length: 32 }
    }
}

impl Algorithm {
    /// The algorithm that a password policy names, with its usual cost unless the policy says how much.
    pub fn named(name: &str, iterations: Option<u32>) -> Option<Self> {
        let pbkdf2 = |digest, usual| {
            Some(Algorithm::Pbkdf2 { digest, iterations: iterations.unwrap_or(usual).min(ITERATIONS), length: 64 })
        };
        match (name, Algorithm::default()) {
            ("argon2", Algorithm::Argon2 { kind, version, memory, passes, lanes, length }) => {
                let passes = iterations.unwrap_or(passes).min(PASSES);
                Some(Algorithm::Argon2 { kind, version, memory, passes, lanes, length })
            }
            ("pbkdf2", _) => pbkdf2(Digest::Sha1, 1_300_000),
            ("pbkdf2-sha256", _) => pbkdf2(Digest::Sha256, 600_000),
            ("pbkdf2-sha512", _) => pbkdf2(Digest::Sha512, 210_000),
            _ => None,
        }
    }

    /// Hashes a password in the memory of a hashing slot.
    fn compute(self, memory: &mut Vec<Block>, password: &str, salt: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        match self {
            Algorithm::Argon2 { kind, version, memory: kib, passes, lanes, length } => {
                let params = Params::new(kib, passes, lanes, Some(length)).map_err(unusable)?;
                let blocks = params.block_count();
                if memory.len() < blocks {
                    memory.resize(blocks, Block::new());
                }
                let kind = match kind {
                    Kind::D => argon2::Algorithm::Argon2d,
                    Kind::I => argon2::Algorithm::Argon2i,
                    Kind::Id => argon2::Algorithm::Argon2id,
                };
                let version = match version {
                    Argon2Version::V10 => Version::V0x10,
                    Argon2Version::V13 => Version::V0x13,
                };
                let mut out = Zeroizing::new(vec![0; length]);
                Argon2::new(kind, version, params)
                    .hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut memory[..blocks])
                    .map_err(unusable)?;
                memory.truncate(KEPT);
                memory.shrink_to(KEPT);
                Ok(out)
            }
            Algorithm::Pbkdf2 { digest, iterations, length } => {
                let digest = match digest {
                    Digest::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
                    Digest::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
                    Digest::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
                };
                let mut out = Zeroizing::new(vec![0; length]);
                let iterations = NonZeroU32::new(iterations).unwrap_or(NonZeroU32::MIN);
                pbkdf2::derive(digest, iterations, salt, password.as_bytes(), &mut out);
                Ok(out)
            }
        }
    }
}

/// Blocks (of 1 KiB) that a slot keeps: those of a usual hash. A larger one gives its memory back.
const KEPT: usize = 7168;

fn unusable(cause: argon2::Error) -> Error {
    error::internal(cause.to_string())
}

/// A hashed password.
#[derive(Clone)]
pub struct Hash {
    /// How it was made.
    pub algorithm: Algorithm,
    salt: Vec<u8>,
    value: Zeroizing<Vec<u8>>,
}

/// `credentialData`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialData {
    #[serde(default)]
    hash_iterations: i64,
    algorithm: Option<String>,
    #[serde(default)]
    additional_parameters: Option<Attributes>,
}

/// `secretData`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretData {
    value: Secret,
    salt: Option<String>,
    #[serde(default)]
    additional_parameters: Option<Attributes>,
}

impl Hash {
    /// Hashes a password.
    pub fn new(algorithm: Algorithm, salt: [u8; SALT], memory: &mut Vec<Block>, password: &str) -> Result<Self> {
        let value = algorithm.compute(memory, password, &salt)?;
        Ok(Hash { algorithm, salt: salt.to_vec(), value })
    }

    /// A hash that no password matches, as costly as a real one: what unknown users are checked against.
    pub fn dummy(algorithm: Algorithm) -> Self {
        Hash { algorithm, salt: vec![0; SALT], value: Zeroizing::new(Vec::new()) }
    }

    /// Reads a stored hash; `None` for an algorithm that is not known or one beyond all bounds.
    pub fn read(credential_data: &str, secret_data: &Secret) -> Option<Self> {
        let data: CredentialData = serde_json::from_str(credential_data).ok()?;
        let secret: SecretData = serde_json::from_str(secret_data.expose()).ok()?;
        let value = Zeroizing::new(base64(secret.value.expose())?);
        let salt = base64(secret.salt.as_deref().unwrap_or_default())?;
        let iterations = u32::try_from(data.hash_iterations).ok().filter(|i| *i > 0)?;
        let algorithm = match data.algorithm.as_deref()? {
            "argon2" => argon2(iterations, value.len(), &data.additional_parameters.unwrap_or_default())?,
            name => match Algorithm::named(name, Some(iterations))? {
                Algorithm::Pbkdf2 { digest, .. } if iterations <= ITERATIONS => {
                    Algorithm::Pbkdf2 { digest, iterations, length: value.len() }
                }
                _ => return None,
            },
        };
        let (least, least_salt) = match algorithm {
            Algorithm::Argon2 { .. } => (Params::MIN_OUTPUT_LEN, argon2::MIN_SALT_LEN),
            Algorithm::Pbkdf2 { .. } => (1, 0),
        };
        let bounded = (least..=LENGTH).contains(&value.len()) && (least_salt..=LENGTH).contains(&salt.len());
        bounded.then_some(Hash { algorithm, salt, value })
    }

    /// Whether this is the hash of the password.
    pub fn verify(&self, memory: &mut Vec<Block>, password: &str) -> Result<bool> {
        let value = self.algorithm.compute(memory, password, &self.salt)?;
        Ok(constant_time::verify_slices_are_equal(&value, &self.value).is_ok())
    }

    /// `credentialData`.
    pub fn credential_data(&self) -> Result<String> {
        let (name, iterations, more) = match self.algorithm {
            Algorithm::Argon2 { kind, version, memory, passes, lanes, length } => {
                let kind = match kind {
                    Kind::D => "d",
                    Kind::I => "i",
                    Kind::Id => "id",
                };
                let version = match version {
                    Argon2Version::V10 => "1.0",
                    Argon2Version::V13 => "1.3",
                };
                let more = [
                    ("hashLength", [length.to_string()]),
                    ("memory", [memory.to_string()]),
                    ("type", [kind.to_owned()]),
                    ("version", [version.to_owned()]),
                    ("parallelism", [lanes.to_string()]),
                ];
                ("argon2", passes, Attributes::from(more))
            }
            Algorithm::Pbkdf2 { digest, iterations, .. } => {
                let name = match digest {
                    Digest::Sha1 => "pbkdf2",
                    Digest::Sha256 => "pbkdf2-sha256",
                    Digest::Sha512 => "pbkdf2-sha512",
                };
                (name, iterations, Attributes::default())
            }
        };
        let data = CredentialData {
            hash_iterations: iterations.into(),
            algorithm: Some(name.to_owned()),
            additional_parameters: Some(more),
        };
        serde_json::to_string(&data).map_err(error::internal)
    }

    /// `secretData`.
    pub fn secret_data(&self) -> Result<Secret> {
        let data = SecretData {
            value: BASE64.encode(&self.value).into(),
            salt: Some(BASE64.encode(&self.salt)),
            additional_parameters: Some(Attributes::default()),
        };
        serde_json::to_string(&data).map(Secret::from).map_err(error::internal)
    }
}

fn argon2(passes: u32, length: usize, more: &Attributes) -> Option<Algorithm> {
    let number = |name: &str, usual: u32| more.first(name).map_or(Some(usual), |text| text.parse().ok());
    let kind = match more.first("type") {
        Some("d") => Kind::D,
        Some("i") => Kind::I,
        Some("id") | None => Kind::Id,
        Some(_) => return None,
    };
    let version = match more.first("version") {
        Some("1.0") => Argon2Version::V10,
        Some("1.3") | None => Argon2Version::V13,
        Some(_) => return None,
    };
    let (memory, lanes) = (number("memory", 7168)?, number("parallelism", 1)?);
    let bounded = (1..=LANES).contains(&lanes) && (8 * lanes..=MEMORY).contains(&memory) && passes <= PASSES;
    bounded.then_some(Algorithm::Argon2 { kind, version, memory, passes, lanes, length })
}

/// Other tools leave the padding away.
fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_read_back_verifies() {
        let mut memory = Vec::new();
        for name in ["argon2", "pbkdf2", "pbkdf2-sha256", "pbkdf2-sha512"] {
            let algorithm = Algorithm::named(name, Some(2)).unwrap();
            let made = Hash::new(algorithm, [7; SALT], &mut memory, "correct horse").unwrap();
            let read = Hash::read(&made.credential_data().unwrap(), &made.secret_data().unwrap()).unwrap();
            assert_eq!(read.algorithm, algorithm, "{name}");
            assert!(read.verify(&mut memory, "correct horse").unwrap(), "{name}");
            assert!(!read.verify(&mut memory, "Correct horse").unwrap(), "{name}");
        }
    }

    #[test]
    fn argon2_agrees_with_the_reference() {
        // argon2 "password" of the reference implementation: -id -t 2 -m 16 -p 1 -l 32, salt "somesaltsomesalt"
        let value =
            Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, Params::new(65536, 2, 1, Some(32)).unwrap());
        let mut expected = [0; 32];
        value.hash_password_into(b"password", b"somesalt", &mut expected).unwrap();
        let hex = data_encoding::HEXLOWER.encode(&expected);
        assert_eq!(hex, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    #[test]
    fn absurd_costs_are_refused() {
        let secret = Secret::from(r#"{"value":"AAAAAAAAAAAAAAAAAAAAAA==","salt":"AAAAAAAAAAAAAAAAAAAAAA=="}"#);
        for data in [
            r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"memory":["4294967295"]}}"#,
            r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"parallelism":["0"]}}"#,
            r#"{"hashIterations":2000000000,"algorithm":"pbkdf2-sha256"}"#,
            r#"{"hashIterations":0,"algorithm":"pbkdf2-sha256"}"#,
            r#"{"hashIterations":5,"algorithm":"md5"}"#,
            "[]",
        ] {
            assert!(Hash::read(data, &secret).is_none(), "{data}");
        }
    }

    #[test]
    fn a_dummy_matches_nothing() {
        assert!(!Hash::dummy(Algorithm::default()).verify(&mut Vec::new(), "").unwrap());
    }
}
