//! The flags of `deploy migrate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Default, Args)]
pub(crate) struct MigrateArgs {
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) core_sql: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) auth_sql: Vec<PathBuf>,
    #[arg(long, value_name = "HOST:PORT/SCHEMA")]
    pub(super) core_db: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) core_db_user: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(super) core_db_password_file: Option<PathBuf>,
    #[arg(long, value_name = "HOST:PORT/SCHEMA")]
    pub(super) auth_db: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) auth_db_user: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(super) auth_db_password_file: Option<PathBuf>,
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(super) db_tls: Option<TlsArg>,
    #[arg(long, value_name = "FILE")]
    pub(super) db_ca_file: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(super) keep_table: Vec<String>,
    #[arg(long)]
    pub(super) allow_destructive: bool,
    #[arg(long, value_name = "NAME")]
    pub(super) accept_script: Vec<String>,
    #[arg(long, value_name = "SCRIPT:N")]
    pub(super) mark_done: Vec<String>,
    #[arg(long, value_name = "SCRIPT:N")]
    pub(super) resume_at: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TlsArg {
    Required,
    Preferred,
    Disabled,
}

#[derive(Debug, Default, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(super) of: MigrateArgs,
    #[arg(long)]
    pub(super) statements: bool,
}

#[derive(Debug, Default, Args)]
pub(crate) struct RehearseArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    #[arg(long, value_name = "MIB", default_value = "64")]
    pub(super) rehearse_rows: u64,
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) rehearse_on: Option<String>,
    #[arg(long, value_name = "NAME", requires = "rehearse_on")]
    pub(super) rehearse_user: Option<String>,
    #[arg(long, value_name = "FILE", requires = "rehearse_on")]
    pub(super) rehearse_password_file: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(super) rehearsal: RehearseArgs,
    #[arg(long, conflicts_with = "rehearse_on")]
    pub(super) without_rehearsal: bool,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) backup: Vec<PathBuf>,
    #[arg(long, value_name = "SCHEMA")]
    pub(super) without_backup: Vec<String>,
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub(super) runner_wait: String,
    #[arg(long, value_name = "DURATION", default_value = "60s")]
    pub(super) lock_wait: String,
    #[arg(long, value_name = "DURATION")]
    pub(super) deadline: Option<String>,
    #[arg(short, long)]
    pub(in crate::cli::deploy) yes: bool,
}
