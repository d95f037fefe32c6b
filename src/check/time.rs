//! Moments as text, without a clock.

/// Seconds since 1970 of an RFC 3339 text; none where it is none, or lies before 1970.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let (date, rest) = text.trim().split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(str::parse::<u64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(at);
    let mut parts = clock.split(':');
    let (hours, minutes): (u64, u64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let whole = parts.next()?.split('.').next()?;
    let secs: u64 = whole.parse().ok()?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hours > 23 || minutes > 59 {
        return None;
    }
    let local = days(year, month, day)? * 86_400 + hours * 3600 + minutes * 60 + secs;
    let Some(offset) = zone.get(1..).filter(|offset| !offset.is_empty()) else {
        return Some(local);
    };
    let (ahead_h, ahead_m) = offset.split_once(':')?;
    let ahead = ahead_h.parse::<u64>().ok()? * 3600 + ahead_m.parse::<u64>().ok()? * 60;
    if zone.starts_with('-') {
        Some(local + ahead)
    } else {
        local.checked_sub(ahead)
    }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // Counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, month + 9)
    };
    let in_year = (153 * month + 2) / 5 + day - 1;
    let all = year * 365 + year / 4 - year / 100 + year / 400 + in_year;
    all.checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn moments_are_read_as_the_calendar_has_them() {
        for (text, at) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T12:30:15Z", Some(1_709_209_815)),
            ("2024-03-01T00:00:00.123Z", Some(1_709_251_200)),
            ("2026-11-23T08:04:24+08:00", Some(1_795_392_264)),
            ("2026-11-22T16:04:24-08:00", Some(1_795_392_264)),
            ("1969-12-31T23:59:59Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-23", None),
            ("2026-11-23T08:04:24", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), at, "{text}");
        }
    }
}
