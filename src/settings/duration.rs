//! Durations as people type them: `500ms`, `30s`, `5m`, `1h`.

use std::time::Duration;

/// Reads a whole number with a unit. No unit, a sign, a fraction or zero is refused.
pub fn parse_duration(typed: &str) -> Option<Duration> {
    let typed = typed.trim();
    let digits = typed.len() - typed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = typed.split_at(digits);
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    let duration = match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        "h" => Duration::from_secs(number.checked_mul(3600)?),
        _ => return None,
    };
    (duration <= Duration::from_hours(168)).then_some(duration)
}

/// The shortest text that reads back as the same duration.
pub fn show_duration(duration: Duration) -> String {
    let ms = duration.as_millis();
    match ms {
        _ if ms.is_multiple_of(3_600_000) => format!("{}h", ms / 3_600_000),
        _ if ms.is_multiple_of(60_000) => format!("{}m", ms / 60_000),
        _ if ms.is_multiple_of(1000) => format!("{}s", ms / 1000),
        _ => format!("{ms}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_back() {
        for typed in ["1ms", "500ms", "30s", "5m", "1h", "90s"] {
            let duration = parse_duration(typed).expect(typed);
            assert_eq!(
                parse_duration(&show_duration(duration)),
                Some(duration),
                "{typed}"
            );
        }
        assert_eq!(parse_duration("60s"), parse_duration("1m"));
    }

    #[test]
    fn nonsense_is_refused() {
        for typed in [
            "",
            "5",
            "0s",
            "-1s",
            "1.5s",
            "s",
            "5 m",
            "5d",
            "99999999999999999999s",
            "400h",
        ] {
            assert_eq!(parse_duration(typed), None, "{typed}");
        }
    }
}
