//! The registered claims of a JWT (RFC 7519, 4.1), with OpenID's `azp` and Keycloak's `typ`, and the checks on them.

use serde::{Deserialize, Deserializer};

/// The claims that [`Validation`] looks at. Read them beside your own type, or flatten them into it.
///
/// Times are seconds since 1970; a fraction is cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    #[serde(default)]
    pub iss: Option<String>,
    #[serde(default)]
    pub sub: Option<String>,
    /// Empty where the token has none. One audience may be written without a list.
    #[serde(default, deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    #[serde(default, deserialize_with = "numeric_date")]
    pub exp: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date")]
    pub nbf: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date")]
    pub iat: Option<i64>,
    #[serde(default)]
    pub jti: Option<String>,
    /// The client that the token was issued to (OpenID Connect Core, 2).
    #[serde(default)]
    pub azp: Option<String>,
    /// Keycloak's kind of token: `Bearer`, `ID`, `Refresh`, `Offline`, `Logout`, … Not the header's `typ`.
    #[serde(default)]
    pub typ: Option<String>,
}

/// Why claims were refused. The messages name the claim, not its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    #[error("the token has expired")]
    Expired,
    #[error("the token has no expiry")]
    NoExpiry,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token was issued in the future")]
    IssuedInFuture,
    #[error("the token was issued too long ago")]
    TooOld,
    #[error("the token does not say when it was issued")]
    NoIssuedAt,
    #[error("wrong issuer")]
    Issuer,
    #[error("wrong audience")]
    Audience,
    #[error("wrong authorized party")]
    AuthorizedParty,
    #[error("wrong type of token")]
    Type,
}

/// What is demanded of a token's claims. Times are always checked, the rest where it is asked for.
///
/// Without more, a token must have `exp`, and `now` must lie before `exp` and not before `nbf` or `iat`.
///
/// ```
/// use cloakroom_jose::{ClaimError, Claims, Validation};
/// let claims = Claims {
///     iss: Some("https://id.example/realms/shop".to_owned()),
///     aud: vec!["account".to_owned(), "shop".to_owned()],
///     exp: Some(1300),
///     ..Claims::default()
/// };
/// let validation = Validation::at(1000).leeway(10).issuer("https://id.example/realms/shop").audience("shop");
/// assert_eq!(validation.check(&claims), Ok(()));
/// assert_eq!(Validation::at(1300).check(&claims), Err(ClaimError::Expired));
/// assert_eq!(Validation::at(1309).leeway(10).check(&claims), Ok(()));
/// assert_eq!(Validation::at(1000).audience("bank").check(&claims), Err(ClaimError::Audience));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Validation {
    now: i64,
    leeway: i64,
    max_age: Option<i64>,
    expiry: bool,
    issuers: Vec<String>,
    audiences: Vec<String>,
    azp: Option<String>,
    types: Vec<String>,
}

impl Validation {
    /// Checks at this time, in seconds since 1970, with a leeway of 0.
    pub fn at(now: i64) -> Validation {
        Validation {
            now,
            leeway: 0,
            max_age: None,
            expiry: true,
            issuers: Vec::new(),
            audiences: Vec::new(),
            azp: None,
            types: Vec::new(),
        }
    }

    /// How many seconds the clocks may differ, either way.
    pub fn leeway(mut self, seconds: i64) -> Validation {
        self.leeway = seconds.max(0);
        self
    }

    /// Demands `iat`, at most so many seconds ago.
    pub fn max_age(mut self, seconds: i64) -> Validation {
        self.max_age = Some(seconds);
        self
    }

    /// Accepts a token without `exp`, such as an offline token; one that has it must still be unexpired.
    pub fn without_expiry(mut self) -> Validation {
        self.expiry = false;
        self
    }

    /// Demands this `iss`, compared exactly. Called again, either will do.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Validation {
        self.issuers.push(issuer.into());
        self
    }

    /// Demands this among `aud`. Called again, either will do.
    pub fn audience(mut self, audience: impl Into<String>) -> Validation {
        self.audiences.push(audience.into());
        self
    }

    /// Demands this `azp`.
    pub fn azp(mut self, client: impl Into<String>) -> Validation {
        self.azp = Some(client.into());
        self
    }

    /// Demands this claim `typ`. Called again, either will do.
    pub fn typ(mut self, typ: impl Into<String>) -> Validation {
        self.types.push(typ.into());
        self
    }

    /// Checks, and answers the first thing that is wrong: times first, in the order `exp`, `nbf`, `iat`, then `iss`,
    /// `aud`, `azp`, `typ`.
    pub fn check(&self, claims: &Claims) -> Result<(), ClaimError> {
        let ensure = |good: bool, error| if good { Ok(()) } else { Err(error) };
        // A claim may hold any i64, so sums saturate.
        let latest = self.now.saturating_add(self.leeway);
        match claims.exp {
            Some(exp) => ensure(self.now < exp.saturating_add(self.leeway), ClaimError::Expired)?,
            None => ensure(!self.expiry, ClaimError::NoExpiry)?,
        }
        ensure(claims.nbf.is_none_or(|nbf| nbf <= latest), ClaimError::NotYetValid)?;
        ensure(claims.iat.is_none_or(|iat| iat <= latest), ClaimError::IssuedInFuture)?;
        if let Some(max_age) = self.max_age {
            let iat = claims.iat.ok_or(ClaimError::NoIssuedAt)?;
            let oldest = self.now.saturating_sub(self.leeway).saturating_sub(max_age);
            ensure(iat >= oldest, ClaimError::TooOld)?;
        }
        let one_of = |wanted: &[String], found: &Option<String>| {
            wanted.is_empty() || found.as_ref().is_some_and(|found| wanted.contains(found))
        };
        ensure(one_of(&self.issuers, &claims.iss), ClaimError::Issuer)?;
        let heard = self.audiences.is_empty() || claims.aud.iter().any(|aud| self.audiences.contains(aud));
        ensure(heard, ClaimError::Audience)?;
        ensure(self.azp.is_none() || self.azp == claims.azp, ClaimError::AuthorizedParty)?;
        ensure(one_of(&self.types, &claims.typ), ClaimError::Type)
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Audience {
        None,
        One(String),
        Many(Vec<String>),
    }
    Ok(match Audience::deserialize(deserializer)? {
        Audience::None => Vec::new(),
        Audience::One(one) => vec![one],
        Audience::Many(many) => many,
    })
}

fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        None,
        Whole(i64),
        Fraction(f64),
    }
    Ok(match Seconds::deserialize(deserializer)? {
        Seconds::None => None,
        Seconds::Whole(seconds) => Some(seconds),
        // Saturating: a time beyond the range is as good as its end.
        Seconds::Fraction(seconds) => Some(seconds as i64),
    })
}
