//! Moments as text, without a clock.

use jiff::Timestamp;

/// Seconds since 1970 of an RFC 3339 text; `None` if it is no RFC 3339 text or lies before 1970.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let at: Timestamp = text.parse().ok()?;
    u64::try_from(at.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_of_rfc3339_texts() {
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
