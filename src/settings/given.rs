//! The flags that settings depend on.

use std::path::PathBuf;

use clap::Args;

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
    pub connect: ConnectArgs,
    /// Flags of commands that choose plugins.
    pub select: SelectArgs,
}

/// Flags that say where the instances are and how to ask them.
#[derive(Clone, Debug, Default, Args)]
pub struct ConnectArgs {
    /// `--new-core`
    #[arg(long, value_name = "URL")]
    pub new_core: Option<String>,
    /// `--new-gateway`
    #[arg(long, value_name = "URL")]
    pub new_gateway: Option<String>,
    /// `--new-portal`
    #[arg(long, value_name = "URL")]
    pub new_portal: Vec<String>,
    /// `--new-generation`
    #[arg(long, value_name = "GENERATION")]
    pub new_generation: Option<String>,
    /// `--old-core`
    #[arg(long, value_name = "URL")]
    pub old_core: Option<String>,
    /// `--old-gateway`
    #[arg(long, value_name = "URL")]
    pub old_gateway: Option<String>,
    /// `--old-portal`
    #[arg(long, value_name = "URL")]
    pub old_portal: Vec<String>,
    /// `--old-generation`
    #[arg(long, value_name = "GENERATION")]
    pub old_generation: Option<String>,
    /// `--seed-file`
    #[arg(long, value_name = "FILE")]
    pub seed_file: Option<PathBuf>,
    /// `--old-seed-file`
    #[arg(long, value_name = "FILE")]
    pub old_seed_file: Option<PathBuf>,
    /// `--user`
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// `--authority`
    #[arg(long, value_name = "AUTHORITY")]
    pub authority: Vec<String>,
    /// `--request-timeout`
    #[arg(long, value_name = "DURATION")]
    pub request_timeout: Option<String>,
    /// `--ca-file`
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// `--insecure`
    #[arg(long)]
    pub insecure: bool,
    /// `--body-limit`
    #[arg(long, value_name = "MIB")]
    pub body_limit: Option<usize>,
    /// `--deep`
    #[arg(long)]
    pub deep: bool,
}

/// Flags that choose plugins and limits.
#[derive(Clone, Debug, Default, Args)]
pub struct SelectArgs {
    /// `--plugin`
    #[arg(long, value_name = "GLOB")]
    pub plugin: Vec<String>,
    /// `--skip-plugin`
    #[arg(long, value_name = "GLOB")]
    pub skip_plugin: Vec<String>,
    /// `--all-running`
    #[arg(long)]
    pub all_running: bool,
    /// `--pick-version`
    #[arg(long, value_name = "NAME=VERSION")]
    pub pick_version: Vec<String>,
    /// `--write-to`
    #[arg(long, value_name = "SIDE")]
    pub write_to: Option<String>,
    /// `--gateway-url`
    #[arg(long, value_name = "URL")]
    pub gateway_url: Option<String>,
    /// `--parallel`
    #[arg(long, value_name = "N")]
    pub parallel: Option<usize>,
    /// `--unknown-after`
    #[arg(long, value_name = "DURATION")]
    pub unknown_after: Option<String>,
}
