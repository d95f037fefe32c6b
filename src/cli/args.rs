//! Arguments of the commands. Their help texts are `help-…` messages; `localise` puts them in.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::domain::Side;
use crate::i18n::flag;
use crate::report::MonitorFormat;
use crate::settings::{ConnectFlags, Given, SelectFlags};

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct GlobalArgs {
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "table"
    )]
    pub(crate) output: OutputArg,
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorArg,
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

/// `--lang`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    En,
    Zh,
}

/// `--color`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

/// `--output`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputArg {
    Table,
    Json,
    Ndjson,
    Tsv,
    Nagios,
    Prometheus,
    Junit,
}

impl OutputArg {
    /// The formats of monitoring systems, which `check` alone has.
    pub(crate) fn monitor(self) -> Option<MonitorFormat> {
        match self {
            Self::Table | Self::Json | Self::Ndjson | Self::Tsv => None,
            Self::Nagios => Some(MonitorFormat::Nagios),
            Self::Prometheus => Some(MonitorFormat::Prometheus),
            Self::Junit => Some(MonitorFormat::Junit),
        }
    }
}

/// Declares the arguments for a struct of flags of `settings`, and the conversion into it.
macro_rules! args_for {
    ($(#[$doc:meta])* $args:ident => $flags:ident {
        $(#[$arg:meta] $field:ident: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Args)]
        pub(crate) struct $args {
            $(#[$arg] pub(crate) $field: $type,)*
        }

        impl From<$args> for $flags {
            fn from(args: $args) -> Self {
                Self { $($field: args.$field,)* }
            }
        }
    };
}

args_for! {
    /// Flags that say where the instances are and how to ask them.
    ConnectArgs => ConnectFlags {
        #[arg(long, value_name = "URL")]
        new_core: Option<String>,
        #[arg(long, value_name = "URL")]
        new_gateway: Option<String>,
        #[arg(long, value_name = "URL")]
        new_portal: Vec<String>,
        #[arg(long, value_name = "GENERATION")]
        new_generation: Option<String>,
        #[arg(long, value_name = "URL")]
        old_core: Option<String>,
        #[arg(long, value_name = "URL")]
        old_gateway: Option<String>,
        #[arg(long, value_name = "URL")]
        old_portal: Vec<String>,
        #[arg(long, value_name = "GENERATION")]
        old_generation: Option<String>,
        #[arg(long, value_name = "FILE")]
        seed_file: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        old_seed_file: Option<PathBuf>,
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        #[arg(long, value_name = "AUTHORITY")]
        authority: Vec<String>,
        #[arg(long, value_name = "DURATION")]
        request_timeout: Option<String>,
        #[arg(long, value_name = "DURATION")]
        deadline: Option<String>,
        #[arg(long, value_name = "FILE")]
        ca_file: Option<PathBuf>,
        #[arg(long, value_name = "FILE", requires = "client_key")]
        client_cert: Option<PathBuf>,
        #[arg(long, value_name = "FILE", requires = "client_cert")]
        client_key: Option<PathBuf>,
        #[arg(long)]
        insecure: bool,
        #[arg(long, value_name = "MIB")]
        body_limit: Option<usize>,
        #[arg(long)]
        deep: bool,
    }
}

args_for! {
    /// Flags that choose plugins and limits.
    SelectArgs => SelectFlags {
        #[arg(long, value_name = "GLOB")]
        plugin: Vec<String>,
        #[arg(long, value_name = "GLOB")]
        skip_plugin: Vec<String>,
        #[arg(long)]
        all_running: bool,
        #[arg(long, value_name = "NAME=VERSION")]
        pick_version: Vec<String>,
        #[arg(long, value_name = "NAME")]
        register_unverified: Vec<String>,
        #[arg(long, value_name = "SIDE")]
        write_to: Option<String>,
        #[arg(long, value_name = "URL")]
        gateway_url: Option<String>,
        #[arg(long, conflicts_with = "in_place")]
        coexisting: bool,
        #[arg(long)]
        in_place: bool,
        #[arg(long, value_name = "N")]
        parallel: Option<usize>,
        #[arg(long, value_name = "DURATION")]
        unknown_after: Option<String>,
        #[arg(long, value_name = "DURATION")]
        settle: Option<String>,
    }
}

/// Flags of `demo`.
#[cfg(feature = "sim")]
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[arg(long, value_name = "NAME", default_value = "coexistence")]
    pub(crate) scenario: String,
    #[arg(long)]
    pub(crate) list: bool,
    #[arg(long, value_name = "N")]
    pub(crate) parallel: Option<usize>,
    #[arg(long, value_name = "PACE", default_value = "adaptive")]
    pub(crate) pace: PaceArg,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// How the number of parallel registrations is chosen in a demonstration.
#[cfg(feature = "sim")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaceArg {
    Adaptive,
    Fixed,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[arg(long, value_name = "VERSION")]
    pub(crate) target: Option<String>,
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[arg(long, value_name = "GLOB")]
    pub(crate) plugin: Vec<String>,
    #[arg(long, value_name = "GLOB")]
    pub(crate) skip_plugin: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// Flags of `check`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag")]
pub(crate) struct CheckArgs {
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed_file", "old_seed_file"])]
    pub(crate) login_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "login_file")]
    pub(crate) old_login_file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) list: bool,
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Vec<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) skip_code: Vec<String>,
    #[arg(long, value_name = "GLOB")]
    pub(crate) plugin: Vec<String>,
    #[arg(long, value_name = "GLOB")]
    pub(crate) skip_plugin: Vec<String>,
    #[arg(long, value_name = "SEVERITY", default_value = "info")]
    pub(crate) severity: SeverityArg,
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    #[arg(long)]
    pub(crate) before_retiring_old: bool,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway_url: Option<String>,
    #[arg(long, value_name = "DURATION")]
    pub(crate) wait_until_ok: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) accept_gone: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) save_baseline: Option<PathBuf>,
    #[arg(long, value_name = "DATE", requires = "save_baseline")]
    pub(crate) baseline_expires: Option<String>,
    #[arg(short, long, requires = "save_baseline")]
    pub(crate) yes: bool,
    #[arg(long, value_name = "DIR")]
    pub(crate) textfile: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[arg(long)]
    pub(crate) on_change: bool,
    #[arg(long, value_name = "DURATION", requires = "on_change")]
    pub(crate) remind: Option<String>,
    #[arg(long, value_name = "K/N", requires = "on_change")]
    pub(crate) after: Option<String>,
    #[arg(long, value_name = "CMD")]
    pub(crate) notify: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) ping_file: Option<PathBuf>,
    #[arg(long, conflicts_with = "list")]
    pub(crate) test_alarm: bool,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// What starts checks.
#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    Cron {
        #[command(flatten)]
        args: ScheduleArgs,
        #[arg(long)]
        install: bool,
        #[arg(long, conflicts_with = "install")]
        uninstall: bool,
    },
    Systemd {
        #[command(flatten)]
        args: ScheduleArgs,
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        #[arg(short, long, requires = "dir")]
        yes: bool,
        #[arg(long, value_name = "VERSION")]
        systemd: Option<u32>,
    },
}

/// Flags of `schedule`.
#[derive(Debug, Args)]
pub(crate) struct ScheduleArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) login_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "login_file")]
    pub(crate) old_login_file: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) textfile: Option<PathBuf>,
    #[arg(long)]
    pub(crate) on_change: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) ping_file: Option<PathBuf>,
}

/// `--severity`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityArg {
    Info,
    Warning,
    Error,
}

/// Which side a part works on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideArg {
    #[default]
    New,
    Old,
}

impl SideArg {
    /// The side meant.
    pub(crate) fn side(self) -> Side {
        match self {
            Self::New => Side::New,
            Self::Old => Side::Old,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    List(PartArgs),
    Show {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "ROLE")]
        as_role: Option<String>,
        #[arg(long, value_name = "FILE", requires = "as_role",
              conflicts_with_all = ["seed_file", "old_seed_file"])]
        login_file: Option<PathBuf>,
        #[command(flatten)]
        part: PartArgs,
    },
    Upload {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        part: PartArgs,
    },
    Register {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "VERSION")]
        version: Option<String>,
        #[arg(short, long)]
        yes: bool,
        #[arg(long, value_name = "DURATION")]
        unknown_after: Option<String>,
        #[command(flatten)]
        part: PartArgs,
    },
}

/// Flags of the parts by hand.
#[derive(Clone, Debug, Args)]
pub(crate) struct PartArgs {
    #[arg(long, value_name = "SIDE", default_value = "new")]
    pub(crate) side: SideArg,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VariableCommand {
    List(PartArgs),
    Get {
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        part: PartArgs,
    },
    Set {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "VALUE")]
        value: Option<String>,
        #[arg(long, value_name = "STATUS")]
        status: Option<StatusArg>,
        #[arg(long)]
        repair: bool,
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        #[arg(long)]
        force: bool,
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        part: PartArgs,
    },
    Unset {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        part: PartArgs,
    },
}

/// Status of a system variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusArg {
    Active,
    Inactive,
}

#[derive(Debug, Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once, from the command line"
)]
pub(crate) enum TokenCommand {
    Mint {
        #[arg(long)]
        offline: bool,
        #[command(flatten)]
        part: PartArgs,
    },
    Inspect {
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
        #[arg(long, value_name = "FILE")]
        seed_file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    List,
    Show {
        #[arg(value_name = "RUN")]
        run: Option<String>,
        #[arg(long)]
        undo: bool,
    },
}

#[derive(Debug, Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once, from the command line"
)]
pub(crate) enum ConfigCommand {
    Init {
        #[arg(value_name = "FILE", default_value = "wecubectl.toml")]
        file: PathBuf,
    },
    Show {
        #[command(flatten)]
        connect: ConnectArgs,
        #[command(flatten)]
        select: SelectArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// Flags of `sim serve`.
#[cfg(feature = "sim")]
#[derive(Debug, Subcommand)]
pub(crate) enum SimCommand {
    Serve {
        #[arg(long, value_name = "FILE")]
        world: Option<PathBuf>,
        #[arg(long, value_name = "NAME", conflicts_with_all = ["world", "packages"])]
        scenario: Option<String>,
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
        #[arg(long, value_name = "N", conflicts_with = "world")]
        packages: Option<usize>,
        #[arg(long, value_name = "MS")]
        service_time_ms: Option<f64>,
        #[arg(long, value_name = "N")]
        host_capacity: Option<f64>,
        #[arg(long, value_name = "N")]
        ssh_limit: Option<u32>,
        #[arg(long, value_name = "FAULT")]
        fault: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

impl GlobalArgs {
    /// How a command that works on the same instances and journal begins. What else was typed is not
    /// repeated: addresses by flag are for scripts, and those are written once.
    pub(crate) fn program(&self) -> String {
        let files = [
            ("--config", &self.config),
            ("--env-file", &self.env_file),
            ("--state-dir", &self.state_dir),
        ];
        let given = files
            .into_iter()
            .filter_map(|(flag, path)| Some((flag, path.as_ref()?)));
        given.fold("wecubectl".to_owned(), |line, (name, path)| {
            format!("{line} {}", flag(name, &path.to_string_lossy()))
        })
    }

    /// The settings' view of the global flags.
    pub(crate) fn given(&self) -> Given {
        Given {
            config: self.config.clone(),
            env_file: self.env_file.clone(),
            state_dir: self.state_dir.clone(),
            ..Given::default()
        }
    }
}
