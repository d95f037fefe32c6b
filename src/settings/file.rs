//! `wecubectl.toml` as it is on disk.

use std::path::PathBuf;

use serde::Deserialize;

use super::toml_fault::TomlFault;

/// The whole file. Unknown keys are an error: a misspelt key must not be ignored in silence.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The new instance.
    #[serde(default)]
    pub new: SideSection,
    /// The old instance.
    #[serde(default)]
    pub old: SideSection,
    /// Seeds and the token's claims.
    #[serde(default)]
    pub auth: AuthSection,
    /// The main job.
    #[serde(default)]
    pub apply: ApplySection,
    /// HTTP.
    #[serde(default)]
    pub client: ClientSection,
    /// `check`.
    #[serde(default)]
    pub check: CheckSection,
    /// Name of the pair in monitoring.
    pub name: Option<String>,
    /// Directory of the journal and the locks.
    pub state_dir: Option<PathBuf>,
    /// `en` or `zh`.
    pub lang: Option<String>,
    /// The upgrade document's env file.
    pub env_file: Option<PathBuf>,
}

/// Addresses of one instance.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideSection {
    /// platform-core.
    pub core: Option<String>,
    /// platform-gateway.
    pub gateway: Option<String>,
    /// Every portal, one by one (not the load balancer before them).
    #[serde(default)]
    pub portal: Vec<String>,
    /// `v3` or `v4`, instead of asking the instance.
    pub generation: Option<String>,
}

/// Seeds and the token's claims.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSection {
    /// File with the JWT seed.
    pub seed_file: Option<PathBuf>,
    /// File with the old side's seed, if it is another.
    pub old_seed_file: Option<PathBuf>,
    /// The name in audit columns.
    pub user: Option<String>,
    /// Authorities of the token.
    pub authorities: Option<Vec<String>>,
}

/// `plan` and `apply`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplySection {
    /// Value of `GATEWAY_URL_NEW`.
    pub gateway_url: Option<String>,
    /// An old instance that is not configured keeps running.
    pub coexisting: Option<bool>,
    /// The new instance replaced the old one.
    pub in_place: Option<bool>,
    /// Most registrations at the same time.
    pub parallel: Option<usize>,
    /// `new`, `old` or `both`.
    pub write_to: Option<String>,
    /// How long a lost answer is watched.
    pub unknown_after: Option<String>,
    /// How long routes of the new gateway are waited for.
    pub settle: Option<String>,
    /// Plugins to leave out, as globs.
    #[serde(default)]
    pub skip_plugin: Vec<String>,
}

/// HTTP.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSection {
    /// Total time of one read, retries not included.
    pub request_timeout: Option<String>,
    /// Time of a whole run.
    pub deadline: Option<String>,
    /// PEM file of a certificate authority to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// PEM file of the client's own certificate.
    pub client_cert: Option<PathBuf>,
    /// PEM file of its key.
    pub client_key: Option<PathBuf>,
    /// Take any certificate.
    pub insecure: Option<bool>,
    /// Largest body taken, in MiB.
    pub body_limit_mib: Option<usize>,
}

/// `check`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSection {
    /// Plugins that must have a running instance.
    #[serde(default)]
    pub expect_running: Vec<String>,
    /// File with the URL that is requested after each check.
    pub ping_file: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads the text.
    pub fn parse(text: &str) -> Result<Self, TomlFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        toml::from_str(text).map_err(|error| TomlFault::of(text, &error))
    }
}

/// A commented file to start from, in the language asked for.
pub fn template(lang: crate::i18n::Lang) -> &'static str {
    match lang {
        crate::i18n::Lang::En => include_str!("wecubectl.en.toml"),
        crate::i18n::Lang::Zh => include_str!("wecubectl.zh.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Catalog, Lang};

    #[test]
    fn both_templates_parse_and_set_nothing() {
        for lang in [Lang::En, Lang::Zh] {
            let file = ConfigFile::parse(template(lang)).expect("a template parses");
            assert!(file.new.core.is_none() && file.auth.seed_file.is_none());
        }
    }

    #[test]
    fn templates_with_every_line_uncommented_parse_too() {
        for lang in [Lang::En, Lang::Zh] {
            let filled: String = template(lang)
                .lines()
                .map(|line| line.strip_prefix("#= ").unwrap_or(line).to_owned() + "\n")
                .collect();
            let file = ConfigFile::parse(&filled).unwrap_or_else(|error| panic!("{error:?}"));
            assert_eq!(file.new.core.as_deref(), Some("http://10.0.0.1:8000"));
            assert_eq!(file.apply.parallel, Some(8));
            assert_eq!(file.client.body_limit_mib, Some(64));
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = ConfigFile::parse("[new]\ncoer = \"x\"\n").expect_err("unknown key");
        let message = Catalog::new(Lang::En).render(&error.message());
        assert_eq!((error.line, error.column), (2, 1));
        assert!(
            message.contains("coer") && message.contains("gateway"),
            "{message}"
        );
    }
}
