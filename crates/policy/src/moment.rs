//! Local dates and times as Keycloak writes them: `yyyy-MM-dd HH:mm:ss`.

use time::{Date, Month, PrimitiveDateTime, Time};

/// Reads a date and time. A part outside its range (month 13) is refused.
pub(crate) fn parse(text: &str) -> Option<PrimitiveDateTime> {
    let (date, time) = text.trim().split_once(' ')?;
    let mut date = date.splitn(3, '-');
    let year = number(date.next()?)?;
    let month = Month::try_from(u8::try_from(number(date.next()?)?).ok()?).ok()?;
    let day = u8::try_from(number(date.next()?)?).ok()?;
    let mut time = time.trim_start().splitn(3, ':');
    let mut part = || u8::try_from(number(time.next()?)?).ok();
    let time = Time::from_hms(part()?, part()?, part()?).ok()?;
    Some(PrimitiveDateTime::new(Date::from_calendar_date(year, month, day).ok()?, time))
}

/// Reads a date with or without a time; without, it is midnight.
pub(crate) fn parse_day_or_time(text: &str) -> Option<PrimitiveDateTime> {
    match text.trim() {
        day if day.len() == 10 => parse(&format!("{day} 00:00:00")),
        text => parse(text),
    }
}

pub(crate) fn format(at: PrimitiveDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    let (month, day) = (u8::from(date.month()), date.day());
    format!("{:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", date.year(), time.hour(), time.minute(), time.second())
}

fn number(digits: &str) -> Option<i32> {
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}
