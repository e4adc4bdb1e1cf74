//! Metrics in Prometheus' text format, nothing lost: labels with any character, histograms, summaries, comments.

use std::collections::BTreeMap;

/// What a server counts and measures.
///
/// ```
/// use cloakroom::management::Metrics;
///
/// let text = "# TYPE http_seconds histogram\n\
///     http_seconds_bucket{uri=\"/a,b\",le=\"0.1\"} 3\n\
///     http_seconds_bucket{uri=\"/a,b\",le=\"+Inf\"} 4\n\
///     http_seconds_sum{uri=\"/a,b\"} 0.5\n\
///     http_seconds_count{uri=\"/a,b\"} 4\n";
/// let metrics = Metrics::parse(text).unwrap();
/// let histogram = &metrics.family("http_seconds").unwrap().histograms()[0];
/// assert_eq!((histogram.count, histogram.labels["uri"].as_str()), (4.0, "/a,b"));
/// assert_eq!(histogram.buckets, [(0.1, 3.0), (f64::INFINITY, 4.0)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics {
    /// In the order of the text.
    pub families: Vec<Family>,
}

/// A metric with all its labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Family {
    pub name: String,
    /// What it is, for a person.
    pub help: String,
    pub kind: Kind,
    /// Its values; those of histograms and summaries have names of their own.
    pub samples: Vec<Sample>,
}

/// How the values of a metric are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Counted by size: see [`Family::histograms`].
    Histogram,
    /// Measured by quantile.
    Summary,
    /// It does not say.
    #[default]
    Untyped,
}

/// One value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// The family's name, or with `_bucket`, `_sum`, `_count`.
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub value: f64,
    /// Milliseconds since 1970, where it says.
    pub timestamp: Option<i64>,
}

/// What was counted by size, for one set of labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// Without `le`.
    pub labels: BTreeMap<String, String>,
    /// How many were at most so large, by size.
    pub buckets: Vec<(f64, f64)>,
    pub sum: f64,
    pub count: f64,
}

impl Metrics {
    /// Reads the text format. Errors: the number of the first line that is none.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut metrics = Metrics::default();
        for (number, line) in text.lines().enumerate() {
            metrics.line(line.trim()).ok_or(number + 1)?;
        }
        Ok(metrics)
    }

    /// A metric by its name.
    pub fn family(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.name == name)
    }

    /// The values of one name that have these labels, whatever others they have.
    pub fn samples<'m>(&'m self, name: &'m str, labels: &'m [(&str, &str)]) -> impl Iterator<Item = &'m Sample> {
        let all = self.families.iter().flat_map(|family| &family.samples);
        all.filter(move |sample| {
            sample.name == name && labels.iter().all(|(l, v)| sample.labels.get(*l).is_some_and(|value| value == v))
        })
    }

    /// The sum of the values of one name that have these labels.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.samples(name, labels).map(|sample| sample.value).sum()
    }

    fn line(&mut self, line: &str) -> Option<()> {
        if line.is_empty() {
            return Some(());
        }
        if let Some(comment) = line.strip_prefix('#') {
            self.comment(comment.trim_start());
            return Some(());
        }
        let sample = sample(line)?;
        self.family_of(&sample.name).samples.push(sample);
        Some(())
    }

    fn comment(&mut self, comment: &str) {
        let mut words = comment.splitn(3, ' ');
        let (Some(word), Some(name), rest) = (words.next(), words.next(), words.next().unwrap_or_default()) else {
            return;
        };
        match word {
            "HELP" => self.named(name).help = unescape(rest),
            "TYPE" => {
                self.named(name).kind = match rest.trim() {
                    "counter" => Kind::Counter,
                    "gauge" => Kind::Gauge,
                    "histogram" => Kind::Histogram,
                    "summary" => Kind::Summary,
                    _ => Kind::Untyped,
                }
            }
            _ => {}
        }
    }

    /// The family that a value belongs to: most often the last one that was named.
    fn family_of(&mut self, sample: &str) -> &mut Family {
        let belongs = |family: &Family| {
            let suffixes: &[&str] = match family.kind {
                Kind::Histogram => &["_bucket", "_sum", "_count"],
                Kind::Summary => &["", "_sum", "_count"],
                // OpenMetrics names counters without their suffix
                Kind::Counter => &["", "_total"],
                Kind::Gauge | Kind::Untyped => &[""],
            };
            sample.strip_prefix(family.name.as_str()).is_some_and(|suffix| suffixes.contains(&suffix))
        };
        match self.families.iter().rposition(belongs) {
            Some(at) => &mut self.families[at],
            None => self.named(sample),
        }
    }

    fn named(&mut self, name: &str) -> &mut Family {
        let at = self.families.iter().rposition(|family| family.name == name).unwrap_or_else(|| {
            self.families.push(Family { name: name.to_owned(), ..Family::default() });
            self.families.len() - 1
        });
        &mut self.families[at]
    }
}

impl Family {
    /// The histograms, one for each set of labels.
    pub fn histograms(&self) -> Vec<Histogram> {
        let mut found: Vec<Histogram> = Vec::new();
        for sample in &self.samples {
            let mut labels = sample.labels.clone();
            let le = labels.remove("le");
            let at = found.iter().position(|h| h.labels == labels).unwrap_or_else(|| {
                found.push(Histogram { labels, ..Histogram::default() });
                found.len() - 1
            });
            let suffix = sample.name.strip_prefix(self.name.as_str()).unwrap_or_default();
            match (suffix, le.as_deref().and_then(number)) {
                ("_bucket", Some(le)) => found[at].buckets.push((le, sample.value)),
                ("_sum", _) => found[at].sum = sample.value,
                ("_count", _) => found[at].count = sample.value,
                _ => {}
            }
        }
        found
    }
}

/// `name{label="value"} 1.5 1700000000000`, with an exemplar after it perhaps.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(|c: char| c == '{' || c.is_whitespace())?;
    let (name, rest) = line.split_at(end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    let mut words = rest.split_ascii_whitespace().take_while(|word| !word.starts_with('#'));
    let value = number(words.next()?)?;
    let timestamp = words.next().and_then(|word| word.parse().ok());
    (!name.is_empty()).then(|| Sample { name: name.to_owned(), labels, value, timestamp })
}

/// `a="1",b="2"} rest`
fn labels(mut rest: &str) -> Option<(BTreeMap<String, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(rest) = rest.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (name, after) = rest.split_once('=')?;
        let quoted = after.trim_start().strip_prefix('"')?;
        let mut escaped = false;
        let end = quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        labels.insert(name.trim().to_owned(), unescape(&quoted[..end]));
        rest = &quoted[end + 1..];
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

fn number(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        text => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_may_hold_any_character() {
        let metrics =
            Metrics::parse(r#"m{a="x,y",b="say \"hi\"",c="back\\slash}",d="two\nlines",} 1 1700000000000"#).unwrap();
        let sample = &metrics.families[0].samples[0];
        let labels: Vec<(&str, &str)> = sample.labels.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(labels, [("a", "x,y"), ("b", "say \"hi\""), ("c", "back\\slash}"), ("d", "two\nlines")]);
        assert_eq!((sample.value, sample.timestamp), (1.0, Some(1_700_000_000_000)));
    }

    #[test]
    fn values_find_their_family() {
        let text = "# HELP jvm_gc pause \\\\ of\n# TYPE jvm_gc summary\njvm_gc_count 2\njvm_gc_sum 0.5\n\
            jvm_gc{quantile=\"0.5\"} NaN\n# TYPE events_total counter\nevents_total{event=\"login\"} 3\n\
            events_total{event=\"logout\"} 1\nother 7\n# EOF\n";
        let metrics = Metrics::parse(text).unwrap();
        let shape: Vec<_> = metrics.families.iter().map(|f| (f.name.as_str(), f.kind, f.samples.len())).collect();
        assert_eq!(
            shape,
            [("jvm_gc", Kind::Summary, 3), ("events_total", Kind::Counter, 2), ("other", Kind::Untyped, 1)]
        );
        assert_eq!(metrics.family("jvm_gc").unwrap().help, "pause \\ of");
        assert_eq!(metrics.sum("events_total", &[]), 4.0);
        assert_eq!(metrics.sum("events_total", &[("event", "login")]), 3.0);
    }

    #[test]
    fn lines_that_are_no_metrics_are_named() {
        for (text, line) in [("a 1\nb\n", 2), ("a{x=\"1} 2", 1), ("a x", 1), ("<html>", 1)] {
            assert_eq!(Metrics::parse(text), Err(line), "{text}");
        }
    }
}
