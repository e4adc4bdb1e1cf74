//! An example for every resource of the Admin API.
//!
//! All begin with a [`Client`](crate::Client) named `kc`, in a function that gives a [`Result`](crate::Result); with
//! [`blocking::Client`](crate::blocking::Client) they are the same without `.await`.
//!
//! # Realms
//! A realm is created, read, changed in part, exported and deleted by its name.
//! ```
//! use cloakroom::api::admin::realms::{PartialExport, Realm};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let realm = Realm { realm: Some("acme".into()), enabled: Some(true), ..Realm::default() };
//! kc.realms().create(&realm).await?;
//! let change = Realm { display_name: Some("Acme".into()), ..Realm::default() };
//! kc.realms().update("acme", &change).await?;
//! let all = PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) };
//! let export = kc.realms().partial_export("acme", &all).await?;
//! println!("{} clients", export.clients.unwrap_or_default().len());
//! kc.realms().delete("acme").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Users
//! Lists take a query struct; ids come from the answer to `create`.
//! ```
//! use cloakroom::api::admin::users::{User, UserQuery};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let users = kc.realm("acme").users();
//! let bob = User { username: Some("bob".into()), enabled: Some(true), ..User::default() };
//! let id = users.create(&bob).await?.id().to_owned();
//! let query = UserQuery { email: Some("@example.com".into()), max: Some(10), ..UserQuery::default() };
//! for user in users.list(&query).await? {
//!     println!("{}", user.username.unwrap_or_default());
//! }
//! users.delete(&id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials
//! Of one user: passwords are set, one-time codes and passkeys listed, named, ordered and deleted.
//! ```
//! use cloakroom::api::admin::credentials::Credential;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let credentials = kc.realm("acme").user("id").credentials();
//! let password = Credential { value: Some("hunter2".into()), temporary: Some(true), ..Credential::default() };
//! credentials.reset_password(&password).await?;
//! for credential in credentials.list().await? {
//!     credentials.set_label(credential.id.as_deref().unwrap_or_default(), "my phone").await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Groups
//! A tree: children hang off their parent, and a path finds a group.
//! ```
//! use cloakroom::api::admin::groups::Group;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let groups = kc.realm("acme").groups();
//! let sales = groups.by_path("company/sales").await?;
//! let id = sales.id.unwrap_or_default();
//! let team = Group { name: Some("north".into()), ..Group::default() };
//! groups.create_child(&id, &team).await?;
//! kc.realm("acme").users().join_group("user-id", &id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Roles and who has them
//! Roles of the realm and of clients look alike; mappings hang off what has them.
//! ```
//! use cloakroom::api::admin::roles::Role;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let acme = kc.realm("acme");
//! let role = Role { name: Some("read/write".into()), ..Role::default() };
//! acme.roles().create(&role).await?;
//! let role = acme.roles().get("read/write").await?;
//! acme.user("user-id").role_mappings().realm().add(&vec![role]).await?;
//! let of_client = acme.group("group-id").role_mappings().client("client-id").available().await?;
//! println!("{} roles are left", of_client.len());
//! # Ok(())
//! # }
//! ```
//!
//! # Clients
//! Named by an id of their own, not by `clientId`.
//! ```
//! use cloakroom::api::admin::clients::ClientQuery;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let clients = kc.realm("acme").clients();
//! let query = ClientQuery { client_id: Some("app".into()), ..ClientQuery::default() };
//! let found = clients.list(&query).await?;
//! let id = found.first().and_then(|client| client.id.as_deref()).unwrap_or_default();
//! let secret = clients.regenerate_secret(id).await?;
//! println!("{:?} is new", secret.value); // `Debug` does not show it
//! let key = kc.realm("acme").client(id).certificates("jwt.credential").generate().await?;
//! println!("{}", key.certificate.unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! # Uploads
//! Files go as `Content::multipart`, and come as `Content`.
//! ```
//! use cloakroom::api::endpoint::{Content, Part};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let keys = kc.realm("acme").client("client-id").certificates("jwt.credential");
//! let upload = Content::multipart([
//!     Part::field("keystoreFormat", "Certificate PEM"),
//!     Part::file("file", "cert.pem", "text/plain", "-----BEGIN CERTIFICATE-----"),
//! ]);
//! keys.upload_certificate(&upload).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Client scopes and protocol mappers
//! What goes into tokens.
//! ```
//! use cloakroom::api::admin::{client_scopes::ClientScope, mappers::ProtocolMapper};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let scopes = kc.realm("acme").client_scopes();
//! let scope = ClientScope {
//!     name: Some("address-book".into()),
//!     protocol: Some("openid-connect".into()),
//!     ..ClientScope::default()
//! };
//! let id = scopes.create(&scope).await?.id().to_owned();
//! let mapper = ProtocolMapper {
//!     name: Some("department".into()),
//!     protocol: Some("openid-connect".into()),
//!     protocol_mapper: Some("oidc-usermodel-attribute-mapper".into()),
//!     config: Some([("user.attribute", "department"), ("claim.name", "department")].into()),
//!     ..ProtocolMapper::default()
//! };
//! kc.realm("acme").client_scope(&id).mappers().create(&mapper).await?;
//! kc.realm("acme").client("client-id").default_client_scopes().add(&id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What tokens would hold
//! Before anybody logs in.
//! ```
//! use cloakroom::api::admin::clients::EvaluationQuery;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let evaluate = kc.realm("acme").client("client-id").evaluate_scopes();
//! let query = EvaluationQuery { user_id: Some("user-id".into()), ..EvaluationQuery::default() };
//! println!("{:?}", evaluate.access_token(&query).await?.get("realm_access"));
//! # Ok(())
//! # }
//! ```
//!
//! # Keys and components
//! Keys, user storages and registration policies are components.
//! ```
//! use cloakroom::api::admin::components::Component;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let key = Component {
//!     name: Some("es256".into()),
//!     provider_id: Some("ecdsa-generated".into()),
//!     provider_type: Some("org.keycloak.keys.KeyProvider".into()),
//!     ..Component::default()
//! };
//! kc.realm("acme").components().create(&key).await?;
//! println!("{:?}", kc.realm("acme").keys().list().await?.active);
//! # Ok(())
//! # }
//! ```
//!
//! # User profile
//! Which attributes users have.
//! ```
//! use cloakroom::api::admin::profile::ProfileAttribute;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let profile = kc.realm("acme").profile();
//! let mut config = profile.get().await?;
//! let attribute = ProfileAttribute { name: Some("department".into()), ..ProfileAttribute::default() };
//! config.attributes.get_or_insert_default().push(attribute);
//! profile.update(&Some(config)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Texts
//! A realm's own, by locale and key.
//! ```
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let texts = kc.realm("acme").localization();
//! texts.set("de", "doLogIn", "Anmelden").await?;
//! println!("{:?}", texts.locales().await?);
//! # Ok(())
//! # }
//! ```
//!
//! # Sessions and failed logins
//! ```
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let acme = kc.realm("acme");
//! println!("{} sessions", acme.users().sessions("user-id").await?.len());
//! acme.users().logout("user-id").await?;
//! if acme.attack_detection().get("user-id").await?.disabled == Some(true) {
//!     acme.attack_detection().clear("user-id").await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Events
//! Of users and of administrators.
//! ```
//! use cloakroom::api::admin::events::{AdminEventQuery, EventQuery};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let query = EventQuery { types: Some(vec!["LOGIN_ERROR".into()]), ..EventQuery::default() };
//! for event in kc.realm("acme").events().list(&query).await? {
//!     println!("{:?} {:?}", event.ip_address, event.error);
//! }
//! let query = AdminEventQuery { resource_path: Some("users/*".into()), ..AdminEventQuery::default() };
//! println!("{} changes", kc.realm("acme").admin_events().list(&query).await?.len());
//! # Ok(())
//! # }
//! ```
//!
//! # Authentication flows
//! A flow is built from executions, and required actions come after it.
//! ```
//! use cloakroom::api::admin::flows::{FlowCopy, NewExecution};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let acme = kc.realm("acme");
//! acme.flows().copy("browser", &FlowCopy { new_name: Some("strict".into()) }).await?;
//! let step = NewExecution { provider: Some("auth-otp-form".into()), ..NewExecution::default() };
//! let made = acme.flows().add_execution("strict", &step).await?;
//! acme.executions().raise_priority(made.id()).await?;
//! let mut terms = acme.required_actions().get("TERMS_AND_CONDITIONS").await?;
//! terms.default_action = Some(true);
//! acme.required_actions().update("TERMS_AND_CONDITIONS", &terms).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Identity providers
//! What another server publishes becomes the configuration.
//! ```
//! use cloakroom::api::admin::idps::{IdentityProvider, ImportConfig};
//! use cloakroom::api::endpoint::Content;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let idps = kc.realm("acme").idps();
//! let from = ImportConfig {
//!     provider_id: Some("oidc".into()),
//!     from_url: Some("https://id.example.com/.well-known/openid-configuration".into()),
//! };
//! let config = match Content::json(&from) {
//!     Ok(content) => idps.import_config(&content).await?,
//!     Err(_) => Default::default(),
//! };
//! let corp = IdentityProvider {
//!     alias: Some("corp".into()),
//!     provider_id: Some("oidc".into()),
//!     config: Some(config),
//!     ..IdentityProvider::default()
//! };
//! idps.create(&corp).await?;
//! let mappers = kc.realm("acme").idp("corp").mappers().list().await?;
//! println!("{} mappers", mappers.len());
//! # Ok(())
//! # }
//! ```
//!
//! # Organizations
//! With members, invitations, groups and identity providers.
//! ```
//! use cloakroom::api::admin::orgs::Organization;
//! use cloakroom::api::endpoint::Form;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let acme = kc.realm("acme");
//! let org = Organization { name: Some("Initech".into()), alias: Some("initech".into()), ..Organization::default() };
//! let id = acme.orgs().create(&org).await?.id().to_owned();
//! acme.org(&id).members().add("user-id").await?;
//! acme.org(&id).members().invite(&Form::default().with("email", "peter@initech.example")).await?;
//! for invitation in acme.org(&id).invitations().list(&Default::default()).await? {
//!     println!("{:?}", invitation.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Workflows
//! Steps that run on users over time.
//! ```
//! use cloakroom::api::admin::workflows::{Workflow, WorkflowStep};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let step = WorkflowStep { uses: Some("disable-user".into()), after: Some("90d".into()), ..WorkflowStep::default() };
//! let workflow = Workflow {
//!     name: Some("inactive".into()),
//!     on: Some("user-authenticated".into()),
//!     steps: Some(vec![step]),
//!     ..Workflow::default()
//! };
//! kc.realm("acme").workflows().create(&workflow).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Client policies
//! ```
//! use cloakroom::api::admin::client_policies::ClientProfile;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let policies = kc.realm("acme").client_policies();
//! let mut profiles = policies.profiles(&Default::default()).await?;
//! let strict = ClientProfile { name: Some("strict".into()), ..ClientProfile::default() };
//! profiles.profiles.get_or_insert_default().push(strict);
//! policies.set_profiles(&profiles).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Clients that register themselves
//! An initial access token lets somebody register without an account.
//! ```
//! use cloakroom::api::admin::initial_access::ClientInitialAccessCreate;
//! use cloakroom::api::oidc::register::ClientMetadata;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let asked = ClientInitialAccessCreate { count: Some(1), ..ClientInitialAccessCreate::default() };
//! let token = kc.realm("acme").initial_access().create(&asked).await?.body.token.unwrap_or_default();
//! let newcomer = kc.token(token);
//! let client = ClientMetadata { redirect_uris: Some(vec!["https://app.example/cb".into()]), ..ClientMetadata::default() };
//! let made = newcomer.realm("acme").oidc().registration().create(&client).await?;
//! println!("{}", made.body.client_id.unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! # Authorization services
//! Resources, scopes, and policies with fields for each type.
//! ```
//! use cloakroom::api::admin::authz::{PolicyEvaluationRequest, Resource, typed::{PolicyRole, ResourcePermission, RolePolicy}};
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let authz = kc.realm("acme").client("client-id").authz();
//! let album = Resource { name: Some("Album".into()), uris: Some(vec!["/albums/*".into()]), ..Resource::default() };
//! let album = authz.resources().create(&album).await?.body;
//! let staff = RolePolicy {
//!     name: Some("staff".into()),
//!     roles: Some(vec![PolicyRole { id: Some("staff".into()), required: Some(true) }]),
//!     ..RolePolicy::default()
//! };
//! authz.role_policies().create(&staff).await?;
//! let permission = ResourcePermission {
//!     name: Some("albums are for staff".into()),
//!     resources: Some(album.id.into_iter().collect()),
//!     policies: Some(vec!["staff".into()]),
//!     ..ResourcePermission::default()
//! };
//! authz.resource_permissions().create(&permission).await?;
//! let asked = PolicyEvaluationRequest { user_id: Some("user-id".into()), ..PolicyEvaluationRequest::default() };
//! println!("{:?}", authz.policies().evaluate(&asked).await?.status);
//! # Ok(())
//! # }
//! ```
//!
//! # User storage
//! Users of a directory are brought over.
//! ```
//! use cloakroom::api::admin::user_storage::SyncQuery;
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let query = SyncQuery { action: Some("triggerFullSync".into()) };
//! let done = kc.realm("acme").user_storage().sync("component-id", &query).await?;
//! println!("{} new", done.added.unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! # The server
//! ```
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! let info = kc.server().info().await?;
//! println!("{}", info.system_info.and_then(|system| system.version).unwrap_or_default());
//! kc.realm("acme").caches().clear_keys().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What the admin console reads
//! Lists that would else take a call an entry.
//! ```
//! # async fn example(kc: cloakroom::Client) -> cloakroom::Result<()> {
//! for session in kc.realm("acme").ui().sessions(&Default::default()).await? {
//!     println!("{:?} {:?}", session.username, session.ip_address);
//! }
//! # Ok(())
//! # }
//! ```
