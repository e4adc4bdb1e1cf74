//! `--fields 'id,name,config(*),-secret'`: which parts of an answer are printed.

use serde_json::{Map, Value};

/// A filter of kcadm's form: names, `*` for all, `-name` for all but, and brackets for what is within.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fields(Vec<(String, Option<Fields>)>);

/// What an object is whose parts the filter does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unnamed {
    /// Printed whole.
    Whole,
    /// Printed empty, as kcadm does.
    Empty,
}

impl Fields {
    /// Errors: where the filter breaks off.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let fields = Self::list(&mut rest).map_err(|()| text.len() - rest.len()).and_then(|fields| {
            let whole = rest.is_empty() && !fields.0.is_empty();
            if whole { Ok(fields) } else { Err(text.len() - rest.len()) }
        });
        fields.map_err(|at| format!("Invalid fields specification at position {at}: {text}"))
    }

    fn list(rest: &mut &str) -> Result<Self, ()> {
        let mut fields = Vec::new();
        loop {
            let end = rest.find([',', '(', ')']).unwrap_or(rest.len());
            let name = rest[..end].trim().to_owned();
            if name.is_empty() {
                return Err(());
            }
            *rest = &rest[end..];
            let mut within = None;
            if let Some(after) = rest.strip_prefix('(') {
                *rest = after;
                within = Some(Self::list(rest)?);
                *rest = rest.strip_prefix(')').ok_or(())?;
            }
            fields.push((name, within));
            match rest.strip_prefix(',') {
                Some(after) => *rest = after,
                None => return Ok(Fields(fields)),
            }
        }
    }

    fn named(&self, name: &str) -> Option<&(String, Option<Fields>)> {
        self.0.iter().find(|(known, _)| known == name)
    }

    fn includes(&self, name: &str) -> bool {
        let excluded = self.0.iter().any(|(known, _)| known.strip_prefix('-') == Some(name));
        !excluded && (self.named(name).is_some() || self.named("*").is_some())
    }

    /// The filter of what is within a field.
    fn within(&self, name: &str) -> Option<&Fields> {
        let own = self.named(name).and_then(|(_, within)| within.as_ref());
        own.or_else(|| self.named("*").and_then(|(_, within)| within.as_ref()))
    }

    /// The names that columns are made of; `None` where the filter asks for all of something.
    pub(crate) fn columns(&self) -> Option<Vec<String>> {
        let names = self.0.iter().map(|(name, _)| name.clone());
        (!self.0.iter().any(|(name, _)| name == "*" || name.starts_with('-'))).then(|| names.collect())
    }

    /// What the filter leaves, in the answer's own order.
    pub(crate) fn pick(&self, value: &Value, unnamed: Unnamed) -> Value {
        match value {
            Value::Array(list) => list.iter().map(|item| self.pick(item, unnamed)).collect(),
            Value::Object(object) => {
                let kept = object.iter().filter(|(name, _)| self.includes(name));
                let picked = kept.map(|(name, value)| {
                    let inner = match (self.within(name), unnamed) {
                        (Some(fields), _) => fields.pick(value, unnamed),
                        (None, Unnamed::Whole) => value.clone(),
                        (None, Unnamed::Empty) => Fields::default().pick(value, unnamed),
                    };
                    (name.clone(), inner)
                });
                picked.collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }
}

/// Lines of comma-separated values: an item a line, the filter's fields in its order, empty where they are missing.
/// Text stands in quotes, as JSON has them, unless it shall not.
pub(crate) fn csv(value: &Value, fields: Option<&Fields>, quotes: bool) -> String {
    let items = match value {
        Value::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    let line = |item| {
        let mut cells = Vec::new();
        flatten(Some(item), fields, quotes, &mut cells);
        cells.join(",") + "\n"
    };
    items.iter().map(line).collect()
}

fn flatten(value: Option<&Value>, fields: Option<&Fields>, quotes: bool, cells: &mut Vec<String>) {
    match (value, fields) {
        (None, _) => cells.push(String::new()),
        (Some(Value::Object(object)), None) => {
            object.values().for_each(|value| flatten(Some(value), None, quotes, cells));
        }
        (Some(Value::Object(object)), Some(fields)) => {
            let all = fields.columns().unwrap_or_else(|| object.keys().cloned().collect());
            for name in all.iter().filter(|name| fields.includes(name)) {
                flatten(object.get(name), fields.within(name), quotes, cells);
            }
        }
        (Some(Value::Array(list)), _) => list.iter().for_each(|item| flatten(Some(item), fields, quotes, cells)),
        (Some(Value::String(text)), _) if !quotes => cells.push(text.clone()),
        (Some(other), _) => cells.push(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn picked(fields: &str, unnamed: Unnamed) -> String {
        let value =
            json!([{ "id": 1, "name": "a", "config": { "x": { "y": 1 }, "z": 2 }, "list": [{ "id": 3, "n": 4 }] }]);
        Fields::parse(fields).unwrap().pick(&value, unnamed).to_string()
    }

    #[test]
    fn names_stars_and_brackets() {
        let kcadm = |fields| picked(fields, Unnamed::Empty);
        assert_eq!(kcadm("name,id,nope"), r#"[{"id":1,"name":"a"}]"#);
        assert_eq!(kcadm("config"), r#"[{"config":{}}]"#);
        assert_eq!(picked("config", Unnamed::Whole), r#"[{"config":{"x":{"y":1},"z":2}}]"#);
        assert_eq!(kcadm("config(*)"), r#"[{"config":{"x":{},"z":2}}]"#);
        assert_eq!(kcadm("config(x(y)),list(id)"), r#"[{"config":{"x":{"y":1}},"list":[{"id":3}]}]"#);
        assert_eq!(kcadm("*(*),-id,-list"), r#"[{"name":"a","config":{"x":{},"z":2}}]"#);
    }

    #[test]
    fn a_filter_that_breaks_off_is_told_where() {
        for (text, at) in [("a(", 2), ("", 0), ("a,,b", 2), ("a)", 1), ("a(b", 3)] {
            let expected = format!("Invalid fields specification at position {at}: {text}");
            assert_eq!(Fields::parse(text), Err(expected));
        }
    }

    #[test]
    fn columns_stand_in_the_order_of_the_filter() {
        let list = json!([{ "id": "1", "name": "a\"b", "on": true }, { "id": "2", "on": false }]);
        let fields = Fields::parse("name,on,id").unwrap();
        assert_eq!(csv(&list, Some(&fields), true), "\"a\\\"b\",true,\"1\"\n,false,\"2\"\n");
        assert_eq!(csv(&list, Some(&fields), false), "a\"b,true,1\n,false,2\n");
        assert_eq!(csv(&list[0], None, false), "1,a\"b,true\n");
        assert_eq!(csv(&json!(["a", 2]), None, true), "\"a\"\n2\n");
    }
}
