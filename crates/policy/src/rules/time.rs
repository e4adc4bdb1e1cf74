//! Time policies: not before, not after, and ranges of day, month, year, hour and minute, in local time.

use time::PrimitiveDateTime;

use super::Subject;
use crate::{config::Config, context::DATE_TIME, error::Result, moment};

#[derive(Debug)]
pub(crate) struct TimeRule {
    not_before: Option<PrimitiveDateTime>,
    /// Keycloak calls it "not on or after", and grants at that very second.
    not_after: Option<PrimitiveDateTime>,
    day: Range,
    month: Range,
    year: Range,
    hour: Range,
    minute: Range,
}

/// From the first to the last, both included; a range that runs over the end (22 to 6) is empty, as in Keycloak.
#[derive(Debug, Clone, Copy)]
struct Range(Option<(i32, i32)>);

impl TimeRule {
    /// Exports write `nbf` and `noa`; the long names are those of typed policies.
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        let moment = |names: [&str; 2]| {
            let text = names.iter().find_map(|name| config.text(name)).filter(|text| !text.is_empty());
            text.map(|text| {
                moment::parse_day_or_time(text)
                    .ok_or_else(|| config.wrong(format_args!("{}: \"{text}\" is no date and time", names[0])))
            })
            .transpose()
        };
        Ok(Self {
            not_before: moment(["nbf", "notBefore"])?,
            not_after: moment(["noa", "notOnOrAfter"])?,
            day: Range::read(config, "dayMonth")?,
            month: Range::read(config, "month")?,
            year: Range::read(config, "year")?,
            hour: Range::read(config, "hour")?,
            minute: Range::read(config, "minute")?,
        })
    }

    /// `None` when the request names a time that is none.
    pub(super) fn holds(&self, subject: Subject<'_>) -> Option<bool> {
        let now = moment::parse(subject.attribute(DATE_TIME).first()?)?;
        Some(
            self.not_before.is_none_or(|from| now >= from)
                && self.not_after.is_none_or(|until| now <= until)
                && self.day.contains(now.day())
                && self.month.contains(u8::from(now.month()))
                && self.year.contains(now.year())
                && self.hour.contains(now.hour())
                && self.minute.contains(now.minute()),
        )
    }
}

impl Range {
    /// `hour` and `hourEnd`; without an end, that one hour. An end alone says nothing.
    fn read(config: Config<'_>, name: &str) -> Result<Self> {
        let number = |name: &str| {
            let number =
                |text: &str| text.parse().map_err(|_| config.wrong(format_args!("{name}: \"{text}\" is no number")));
            config.text(name).map(number).transpose()
        };
        let (first, last) = (number(name)?, number(&format!("{name}End"))?);
        Ok(Self(first.map(|first| (first, last.unwrap_or(first)))))
    }

    fn contains(self, value: impl Into<i32>) -> bool {
        let value = value.into();
        self.0.is_none_or(|(first, last)| (first..=last).contains(&value))
    }
}
