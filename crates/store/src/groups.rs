//! Groups: a tree of names, with attributes, roles and members.

use crate::{
    Db, Result, Row, Value, contains, fold, params,
    users::{self, UserRow},
};
use cloakroom_api::fields::Attributes;
use std::collections::{BTreeMap, HashMap};

/// A group's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// The id.
    pub id: String,
    /// The id of the group above; `None` at the top.
    pub parent: Option<String>,
    /// The name, unique among the children of the same parent.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

pub(crate) const COLUMNS: &str = "SELECT g.id, g.parent, g.name, g.description FROM user_group g";

pub(crate) fn row(row: &Row<'_>) -> Result<GroupRow> {
    let parent = Some(row.text(1)?).filter(|p| !p.is_empty());
    Ok(GroupRow { id: row.text(0)?, parent, name: row.text(2)?, description: row.opt_text(3)? })
}

/// Which groups of a realm.
#[derive(Debug, Clone)]
pub enum Filter<'a> {
    /// Those without a parent, or the children of one group.
    Below(Option<&'a str>),
    /// Those of this very name, below one group or anywhere.
    Named(Option<&'a str>, &'a str),
    /// Those whose name contains this, whatever its case; `*` stands for anything. Below one group or anywhere.
    Like(Option<&'a str>, &'a str),
    /// Those with all these attributes; with none of them, every group.
    With(&'a BTreeMap<String, String>),
}

/// What a filter adds to `WHERE g.realm = ?1`, and its parameters `?2` and `?3`.
fn condition<'a>(db: &Db, filter: &'a Filter<'a>) -> Result<(String, Value<'a>, Value<'a>)> {
    let like = |text: &str| contains(text).replace('*', "%");
    Ok(match filter {
        Filter::Below(parent) => {
            ("g.parent = ?2 AND CAST(?3 AS TEXT) IS NULL".to_owned(), parent.unwrap_or_default().into(), Value::Null)
        }
        Filter::Named(parent, name) => {
            ("(CAST(?2 AS TEXT) IS NULL OR g.parent = ?2) AND g.name = ?3".to_owned(), (*parent).into(), (*name).into())
        }
        Filter::Like(parent, text) => {
            let sql = "(CAST(?2 AS TEXT) IS NULL OR g.parent = ?2) AND g.name_folded LIKE ?3 ESCAPE '\\'";
            (sql.to_owned(), (*parent).into(), like(text).into())
        }
        Filter::With(attributes) => {
            let wanted = db.each_pair(2);
            let sql = format!(
                "CAST(?3 AS TEXT) IS NULL AND NOT EXISTS (SELECT 1 FROM {wanted} WHERE NOT EXISTS (
                    SELECT 1 FROM group_attribute a
                    WHERE a.user_group = g.id AND a.name = wanted.key AND a.value = wanted.value))"
            );
            (sql, serde_json::to_string(attributes)?.into(), Value::Null)
        }
    })
}

/// A page of the groups that match, by name.
pub fn list(db: &mut Db, realm: &str, filter: &Filter<'_>, first: i64, max: i64) -> Result<Vec<GroupRow>> {
    let (condition, two, three) = condition(db, filter)?;
    let sql = format!("{COLUMNS} WHERE g.realm = ?1 AND {condition} ORDER BY g.name, g.id LIMIT ?4 OFFSET ?5");
    db.query(&sql, &[realm.into(), two, three, max.into(), first.into()], row)
}

/// How many groups match.
pub fn count(db: &mut Db, realm: &str, filter: &Filter<'_>) -> Result<i64> {
    let (condition, two, three) = condition(db, filter)?;
    db.count(
        &format!("SELECT COUNT(*) FROM user_group g WHERE g.realm = ?1 AND {condition}"),
        &[realm.into(), two, three],
    )
}

/// The group of this id in the realm.
pub fn by_id(db: &mut Db, realm: &str, id: &str) -> Result<Option<GroupRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE g.realm = ?1 AND g.id = ?2"), params![realm, id], row)
}

/// The longest name of a group, in characters.
pub const NAME: usize = 255;

/// The group at a path: names with `/` between them, which may themselves contain it.
pub fn by_path(db: &mut Db, realm: &str, path: &str) -> Result<Option<GroupRow>> {
    // every group that a beginning of the path leads to, by how much of the path that is
    let mut reached = BTreeMap::from([(0, vec![String::new()])]);
    while let Some((at, parents)) = reached.pop_first() {
        let rest = &path[at..];
        let ends = rest.match_indices('/').map(|(end, _)| end).chain([rest.len()]);
        let names: Vec<&str> = ends.take_while(|end| *end <= 4 * NAME).map(|end| &rest[..end]).collect();
        let sql =
            format!("{COLUMNS} WHERE g.realm = ?1 AND g.parent IN ({}) AND g.name IN ({})", db.each(2), db.each(3));
        let lists = (serde_json::to_string(&parents)?, serde_json::to_string(&names)?);
        for group in db.query(&sql, params![realm, lists.0, lists.1], row)? {
            let end = at + group.name.len();
            if end == path.len() {
                return Ok(Some(group));
            }
            reached.entry(end + 1).or_default().push(group.id);
        }
    }
    Ok(None)
}

/// These groups and all above them: what their paths are made of.
pub fn with_ancestors(db: &mut Db, groups: Vec<GroupRow>) -> Result<HashMap<String, GroupRow>> {
    let parents: Vec<&str> = groups.iter().filter_map(|g| g.parent.as_deref()).collect();
    let above = if parents.is_empty() {
        Vec::new()
    } else {
        let sql = format!(
            "WITH RECURSIVE above (id) AS (
                SELECT id FROM user_group WHERE id IN ({})
                UNION SELECT g.parent FROM user_group g JOIN above ON g.id = above.id WHERE g.parent <> ''
             )
             {COLUMNS} JOIN above ON above.id = g.id",
            db.each(1)
        );
        db.query(&sql, params![serde_json::to_string(&parents)?], row)?
    };
    Ok(above.into_iter().chain(groups).map(|g| (g.id.clone(), g)).collect())
}

/// How many children each of these groups has; those without are left out.
pub fn child_counts(db: &mut Db, ids: &[&str]) -> Result<HashMap<String, i64>> {
    let given = db.each(1);
    let sql = format!("SELECT parent, COUNT(*) FROM user_group WHERE parent IN ({given}) GROUP BY parent");
    let counts = db.query(&sql, params![serde_json::to_string(ids)?], |row| Ok((row.text(0)?, row.int(1)?)))?;
    Ok(counts.into_iter().collect())
}

/// The attributes of these groups; those without are left out.
pub fn attributes(db: &mut Db, ids: &[&str]) -> Result<HashMap<String, Attributes>> {
    let given = db.each(1);
    let sql = format!(
        "SELECT user_group, name, value FROM group_attribute WHERE user_group IN ({given})
         ORDER BY user_group, name, position"
    );
    let mut all: HashMap<String, Attributes> = HashMap::new();
    for (group, name, value) in
        db.query(&sql, params![serde_json::to_string(ids)?], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))?
    {
        all.entry(group).or_default().entry(name).or_default().push(value);
    }
    Ok(all)
}

/// The names of the roles that a group has directly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleNames {
    /// Of the realm.
    pub realm: Vec<String>,
    /// Of clients, by `clientId`.
    pub clients: BTreeMap<String, Vec<String>>,
}

/// The roles of these groups; those without are left out.
pub fn role_names(db: &mut Db, ids: &[&str]) -> Result<HashMap<String, RoleNames>> {
    let given = db.each(1);
    let sql = format!(
        "SELECT m.user_group, r.name, c.client_id FROM group_role m JOIN role r ON r.id = m.role
         LEFT JOIN client c ON c.id = r.client
         WHERE m.user_group IN ({given}) ORDER BY r.name"
    );
    let rows =
        db.query(&sql, params![serde_json::to_string(ids)?], |row| Ok((row.text(0)?, row.text(1)?, row.opt_text(2)?)))?;
    Ok(by_holder(rows))
}

/// Names of roles by who has them: the holder's id, the role, and the client that it is of.
pub(crate) fn by_holder(rows: Vec<(String, String, Option<String>)>) -> HashMap<String, RoleNames> {
    let mut all: HashMap<String, RoleNames> = HashMap::new();
    for (holder, name, client) in rows {
        let names = all.entry(holder).or_default();
        match client {
            Some(client) => names.clients.entry(client).or_default().push(name),
            None => names.realm.push(name),
        }
    }
    all
}

/// Keeps others from changing the shape of a realm's tree until the transaction ends: without this, two moves could make
/// a circle, or a child outlive its parent. Adding a group at the top needs it not.
pub fn lock_tree(db: &mut Db, realm: &str) -> Result<()> {
    db.execute("UPDATE realm SET default_role = default_role WHERE id = ?1", params![realm]).map(drop)
}

/// Adds a group. A conflict means that its id, or its name below its parent, is taken.
pub fn insert(db: &mut Db, realm: &str, group: &GroupRow) -> Result<()> {
    db.execute(
        "INSERT INTO user_group (id, realm, parent, name, name_folded, description) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            &group.id,
            realm,
            group.parent.as_deref().unwrap_or_default(),
            &group.name,
            fold(&group.name),
            &group.description
        ],
    )?;
    Ok(())
}

/// Replaces parent, name and description. A conflict means that the name is taken there.
pub fn update(db: &mut Db, realm: &str, group: &GroupRow) -> Result<bool> {
    let changed = db.execute(
        "UPDATE user_group SET parent = ?3, name = ?4, name_folded = ?5, description = ?6 WHERE realm = ?1 AND id = ?2",
        params![
            realm,
            &group.id,
            group.parent.as_deref().unwrap_or_default(),
            &group.name,
            fold(&group.name),
            &group.description
        ],
    )?;
    Ok(changed == 1)
}

/// Replaces all attributes of a group. One without values is none.
pub fn put_attributes(db: &mut Db, group: &str, attributes: &Attributes) -> Result<()> {
    db.execute("DELETE FROM group_attribute WHERE user_group = ?1", params![group])?;
    for (name, values) in attributes.iter() {
        for (position, value) in (0i64..).zip(values) {
            db.execute(
                "INSERT INTO group_attribute (user_group, name, position, value) VALUES (?1, ?2, ?3, ?4)",
                params![group, name, position, value],
            )?;
        }
    }
    Ok(())
}

/// Whether `group` is `above` or below it, at any depth.
pub fn is_within(db: &mut Db, group: &str, above: &str) -> Result<bool> {
    db.exists(
        "WITH RECURSIVE path (id) AS (
            SELECT id FROM user_group WHERE id = ?1
            UNION SELECT g.parent FROM user_group g JOIN path ON g.id = path.id WHERE g.parent <> ''
         )
         SELECT 1 FROM path WHERE id = ?2",
        params![group, above],
    )
}

/// Deletes a group and all below it.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    let deleted = db.execute(
        "WITH RECURSIVE below (id) AS (
            SELECT id FROM user_group WHERE realm = ?1 AND id = ?2
            UNION SELECT g.id FROM user_group g JOIN below ON g.parent = below.id
         )
         DELETE FROM user_group WHERE realm = ?1 AND id IN (SELECT id FROM below)",
        params![realm, id],
    )?;
    Ok(deleted > 0)
}

/// A page of a group's members, by username; not those of its children.
pub fn members(db: &mut Db, realm: &str, group: &str, first: i64, max: i64) -> Result<Vec<UserRow>> {
    let sql = format!(
        "{} JOIN group_member m ON m.user_account = u.id WHERE u.realm = ?1 AND m.user_group = ?2
         ORDER BY u.username LIMIT ?3 OFFSET ?4",
        users::COLUMNS
    );
    db.query(&sql, params![realm, group, max, first], users::row)
}

/// A page of the groups that a user is a member of, by name: those whose name contains the text, whatever its case.
pub fn of_user(db: &mut Db, user: &str, search: &str, first: i64, max: i64) -> Result<Vec<GroupRow>> {
    let sql = format!(
        "{COLUMNS} JOIN group_member m ON m.user_group = g.id
         WHERE m.user_account = ?1 AND g.name_folded LIKE ?2 ESCAPE '\\' ORDER BY g.name, g.id LIMIT ?3 OFFSET ?4"
    );
    db.query(&sql, params![user, contains(search), max, first], row)
}

/// How many groups [`of_user`] would list in all.
pub fn count_of_user(db: &mut Db, user: &str, search: &str) -> Result<i64> {
    db.count(
        "SELECT COUNT(*) FROM user_group g JOIN group_member m ON m.user_group = g.id
         WHERE m.user_account = ?1 AND g.name_folded LIKE ?2 ESCAPE '\\'",
        params![user, contains(search)],
    )
}

/// Makes a user a member of a group; nothing happens if it is one.
pub fn join(db: &mut Db, user: &str, group: &str) -> Result<()> {
    let sql = "INSERT INTO group_member (user_account, user_group) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![user, group]).map(drop)
}

/// Takes a user out of a group.
pub fn leave(db: &mut Db, user: &str, group: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM group_member WHERE user_account = ?1 AND user_group = ?2", params![user, group])? == 1)
}

/// The groups that new users of a realm join, by name.
pub fn defaults(db: &mut Db, realm: &str) -> Result<Vec<GroupRow>> {
    let sql =
        format!("{COLUMNS} JOIN realm_default_group d ON d.user_group = g.id WHERE d.realm = ?1 ORDER BY g.name, g.id");
    db.query(&sql, params![realm], row)
}

/// Lets new users join a group; nothing happens if they do.
pub fn add_default(db: &mut Db, realm: &str, group: &str) -> Result<()> {
    let sql = "INSERT INTO realm_default_group (realm, user_group) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![realm, group]).map(drop)
}

/// New users no longer join a group.
pub fn remove_default(db: &mut Db, realm: &str, group: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM realm_default_group WHERE realm = ?1 AND user_group = ?2", params![realm, group])? == 1)
}

/// Makes a new user a member of all default groups.
pub fn join_defaults(db: &mut Db, realm: &str, user: &str) -> Result<()> {
    let sql = "INSERT INTO group_member (user_account, user_group)
        SELECT CAST(?2 AS TEXT), user_group FROM realm_default_group WHERE realm = ?1 ON CONFLICT DO NOTHING";
    db.execute(sql, params![realm, user]).map(drop)
}
