//! Texts with expressions in them, as Keycloak's Java adapters write the sources of claims.

use super::claims::{ClaimSource, Seen};
use crate::error::{Error, Result};

/// Text and, in braces, what is known of a request.
#[derive(Debug, Clone)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Source(ClaimSource),
}

impl Template {
    /// Reads `Test {request.parameter['a']} and {request.method}`. A brace that opens nothing known is an error.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let unknown = || Error::Config(format!("a claim cannot be taken from {text}"));
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (expression, after) = after.split_once('}').ok_or_else(unknown)?;
            let (word, name) = match expression.split_once("['") {
                Some((word, name)) => {
                    let name = name.strip_suffix("']").or_else(|| name.strip_suffix("'][0]")).ok_or_else(unknown)?;
                    (word, Some(name))
                }
                None => (expression, None),
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Source(ClaimSource::expression(word, name).ok_or_else(unknown)?));
            rest = after;
        }
        if !rest.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// The same as a source: one expression alone gives all its values.
    pub(super) fn into_source(mut self) -> ClaimSource {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(Piece::Source(source)), true) => source,
            (Some(Piece::Text(text)), true) => ClaimSource::fixed([text]),
            (last, _) => {
                self.0.extend(last);
                ClaimSource::of_template(self)
            }
        }
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &ClaimSource> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Source(source) => Some(source),
            Piece::Text(_) => None,
        })
    }

    /// The text; nothing where one of its expressions has no value.
    pub(super) fn fill(&self, seen: Seen<'_>) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Source(source) => text.push_str(&source.values(seen).into_iter().next()?),
            }
        }
        Some(text)
    }
}
