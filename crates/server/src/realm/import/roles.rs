//! Importing roles, what they contain, groups, and which roles tokens may carry.

use super::{Import, duplicate, unknown};
use crate::{Result, error::Expected};
use cloakroom_api::admin::{
    groups::Group,
    role_mappings::ScopeMapping,
    roles::{Composites, Role, Roles},
};
use cloakroom_store::{groups, groups::GroupRow, import, role_mappings, role_mappings::Holder, roles, roles::RoleRow};
use std::collections::BTreeMap;

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
        self.composites(composites)
    }

    /// Lets roles contain others, which are there by now or are made.
    pub(super) fn composites(&mut self, list: Vec<(String, Composites)>) -> Result<()> {
        for (parent, contained) in list {
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

    /// Adds a role; what it contains comes back, to be added later.
    pub fn add_role(&mut self, client: Option<&str>, role: Role) -> Result<Option<(String, Composites)>> {
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
        list.into_iter().try_for_each(|group| self.group(None, group).map(drop))
    }

    /// Adds a group below a parent, or at the top.
    pub fn group(&mut self, parent: Option<&str>, group: Group) -> Result<String> {
        let (id, name) = (self.id(group.id), group.name.unwrap_or_default());
        let row = GroupRow { id: id.clone(), parent: parent.map(str::to_owned), name, description: group.description };
        groups::insert(self.db, self.realm, &row).or_conflict(duplicate)?;
        groups::put_attributes(self.db, &id, &group.attributes.unwrap_or_default())?;
        let holder = Holder::Group(id.clone());
        self.grant(&holder, group.realm_roles, group.client_roles)?;
        for below in group.sub_groups.into_iter().flatten() {
            self.group(Some(&id), below)?;
        }
        Ok(id)
    }

    /// Gives a user or a group roles, by name.
    pub fn grant(
        &mut self,
        holder: &Holder,
        of_realm: Option<Vec<String>>,
        of_clients: Option<BTreeMap<String, Vec<String>>>,
    ) -> Result<()> {
        for name in of_realm.into_iter().flatten() {
            let role = self.role(None, &name)?;
            role_mappings::add(self.db, holder, &role)?;
        }
        for (client, names) in of_clients.into_iter().flatten() {
            for name in names {
                let role = self.role(Some(&client), &name)?;
                role_mappings::add(self.db, holder, &role)?;
            }
        }
        Ok(())
    }

    /// The id of the group at a path such as `/staff/sales`.
    pub fn group_of_path(&mut self, path: &str) -> Result<Option<String>> {
        if let Some(id) = self.groups.get(path) {
            return Ok(Some(id.clone()));
        }
        let found = groups::by_path(self.db, self.realm, path.strip_prefix('/').unwrap_or(path))?;
        if let Some(group) = &found {
            self.groups.insert(path.to_owned(), group.id.clone());
        }
        Ok(found.map(|g| g.id))
    }
}
