//! CONFIGURE_TOTP: a device for one-time codes, proved by its first code.

use axum::response::Response;
use cloakroom_store::users::UserRow;
use qrcode::{Color, QrCode};

use super::{Asking, Completed, Wrong, field};
use crate::{
    Result,
    login::{
        pages::{ConfigTotp, Kind, QrImage},
        progress::Login,
        request::Pairs,
        show::display_name,
    },
    password::otp::{self, NewDevice},
};

/// The mode that shows the secret as text.
const MANUAL: &str = "manual";

pub(super) fn show(mut login: Box<Login<'_>>, asking: Asking<'_>) -> Result<Response> {
    let Asking { action, user, mode, wrong } = asking;
    let words = login.words()?;
    let alert =
        (wrong.is_none() && !action.initiated).then(|| words.alert(login.cx, Kind::Warning, "configureTotpMessage"));
    let named = !otp::devices(login.cx, &user.id)?.is_empty();
    let device = device(&mut login);
    let manual = mode == Some(MANUAL);
    let form = login.form("required-action", &action.alias)?;
    let other = if manual { "qr" } else { MANUAL };
    let other = login.address("required-action", &[("execution", &action.alias), ("mode", other)]);
    let uri = device.uri(display_name(&login.realm), &user.username);
    let sent = |name: &str| wrong.as_ref().map_or(String::new(), |w| field(&w.form, name).to_owned());
    let page = ConfigTotp {
        action: form,
        other,
        cancel: action.initiated,
        manual,
        image: if manual { None } else { image(&uri) },
        uri,
        applications: device.applications(),
        secret: device.secret().expose().to_owned(),
        key: device.key(),
        counts: device.counts(),
        algorithm: device.algorithm(),
        digits: device.digits(),
        interval: device.interval(),
        named,
        label: sent("userLabel"),
        errors: wrong.map(|w| w.errors).unwrap_or_default(),
    };
    login.page(&words, alert, &page)
}

pub(super) fn submit(login: &mut Login<'_>, user: UserRow, form: &Pairs) -> Result<Completed> {
    let realm = login.realm.clone();
    let words = login.words()?;
    let (code, label) = (field(form, "totp").trim(), field(form, "userLabel").trim());
    let wrong = |field: &str, text: String| {
        let errors = [(field.to_owned(), text)].into();
        Ok(Completed::Again(Wrong { errors, form: form.to_vec() }))
    };
    if code.is_empty() {
        return wrong("totp", words.say(login.cx, "missingTotpMessage", &[]));
    }
    let device = device(login);
    if !device.accepts(&realm.settings, code, login.cx.now_seconds()) {
        return wrong("totp", words.say(login.cx, "invalidTotpMessage", &[]));
    }
    let present = otp::devices(login.cx, &user.id)?;
    if label.is_empty() && !present.is_empty() {
        return wrong("userLabel", words.say(login.cx, "missingTotpDeviceNameMessage", &[]));
    }
    if present.iter().any(|row| row.label.as_deref().unwrap_or_default() == label) {
        return wrong("userLabel", words.say(login.cx, "totpDeviceNameExistsMessage", &[]));
    }
    if !otp::enrol(login.cx, &realm, &user.id, &device, label, code)? {
        return wrong("totp", words.say(login.cx, "invalidTotpMessage", &[]));
    }
    super::log_out_elsewhere(login, &user, form)?;
    login.tab.device_secret = None;
    login.tab.due.retain(|due| due != super::CONFIGURE_TOTP);
    super::save(login, super::without(user, super::CONFIGURE_TOTP))?;
    Ok(Completed::Done)
}

/// The device that this login is about: its secret is made once, and never taken from a form.
fn device(login: &mut Login<'_>) -> NewDevice {
    let secret = match login.tab.device_secret.take() {
        Some(secret) => secret,
        None => login.cx.app.random.alphanumeric(20).into(),
    };
    login.tab.device_secret = Some(secret.clone());
    NewDevice::new(&login.realm.settings, secret)
}

/// A QR code as the path of an SVG image, with the quiet zone that readers need. None for what no QR code holds.
fn image(text: &str) -> Option<QrImage> {
    const QUIET: usize = 4;
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
    Some(QrImage { size: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_a_quiet_zone_and_the_corner_marks() {
        let image = image("otpauth://totp/acme:alice?secret=GEZDGNBVGY3TQOJQ").unwrap();
        assert!(image.path.starts_with("M4 4h1v1h-1zM5 4h1v1h-1z"), "{}", image.path);
        assert!(image.size >= 29 && !image.path.contains("M3 "));
        assert!(super::image(&"x".repeat(5000)).is_none());
    }
}
