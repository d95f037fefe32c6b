//! What was typed on the command line, before anything is concluded from it.

use std::path::PathBuf;

/// Every flag that settings depend on. `cli` fills it; nothing here knows clap.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--env-file`
    pub env_file: Option<PathBuf>,
    /// `--new-core`, `--new-gateway`, `--new-portal`, `--new-generation`
    pub new: GivenSide,
    /// `--old-core`, `--old-gateway`, `--old-portal`, `--old-generation`
    pub old: GivenSide,
    /// `--seed-file`
    pub seed_file: Option<PathBuf>,
    /// `--old-seed-file`
    pub old_seed_file: Option<PathBuf>,
    /// `--user`
    pub user: Option<String>,
    /// `--authority`, repeatable
    pub authorities: Vec<String>,
    /// `--gateway-url`
    pub gateway_url: Option<String>,
    /// `--parallel`
    pub parallel: Option<usize>,
    /// `--plugin`, repeatable
    pub plugins: Vec<String>,
    /// `--skip-plugin`, repeatable
    pub skip_plugins: Vec<String>,
    /// `--all-running`
    pub all_running: bool,
    /// `--pick-version NAME=VERSION`, repeatable
    pub picks: Vec<String>,
    /// `--write-to`
    pub write_to: Option<String>,
    /// `--deep`
    pub deep: bool,
    /// `--unknown-after`
    pub unknown_after: Option<String>,
    /// `--state-dir`
    pub state_dir: Option<PathBuf>,
    /// `--request-timeout`
    pub request_timeout: Option<String>,
    /// `--ca-file`
    pub ca_file: Option<PathBuf>,
    /// `--insecure`
    pub insecure: bool,
    /// `--body-limit`, in MiB
    pub body_limit_mib: Option<usize>,
}

/// Flags of one side.
#[derive(Clone, Debug, Default)]
pub struct GivenSide {
    /// Address of platform-core.
    pub core: Option<String>,
    /// Address of platform-gateway.
    pub gateway: Option<String>,
    /// Addresses of the portals.
    pub portals: Vec<String>,
    /// `v3` or `v4`: overrides what the instance is told by.
    pub generation: Option<String>,
}
