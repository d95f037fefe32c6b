//! Durations as people type them: `500ms`, `30s`, `5m`, `1h`.

use std::time::Duration;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The value of a flag or key is not a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    /// The flag or key.
    pub key: String,
    /// What was typed.
    pub value: String,
}

impl Failure for DurationError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        Text::new("settings-duration")
            .with("key", &self.key)
            .with("value", &self.value)
    }
}

/// Reads the value of a flag or key: a whole number with a unit. No unit, a sign, a fraction or zero is
/// refused.
pub fn parse_duration(key: &str, typed: &str) -> Result<Duration, DurationError> {
    parse(typed).ok_or_else(|| DurationError {
        key: key.to_owned(),
        value: typed.to_owned(),
    })
}

fn parse(typed: &str) -> Option<Duration> {
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
            let duration = parse(typed).expect(typed);
            assert_eq!(parse(&show_duration(duration)), Some(duration), "{typed}");
        }
        assert_eq!(parse("60s"), parse("1m"));
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
            assert_eq!(parse(typed), None, "{typed}");
        }
    }
}
