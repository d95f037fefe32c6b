//! Words of others without the secrets that they may repeat: a container's log, compose's complaint.

use std::collections::BTreeMap;

use crate::secret::Secret;

/// What stands for a secret.
const STARS: &str = "******";
/// A secret shorter than this is replaced only where it stands alone: `a` is in every word.
const SHORT: usize = 4;

/// The secrets of a deployment.
#[derive(Clone, Default)]
pub struct Mask {
    /// Longest first, so that one which holds another goes whole.
    secrets: Vec<Secret>,
}

impl Mask {
    /// The secrets among the variables of containers, told by the names of the variables.
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

    /// Adds a secret, with the parts of a comma list and the forms that logs give it.
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

    /// The words without the secrets.
    pub fn hide(&self, words: &str) -> String {
        let mut hidden = words.to_owned();
        for secret in &self.secrets {
            let secret = secret.expose();
            if !hidden.contains(secret) {
                continue;
            }
            hidden = if secret.len() < SHORT {
                hide_alone(&hidden, secret)
            } else {
                hidden.replace(secret, STARS)
            };
        }
        hidden
    }
}

/// Replaces a short secret where no letter or digit touches it.
fn hide_alone(words: &str, secret: &str) -> String {
    let mut hidden = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let touches = before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        hidden.push_str(before);
        hidden.push_str(if touches { secret } else { STARS });
        rest = after;
    }
    hidden.push_str(rest);
    hidden
}

/// Whether the platform keeps a secret under this name of a variable
/// (`portal-plugins-and-peers.md`, C.5; the document's compose files).
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    if name.ends_with("_path") {
        return false;
    }
    let words = [
        "pass",
        "secret",
        "seed",
        "signing_key",
        "access_key",
        "private_key",
        "token",
    ];
    let minutes = ["user_access_token", "user_refresh_token"];
    words.iter().any(|word| name.contains(word)) && !minutes.contains(&name.as_str())
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
    fn secrets_go_in_every_form_that_a_log_gives_them() {
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
    fn names_tell_secrets() {
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
