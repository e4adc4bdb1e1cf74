//! What is asked for, as one line: `Album#view,print`.

use std::fmt;
use std::str::FromStr;

use cloakroom_api::admin::authz::Permission;

/// A permission that is asked for: a resource by name, id or URI, some of its scopes, or scopes on whatever resource has
/// them.
///
/// ```
/// use cloakroom::uma::PermissionExpr;
///
/// # fn main() -> Result<(), cloakroom::uma::WrongExpression> {
/// let built = PermissionExpr::resource("Album").scope("view").scope("print");
/// assert_eq!(built.to_string(), "Album#view,print");
/// assert_eq!(built, "Album#view,print".parse()?);
/// assert_eq!(PermissionExpr::any().scope("view").to_string(), "#view");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[must_use]
pub struct PermissionExpr {
    resource: String,
    scopes: Vec<String>,
}

/// Text that asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a permission is written like Resource#scope, Resource or #scope")]
pub struct WrongExpression;

impl PermissionExpr {
    /// All of a resource, by name, id or URI.
    pub fn resource(name: impl Into<String>) -> Self {
        PermissionExpr { resource: name.into(), scopes: Vec::new() }
    }

    /// Whatever resource has the scopes that follow.
    pub fn any() -> Self {
        PermissionExpr::default()
    }

    /// One of its scopes. Called again, for each of them.
    pub fn scope(mut self, name: impl Into<String>) -> Self {
        self.scopes.push(name.into());
        self
    }

    /// The resource; `None` for any.
    pub fn resource_name(&self) -> Option<&str> {
        Some(self.resource.as_str()).filter(|name| !name.is_empty())
    }

    /// The scopes; empty for all.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Whether these permissions, as an RPT or an answer has them, are all that this asks for.
    pub fn granted_by(&self, permissions: &[Permission]) -> bool {
        let concerns = |p: &&Permission| {
            let names = [&p.rsname, &p.rsid];
            self.resource_name().is_none_or(|asked| names.into_iter().any(|name| name.as_deref() == Some(asked)))
        };
        let mut granted = permissions.iter().filter(concerns).peekable();
        if self.scopes.is_empty() {
            return granted.peek().is_some();
        }
        let scopes: Vec<&String> = granted.flat_map(|p| p.scopes.iter().flatten()).collect();
        self.scopes.iter().all(|asked| scopes.contains(&asked))
    }
}

impl fmt::Display for PermissionExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.resource)?;
        if !self.scopes.is_empty() {
            write!(f, "#{}", self.scopes.join(","))?;
        }
        Ok(())
    }
}

impl FromStr for PermissionExpr {
    type Err = WrongExpression;

    /// Reads `Resource#scope,scope`. A resource whose name has a `#` is named by its id.
    fn from_str(text: &str) -> Result<Self, WrongExpression> {
        let (resource, scopes) = text.split_once('#').unwrap_or((text, ""));
        let scopes: Vec<String> =
            scopes.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        if resource.is_empty() && scopes.is_empty() {
            return Err(WrongExpression);
        }
        Ok(PermissionExpr { resource: resource.to_owned(), scopes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["Album", "Album#view", "Album#view,print", "#view", "/albums/*#view", "name with spaces#a"] {
            assert_eq!(text.parse::<PermissionExpr>().unwrap().to_string(), text);
        }
        assert_eq!("Album#".parse(), Ok(PermissionExpr::resource("Album")));
        assert_eq!("A# x , y".parse(), Ok(PermissionExpr::resource("A").scope("x").scope("y")));
        assert_eq!("#".parse::<PermissionExpr>(), Err(WrongExpression));
    }

    #[test]
    fn all_that_is_asked_for_must_be_granted() {
        let scopes = |names: &[&str]| Some(names.iter().map(|n| (*n).to_owned()).collect());
        let album = Permission { rsid: Some("1".into()), rsname: Some("Album".into()), ..Permission::default() };
        let granted = [
            Permission { scopes: scopes(&["view"]), ..album.clone() },
            Permission { scopes: scopes(&["print"]), ..album },
        ];
        for (text, expected) in [
            ("Album", true),
            ("1", true),
            ("Album#view", true),
            ("Album#view,print", true),
            ("#print", true),
            ("Album#delete", false),
            ("Other", false),
            ("Other#view", false),
        ] {
            assert_eq!(text.parse::<PermissionExpr>().unwrap().granted_by(&granted), expected, "{text}");
        }
    }
}
