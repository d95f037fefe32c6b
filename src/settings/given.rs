//! The flags that settings depend on. `cli` fills them; nothing here knows clap.

use std::path::PathBuf;

/// Everything that was typed.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--env-file`
    pub env_file: Option<PathBuf>,
    /// `--state-dir`
    pub state_dir: Option<PathBuf>,
    /// Flags of commands that connect.
    pub connect: ConnectFlags,
    /// Flags of commands that choose plugins.
    pub select: SelectFlags,
}

/// Flags that say where the instances are and how to ask them.
#[derive(Clone, Debug, Default)]
pub struct ConnectFlags {
    /// `--new-core`
    pub new_core: Option<String>,
    /// `--new-gateway`
    pub new_gateway: Option<String>,
    /// `--new-portal`
    pub new_portal: Vec<String>,
    /// `--new-generation`
    pub new_generation: Option<String>,
    /// `--old-core`
    pub old_core: Option<String>,
    /// `--old-gateway`
    pub old_gateway: Option<String>,
    /// `--old-portal`
    pub old_portal: Vec<String>,
    /// `--old-generation`
    pub old_generation: Option<String>,
    /// `--seed-file`
    pub seed_file: Option<PathBuf>,
    /// `--old-seed-file`
    pub old_seed_file: Option<PathBuf>,
    /// `--user`
    pub user: Option<String>,
    /// `--authority`
    pub authority: Vec<String>,
    /// `--request-timeout`
    pub request_timeout: Option<String>,
    /// `--deadline`
    pub deadline: Option<String>,
    /// `--ca-file`
    pub ca_file: Option<PathBuf>,
    /// `--client-cert`
    pub client_cert: Option<PathBuf>,
    /// `--client-key`
    pub client_key: Option<PathBuf>,
    /// `--insecure`
    pub insecure: bool,
    /// `--body-limit`
    pub body_limit: Option<usize>,
    /// `--deep`
    pub deep: bool,
}

/// Flags that choose plugins and limits.
#[derive(Clone, Debug, Default)]
pub struct SelectFlags {
    /// `--plugin`
    pub plugin: Vec<String>,
    /// `--skip-plugin`
    pub skip_plugin: Vec<String>,
    /// `--all-running`
    pub all_running: bool,
    /// `--pick-version`
    pub pick_version: Vec<String>,
    /// `--register-unverified`
    pub register_unverified: Vec<String>,
    /// `--write-to`
    pub write_to: Option<String>,
    /// `--gateway-url`
    pub gateway_url: Option<String>,
    /// `--parallel`
    pub parallel: Option<usize>,
    /// `--coexisting`
    pub coexisting: bool,
    /// `--in-place`
    pub in_place: bool,
    /// `--unknown-after`
    pub unknown_after: Option<String>,
    /// `--settle`
    pub settle: Option<String>,
}
