//! Logging to the console: plain lines or JSON, by level and part.

use crate::config::{Config, Log, Notice};
use std::io::{self, IsTerminal};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer, filter::Targets, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

/// Starts logging for the whole process, then logs what was remarkable about the configuration. When something else logs
/// already, as in tests, that stays.
pub fn init(config: &Config) {
    let filter = filter(&config.log);
    let lines = fmt::layer().with_writer(io::stdout);
    let layer = if config.log.json {
        lines.json().flatten_event(true).with_filter(filter).boxed()
    } else {
        lines.with_ansi(io::stdout().is_terminal()).with_filter(filter).boxed()
    };
    let _ = registry().with(layer).try_init();
    for notice in &config.notices {
        match notice {
            Notice::Warning(words) => tracing::warn!("{words}"),
            Notice::Detail(words) => tracing::debug!("{words}"),
        }
    }
}

fn filter(log: &Log) -> Targets {
    // the database's notices are about statements that are ours and right
    let notices = ("postgres", log.level.min(LevelFilter::WARN));
    Targets::new().with_default(log.level).with_targets([notices]).with_targets(log.categories.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn a_part_has_its_own_level() {
        let categories = vec![
            ("cloakroom_server::login".to_owned(), LevelFilter::DEBUG),
            ("org.keycloak".to_owned(), LevelFilter::TRACE),
        ];
        let filter = filter(&Log { level: LevelFilter::WARN, categories, json: false });
        assert!(filter.would_enable("cloakroom_server::login::flow", &Level::DEBUG));
        assert!(!filter.would_enable("cloakroom_server::oidc", &Level::INFO));
        assert!(filter.would_enable("cloakroom_server::oidc", &Level::WARN));
    }
}
