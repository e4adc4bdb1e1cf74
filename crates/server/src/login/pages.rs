//! The pages a person sees: one struct per page with what it shows, one template per struct.
//!
//! Element ids, field names and `data-page-id` are those of Keycloak's login theme: scripts, password managers and
//! tests know them. There is no inline script or style, so the content security policy can forbid both.

use std::{collections::BTreeMap, sync::Arc};

use minijinja::value::{Rest, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::messages::{self, Messages};

/// A page: the template it fills and the name it has for scripts, `login-login` for a `ID` of `login`.
pub(crate) trait Page: Serialize {
    const TEMPLATE: &'static str;
    const ID: &'static str;
}

/// What surrounds every page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Frame<'a> {
    pub(crate) lang: &'a str,
    pub(crate) realm: RealmName<'a>,
    /// Where the style sheet is, without a slash at the end.
    pub(crate) resources: &'a str,
    /// What the person should know first.
    pub(crate) alert: Option<Alert>,
    /// The languages to choose from; none where there is no choice.
    pub(crate) languages: Vec<Language>,
    /// The realm's own words for this language, by key.
    pub(crate) texts: &'a BTreeMap<String, String>,
}

/// A language that the page can be seen in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Language {
    pub(crate) code: String,
    /// What its speakers call it.
    pub(crate) name: String,
    /// The page in that language.
    pub(crate) address: String,
    pub(crate) current: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct RealmName<'a> {
    pub(crate) name: &'a str,
    pub(crate) display: &'a str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Alert {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Error,
    Warning,
    Info,
}

/// Messages at fields, by the field's name.
pub(crate) type Errors = BTreeMap<&'static str, String>;

/// Links of the pages of a login; those that are off are None.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Urls {
    pub(crate) login: Option<String>,
    pub(crate) restart: Option<String>,
    pub(crate) forgot: Option<String>,
    pub(crate) register: Option<String>,
}

/// Username and password; only the password where the username is settled.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Login {
    pub(crate) action: String,
    pub(crate) urls: Urls,
    pub(crate) username: String,
    /// The key of the label: `username`, `usernameOrEmail` or `email`.
    pub(crate) username_label: &'static str,
    /// Who is logging in again, where that cannot be changed.
    pub(crate) attempted: Option<String>,
    /// The box's state; None where the realm does not remember.
    pub(crate) remember_me: Option<bool>,
    pub(crate) errors: Errors,
}

/// The first page of a login in two steps; takes the same things.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct LoginUsername(pub(crate) Login);

/// The second page of a login in two steps.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct LoginPassword(pub(crate) Login);

/// A one-time code.
#[derive(Debug, Serialize)]
pub(crate) struct LoginOtp {
    pub(crate) action: String,
    pub(crate) urls: Urls,
    pub(crate) attempted: String,
    pub(crate) username_label: &'static str,
    pub(crate) devices: Vec<Device>,
    /// The chosen device's id.
    pub(crate) selected: String,
    pub(crate) errors: Errors,
}

/// A device that makes one-time codes.
#[derive(Debug, Serialize)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) label: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct UpdatePassword {
    pub(crate) action: String,
    /// Whether the person may leave it: an application asked for it.
    pub(crate) cancel: bool,
    pub(crate) errors: BTreeMap<String, String>,
}

/// A device for one-time codes is set up.
#[derive(Debug, Serialize)]
pub(crate) struct ConfigTotp {
    pub(crate) action: String,
    /// The same page with the secret as an image, or as text.
    pub(crate) other: String,
    pub(crate) cancel: bool,
    /// Whether the secret is shown as text.
    pub(crate) manual: bool,
    pub(crate) image: Option<QrImage>,
    /// The same for a tap on the device itself.
    pub(crate) uri: String,
    pub(crate) applications: Vec<&'static str>,
    pub(crate) secret: String,
    /// The secret in groups, to be typed.
    pub(crate) key: String,
    /// Whether codes follow a counter instead of the time.
    pub(crate) counts: bool,
    pub(crate) algorithm: &'static str,
    pub(crate) digits: u32,
    /// Seconds, or the counter's value.
    pub(crate) interval: i64,
    /// Whether the device needs a name: there are others.
    pub(crate) named: bool,
    pub(crate) label: String,
    pub(crate) errors: BTreeMap<String, String>,
}

/// The dark modules of a QR code.
#[derive(Debug, Serialize)]
pub(crate) struct QrImage {
    /// Width and height, in modules.
    pub(crate) size: usize,
    /// An SVG path.
    pub(crate) path: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct DeleteCredential {
    pub(crate) action: String,
    /// What its owner calls it.
    pub(crate) credential: String,
}

/// Also shown where required fields are missing (VERIFY_PROFILE).
#[derive(Debug, Serialize)]
pub(crate) struct UpdateProfile {
    pub(crate) action: String,
    pub(crate) cancel: bool,
    pub(crate) profile: Vec<Field>,
    pub(crate) errors: BTreeMap<String, String>,
}

/// A field of a person's profile.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The key of the label, or the label.
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) required: bool,
    pub(crate) readonly: bool,
    pub(crate) autocomplete: &'static str,
    /// The values to choose from; None for text.
    pub(crate) options: Option<Vec<Choice>>,
    /// Whether the text may have several lines.
    pub(crate) long: bool,
}

/// One of several values.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    /// The key of the label, or the label.
    pub(crate) label: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Register {
    pub(crate) action: String,
    pub(crate) urls: Urls,
    /// The language, where the realm has several: it becomes the person's.
    pub(crate) locale: Option<String>,
    pub(crate) profile: Vec<Field>,
    /// The field after which the password is asked for.
    pub(crate) password_after: &'static str,
    pub(crate) errors: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Terms {
    pub(crate) action: String,
}

/// What an application wants to know about the person.
#[derive(Debug, Serialize)]
pub(crate) struct Consent {
    pub(crate) action: String,
    pub(crate) code: String,
    pub(crate) client: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) terms: Option<String>,
    pub(crate) policy: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorPage {
    pub(crate) message: String,
    /// The application's address.
    pub(crate) back: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Info {
    pub(crate) message: String,
    pub(crate) back: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct LogoutConfirm {
    pub(crate) action: String,
    pub(crate) code: String,
    pub(crate) back: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Expired {
    pub(crate) urls: Urls,
}

/// Brings an answer to the application as a form (response mode `form_post`).
#[derive(Debug, Serialize)]
pub(crate) struct FormPost {
    pub(crate) action: String,
    pub(crate) parameters: Vec<(String, String)>,
}

macro_rules! pages {
    ($($page:ident $id:literal $template:literal;)*) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = $template;
            const ID: &'static str = $id;
        })*
        const TEMPLATES: &[(&str, &str)] = &[
            ("template.html", include_str!("../../pages/template.html")),
            ("fields.html", include_str!("../../pages/fields.html")),
            $(($template, include_str!(concat!("../../pages/", $template))),)*
        ];
    };
}

pages! {
    Login "login" "login.html";
    LoginUsername "login-username" "login-username.html";
    LoginPassword "login-password" "login-password.html";
    LoginOtp "login-otp" "login-otp.html";
    UpdatePassword "login-update-password" "login-update-password.html";
    ConfigTotp "login-config-totp" "login-config-totp.html";
    DeleteCredential "delete-credential" "delete-credential.html";
    UpdateProfile "login-update-profile" "login-update-profile.html";
    Register "register" "register.html";
    Terms "terms" "terms.html";
    Consent "login-oauth-grant" "login-oauth-grant.html";
    ErrorPage "error" "error.html";
    Info "info" "info.html";
    LogoutConfirm "logout-confirm" "logout-confirm.html";
    Expired "login-page-expired" "login-page-expired.html";
    FormPost "form-post" "form-post.html";
}

/// All templates, compiled, and the words for them.
#[derive(Debug)]
pub(crate) struct Pages {
    templates: Environment<'static>,
    words: Arc<Messages>,
}

impl Default for Pages {
    fn default() -> Self {
        Self::load()
    }
}

impl Pages {
    /// Compiles the templates. One that does not compile is missing then; the tests render each of them.
    pub(crate) fn load() -> Self {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        templates.set_formatter(write_value);
        let words = Arc::new(Messages::load());
        let known = words.clone();
        templates.add_function("msg", move |state: &State<'_, '_>, key: String, arguments: Rest<String>| {
            text(&known, state, &key, &arguments)
        });
        for (name, source) in TEMPLATES {
            if let Err(error) = templates.add_template(name, source) {
                tracing::error!(name, %error, "a template does not compile");
            }
        }
        Pages { templates, words }
    }

    /// A text for a page, by its key, in the page's language and the realm's own words.
    pub(crate) fn text(&self, lang: &str, texts: &BTreeMap<String, String>, key: &str, arguments: &[String]) -> String {
        let template = texts.get(key).map_or_else(|| self.words.text(lang, key), String::as_str);
        messages::format(template, arguments)
    }

    pub(crate) fn render<P: Page>(&self, frame: &Frame<'_>, page: &P) -> Result<String, Error> {
        #[derive(Serialize)]
        struct Whole<'a, P> {
            page: &'static str,
            #[serde(flatten)]
            frame: &'a Frame<'a>,
            #[serde(flatten)]
            content: &'a P,
        }
        self.templates.get_template(P::TEMPLATE)?.render(Value::from(Serde(Whole {
            page: P::ID,
            frame,
            content: page,
        })))
    }
}

/// The text of a key: the realm's own or the built-in one, with its arguments.
fn text(words: &Messages, state: &State<'_, '_>, key: &str, arguments: &[String]) -> Result<String, Error> {
    let own = state.lookup("texts").and_then(|texts| texts.get_attr(key).ok()).filter(|text| !text.is_undefined());
    let language = state.lookup("lang").unwrap_or_default();
    let template = match &own {
        Some(text) => text.as_str(),
        None => Some(words.text(language.as_str().unwrap_or(messages::DEFAULT), key)),
    };
    Ok(messages::format(template.unwrap_or(key), arguments))
}

/// Escapes for HTML, but leaves slashes as they are: addresses stay readable to the eye and to simple tools.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let plain = value.is_safe() || !matches!(state.auto_escape(), AutoEscape::Html);
    match value.as_str() {
        Some(text) if !plain => escape(out, text).map_err(|e| Error::new(ErrorKind::WriteFailure, e.to_string())),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn escape(out: &mut Output<'_>, text: &str) -> std::fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

#[cfg(test)]
mod tests;
