//! The settings of a run, each value with its source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::{Generation, InstanceIdentity, PluginName, Side, Version};
use crate::i18n::Text;
use crate::plan::{Upgrade, WriteTo};

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The new instance, if it is known.
    pub new: Option<SideSettings>,
    /// The old instance, if it is known.
    pub old: Option<SideSettings>,
    /// Where the seed is.
    pub seed: Option<SeedSource>,
    /// Where the old side's seed is, if it is another.
    pub old_seed: Option<SeedSource>,
    /// `sub` of the token.
    pub user: String,
    /// Authorities of the token; empty for the default ones.
    pub authorities: Vec<String>,
    /// `GATEWAY_URL_NEW`, if given.
    pub gateway_url: Option<String>,
    /// Whether an old instance that is not configured keeps running.
    pub upgrade: Upgrade,
    /// The last folder of `static_resource_server_path` in the environment file, if it is not
    /// `ui-resources`.
    pub static_folder: Option<String>,
    /// Upper bound of registers in flight, at least 1.
    pub parallel: usize,
    /// `--plugin` globs.
    pub plugins: Vec<String>,
    /// `--skip-plugin` globs.
    pub skip_plugins: Vec<String>,
    /// `--all-running`.
    pub all_running: bool,
    /// `--pick-version`.
    pub picks: BTreeMap<PluginName, Version>,
    /// `--register-unverified`.
    pub register_unverified: BTreeSet<PluginName>,
    /// `--write-to`.
    pub write_to: WriteTo,
    /// `--deep`.
    pub deep: bool,
    /// How long a lost answer is watched.
    pub unknown_after: Duration,
    /// How long routes of the new gateway are waited for.
    pub settle: Duration,
    /// State directory, if given; else the default one is chosen when it is needed.
    pub state_dir: Option<PathBuf>,
    /// Total time of one read.
    pub request_timeout: Duration,
    /// Time of the whole run, if given.
    pub deadline: Option<Duration>,
    /// PEM file of a further certificate authority.
    pub ca_file: Option<PathBuf>,
    /// PEM files of the client's certificate and its key.
    pub client_certificate: Option<(PathBuf, PathBuf)>,
    /// Take any certificate.
    pub insecure: bool,
    /// Largest body taken, in bytes.
    pub body_limit: usize,
    /// Name of the pair in monitoring, if given.
    pub name: Option<String>,
    /// Plugins that must have a running instance.
    pub expect_running: Vec<PluginName>,
    /// Every effective value for `config show`.
    pub effective: Vec<Effective>,
}

/// Addresses of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideSettings {
    /// Addresses and side.
    pub identity: InstanceIdentity,
    /// Overrides what the instance is told by.
    pub generation: Option<Generation>,
}

/// Where a seed is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeedSource {
    /// A file with the seed alone.
    File(PathBuf),
    /// Standard input (`-`).
    Stdin,
    /// `JWT_SIGNING_KEY` of an env file.
    EnvFile(PathBuf),
}

impl fmt::Display for SeedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stdin => f.write_str("-"),
            Self::EnvFile(path) => write!(f, "JWT_SIGNING_KEY in {}", path.display()),
        }
    }
}

/// One effective value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Key as in `wecubectl.toml`.
    pub key: String,
    /// Value; a file's path where it is a secret.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// A flag.
    Flag,
    /// `wecubectl.toml`.
    Config(PathBuf),
    /// The env file.
    EnvFile(PathBuf),
    /// Nobody said.
    Default,
}

impl Source {
    /// The source, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Flag => Text::new("settings-source-flag"),
            Self::Config(path) => Text::new("settings-source-config").with("path", path.display()),
            Self::EnvFile(path) => {
                Text::new("settings-source-env-file").with("path", path.display())
            }
            Self::Default => Text::new("settings-source-default"),
        }
    }

    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }
}

impl Settings {
    /// The sides whose addresses are known.
    pub fn sides(&self) -> Vec<Side> {
        let sides = [Side::New, Side::Old].into_iter();
        sides.filter(|side| self.side(*side).is_some()).collect()
    }

    /// Forgets a side: it is not asked.
    pub fn leave_out(&mut self, side: Side) {
        match side {
            Side::New => self.new = None,
            Side::Old => self.old = None,
        }
    }

    /// The addresses of a side.
    pub fn side(&self, side: Side) -> Option<&SideSettings> {
        match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        }
    }
}
