//! Ids and times in the forms that the platforms write them.

use jiff::{SignedDuration, Timestamp, tz};

use super::world::MadeBy;

/// Makes ids from the world's random seed, so that two runs of one world are alike.
#[derive(Debug)]
pub struct IdMaker {
    random: fastrand::Rng,
    counter: u64,
}

impl IdMaker {
    /// A maker that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            counter: 0x0660_e1bc,
        }
    }

    /// An id such as `plugin_660e1bd0ab7b6eed330e2` (v4, with `prefix`) or `vBKTbk7B2Giv` (v3).
    pub fn make(&mut self, made_by: MadeBy, prefix: &str) -> String {
        self.counter += 1;
        match made_by {
            MadeBy::V4 => {
                let tail = self.random.u64(..) >> 12;
                format!("{prefix}_{:08x}{tail:013x}", self.counter)
            }
            MadeBy::V3 => {
                let mut id = String::from("vBK");
                for _ in 0..9 {
                    id.push(self.random.alphanumeric());
                }
                id
            }
        }
    }
}

/// Seconds since 1970 on a clock that is `offset_s` ahead of the real one.
pub(super) fn now_s(offset_s: i64) -> i64 {
    Timestamp::now().as_second() + offset_s
}

/// `yyyy-MM-dd HH:mm:ss` of the moment, as `MySQL` stores it for that generation: v3 ran with
/// UTC+8 where it was measured, v4 with UTC (`coexist-packages.json`).
pub(super) fn stored_time(offset_s: i64, made_by: MadeBy) -> String {
    let zone_s = match made_by {
        MadeBy::V3 => 8 * 3600,
        MadeBy::V4 => 0,
    };
    shown(now_s(offset_s + zone_s), "%Y-%m-%d %H:%M:%S")
}

/// The `Date` header of HTTP on a clock that is `offset_s` ahead.
pub(super) fn http_date(offset_s: i64) -> String {
    shown(now_s(offset_s), "%a, %d %b %Y %H:%M:%S GMT")
}

/// A moment in seconds since 1970 as an HTTP date.
pub(super) fn http_date_of(second: u64) -> String {
    let second = i64::try_from(second).unwrap_or(i64::MAX);
    shown(second, "%a, %d %b %Y %H:%M:%S GMT")
}

/// `2024-03-01T09:26:20Z` for a stored `2024-03-01 09:26:20` (v4 reads the column as UTC).
pub(super) fn rfc3339(stored: &str) -> String {
    if stored.is_empty() {
        return "0001-01-01T00:00:00Z".to_owned();
    }
    format!("{}Z", stored.replace(' ', "T"))
}

/// The moment as RFC 3339 in UTC with milliseconds, as Spring writes it in error bodies.
pub(super) fn spring_time(offset_s: i64) -> String {
    shown(now_s(offset_s), "%Y-%m-%dT%H:%M:%S.000+00:00")
}

fn shown(second: i64, format: &str) -> String {
    Timestamp::UNIX_EPOCH
        .checked_add(SignedDuration::from_secs(second))
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(tz::TimeZone::UTC)
        .strftime(format)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_recorded_forms() {
        let mut ids = IdMaker::new(7);
        let new = ids.make(MadeBy::V4, "plugin");
        assert_eq!(new.len(), "plugin_660e1bd0ab7b6eed330e2".len());
        assert!(new.starts_with("plugin_"));
        assert_eq!(ids.make(MadeBy::V3, "plugin").len(), "vBKYDgiB2HoH".len());
    }

    #[test]
    fn one_seed_makes_the_same_ids() {
        let make = || IdMaker::new(3).make(MadeBy::V3, "x");
        assert_eq!(make(), make());
    }

    #[test]
    fn stored_times_are_read_as_utc() {
        assert_eq!(rfc3339("2026-11-23 09:26:23"), "2026-11-23T09:26:23Z");
        assert_eq!(rfc3339(""), "0001-01-01T00:00:00Z");
    }
}
