//! Every page, as it comes out.

use super::*;

fn render<P: Page>(page: &P) -> String {
    render_as("acme", None, &BTreeMap::new(), page)
}

fn render_as<P: Page>(display: &str, alert: Option<Alert>, texts: &BTreeMap<String, String>, page: &P) -> String {
    let realm = RealmName { name: "acme", display };
    let frame =
        Frame { lang: "en", realm, resources: "/resources/v/login/cloakroom", alert, texts, languages: Vec::new() };
    Pages::load().render(&frame, page).unwrap()
}

fn login() -> Login {
    Login { action: "https://id.example/login?a=b&c=d".into(), username_label: "usernameOrEmail", ..Login::default() }
}

#[test]
fn the_login_page_has_the_names_that_scripts_know() {
    let html = render(&login());
    for part in [
        "<title>Sign in to acme</title>",
        r#"data-page-id="login-login""#,
        r#"<form id="kc-form-login" method="post" action="https://id.example/login?a=b&amp;c=d">"#,
        r#"id="username" name="username" type="text""#,
        r#"id="password" name="password" type="password""#,
        r#"autocomplete="current-password""#,
        r#"name="credentialId""#,
        r#"name="login" id="kc-login""#,
        "Username or email",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    for absent in ["rememberMe", "kc-registration", "Forgot", "input-error", "role=\"alert\""] {
        assert!(!html.contains(absent), "{absent} is in {html}");
    }
}

#[test]
fn what_the_realm_offers_is_offered() {
    let urls = Urls { forgot: Some("/forgot".into()), register: Some("/register".into()), ..Urls::default() };
    let html = render(&Login { urls, remember_me: Some(true), ..login() });
    for part in [r#"href="/forgot""#, r#"href="/register""#, r#"name="rememberMe" type="checkbox" value="on" checked"#]
    {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
}

#[test]
fn an_error_belongs_to_its_field() {
    let errors = Errors::from([("username", "Invalid username or password.".to_owned())]);
    let html = render(&Login { errors, username: "nobody".into(), ..login() });
    assert!(html.contains(r#"aria-invalid="true" aria-describedby="input-error-username""#), "{html}");
    assert!(
        html.contains(r#"<span id="input-error-username" class="input-error">Invalid username or password.</span>"#),
        "{html}"
    );
    assert!(html.contains(r#"value="nobody""#));
}

#[test]
fn who_logs_in_again_is_not_asked_for_a_name() {
    let urls = Urls { restart: Some("/restart".into()), ..Urls::default() };
    let html = render(&Login { attempted: Some("alice".into()), remember_me: Some(false), urls, ..login() });
    assert!(html.contains(r#"id="kc-attempted-username" value="alice""#), "{html}");
    assert!(html.contains(r#"<a id="reset-login" href="/restart">Restart login</a>"#), "{html}");
    assert!(!html.contains(r#"name="username""#) && !html.contains("rememberMe"), "{html}");
}

#[test]
fn nothing_a_person_or_realm_says_becomes_markup() {
    let hostile = r#"</title><script>alert(1)</script>"'&{{ 7*7 }}"#;
    let texts = BTreeMap::from([("doLogIn".to_owned(), hostile.to_owned())]);
    let alert = Alert { kind: Kind::Error, text: hostile.into() };
    let errors = Errors::from([("username", hostile.to_owned())]);
    let page = Login { action: hostile.into(), username: hostile.into(), errors, ..login() };
    for html in [
        render_as(hostile, Some(alert), &texts, &page),
        render(&ErrorPage { message: hostile.into(), back: Some(hostile.into()) }),
        render(&FormPost { action: hostile.into(), parameters: vec![(hostile.into(), hostile.into())] }),
    ] {
        assert!(!html.contains("<script>") && !html.contains("49"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{ 7*7 }}"), "{html}");
    }
}

#[test]
fn no_page_has_inline_script_or_style() {
    for (name, source) in TEMPLATES {
        for part in
            ["<style", "style=", "javascript:", "onclick", "onload", "onchange", "onsubmit", "|safe", "autoescape"]
        {
            assert!(!source.contains(part), "{part} in {name}");
        }
        for script in source.split("<script").skip(1) {
            assert!(script.starts_with(" src="), "inline script in {name}");
        }
    }
}

fn totp(manual: bool) -> ConfigTotp {
    ConfigTotp {
        action: "/a".into(),
        other: "/o".into(),
        cancel: true,
        manual,
        image: (!manual).then(|| QrImage { size: 29, path: "M4 4h1v1h-1z".into() }),
        uri: "otpauth://totp/acme:alice?secret=ABC".into(),
        applications: vec!["FreeOTP"],
        secret: "abc".into(),
        key: "ABCD EFGH".into(),
        counts: false,
        algorithm: "SHA1",
        digits: 6,
        interval: 30,
        named: true,
        label: String::new(),
        errors: BTreeMap::from([("totp".to_owned(), "bad".to_owned())]),
    }
}

#[test]
fn every_page_renders() {
    let field = Field {
        name: "email".into(),
        label: "email".into(),
        value: "a@b".into(),
        required: true,
        readonly: false,
        autocomplete: "email",
        options: None,
        long: false,
    };
    let colours = ["red", "blue"].map(|c| Choice { value: c.into(), label: c.into() });
    let choice = Field { name: "team".into(), value: "blue".into(), options: Some(colours.into()), ..field.clone() };
    let long = Field { name: "about".into(), long: true, ..field.clone() };
    let profile = || vec![field.clone(), choice.clone(), long.clone()];
    let own = || BTreeMap::from([("email".to_owned(), "bad".to_owned())]);
    let pages = [
        render(&LoginUsername(login())),
        render(&LoginPassword(Login {
            attempted: Some("alice".into()),
            urls: Urls { restart: Some("/r".into()), ..Urls::default() },
            ..login()
        })),
        render(&LoginOtp {
            action: "/a".into(),
            urls: Urls { restart: Some("/r".into()), ..Urls::default() },
            attempted: "alice".into(),
            username_label: "username",
            devices: vec![
                Device { id: "1".into(), label: None },
                Device { id: "2".into(), label: Some("phone".into()) },
            ],
            selected: "2".into(),
            errors: Errors::new(),
        }),
        render(&UpdatePassword { action: "/a".into(), cancel: true, errors: own() }),
        render(&totp(false)),
        render(&totp(true)),
        render(&DeleteCredential { action: "/a".into(), credential: "phone".into() }),
        render(&UpdateProfile { action: "/a".into(), cancel: true, profile: profile(), errors: own() }),
        render(&Register {
            action: "/a".into(),
            urls: Urls { login: Some("/l".into()), ..Urls::default() },
            profile: profile(),
            locale: Some("en".into()),
            password_after: "email",
            errors: own(),
        }),
        render(&Terms { action: "/a".into() }),
        render(&Consent {
            action: "/a".into(),
            code: "c".into(),
            client: "App".into(),
            scopes: vec!["User profile".into()],
            terms: Some("/t".into()),
            policy: None,
        }),
        render(&ErrorPage { message: "m".into(), back: None }),
        render(&Info { message: "m".into(), back: Some("/b".into()) }),
        render(&LogoutConfirm { action: "/a".into(), code: "c".into(), back: None }),
        render(&Expired { urls: Urls { login: Some("/l".into()), restart: Some("/r".into()), ..Urls::default() } }),
        render(&FormPost { action: "/a".into(), parameters: vec![("code".into(), "c".into())] }),
    ];
    for html in pages {
        assert!(
            html.contains(r#"<h1 id="kc-page-title">"#)
                && html.contains("data-page-id=\"login-")
                && html.ends_with("</html>"),
            "{html}"
        );
    }
}

#[test]
fn a_realm_may_have_its_own_words() {
    let texts = BTreeMap::from([("loginAccountTitle".to_owned(), "Welcome to {0}''s".to_owned())]);
    let html = render_as("acme", None, &texts, &login());
    assert!(html.contains(r#"<h1 id="kc-page-title">Welcome to {0}&#39;s</h1>"#), "{html}");
}
