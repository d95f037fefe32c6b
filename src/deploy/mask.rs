//! Hides secrets in foreign text: container logs, compose errors, diffs.

use std::collections::BTreeMap;

use crate::secret::Secret;

/// Stands for a hidden secret.
pub const MASKED: &str = "******";
/// A shorter secret is hidden only as a whole word: `a` is in every text.
const MIN_SUBSTRING: usize = 4;

/// The secrets of a deployment.
#[derive(Clone, Default)]
pub struct Mask {
    /// Longest first, so that a secret inside another is hidden with it.
    secrets: Vec<Secret>,
}

impl Mask {
    /// The secrets of containers, chosen by the names of their variables.
    pub fn of_environments<'a>(
        environments: impl IntoIterator<Item = &'a BTreeMap<String, Secret>>,
    ) -> Self {
        let mut mask = Self::default();
        for environment in environments {
            for (name, value) in environment {
                if is_secret(name) {
                    mask.add(value);
                }
            }
        }
        mask
    }

    /// Adds a secret, the parts of its comma list, and their JSON and URL forms.
    pub fn add(&mut self, secret: &Secret) {
        let whole = secret.expose();
        let mut forms = vec![whole.to_owned()];
        forms.extend(whole.split(',').map(ToOwned::to_owned));
        for form in forms.clone() {
            let json = serde_json::Value::from(form.clone()).to_string();
            forms.push(json.trim_matches('"').to_owned());
            forms.push(url::form_urlencoded::byte_serialize(form.as_bytes()).collect());
        }
        for form in forms {
            let known = self.secrets.iter().any(|known| known.expose() == form);
            if !form.is_empty() && !known {
                self.secrets.push(Secret::new(form));
            }
        }
        self.secrets
            .sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    /// The text with secrets hidden.
    pub fn hide(&self, text: &str) -> String {
        let mut hidden = text.to_owned();
        for secret in &self.secrets {
            let secret = secret.expose();
            if !hidden.contains(secret) {
                continue;
            }
            hidden = if secret.len() < MIN_SUBSTRING {
                hide_word(&hidden, secret)
            } else {
                hidden.replace(secret, MASKED)
            };
        }
        hidden
    }
}

/// Hides a short secret unless a letter or digit is next to it.
fn hide_word(text: &str, secret: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let touches = before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        hidden.push_str(before);
        hidden.push_str(if touches { secret } else { MASKED });
        rest = after;
    }
    hidden.push_str(rest);
    hidden
}

/// Whether the platform's variable of this name holds a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    // Two token lifetimes in minutes, and file paths.
    let harmless = ["user_access_token", "user_refresh_token"];
    sounds_secret(&name) && !name.ends_with("_path") && !harmless.contains(&name.as_str())
}

/// Whether a name in lower case sounds like a secret.
pub fn sounds_secret(name: &str) -> bool {
    let parts = [
        "pass", "secret", "seed", "signing", "token", "_key", "-key", "access",
    ];
    parts.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(secrets: &[&str]) -> Mask {
        let mut mask = Mask::default();
        for secret in secrets {
            mask.add(&Secret::new(*secret));
        }
        mask
    }

    #[test]
    fn hide_covers_every_form_of_a_secret() {
        let mask = mask(&["p@ss\"word", "first,second", "ab"]);
        for (words, shown) in [
            ("dial root:p@ss\"word@tcp", "dial root:******@tcp"),
            ("url p%40ss%22word", "url ******"),
            (r#"{"p":"p@ss\"word"}"#, r#"{"p":"******"}"#),
            ("for second host", "for ****** host"),
            ("able cab ab, =ab", "able cab ******, =******"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(mask.hide(words), shown);
        }
    }

    #[test]
    fn is_secret_reads_names() {
        for name in [
            "db_pass",
            "MYSQL_USER_PASSWORD",
            "SIGNING_KEY",
            "jwt_signing_key",
            "s3_access_key",
            "s3_secret_key",
            "resource_server_password_seed",
            "ENCRYPT_SEED",
            "sub_system_private_key",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "PASSWORD_PRIVATE_KEY_PATH",
            "plugin_password_pub_key_path",
            "USER_ACCESS_TOKEN",
            "db_user",
            "LOG_LEVEL",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
