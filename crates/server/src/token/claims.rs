//! A token's claims while they are gathered: nested names, types, audiences.

use serde_json::{Map, Value};

/// Claims that mappers may not set: the server vouches for them.
const RESERVED: [&str; 9] = ["exp", "iat", "iss", "jti", "nbf", "nonce", "scope", "sid", "typ"];

/// The claims of a token, userinfo or introspection answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    map: Map<String, Value>,
    audience: Vec<String>,
}

impl Claims {
    /// No claims.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a claim that the server vouches for.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.map.insert(name.to_owned(), value.into());
    }

    /// Sets a claim if there is a value.
    pub fn set_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// The text of a claim.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.map.get(name)?.as_str()
    }

    /// Adds to the audience, once.
    pub fn add_audience(&mut self, audience: &str) {
        if !audience.is_empty() && !self.audience.iter().any(|a| a == audience) {
            self.audience.push(audience.to_owned());
        }
    }

    /// Whom the token is for.
    pub fn audience(&self) -> &[String] {
        &self.audience
    }

    /// What a mapper says: `path` names the claim, with objects on the way made as needed. Reserved names are passed over,
    /// and so is a path that leads through something else than an object.
    pub fn map(&mut self, path: &Path, value: Value) {
        let Some((last, parents)) = path.0.split_last() else { return };
        if parents.is_empty() {
            match last.as_str() {
                name if RESERVED.contains(&name) => return,
                "aud" => return self.map_audience(&value),
                "sub" | "azp" => drop(self.map.insert(last.clone(), Value::String(text_of(&value)))),
                _ => drop(self.map.insert(last.clone(), value)),
            }
            return;
        }
        let mut at = &mut self.map;
        for parent in parents {
            let next = at.entry(parent.as_str()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(object) = next else { return };
            at = object;
        }
        at.insert(last.clone(), value);
    }

    fn map_audience(&mut self, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| self.add_audience(&text_of(one))),
            one => self.add_audience(&text_of(one)),
        }
    }

    /// The claims as they are sent; one audience is text, several are a list.
    pub fn into_map(mut self) -> Map<String, Value> {
        match self.audience.len() {
            0 => {}
            1 => drop(self.map.insert("aud".to_owned(), self.audience.remove(0).into())),
            _ => drop(self.map.insert("aud".to_owned(), self.audience.into())),
        }
        self.map
    }
}

/// A value as text: JSON, but for text itself.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name of a claim, taken apart at its dots; `\.` is a dot within a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<String>);

impl Path {
    /// Takes a claim's name apart. `None` for the empty name.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = vec![String::new()];
        let mut chars = name.chars();
        while let Some(c) = chars.next() {
            match (c, parts.last_mut()) {
                ('.', _) => parts.push(String::new()),
                ('\\', Some(part)) => part.extend(chars.next()),
                (c, Some(part)) => part.push(c),
                (_, None) => {}
            }
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then_some(Path(parts))
    }

    /// The path with each `${client_id}` replaced.
    pub fn with_client_id(&self, client_id: &str) -> Self {
        Path(self.0.iter().map(|part| part.replace("${client_id}", client_id)).collect())
    }
}

/// The JSON type that a mapper gives its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// Text stays text.
    Text,
    /// A whole number of 64 bits.
    Long,
    /// A whole number of 32 bits.
    Int,
    /// `true`, in any case; everything else is false.
    Boolean,
    /// A document.
    Json,
}

impl JsonType {
    /// The type of this name in a mapper's configuration; text where it is unknown or missing.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("long") => Self::Long,
            Some("int") => Self::Int,
            Some("boolean") => Self::Boolean,
            Some("JSON") => Self::Json,
            _ => Self::Text,
        }
    }

    /// The value of a text; `None` where it is not of the type.
    pub fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(text.into()),
            Self::Long => text.trim().parse::<i64>().ok().map(Value::from),
            Self::Int => text.trim().parse::<i32>().ok().map(Value::from),
            Self::Boolean => Some(text.trim().eq_ignore_ascii_case("true").into()),
            Self::Json => serde_json::from_str(text).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(name: &str) -> Path {
        Path::parse(name).unwrap()
    }

    #[test]
    fn dots_nest_and_escaped_dots_do_not() {
        let mut claims = Claims::new();
        claims.map(&path("a.b.c"), "deep".into());
        claims.map(&path("a.d"), 7.into());
        claims.map(&path("e\\.f"), true.into());
        claims.map(&path("a.d.x"), "through a number".into());
        assert_eq!(Value::Object(claims.into_map()), json!({"a": {"b": {"c": "deep"}, "d": 7}, "e.f": true}));
        assert_eq!(Path::parse(""), None);
        assert_eq!(Path::parse("."), None);
    }

    #[test]
    fn what_the_server_vouches_for_cannot_be_mapped() {
        let mut claims = Claims::new();
        claims.set("iss", "us");
        for name in RESERVED {
            claims.map(&path(name), "hacked".into());
        }
        claims.map(&path("azp"), "other".into());
        claims.map(&path("aud"), json!(["a", "b", "a"]));
        assert_eq!(Value::Object(claims.into_map()), json!({"iss": "us", "azp": "other", "aud": ["a", "b"]}));
    }

    #[test]
    fn one_audience_is_text() {
        let mut claims = Claims::new();
        claims.add_audience("app");
        claims.add_audience("app");
        assert_eq!(Value::Object(claims.into_map()), json!({"aud": "app"}));
    }

    #[test]
    fn values_have_their_types_or_are_left_out() {
        let typed = |name, text| JsonType::named(Some(name)).value(text);
        assert_eq!(typed("long", "7000000000"), Some(json!(7_000_000_000_i64)));
        assert_eq!(typed("int", "7000000000"), None);
        assert_eq!(typed("int", "x"), None);
        assert_eq!(typed("boolean", "TRUE"), Some(json!(true)));
        assert_eq!(typed("boolean", "yes"), Some(json!(false)));
        assert_eq!(typed("JSON", "{\"a\":[1,null]}"), Some(json!({"a": [1, null]})));
        assert_eq!(typed("JSON", "{"), None);
        assert_eq!(typed("String", "1"), Some(json!("1")));
        assert_eq!(typed("", "1"), Some(json!("1")));
    }

    #[test]
    fn a_client_id_with_dots_stays_one_name() {
        let mut claims = Claims::new();
        claims.map(&path("resource_access.${client_id}.roles").with_client_id("my.app"), json!(["r"]));
        assert_eq!(Value::Object(claims.into_map()), json!({"resource_access": {"my.app": {"roles": ["r"]}}}));
    }
}
