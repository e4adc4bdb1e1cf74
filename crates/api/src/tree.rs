//! The way to each group of operations: `kc.realm("acme").user(id).role_mappings().list()`.

use crate::{admin::*, oidc, uma};

/// Declares places: what is known there, and which places and groups lie below. Those are given all that is known, then
/// the arguments of the step.
macro_rules! places {
    ($(
        $(#[$doc:meta])*
        $Place:ident $known:tt {
            $( $(#[$step_doc:meta])* $step:ident $args:tt -> $($target:ident)::+; )+
        }
    )+) => { $(
        places! { @place [$(#[$doc])*] $Place $known }
        impl<'a, C> $Place<'a, C> {
            $( places! { @step [$(#[$step_doc])*] $known $step $args [$($target)::+] } )+
        }
    )+ };
    (@place [$($doc:tt)*] $Place:ident ($($known:ident),*)) => {
        $($doc)*
        #[derive(Debug)]
        pub struct $Place<'a, C> {
            transport: &'a C,
            $($known: &'a str,)*
        }

        impl<'a, C> $Place<'a, C> {
            /// The place as seen through a client.
            pub fn new(transport: &'a C, $($known: &'a str),*) -> Self {
                Self { transport, $($known),* }
            }
        }

        impl<C> Clone for $Place<'_, C> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<C> Copy for $Place<'_, C> {}
    };
    (@step [$($doc:tt)*] ($($known:ident),*) $step:ident ($($arg:ident),*) [$($target:tt)+]) => {
        $($doc)*
        pub fn $step(&self, $($arg: &'a str),*) -> $($target)+<'a, C> {
            $($target)+::new(self.transport, $(self.$known,)* $($arg),*)
        }
    };
}

places! {
    /// One realm, by name.
    Realm(realm) {
        /// Its users.
        users() -> users::Users;
        /// One user, by id.
        user(id) -> User;
        /// Its groups.
        groups() -> groups::Groups;
        /// One group, by id.
        group(id) -> Group;
        /// Its own roles.
        roles() -> roles::RealmRoles;
        /// All roles, those of clients included, by id.
        roles_by_id() -> roles::by_id::RolesById;
        /// Its clients.
        clients() -> clients::Clients;
        /// One client, by id: not the `clientId`.
        client(id) -> Client;
        /// Its client scopes.
        client_scopes() -> client_scopes::ClientScopes;
        /// One client scope, by id.
        client_scope(id) -> ClientScope;
        /// The default client scopes that new clients get.
        default_client_scopes() -> client_scopes::default_of_realm::RealmDefaultScopes;
        /// The optional client scopes that new clients get.
        optional_client_scopes() -> client_scopes::optional_of_realm::RealmOptionalScopes;
        /// Client scopes, by their old path.
        client_templates() -> client_scopes::templates::ClientTemplates;
        /// One client scope, by id and by its old path.
        client_template(id) -> ClientTemplate;
        /// Its components.
        components() -> components::Components;
        /// Its user profile.
        profile() -> profile::Profile;
        /// Its keys.
        keys() -> keys::RealmKeys;
        /// What is counted of failed logins.
        attack_detection() -> attack_detection::AttackDetection;
        /// Its own texts.
        localization() -> localization::Localization;
        /// What its users did.
        events() -> events::Events;
        /// What its administrators changed.
        admin_events() -> events::admin::AdminEvents;
        /// Its authentication flows.
        flows() -> flows::Flows;
        /// The steps of its flows.
        executions() -> flows::execution::Executions;
        /// The configurations of those steps.
        authenticator_configs() -> flows::configs::AuthenticatorConfigs;
        /// What flows can be made of.
        authentication_providers() -> flows::providers::AuthenticationProviders;
        /// What users have to do at a login, once.
        required_actions() -> flows::required_actions::RequiredActions;
        /// Its identity providers.
        idps() -> idps::IdentityProviders;
        /// One identity provider, by alias.
        idp(alias) -> IdentityProvider;
        /// Its organizations.
        orgs() -> orgs::Organizations;
        /// One organization, by id.
        org(id) -> Organization;
        /// Its workflows.
        workflows() -> workflows::Workflows;
        /// Its client policies, and the profiles that they apply.
        client_policies() -> client_policies::RealmClientPolicies;
        /// Its client types.
        client_types() -> client_policies::types::RealmClientTypes;
        /// Tokens with which clients may be registered.
        initial_access() -> initial_access::InitialAccess;
        /// What policies for registration can be made of.
        registration_policies() -> registration::RegistrationPolicies;
        /// Users who are kept elsewhere.
        user_storage() -> user_storage::UserStorage;
        /// What the server keeps in memory.
        caches() -> caches::Caches;
        /// What the admin console reads.
        ui() -> ui::Ui;
        /// Its OpenID Connect endpoints.
        oidc() -> Oidc;
        /// What resource servers and owners of resources do there.
        uma() -> Uma;
        /// What anybody may know of it.
        public() -> realms::public::PublicRealm;
    }

    /// The OpenID Connect endpoints of a realm.
    Oidc(realm) {
        /// What it can do as an OpenID provider.
        discovery() -> oidc::discovery::RealmDiscovery;
        /// The keys that its tokens are signed with.
        certs() -> oidc::certs::Certs;
        /// Where tokens are asked for.
        token() -> oidc::token::Token;
        /// Where tokens are asked about.
        introspect() -> oidc::introspect::Introspect;
        /// Where the user of an access token is asked about.
        userinfo() -> oidc::userinfo::UserinfoEndpoint;
        /// Where tokens are revoked.
        revoke() -> oidc::revoke::Revoke;
        /// Where sessions end.
        logout() -> oidc::logout::Logout;
        /// Where logins on another device begin.
        device() -> oidc::device::Device;
        /// Where users are asked to agree elsewhere.
        ciba() -> oidc::ciba::Ciba;
        /// Where authorization requests are pushed to.
        par() -> oidc::par::Par;
        /// Where clients register, in the words of OpenID Connect.
        registration() -> oidc::register::Registration;
        /// Where clients register, in the words of the Admin API.
        native_registration() -> oidc::register::native::NativeRegistration;
    }

    /// User-Managed Access in a realm.
    Uma(realm) {
        /// What it can do as an authorization server.
        realm() -> uma::discovery::UmaRealm;
        /// The resources of a resource server.
        resources() -> uma::resources::UmaResources;
        /// Where a resource server notes what a caller lacked.
        permissions() -> uma::tickets::UmaPermissions;
        /// What users have shared, or asked for.
        tickets() -> uma::tickets::requests::UmaTickets;
        /// The policies that owners keep on their resources.
        policies() -> uma::policies::UmaPolicies;
    }

    /// One user of a realm.
    User(realm, user) {
        /// The user's credentials.
        credentials() -> credentials::Credentials;
        /// The user's roles.
        role_mappings() -> UserRoles;
    }

    /// The roles of a user.
    UserRoles(realm, user) {
        /// All of them.
        all() -> role_mappings::of_user::UserRoleMappings;
        /// Those of the realm.
        realm() -> role_mappings::of_user::realm::UserRealmRoles;
        /// Those of one client, by its id.
        client(id) -> role_mappings::of_user::client::UserClientRoles;
    }

    /// One group of a realm.
    Group(realm, group) {
        /// The roles that the group's members have by it.
        role_mappings() -> GroupRoles;
    }

    /// The roles of a group.
    GroupRoles(realm, group) {
        /// All of them.
        all() -> role_mappings::of_group::GroupRoleMappings;
        /// Those of the realm.
        realm() -> role_mappings::of_group::realm::GroupRealmRoles;
        /// Those of one client, by its id.
        client(id) -> role_mappings::of_group::client::GroupClientRoles;
    }

    /// One client of a realm.
    Client(realm, client) {
        /// The client's own roles.
        roles() -> roles::of_client::ClientRoles;
        /// Its protocol mappers.
        mappers() -> mappers::of_client::ClientMappers;
        /// The roles that its tokens may carry.
        scope_mappings() -> ClientScopeMappings;
        /// The client scopes that its tokens carry always.
        default_client_scopes() -> client_scopes::default_of_client::ClientDefaultScopes;
        /// The client scopes that it may ask for.
        optional_client_scopes() -> client_scopes::optional_of_client::ClientOptionalScopes;
        /// What its tokens would hold.
        evaluate_scopes() -> clients::evaluate::EvaluateScopes;
        /// Its authorization services: resources, and who may do what with them.
        authz() -> Authz;
        /// Its keys and certificates of one kind: `jwt.credential`, `saml.signing`, `saml.encryption`.
        certificates(attribute) -> clients::certificates::ClientCertificates;
    }

    /// The authorization services of a client.
    Authz(realm, client) {
        /// The settings, as a whole.
        settings() -> authz::AuthzSettings;
        /// What is protected.
        resources() -> authz::resources::AuthzResources;
        /// What can be done with it.
        scopes() -> authz::scopes::AuthzScopes;
        /// Policies of any type.
        policies() -> authz::policies::AuthzPolicies;
        /// Permissions of any type.
        permissions() -> authz::policies::permissions::AuthzPermissions;
        /// Policies that decide by other policies.
        aggregate_policies() -> authz::typed::aggregate::AggregatePolicies;
        /// Policies that permit clients.
        client_policies() -> authz::typed::client::ClientPolicies;
        /// Policies that permit tokens with client scopes.
        client_scope_policies() -> authz::typed::client_scope::ClientScopePolicies;
        /// Policies that permit members of groups.
        group_policies() -> authz::typed::group::GroupPolicies;
        /// Policies that decide by a script.
        js_policies() -> authz::typed::js::JsPolicies;
        /// Policies that permit tokens with a claim of a certain form.
        regex_policies() -> authz::typed::regex::RegexPolicies;
        /// Policies that permit users with roles.
        role_policies() -> authz::typed::role::RolePolicies;
        /// Policies that permit at certain times.
        time_policies() -> authz::typed::time::TimePolicies;
        /// Policies that permit users.
        user_policies() -> authz::typed::user::UserPolicies;
        /// Permissions on resources.
        resource_permissions() -> authz::typed::resource::ResourcePermissions;
        /// Permissions on scopes.
        scope_permissions() -> authz::typed::scope::ScopePermissions;
    }

    /// One identity provider of a realm.
    IdentityProvider(realm, idp) {
        /// What becomes of what it says of a user.
        mappers() -> idps::mappers::IdentityProviderMappers;
    }

    /// One organization of a realm.
    Organization(realm, org) {
        /// Its members.
        members() -> orgs::members::Members;
        /// Those who are invited.
        invitations() -> orgs::invitations::Invitations;
        /// Its identity providers.
        idps() -> orgs::idps::OrganizationIdentityProviders;
        /// Its groups.
        groups() -> orgs::groups::OrganizationGroups;
    }

    /// The roles that a client's tokens may carry.
    ClientScopeMappings(realm, client) {
        /// All of them.
        all() -> scope_mappings::of_client::ClientScopeMappings;
        /// Those of the realm.
        realm() -> scope_mappings::of_client::realm::ClientRealmRoles;
        /// Those of one client, by its id.
        client(id) -> scope_mappings::of_client::client::ClientClientRoles;
    }

    /// One client scope of a realm.
    ClientScope(realm, scope) {
        /// Its protocol mappers.
        mappers() -> mappers::of_client_scope::ScopeMappers;
        /// The roles that it puts into tokens.
        scope_mappings() -> ScopeMappings;
    }

    /// The roles that a client scope puts into tokens.
    ScopeMappings(realm, scope) {
        /// All of them.
        all() -> scope_mappings::of_client_scope::ScopeScopeMappings;
        /// Those of the realm.
        realm() -> scope_mappings::of_client_scope::realm::ScopeRealmRoles;
        /// Those of one client, by its id.
        client(id) -> scope_mappings::of_client_scope::client::ScopeClientRoles;
    }

    /// One client scope, by its old path.
    ClientTemplate(realm, scope) {
        /// Its protocol mappers.
        mappers() -> mappers::of_client_template::TemplateMappers;
        /// The roles that it puts into tokens.
        scope_mappings() -> TemplateScopeMappings;
    }

    /// The roles that a client scope puts into tokens, by its old path.
    TemplateScopeMappings(realm, scope) {
        /// All of them.
        all() -> scope_mappings::of_client_template::TemplateScopeMappings;
        /// Those of the realm.
        realm() -> scope_mappings::of_client_template::realm::TemplateRealmRoles;
        /// Those of one client, by its id.
        client(id) -> scope_mappings::of_client_template::client::TemplateClientRoles;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{Call, Reply, Transport};

    /// Answers with the call itself.
    struct Echo;

    impl Transport for Echo {
        type Out<'a, R: Reply> = String;
        fn send<R: Reply>(&self, call: Call) -> String {
            let request = call.request.unwrap();
            format!("{} {}", request.method(), request.uri())
        }
    }

    #[test]
    fn every_step_of_the_way_stands_in_the_path() {
        let kc = Echo;
        let realm = Realm::new(&kc, "acme");
        assert_eq!(
            realm.user("u").role_mappings().client("c").add(&vec![]),
            "POST /admin/realms/acme/users/u/role-mappings/clients/c"
        );
        assert_eq!(
            realm.client_scope("s").scope_mappings().client("c").available(),
            "GET /admin/realms/acme/client-scopes/s/scope-mappings/clients/c/available"
        );
        assert_eq!(
            realm.client("c").certificates("jwt.credential").generate(),
            "POST /admin/realms/acme/clients/c/certificates/jwt.credential/generate"
        );
        assert_eq!(
            realm.client("c").roles().client_composites("a/b", "d"),
            "GET /admin/realms/acme/clients/c/roles/a%2Fb/composites/clients/d"
        );
        assert_eq!(realm.oidc().certs().get(), "GET /realms/acme/protocol/openid-connect/certs");
        assert_eq!(realm.groups().by_path("a/b c"), "GET /admin/realms/acme/group-by-path/a/b%20c");
    }

    #[test]
    fn no_two_operations_are_one() {
        let shape = |path: &str| -> String {
            path.split('/').map(|s| if s.starts_with('{') { "{}" } else { s }).collect::<Vec<_>>().join("/")
        };
        let mut seen = std::collections::HashMap::new();
        for operation in crate::operations() {
            let before = seen.insert((operation.method, shape(operation.path)), operation.name);
            assert_eq!(before, None, "{} {} is also {}", operation.method, operation.path, operation.name);
        }
    }
}
