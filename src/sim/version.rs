//! Platform versions, what changed between them (`docs/platform/versions.md#capability-table`), and
//! the two ways of comparing plugin versions
//! (`docs/platform/registration.md#version-comparison`).

use std::cmp::Ordering;

/// A platform's version and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformVersion {
    text: String,
    numbers: [u64; 3],
}

impl PlatformVersion {
    /// Reads `v4.0.0`; a text without numbers counts as the first of the Go generation.
    pub fn new(text: &str) -> Self {
        let mut numbers = [0; 3];
        for (slot, part) in numbers
            .iter_mut()
            .zip(text.trim_start_matches(['v', 'V']).split('.'))
        {
            *slot = part.parse().unwrap_or(0);
        }
        if numbers == [0; 3] {
            numbers = [4, 0, 0];
        }
        Self {
            text: text.to_owned(),
            numbers,
        }
    }

    /// As `appinfo/version` answers it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `3.2.6`, as v3 writes it in its refusal of a package for a newer platform.
    pub fn bare(&self) -> &str {
        self.text.trim_start_matches(['v', 'V'])
    }

    /// The Java generation.
    pub fn is_v3(&self) -> bool {
        self.numbers[0] < 4
    }

    /// Register sets the other versions of the name back to UNREGISTERED (v4.0 and v4.1).
    pub fn demotes(&self) -> bool {
        !self.is_v3() && !self.has_ui_active()
    }

    /// `uiActive`, `updatedBy`, `updatedTime`, `registerDone`, and `{id}` as register's answer.
    pub fn has_ui_active(&self) -> bool {
        self.numbers >= [4, 2, 0]
    }

    /// `resource-files` lists only packages whose `ui_active` is set.
    pub fn files_need_ui_active(&self) -> bool {
        self.numbers >= [4, 2, 1]
    }

    /// … and whose name has a row in `plugin_instances`.
    pub fn files_need_instance(&self) -> bool {
        self.numbers >= [4, 5, 0]
    }

    /// Its script adds two menus of the platform (`pair-my-menus.json`).
    pub fn adds_menus(&self) -> bool {
        self.numbers >= [4, 3, 0]
    }

    /// The menu permission check and the `Error-Code` header.
    pub fn checks_menus(&self) -> bool {
        self.numbers >= [4, 4, 0]
    }

    /// The auth server has a key for encrypted passwords (`docs/platform/tokens.md#login-and-refresh`).
    pub fn seals_passwords(&self) -> bool {
        self.numbers >= [4, 2, 0]
    }

    /// A refresh token's `authority` is `"[]"` instead of `""`.
    pub fn refresh_authority(&self) -> &'static str {
        if self.numbers >= [4, 1, 0] { "[]" } else { "" }
    }

    /// How many packages of one name may be there when another is uploaded.
    pub fn upload_limit(&self) -> Option<usize> {
        match self.numbers {
            n if n >= [4, 3, 0] => Some(2),
            n if n >= [4, 2, 0] => Some(3),
            _ => None,
        }
    }
}

/// v4's arithmetic: base 100 over at most five parts, text counts as zero as a whole.
///
/// `1.0.100` equals `1.1.0`, `v2.0.0-beta.1` is above `v2.0.0`, `latest` is 0.
pub(super) fn v4_weight(version: &str) -> f64 {
    let lower = version.to_lowercase();
    let bare = lower.strip_prefix('v').unwrap_or(&lower);
    bare.split('.')
        .zip(0_i32..)
        .map(|(part, place)| part.parse::<f64>().unwrap_or(0.0) * 100_f64.powi(4 - place))
        .sum()
}

/// v3's comparison: up to four numbers; `None` if a part is no number (v3 then fails).
pub(super) fn v3_compare(left: &str, right: &str) -> Option<Ordering> {
    Some(v3_numbers(left)?.cmp(&v3_numbers(right)?))
}

fn v3_numbers(version: &str) -> Option<[u64; 4]> {
    let bare = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let mut numbers = [0; 4];
    for (slot, part) in numbers.iter_mut().zip(bare.split('.')) {
        *slot = part.parse().ok()?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v4_counts_by_hundreds() {
        assert!(v4_weight("v2.0.0") <= v4_weight("v2.0.0"));
        assert!((v4_weight("1.0.100") - v4_weight("1.1.0")).abs() < f64::EPSILON);
        assert!(v4_weight("v2.0.0-beta.1") < v4_weight("v2.0.0") + 200.0);
        assert!((v4_weight("latest")).abs() < f64::EPSILON);
        assert!(v4_weight("v0.2.1.3") > v4_weight("v0.2.1"));
    }

    #[test]
    fn v3_wants_numbers() {
        assert_eq!(v3_compare("v0.2.1", "V0.2.1"), Some(Ordering::Equal));
        assert_eq!(v3_compare("1-pro", "1"), None);
    }

    #[test]
    fn what_each_version_does() {
        assert!(PlatformVersion::new("v3.2.6").is_v3());
        assert!(PlatformVersion::new("v4.1.0").demotes());
        assert!(!PlatformVersion::new("v4.2.0").demotes());
        assert!(!PlatformVersion::new("v4.2.0").files_need_ui_active());
        assert!(PlatformVersion::new("v4.5.6").checks_menus());
        assert!(PlatformVersion::new("{{version}}").demotes());
    }
}
