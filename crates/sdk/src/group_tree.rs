//! Groups as the tree they are.

use std::pin::Pin;

use cloakroom_api::admin::groups::{ChildQuery, Group, GroupQuery, Groups};
use tokio::sync::Semaphore;

use crate::bulk::each;
use crate::client::Client;
use crate::ensure::top_group;
use crate::error::{Error, Result};
use crate::steps::Steps;

/// So many groups' children are asked for at once.
const AT_ONCE: usize = 8;

/// What the lists of groups do not give at once.
///
/// ```
/// use cloakroom::{Client, GroupTree, Result, api::admin::groups::Group, blocking};
///
/// fn print(groups: &[Group], depth: usize) {
///     for group in groups {
///         println!("{:depth$}{}", "", group.name.as_deref().unwrap_or_default());
///         print(group.sub_groups.as_deref().unwrap_or_default(), depth + 2);
///     }
/// }
///
/// async fn show(kc: &Client) -> Result<()> {
///     print(&kc.realm("acme").groups().tree().await?, 0);
///     Ok(())
/// }
///
/// fn team(kc: &blocking::Client) -> Result<Group> {
///     kc.realm("acme").groups().ensure_path(&["sales", "europe", "north/west"])
/// }
/// ```
pub trait GroupTree<'a> {
    /// [`Result`] of all groups, as a future for the async client.
    type Tree;
    /// [`Result`] of one group, as a future for the async client.
    type One;
    /// All groups of the realm, whole, each with its children in `sub_groups` down to the leaves.
    ///
    /// Takes a call for each group that has children, eight at a time, since Keycloak lists one level at once.
    fn tree(&self) -> Self::Tree;
    /// The group at a path, given name by name; it and those above it are created where they are not there yet.
    fn ensure_path(&self, names: &[&str]) -> Self::One;
}

impl<'a, C: Steps> GroupTree<'a> for Groups<'a, C> {
    type Tree = C::Run<'a, Result<Vec<Group>>>;
    type One = C::Run<'a, Result<Group>>;

    fn tree(&self) -> Self::Tree {
        let groups = self.through(self.client().calls());
        self.client().steps(async move {
            let query = GroupQuery { brief_representation: Some(false), ..GroupQuery::default() };
            let top = groups.list_all(&query).into_vec().await?;
            below(groups, &Semaphore::new(AT_ONCE), top).await
        })
    }

    fn ensure_path(&self, names: &[&str]) -> Self::One {
        let groups = self.through(self.client().calls());
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.client().steps(async move { ensure_path(groups, &names).await })
    }
}

/// Fills in what is below the groups, a branch as deep as it goes.
fn below<'a>(
    groups: Groups<'a, Client>,
    turns: &'a Semaphore,
    level: Vec<Group>,
) -> Pin<Box<dyn Future<Output = Result<Vec<Group>>> + Send + 'a>> {
    let fill = move |mut group: Group| async move {
        let Some(id) = group.id.clone().filter(|_| group.sub_group_count != Some(0)) else { return Ok(group) };
        let query = ChildQuery { brief_representation: Some(false), ..ChildQuery::default() };
        let turn = turns.acquire().await;
        let children = groups.children_all(&id, &query).into_vec().await?;
        drop(turn);
        group.sub_groups = Some(below(groups, turns, children).await?);
        Ok(group)
    };
    Box::pin(async move { each(level, usize::MAX, fill).await.into_iter().collect() })
}

async fn ensure_path(groups: Groups<'_, Client>, names: &[String]) -> Result<Group> {
    let mut at: Option<Group> = None;
    for name in names {
        let above = at.as_ref().and_then(|group| group.id.as_deref());
        let new = Group { name: Some(name.clone()), ..Group::default() };
        let group = match child(groups, above, name).await? {
            Some(group) => group,
            None => {
                let made = match above {
                    Some(id) => groups.create_child(id, &new).await.map(drop),
                    None => groups.create(&new).await.map(drop),
                };
                made.or_else(|e| if e.is_conflict() { Ok(()) } else { Err(e) })?;
                let gone = || Error::Config(format!("group \"{name}\" was created, but is not there"));
                child(groups, above, name).await?.ok_or_else(gone)?
            }
        };
        at = Some(group);
    }
    at.ok_or_else(|| Error::Config("a path has at least one name".to_owned()))
}

/// The child that has a name.
async fn child(groups: Groups<'_, Client>, above: Option<&str>, name: &str) -> Result<Option<Group>> {
    let Some(id) = above else { return top_group(groups, name).await };
    let (search, exact) = (Some(name.to_owned()), Some(true));
    let query = ChildQuery { search, exact, brief_representation: Some(false), ..ChildQuery::default() };
    Ok(groups.children(id, &query).await?.into_iter().find(|group| group.name.as_deref() == Some(name)))
}
