//! Settings made into a [`Config`], with the checks that join several of them.

use super::{
    Bootstrap, Command, Config, Database, Features, Hostname, Http, Https, Log, Management, Network, Postgres, Problem,
    Proxy, ProxyHeaders, PublicUrl, Secret, Shutdown, Sources,
    base_url::{full_url, is_path},
    options::{self as o, Kind, Opt},
    sources::Values,
};
use std::{net::IpAddr, path::PathBuf, time::Duration};
use tracing::level_filters::LevelFilter;

impl Config {
    /// Reads flags, environment and file for this command. A problem is in words for the person who started the server.
    pub fn from(command: Command, sources: &Sources<'_>) -> Result<Self, Problem> {
        let mut values = Values::read(command, sources)?;
        check_kinds(&values)?;
        let data_dir = PathBuf::from(values.text(&o::DATA_DIR));
        let relative_path = path(&o::HTTP_RELATIVE_PATH, values.text(&o::HTTP_RELATIVE_PATH))?;
        let hostname = hostname(&values)?;
        let host = address(&o::HTTP_HOST, values.explicit(&o::HTTP_HOST))?;
        let https = https(&values)?;
        let http = Http { enabled: values.is_true(&o::HTTP_ENABLED), host, port: values.number(&o::HTTP_PORT)? };
        if !http.enabled && https.is_none() {
            return Err(Problem::usage(
                "There is no certificate for HTTPS. Set --https-certificate-file and --https-certificate-key-file, or \
                 --http-enabled=true when something in front of the server does HTTPS. For development there is start-dev.",
            ));
        }
        if values.is_true(&o::HOSTNAME_STRICT) && hostname.public.is_none() {
            return Err(Problem::usage(
                "The hostname is not configured. Set --hostname, or --hostname-strict=false when something in front of the \
                 server makes sure of the Host header.",
            ));
        }
        Ok(Self {
            command,
            management: management(&values, host, &relative_path)?,
            proxy: proxy(&values)?,
            database: database(&values, &data_dir)?,
            import_realm: values.is_true(&o::IMPORT_REALM),
            features: Features {
                enabled: features(&o::FEATURES, values.list(&o::FEATURES))?,
                disabled: features(&o::FEATURES_DISABLED, values.list(&o::FEATURES_DISABLED))?,
            },
            shutdown: Shutdown {
                delay: values.duration(&o::SHUTDOWN_DELAY)?,
                timeout: values.duration(&o::SHUTDOWN_TIMEOUT)?,
            },
            log: log(&values)?,
            bootstrap: bootstrap(&values)?,
            notices: std::mem::take(&mut values.notices),
            http,
            https,
            relative_path,
            hostname,
            data_dir,
        })
    }
}

/// Getters for options whose kind has been checked.
impl Values {
    fn text(&self, option: &Opt) -> &str {
        self.get(option).map_or("", |(_, value)| value)
    }

    fn owned(&self, option: &Opt) -> Option<String> {
        self.explicit(option).map(str::to_owned)
    }

    fn secret(&self, option: &Opt) -> Option<Secret> {
        self.explicit(option).map(Secret::new)
    }

    fn is_true(&self, option: &Opt) -> bool {
        self.text(option) == "true"
    }

    fn list(&self, option: &Opt) -> Vec<&str> {
        self.text(option).split(',').map(str::trim).filter(|v| !v.is_empty()).collect()
    }

    fn number<N: std::str::FromStr>(&self, option: &Opt) -> Result<N, Problem> {
        let text = self.text(option);
        text.parse().map_err(|_| bad_value(option, text, "a whole number is expected"))
    }

    fn duration(&self, option: &Opt) -> Result<Duration, Problem> {
        let text = self.text(option);
        duration(text).ok_or_else(|| bad_value(option, text, "a duration such as 30s, 5m or PT1M is expected"))
    }
}

fn bad_value(option: &Opt, value: &str, expected: &str) -> Problem {
    Problem::usage(format!("Invalid value for option '--{}': '{value}'; {expected}.", option.name))
}

/// Everything set must be of its option's kind, used or not.
fn check_kinds(values: &Values) -> Result<(), Problem> {
    for option in o::ALL {
        let Some(value) = values.explicit(option) else { continue };
        let one_of = |allowed: &[&str]| {
            if allowed.contains(&value) {
                return Ok(());
            }
            Err(bad_value(option, value, &format!("expected is one of: {}", allowed.join(", "))))
        };
        match option.kind {
            Kind::Switch | Kind::Bool => one_of(&["true", "false"])?,
            Kind::OneOf(allowed) => one_of(allowed)?,
            Kind::Port => values.number::<u16>(option).map(drop)?,
            Kind::Number => values.number::<u32>(option).map(drop)?,
            Kind::Duration => values.duration(option).map(drop)?,
            Kind::Text | Kind::Secret | Kind::Path | Kind::List => {}
        }
    }
    Ok(())
}

/// `30`, `30s`, `500ms`, `5m`, `2h`, `1d`, or ISO 8601 with days and time: `PT1M30S`.
fn duration(text: &str) -> Option<Duration> {
    let upper = text.to_ascii_uppercase();
    if let Some(iso) = upper.strip_prefix('P') {
        let (days, time) = iso.split_once('T').unwrap_or((iso, ""));
        let total = iso_part(days, &[('D', 86_400.0)])? + iso_part(time, &[('H', 3_600.0), ('M', 60.0), ('S', 1.0)])?;
        return if iso.is_empty() || iso.ends_with('T') { None } else { Duration::try_from_secs_f64(total).ok() };
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let amount: u64 = text[..digits].parse().ok()?;
    match &text[digits..] {
        "ms" => Some(Duration::from_millis(amount)),
        "" | "s" => Some(Duration::from_secs(amount)),
        "m" => amount.checked_mul(60).map(Duration::from_secs),
        "h" => amount.checked_mul(3_600).map(Duration::from_secs),
        "d" => amount.checked_mul(86_400).map(Duration::from_secs),
        _ => None,
    }
}

/// Seconds in a part such as `1H30M`, its units in this order.
fn iso_part(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut total = 0.0;
    for (unit, seconds) in units {
        if let Some((amount, rest)) = text.split_once(*unit) {
            let amount: f64 = amount.parse().ok()?;
            total += amount * seconds;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}

/// A path without the slash at its end; the root is empty.
fn path(option: &Opt, text: &str) -> Result<String, Problem> {
    let path = text.trim_end_matches('/');
    let fine = text.starts_with('/') && is_path(path);
    if fine { Ok(path.to_owned()) } else { Err(bad_value(option, text, "a path such as /auth is expected")) }
}

/// An address to listen on; `localhost` is loopback.
fn address(option: &Opt, text: Option<&str>) -> Result<Option<IpAddr>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    match bare.parse() {
        _ if bare == "localhost" => Ok(Some(std::net::Ipv4Addr::LOCALHOST.into())),
        Ok(address) => Ok(Some(address)),
        Err(_) => Err(bad_value(option, text, "an IP address or localhost is expected")),
    }
}

fn hostname(values: &Values) -> Result<Hostname, Problem> {
    let public = values.explicit(&o::HOSTNAME).map(|text| PublicUrl::parse(o::HOSTNAME.name, text)).transpose()?;
    let admin = values.explicit(&o::HOSTNAME_ADMIN).map(|text| full_url(o::HOSTNAME_ADMIN.name, text)).transpose()?;
    let backchannel_dynamic = values.is_true(&o::HOSTNAME_BACKCHANNEL_DYNAMIC);
    let full = matches!(public, Some(PublicUrl::Full(_)));
    for (set, name) in [(admin.is_some(), "hostname-admin"), (backchannel_dynamic, "hostname-backchannel-dynamic")] {
        if set && !full {
            return Err(Problem::usage(format!("Option '--{name}' needs '--hostname' to be a full URL.")));
        }
    }
    Ok(Hostname { public, admin, backchannel_dynamic })
}

fn https(values: &Values) -> Result<Option<Https>, Problem> {
    match (values.explicit(&o::HTTPS_CERTIFICATE_FILE), values.explicit(&o::HTTPS_CERTIFICATE_KEY_FILE)) {
        (Some(certificate), Some(key)) => {
            Ok(Some(Https { port: values.number(&o::HTTPS_PORT)?, certificate: certificate.into(), key: key.into() }))
        }
        (None, None) => Ok(None),
        _ => Err(Problem::usage("HTTPS needs both --https-certificate-file and --https-certificate-key-file.")),
    }
}

fn management(values: &Values, host: Option<IpAddr>, relative_path: &str) -> Result<Management, Problem> {
    let option = &o::HTTP_MANAGEMENT_RELATIVE_PATH;
    let relative_path = match values.explicit(option) {
        Some(text) => path(option, text)?,
        None => relative_path.to_owned(),
    };
    Ok(Management {
        host: address(&o::HTTP_MANAGEMENT_HOST, values.explicit(&o::HTTP_MANAGEMENT_HOST))?.or(host),
        port: values.number(&o::HTTP_MANAGEMENT_PORT)?,
        relative_path,
        health: values.is_true(&o::HEALTH_ENABLED),
        metrics: values.is_true(&o::METRICS_ENABLED),
        tls: values.text(&o::HTTP_MANAGEMENT_SCHEME) == "inherited",
    })
}

fn proxy(values: &Values) -> Result<Option<Proxy>, Problem> {
    let trusted = values.list(&o::PROXY_TRUSTED_ADDRESSES);
    let headers = match values.explicit(&o::PROXY_HEADERS) {
        Some("forwarded") => ProxyHeaders::Forwarded,
        Some(_) => ProxyHeaders::XForwarded,
        None if trusted.is_empty() => return Ok(None),
        None => return Err(Problem::usage("Option '--proxy-trusted-addresses' needs '--proxy-headers'.")),
    };
    Ok(Some(Proxy { headers, trusted: trusted.into_iter().map(Network::parse).collect::<Result<_, _>>()? }))
}

fn database(values: &Values, data_dir: &std::path::Path) -> Result<Database, Problem> {
    match values.text(&o::DB) {
        "dev-mem" => return Ok(Database::Memory),
        "dev-file" => return Ok(Database::File(data_dir.join("cloakroom.db"))),
        _ => {}
    }
    let url = values.owned(&o::DB_URL).unwrap_or_else(|| {
        let [host, port, name] = [&o::DB_URL_HOST, &o::DB_URL_PORT, &o::DB_URL_DATABASE].map(|part| values.text(part));
        format!("postgres://{host}:{port}/{name}{}", values.text(&o::DB_URL_PROPERTIES))
    });
    let schema = values.text(&o::DB_SCHEMA).to_owned();
    let pool = values.number(&o::DB_POOL_MAX_SIZE)?;
    let postgres = Postgres::parse(&url, values.owned(&o::DB_USERNAME), values.secret(&o::DB_PASSWORD), schema, pool)?;
    Ok(Database::Postgres(postgres))
}

/// Names without their versions.
fn features(option: &Opt, list: Vec<&str>) -> Result<Vec<String>, Problem> {
    let known = |text: &str| {
        let name = text.split_once(':').map_or(text, |(name, _)| name);
        if o::FEATURE_NAMES.contains(&name) {
            return Ok(name.to_owned());
        }
        let near = cloakroom_api::names::nearest(name, o::FEATURE_NAMES.iter().copied());
        let hint = near.first().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Err(Problem::usage(format!("'{text}' in option '--{}' is no feature of Keycloak{hint}", option.name)))
    };
    list.into_iter().map(known).collect()
}

fn log(values: &Values) -> Result<Log, Problem> {
    let level = |text: &str| match text.to_ascii_lowercase().as_str() {
        "off" => Ok(LevelFilter::OFF),
        "fatal" | "error" | "severe" => Ok(LevelFilter::ERROR),
        "warn" | "warning" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" | "fine" => Ok(LevelFilter::DEBUG),
        "trace" | "finest" | "all" => Ok(LevelFilter::TRACE),
        _ => {
            Err(bad_value(&o::LOG_LEVEL, text, "expected is one of: off, fatal, error, warn, info, debug, trace, all"))
        }
    };
    let mut log =
        Log { level: LevelFilter::INFO, categories: Vec::new(), json: values.text(&o::LOG_CONSOLE_OUTPUT) == "json" };
    for item in values.list(&o::LOG_LEVEL) {
        match item.rsplit_once(':') {
            Some((category, text)) => log.categories.push((category.to_owned(), level(text)?)),
            None => log.level = level(item)?,
        }
    }
    Ok(log)
}

fn bootstrap(values: &Values) -> Result<Bootstrap, Problem> {
    let pair = |name: &Opt, secret: &Opt| match values.secret(secret) {
        Some(value) => Ok(Some((values.text(name).to_owned(), value))),
        None if values.explicit(name).is_some() => {
            Err(Problem::usage(format!("Option '--{}' needs '--{}'.", name.name, secret.name)))
        }
        None => Ok(None),
    };
    Ok(Bootstrap {
        user: pair(&o::BOOTSTRAP_ADMIN_USERNAME, &o::BOOTSTRAP_ADMIN_PASSWORD)?,
        client: pair(&o::BOOTSTRAP_ADMIN_CLIENT_ID, &o::BOOTSTRAP_ADMIN_CLIENT_SECRET)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_keycloaks_forms() {
        let seconds = |text| duration(text).map(|d| d.as_secs_f64());
        for (text, expected) in
            [("10", 10.0), ("5s", 5.0), ("250ms", 0.25), ("2m", 120.0), ("1h", 3600.0), ("1d", 86400.0)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for (text, expected) in [("PT1M30S", 90.0), ("P1DT1H", 90_000.0), ("pt0.5s", 0.5), ("PT10S", 10.0)] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in ["", "s", "-1", "1x", "P", "PT", "PT1S1M", "1.5s", "99999999999999999999d"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
