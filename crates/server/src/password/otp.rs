//! One-time codes: HOTP (RFC 4226) and TOTP (RFC 6238), checked and used up.

use super::brute_force::{self, Claimed};
use crate::{Result, cx::Cx, random::same, realm_view::RealmView};
use aws_lc_rs::hmac;
use cloakroom_api::{admin::realms::Realm, fields::Secret};
use cloakroom_store::{
    credentials::{self, CredentialRow},
    single_use,
    users::UserRow,
};
use data_encoding::BASE32;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The type of these credentials.
pub const OTP: &str = "otp";

/// `credentialData` of a device.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    /// `totp` or `hotp`.
    sub_type: String,
    digits: u32,
    #[serde(default)]
    counter: i64,
    #[serde(default)]
    period: i64,
    /// `HmacSHA1`, `HmacSHA256` or `HmacSHA512`.
    algorithm: String,
    /// `BASE32`, or none for the text itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_encoding: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SecretData {
    value: Secret,
}

/// A device that is being set up, as the realm's policy wants it.
#[derive(Debug)]
pub struct NewDevice {
    device: Device,
    secret: Secret,
}

impl NewDevice {
    /// A device with this secret.
    pub fn new(realm: &Realm, secret: Secret) -> Self {
        let positive = |value: Option<i32>, usual: i32| value.filter(|v| *v > 0).unwrap_or(usual);
        let device = Device {
            sub_type: realm.otp_policy_type.clone().filter(|t| t == "hotp").unwrap_or_else(|| "totp".to_owned()),
            digits: positive(realm.otp_policy_digits, 6).unsigned_abs(),
            counter: i64::from(realm.otp_policy_initial_counter.unwrap_or(0)),
            period: i64::from(positive(realm.otp_policy_period, 30)),
            algorithm: realm.otp_policy_algorithm.clone().unwrap_or_else(|| "HmacSHA1".to_owned()),
            secret_encoding: None,
        };
        NewDevice { device, secret }
    }

    /// The secret, as text.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The secret in Base32, in groups of four, as people type it.
    pub fn key(&self) -> String {
        let encoded = BASE32.encode(self.secret.expose().as_bytes());
        let groups: Vec<_> = encoded.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// Whether codes follow a counter instead of the time.
    pub fn counts(&self) -> bool {
        self.device.sub_type == "hotp"
    }

    /// `SHA1`, `SHA256` or `SHA512`.
    pub fn algorithm(&self) -> &'static str {
        match self.device.algorithm.as_str() {
            "HmacSHA256" => "SHA256",
            "HmacSHA512" => "SHA512",
            _ => "SHA1",
        }
    }

    /// How long codes are.
    pub fn digits(&self) -> u32 {
        self.device.digits
    }

    /// How long a code holds, in seconds, or which number the first one has.
    pub fn interval(&self) -> i64 {
        if self.counts() { self.device.counter } else { self.device.period }
    }

    /// The well-known applications that know such devices.
    pub fn applications(&self) -> Vec<&'static str> {
        let usual = self.algorithm() == "SHA1" && self.digits() == 6 && (self.counts() || self.device.period == 30);
        let all =
            [("Microsoft Authenticator", usual && !self.counts()), ("Google Authenticator", usual), ("FreeOTP", true)];
        all.into_iter().filter(|(_, knows)| *knows).map(|(name, _)| name).collect()
    }

    /// What applications scan: the key URI format that all of them read.
    pub fn uri(&self, issuer: &str, user: &str) -> String {
        let encode =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let (kind, counting) = if self.counts() { ("hotp", "counter") } else { ("totp", "period") };
        let secret = data_encoding::BASE32_NOPAD.encode(self.secret.expose().as_bytes());
        let (digits, algorithm, interval) = (self.digits(), self.algorithm(), self.interval());
        let (issuer, user) = (encode(issuer), encode(user));
        format!(
            "otpauth://{kind}/{issuer}:{user}?secret={secret}&digits={digits}&algorithm={algorithm}&issuer={issuer}&{counting}={interval}"
        )
    }

    /// Whether this is one of its codes now.
    pub fn accepts(&self, realm: &Realm, code: &str, now: i64) -> bool {
        self.device.find(self.secret.expose().as_bytes(), code, now, window(realm)).is_some()
    }
}

/// Adds a device to a user, and uses its first code up. False where that is no code of it.
pub fn enrol(cx: &mut Cx, realm: &RealmView, user: &str, new: &NewDevice, label: &str, code: &str) -> Result<bool> {
    let row = CredentialRow {
        id: cx.new_id(),
        kind: OTP.to_owned(),
        label: Some(label.to_owned()).filter(|l| !l.is_empty()),
        created: Some(cx.now()),
        secret_data: serde_json::to_string(&SecretData { value: new.secret.clone() })
            .map_err(crate::error::internal)?
            .into(),
        credential_data: serde_json::to_string(&new.device).map_err(crate::error::internal)?,
    };
    credentials::insert(cx.write()?, user, &row)?;
    let right = redeem(cx, realm, user, &row, code)?;
    if !right {
        credentials::delete(cx.write()?, user, &row.id)?;
    }
    Ok(right)
}

/// How many steps or codes a device may be ahead.
fn window(realm: &Realm) -> i64 {
    i64::from(realm.otp_policy_look_ahead_window.unwrap_or(1)).clamp(0, 100)
}

/// A user's devices, the one to offer first first.
pub fn devices(cx: &mut Cx, user: &str) -> Result<Vec<CredentialRow>> {
    Ok(credentials::of_type(cx.read()?, user, OTP)?)
}

/// Checks a code of a user's device: the named one, or the first. A wrong one counts like a wrong password; a right one
/// works once. To be called before the request writes; answer an error with [`Cx::refuse`], so that the count is kept.
pub fn check(cx: &mut Cx, realm: &RealmView, user: &UserRow, device: Option<&str>, code: &str) -> Result<bool> {
    let devices = devices(cx, &user.id)?;
    let row = devices.into_iter().find(|row| device.is_none_or(|id| row.id == id));
    let claim = match brute_force::claim(cx, realm, user)? {
        Claimed::Locked => return Ok(false),
        Claimed::Yes(claim) => Some(claim),
        Claimed::Unguarded => None,
    };
    let right = match row {
        Some(row) => redeem(cx, realm, &user.id, &row, code)?,
        None => false,
    };
    match claim {
        Some(claim) if right => claim.passed(cx, realm, &user.id)?,
        Some(claim) => claim.failed(cx, realm, user)?,
        None => {}
    }
    Ok(right)
}

/// Uses a code up, if it is one of the device's.
fn redeem(cx: &mut Cx, realm: &RealmView, user: &str, row: &CredentialRow, code: &str) -> Result<bool> {
    let Ok(mut device) = serde_json::from_str::<Device>(&row.credential_data) else { return Ok(false) };
    let Some(secret) = device.secret(&row.secret_data) else { return Ok(false) };
    let window = window(&realm.settings);
    let Some(moment) = device.find(&secret, code.trim(), cx.now_seconds(), window) else { return Ok(false) };
    let counts = device.sub_type == "hotp";
    if !counts && realm.settings.otp_policy_code_reusable == Some(true) {
        return Ok(true);
    }
    let key = format!("{}.{moment}", row.id);
    let lasts = if counts { 86_400 } else { device.period.saturating_mul(2 * window + 2) };
    let expires = cx.now().saturating_add(lasts.saturating_mul(1000));
    if !single_use::put(cx.write()?, OTP, &realm.id, &key, expires, &())? {
        return Ok(false);
    }
    if counts {
        device.counter = moment + 1;
        let credential_data = serde_json::to_string(&device).map_err(crate::error::internal)?;
        credentials::update(cx.write()?, user, &CredentialRow { credential_data, ..row.clone() })?;
    }
    Ok(true)
}

impl Device {
    fn secret(&self, data: &Secret) -> Option<Zeroizing<Vec<u8>>> {
        let data: SecretData = serde_json::from_str(data.expose()).ok()?;
        let text = data.value.expose();
        match self.secret_encoding.as_deref() {
            Some("BASE32") => BASE32.decode(text.as_bytes()).ok().map(Zeroizing::new),
            _ => Some(Zeroizing::new(text.as_bytes().to_vec())),
        }
    }

    /// The counter or time step that this is the code of, within the window.
    fn find(&self, secret: &[u8], code: &str, now: i64, window: i64) -> Option<i64> {
        let well_formed = (4..=10).contains(&self.digits) && code.len() == self.digits as usize;
        let (from, to) = match self.sub_type.as_str() {
            "hotp" => (self.counter, self.counter.checked_add(window)?),
            "totp" if self.period > 0 => {
                let step = now / self.period;
                (step - window, step + window)
            }
            _ => return None,
        };
        let matches = |moment: &i64| {
            let expected = self.code(secret, *moment);
            expected.is_some_and(|e| same(&e, code))
        };
        (from..=to).filter(|_| well_formed).find(matches)
    }

    fn code(&self, secret: &[u8], moment: i64) -> Option<String> {
        let algorithm = match self.algorithm.as_str() {
            "HmacSHA1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            "HmacSHA256" => hmac::HMAC_SHA256,
            "HmacSHA512" => hmac::HMAC_SHA512,
            _ => return None,
        };
        let mac = hmac::sign(&hmac::Key::new(algorithm, secret), &moment.to_be_bytes());
        let mac = mac.as_ref();
        let at = usize::from(mac.last()? & 15);
        let word = u32::from_be_bytes(mac.get(at..at + 4)?.try_into().ok()?) & 0x7fff_ffff;
        let digits = self.digits as usize;
        Some(format!("{:0digits$}", u64::from(word) % 10_u64.checked_pow(self.digits)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(kind: &str, digits: u32, algorithm: &str) -> Device {
        Device {
            sub_type: kind.into(),
            digits,
            counter: 3,
            period: 30,
            algorithm: algorithm.into(),
            secret_encoding: None,
        }
    }

    #[test]
    fn codes_are_those_of_the_rfcs() {
        let hotp = device("hotp", 6, "HmacSHA1");
        for (counter, code) in [(0, "755224"), (1, "287082"), (9, "520489")] {
            assert_eq!(hotp.code(b"12345678901234567890", counter).as_deref(), Some(code));
        }
        let long = "1234567890".repeat(7);
        for (algorithm, length, code) in
            [("HmacSHA1", 20, "94287082"), ("HmacSHA256", 32, "46119246"), ("HmacSHA512", 64, "90693936")]
        {
            let totp = device("totp", 8, algorithm);
            assert_eq!(totp.find(&long.as_bytes()[..length], code, 59, 0), Some(1), "{algorithm}");
        }
    }

    #[test]
    fn a_window_allows_for_clocks_and_lost_codes() {
        let secret = b"12345678901234567890";
        let totp = device("totp", 6, "HmacSHA1");
        let code = totp.code(secret, 100).unwrap();
        for (now, window, found) in
            [(3000, 0, true), (2999, 0, false), (2999, 1, true), (3030, 1, true), (3060, 1, false), (3060, 2, true)]
        {
            assert_eq!(totp.find(secret, &code, now, window).is_some(), found, "{now} {window}");
        }
        let hotp = device("hotp", 6, "HmacSHA1");
        assert_eq!(hotp.find(secret, &hotp.code(secret, 4).unwrap(), 0, 1), Some(4));
        assert_eq!(hotp.find(secret, &hotp.code(secret, 2).unwrap(), 0, 1), None, "used before");
    }

    #[test]
    fn a_new_device_follows_the_realms_policy() {
        let usual = NewDevice::new(&Realm::default(), Secret::from("12345678901234567890".to_owned()));
        assert_eq!(usual.key(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            usual.uri("My realm", "a@b"),
            "otpauth://totp/My%20realm:a%40b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=6&algorithm=SHA1&issuer=My%20realm&period=30"
        );
        assert_eq!(usual.applications(), ["Microsoft Authenticator", "Google Authenticator", "FreeOTP"]);
        let realm = Realm {
            otp_policy_type: Some("hotp".into()),
            otp_policy_algorithm: Some("HmacSHA256".into()),
            otp_policy_digits: Some(8),
            otp_policy_initial_counter: Some(7),
            ..Realm::default()
        };
        let counting = NewDevice::new(&realm, Secret::from("12345678901234567890".to_owned()));
        assert_eq!(
            (counting.applications(), counting.algorithm(), counting.interval()),
            (vec!["FreeOTP"], "SHA256", 7)
        );
        assert!(counting.uri("r", "u").ends_with("&digits=8&algorithm=SHA256&issuer=r&counter=7"));
    }

    #[test]
    fn nonsense_is_no_code() {
        let totp = device("totp", 6, "HmacSHA1");
        for code in ["", "12", "1234567", "abcdef", "００００００"] {
            assert_eq!(totp.find(b"secret", code, 0, 1), None, "{code}");
        }
        assert_eq!(device("totp", 6, "HmacMD5").find(b"s", "123456", 0, 1), None);
        assert_eq!(Device { period: 0, ..totp }.find(b"s", "123456", 0, 1), None);
    }
}
