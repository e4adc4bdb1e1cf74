//! Keys and certificates that a client signs with. Keystores (JKS, PKCS #12) are neither read nor written.

use super::{access, create::locked, secret::store};
use crate::{
    Result,
    admin::multipart,
    cx::Cx,
    error::{bad_request, error, not_found, oauth},
    keys::generate,
    route::Routes,
};
use cloakroom_api::{
    admin::clients::{
        Certificate,
        certificates::{generate as generate_row, get, upload, upload_certificate},
    },
    endpoint::Content,
    fields::StringMap,
};
use cloakroom_jose::{KeySpec, PublicKey};
use data_encoding::BASE64;
use http::StatusCode;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(|cx: &mut Cx, req: get::Request| get(cx, &req.client, &req.attribute))
        .at(|cx: &mut Cx, req: generate_row::Request| make(cx, &req.client, &req.attribute))
        .at(|cx: &mut Cx, req: upload::Request| take(cx, &req.client, &req.attribute, &req.multipart))
        .at(|cx: &mut Cx, req: upload_certificate::Request| take(cx, &req.client, &req.attribute, &req.multipart))
}

/// The attributes that hold a client's key material; `prefix` is `jwt.credential`, `saml.signing`, …
struct Names {
    private: String,
    certificate: String,
    public: String,
    kid: String,
    jwks: String,
}

impl Names {
    fn new(prefix: &str) -> Self {
        let name = |suffix: &str| format!("{prefix}.{suffix}");
        Names {
            private: name("private.key"),
            certificate: name("certificate"),
            public: name("public.key"),
            kid: name("kid"),
            jwks: "jwks.string".to_owned(),
        }
    }

    fn read(&self, attributes: &StringMap) -> Certificate {
        let text = |name: &str| attributes.get(name).map(str::to_owned);
        Certificate {
            private_key: text(&self.private).map(Into::into),
            public_key: text(&self.public),
            certificate: text(&self.certificate),
            kid: text(&self.kid),
            jwks: None,
        }
    }

    fn clear(&self, attributes: &mut StringMap) {
        for name in [&self.private, &self.certificate, &self.public, &self.kid] {
            attributes.remove(name);
        }
    }
}

fn get(cx: &mut Cx, client: &str, attribute: &str) -> Result<Certificate> {
    let client = access::view(cx, client)?;
    let attributes = client.settings.attributes.clone().unwrap_or_default();
    Ok(Names::new(attribute).read(&attributes))
}

fn make(cx: &mut Cx, client: &str, attribute: &str) -> Result<Certificate> {
    let found = access::manage(cx, client)?;
    let names = Names::new(attribute);
    // before the transaction: an RSA key takes a while
    let pair = cx.app.key_maker.pair(KeySpec::Rsa2048)?;
    let certificate = generate::certificate(&cx.app, &pair, &found.client_id, cx.now())?;
    let mut stored = locked(cx, client)?;
    let attributes = stored.attributes.get_or_insert_default();
    names.clear(attributes);
    attributes.insert(&names.private, pair.to_base64()?.to_string());
    attributes.insert(&names.certificate, certificate);
    let shown = names.read(attributes);
    store(cx, &stored)?;
    Ok(shown)
}

/// Takes a certificate, a public key or a key set; a private key that was there before goes.
fn take(cx: &mut Cx, client: &str, attribute: &str, body: &Content) -> Result<Certificate> {
    access::manage(cx, client)?;
    let parts = multipart::parts(body).ok_or_else(|| bad_request("The upload cannot be read"))?;
    let field = |name: &str| parts.iter().find(|part| part.name == name).map(|part| part.bytes);
    let text = |name: &str| field(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::trim);
    let bad = |words: &str| error(StatusCode::BAD_REQUEST, words);
    let format = text("keystoreFormat").ok_or_else(|| bad("keystoreFormat cannot be null"))?;
    let file = field("file").ok_or_else(|| bad("file cannot be null"))?;
    let unreadable = || oauth(StatusCode::BAD_REQUEST, "certificate-import-failed", "The file cannot be read");
    let pem = || std::str::from_utf8(file).map_err(|_| unreadable());
    let names = Names::new(attribute);
    let mut new = StringMap::new();
    match format {
        "Certificate PEM" => {
            let der = BASE64.decode(base64_of(pem()?).as_bytes()).map_err(|_| unreadable())?;
            x509_parser::parse_x509_certificate(&der).map_err(|_| unreadable())?;
            new.insert(&names.certificate, BASE64.encode(&der));
        }
        "Public Key PEM" => {
            let key = PublicKey::from_pem(pem()?).map_err(|_| unreadable())?;
            new.insert(&names.public, BASE64.encode(key.spki_der()));
        }
        "JSON Web Key Set (JWKS)" => {
            let set = pem()?;
            let parsed: serde_json::Value = serde_json::from_str(set).map_err(|_| unreadable())?;
            if !parsed.get("keys").is_some_and(serde_json::Value::is_array) {
                return Err(unreadable());
            }
            new.insert(&names.jwks, set);
            new.insert("use.jwks.string", "true");
        }
        "JKS" | "PKCS12" | "BCFKS" => {
            return Err(error(StatusCode::NOT_ACCEPTABLE, "Keystores cannot be read: upload the certificate as PEM"));
        }
        other => return Err(not_found(format!("Unknown format {other}"))),
    }
    let mut stored = locked(cx, client)?;
    let attributes = stored.attributes.get_or_insert_default();
    names.clear(attributes);
    attributes.merge(new);
    let shown = Certificate {
        jwks: attributes.get(&names.jwks).map(str::to_owned).filter(|_| format.starts_with("JSON")),
        ..names.read(attributes)
    };
    store(cx, &stored)?;
    Ok(shown)
}

/// The base64 text of a PEM block, or of text that is nothing else.
fn base64_of(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}
