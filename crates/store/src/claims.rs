//! What tokens say about a user: attributes, also those of groups, the groups themselves, and the roles in reach.

use crate::{Db, Result, params};
use cloakroom_api::fields::Attributes;

/// A group that a user is a member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOfUser {
    /// The group's name.
    pub name: String,
    /// From the top, with slashes: `/parent/child`.
    pub path: String,
}

/// A user's groups, by path.
pub fn groups(db: &mut Db, user: &str) -> Result<Vec<GroupOfUser>> {
    db.query(
        "WITH RECURSIVE up (id, name, path, parent) AS (
            SELECT g.id, g.name, '/' || g.name, g.parent FROM user_group g JOIN group_member m ON m.user_group = g.id
            WHERE m.user_account = ?1
            UNION ALL
            SELECT up.id, up.name, '/' || g.name || up.path, g.parent FROM user_group g JOIN up ON g.id = up.parent
         )
         SELECT name, path FROM up WHERE parent = '' ORDER BY path",
        params![user],
        |row| Ok(GroupOfUser { name: row.text(0)?, path: row.text(1)? }),
    )
}

/// The attributes of a user's groups and of their parents, nearest first.
pub fn group_attributes(db: &mut Db, user: &str) -> Result<Vec<Attributes>> {
    let rows = db.query(
        "WITH RECURSIVE up (id, parent, depth) AS (
            SELECT g.id, g.parent, CAST(0 AS BIGINT) FROM user_group g JOIN group_member m ON m.user_group = g.id
            WHERE m.user_account = ?1
            UNION SELECT g.id, g.parent, up.depth + 1 FROM user_group g JOIN up ON g.id = up.parent
         )
         SELECT up.depth, up.id, a.name, a.value FROM up JOIN group_attribute a ON a.user_group = up.id
         ORDER BY up.depth, up.id, a.name, a.position",
        params![user],
        |row| Ok(((row.int(0)?, row.text(1)?), row.text(2)?, row.text(3)?)),
    )?;
    let mut out: Vec<((i64, String), Attributes)> = Vec::new();
    for (group, name, value) in rows {
        if out.last().is_none_or(|(last, _)| *last != group) {
            out.push((group, Attributes::default()));
        }
        if let Some((_, attributes)) = out.last_mut() {
            attributes.entry(name).or_default().push(value);
        }
    }
    Ok(out.into_iter().map(|(_, attributes)| attributes).collect())
}

/// The ids of these roles, of a client's own roles where one is given, and of all that they contain.
pub fn roles_in_reach(db: &mut Db, roles: &[&str], client: Option<&str>) -> Result<Vec<String>> {
    let source = db.each(1);
    db.query(
        &format!(
            "WITH RECURSIVE seed (id) AS ({source} UNION SELECT id FROM role WHERE client = ?2),
             roles (id) AS (
                SELECT id FROM seed
                UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
             )
             SELECT id FROM roles"
        ),
        params![serde_json::to_string(roles)?, client],
        |row| row.text(0),
    )
}
