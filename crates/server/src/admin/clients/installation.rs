//! Configuration files for applications with Keycloak's own adapters.

use super::access;
use crate::{
    Result,
    cx::Cx,
    error::not_found,
    realm_view::{ClientView, RealmView},
    route::Routes,
};
use cloakroom_api::admin::clients::installation;
use cloakroom_store::roles;
use std::fmt::Write;

pub(crate) fn routes() -> Routes {
    Routes::new().at(installation)
}

fn installation(cx: &mut Cx, req: installation::Request) -> Result<String> {
    let client = access::view(cx, &req.id)?;
    let realm = cx.admin()?.realm.clone();
    let has_roles = !roles::list(cx.read()?, &realm.id, Some(&client.id), "", 0, 1)?.is_empty();
    let adapter = Adapter::new(&realm, &client, &cx.base, has_roles);
    match req.provider.as_str() {
        "keycloak-oidc-keycloak-json" => Ok(adapter.json()),
        "keycloak-oidc-jboss-subsystem" => Ok(adapter.xml()),
        "keycloak-oidc-jboss-subsystem-cli" => Ok(adapter.cli()),
        _ => Err(not_found("Unknown Provider")),
    }
}

/// What an adapter is told.
struct Adapter<'a> {
    realm: &'a str,
    server: String,
    ssl: &'a str,
    resource: &'a str,
    public: bool,
    bearer_only: bool,
    /// Whether the application has roles of its own: then tokens must be for it.
    has_roles: bool,
    secret: Option<&'a str>,
}

impl<'a> Adapter<'a> {
    fn new(realm: &'a RealmView, client: &'a ClientView, base: &str, has_roles: bool) -> Self {
        let settings = &client.settings;
        let (public, bearer_only) = (settings.public_client == Some(true), settings.bearer_only == Some(true));
        let with_secret =
            !public && !bearer_only && settings.client_authenticator_type.as_deref() == Some("client-secret");
        Adapter {
            realm: &realm.name,
            server: format!("{}/", realm.base(base)),
            ssl: realm.settings.ssl_required.as_deref().unwrap_or("external"),
            resource: &client.client_id,
            public,
            bearer_only,
            has_roles,
            secret: settings.secret.as_ref().map(|s| s.expose()).filter(|_| with_secret),
        }
    }

    fn json(&self) -> String {
        let text = |value: &str| serde_json::Value::from(value).to_string();
        let mut lines = vec![("realm", text(self.realm))];
        let flag = |lines: &mut Vec<_>, on: bool, name| {
            if on {
                lines.push((name, "true".to_owned()));
            }
        };
        flag(&mut lines, self.bearer_only, "bearer-only");
        lines.push(("auth-server-url", text(&self.server)));
        lines.push(("ssl-required", text(self.ssl)));
        lines.push(("resource", text(self.resource)));
        flag(&mut lines, self.public, "public-client");
        flag(&mut lines, self.has_roles, "verify-token-audience");
        if let Some(secret) = self.secret {
            lines.push(("credentials", format!("{{\n    \"secret\" : {}\n  }}", text(secret))));
        }
        flag(&mut lines, self.has_roles, "use-resource-role-mappings");
        lines.push(("confidential-port", "0".to_owned()));
        let lines: Vec<String> = lines.iter().map(|(name, value)| format!("  \"{name}\" : {value}")).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }

    fn xml(&self) -> String {
        let mut lines = vec![("realm", escape(self.realm)), ("auth-server-url", escape(&self.server))];
        let flags = [(self.bearer_only, "bearer-only"), (self.public, "public-client")];
        lines.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, name)| (name, "true".to_owned())));
        lines.push(("ssl-required", escape(&self.ssl.to_uppercase())));
        lines.push(("resource", escape(self.resource)));
        let mut out = String::from("<secure-deployment name=\"WAR MODULE NAME.war\">\n");
        if self.has_roles {
            lines.push(("verify-token-audience", "true".to_owned()));
        }
        for (name, value) in lines {
            let _ = writeln!(out, "    <{name}>{value}</{name}>");
        }
        if let Some(secret) = self.secret {
            let _ = writeln!(out, "    <credential name=\"secret\">{}</credential>", escape(secret));
        }
        if self.has_roles {
            out.push_str("    <use-resource-role-mappings>true</use-resource-role-mappings>\n");
        }
        out + "</secure-deployment>\n"
    }

    fn cli(&self) -> String {
        let deployment = "/subsystem=keycloak/secure-deployment=\"WAR MODULE NAME.war\"/";
        let quote = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
        let mut lines = vec![
            format!("realm={}", quote(self.realm)),
            format!("resource={}", quote(self.resource)),
            format!("auth-server-url={}", self.server),
        ];
        let flags = [
            (self.bearer_only, "bearer-only"),
            (self.public, "public-client"),
            (self.has_roles, "verify-token-audience"),
            (self.has_roles, "use-resource-role-mappings"),
        ];
        lines.extend(flags.iter().filter(|(on, _)| *on).map(|(_, name)| format!("{name}=true")));
        lines.push(format!("ssl-required={}", self.ssl.to_uppercase()));
        let mut out = format!("{deployment}:add( \\\n    {})\n\n", lines.join(", \\\n    "));
        if let Some(secret) = self.secret {
            let _ = writeln!(out, "{deployment}credential=secret:add( \\\n    value={})", quote(secret));
        }
        out
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
