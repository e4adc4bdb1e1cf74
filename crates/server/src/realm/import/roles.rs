//! Importing roles, what they contain, groups, and which roles tokens may carry.

use super::{Import, duplicate, unknown};
use crate::{Result, error::Expected};
use cloakroom_api::admin::{
    groups::Group,
    role_mappings::ScopeMapping,
    roles::{Role, Roles},
};
use cloakroom_store::{import, roles, roles::RoleRow};

impl Import<'_> {
    /// Adds roles, then what they contain: a role may contain one that comes later.
    pub fn roles(&mut self, list: Roles) -> Result<()> {
        let Roles { realm, client, application } = list;
        let mut composites = Vec::new();
        for role in realm.into_iter().flatten() {
            composites.extend(self.add_role(None, role)?);
        }
        for (client, list) in client.into_iter().chain(application).flatten() {
            for role in list {
                composites.extend(self.add_role(Some(&client), role)?);
            }
        }
        for (parent, contained) in composites {
            for name in contained.realm.into_iter().flatten() {
                let child = self.role(None, &name)?;
                roles::add_composite(self.db, &parent, &child)?;
            }
            for (client, names) in contained.client.into_iter().chain(contained.application).flatten() {
                for name in names {
                    let child = self.role(Some(&client), &name)?;
                    roles::add_composite(self.db, &parent, &child)?;
                }
            }
        }
        Ok(())
    }

    fn add_role(
        &mut self,
        client: Option<&str>,
        role: Role,
    ) -> Result<Option<(String, cloakroom_api::admin::roles::Composites)>> {
        let row = RoleRow {
            id: self.id(role.id),
            client: client.map(|c| self.client(c)).transpose()?,
            name: role.name.unwrap_or_default(),
            description: role.description,
            attributes: role.attributes.unwrap_or_default(),
            composite: false,
        };
        roles::insert(self.db, self.realm, &row).or_conflict(duplicate)?;
        self.roles.insert((client.map(str::to_owned), row.name), row.id.clone());
        Ok(role.composites.map(|c| (row.id, c)))
    }

    /// The id of a role; one that is not there is made, as Keycloak does.
    pub fn role(&mut self, client: Option<&str>, name: &str) -> Result<String> {
        let key = (client.map(str::to_owned), name.trim().to_owned());
        if let Some(id) = self.roles.get(&key) {
            return Ok(id.clone());
        }
        let of = client.map(|c| self.client(c)).transpose()?;
        if let Some(found) = roles::by_name(self.db, self.realm, of.as_deref(), &key.1)? {
            self.roles.insert(key, found.id.clone());
            return Ok(found.id);
        }
        self.add_role(client, Role { name: Some(key.1.clone()), ..Role::default() })?;
        Ok(self.roles.get(&key).cloned().unwrap_or_default())
    }

    /// Lets the tokens of clients and client scopes carry roles: the realm's, or those of one client.
    pub fn scope_mappings(&mut self, of_client: Option<&str>, list: Vec<ScopeMapping>) -> Result<()> {
        for mapping in list {
            let scope = mapping.client_scope.or(mapping.client_template);
            let scope = match scope {
                Some(name) => {
                    Some(self.scope_ids()?.get(&name).cloned().ok_or_else(|| unknown("client scope", &name))?)
                }
                None => None,
            };
            let client = mapping.client.map(|c| self.client(&c)).transpose()?;
            for name in mapping.roles.into_iter().flatten() {
                let role = self.role(of_client, &name)?;
                if let Some(scope) = &scope {
                    import::map_scope(self.db, scope, &role)?;
                } else if let Some(client) = &client {
                    import::map_client_scope(self.db, client, &role)?;
                }
            }
        }
        Ok(())
    }

    /// Adds groups with those below them.
    pub fn groups(&mut self, list: Vec<Group>) -> Result<()> {
        list.into_iter().try_for_each(|group| self.group("", "", group).map(drop))
    }

    /// Adds a group below a parent, whose id and path are given; both are empty at the top.
    pub fn group(&mut self, parent: &str, above: &str, group: Group) -> Result<String> {
        let id = self.id(group.id);
        let name = group.name.unwrap_or_default();
        let path = format!("{above}/{}", name.replace('/', "~/"));
        let attributes = group.attributes.unwrap_or_default();
        import::add_group(self.db, self.realm, &id, parent, &name, group.description.as_deref(), &attributes)
            .or_conflict(duplicate)?;
        for role in group.realm_roles.into_iter().flatten() {
            let role = self.role(None, &role)?;
            import::add_group_role(self.db, &id, &role)?;
        }
        for (client, names) in group.client_roles.into_iter().flatten() {
            for name in names {
                let role = self.role(Some(&client), &name)?;
                import::add_group_role(self.db, &id, &role)?;
            }
        }
        for below in group.sub_groups.into_iter().flatten() {
            self.group(&id, &path, below)?;
        }
        self.groups.insert(path, id.clone());
        Ok(id)
    }

    /// The id of the group at a path such as `/staff/sales`; a `/` inside a name is written `~/`.
    pub fn group_of_path(&mut self, path: &str) -> Result<Option<String>> {
        if let Some(id) = self.groups.get(path) {
            return Ok(Some(id.clone()));
        }
        let mut parent = String::new();
        for name in segments(path) {
            let Some(id) = import::group_named(self.db, self.realm, &parent, &name)? else { return Ok(None) };
            parent = id;
        }
        self.groups.insert(path.to_owned(), parent.clone());
        Ok(Some(parent).filter(|id| !id.is_empty()))
    }
}

/// The names in a path of groups.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut names = vec![String::new()];
    let mut rest = path.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '~' if rest.peek() == Some(&'/') => names.last_mut().into_iter().for_each(|n| n.push('/')),
            '/' => names.push(String::new()),
            c => names.last_mut().into_iter().for_each(|n| n.push(c)),
        }
        if c == '~' && rest.peek() == Some(&'/') {
            rest.next();
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn a_slash_inside_a_group_name_is_escaped_by_a_tilde() {
        assert_eq!(segments("/staff/sales"), ["staff", "sales"]);
        assert_eq!(segments("/a~/b/c~d"), ["a/b", "c~d"]);
    }
}
