//! Faults that a world can have, as text: `[old:]NAME[=ARG]`. Without `old:` a fault is of the new
//! side. `PLUGIN` is a plugin's name, `N` a number of requests, `MS` milliseconds.
//!
//! | fault | effect |
//! |---|---|
//! | `host-down[=K]` | the static host refuses ssh from the start, or after K finished registers |
//! | `host-wrong-password` | the static host refuses the password |
//! | `not-writable=PLUGIN` | the plugin's directory on the static host may not be written |
//! | `ui-zip-missing=PLUGIN` | the plugin's `ui.zip` is gone from S3 |
//! | `no-effect=PLUGIN` | its registration is answered OK and does nothing |
//! | `lost-answer=PLUGIN[,MS]` | its registration's connection is closed, the effect comes MS (300) later |
//! | `lost-for-good=PLUGIN` | its registration's connection is closed and nothing ever happens |
//! | `early-answer=PLUGIN,STATUS` | something before core answers its registration at once with that HTTP status while core goes on; `1502`: an OK of core's under 502; `0`: no answer over a connection that stays |
//! | `lost-write[=N]` | the first N (1) writes of a system variable and uploads take effect, and their connection is closed |
//! | `slow-register=MS[,PLUGIN]` | registers take MS longer |
//! | `portal-504[=N]` | the first N (1) registers through the portal get nginx's 504 while core goes on |
//! | `old-breaks[=PLUGIN]` | both sides' static hosts overlap: a registration on new takes the plugin's files from the old portals |
//! | `mixed-files=PLUGIN` | its registration is answered OK with another plugin's bytes under its paths |
//! | `html-script=PLUGIN` | its scripts arrive as an HTML page with 200 |
//! | `empty-file=PLUGIN` | its scripts arrive with length zero |
//! | `forbidden-file=PLUGIN` | its scripts may not be read by nginx: 403 |
//! | `portal-502=PLUGIN` | its scripts get an nginx page with 502 |
//! | `portal-status=STATUS[,PLUGIN]` | scripts get a page with that status |
//! | `head-only=PLUGIN` | a HEAD of its scripts is answered 200, a GET 404 |
//! | `any-file` | a script is served for every name that there is no file for |
//! | `portal-lacks=PLUGIN` | the last of the portals never gets its files |
//! | `route-missing=PLUGIN` | the gateway's table never names it |
//! | `core-route-missing=PLUGIN` | core's route items never name it, so that no gateway can |
//! | `route-late=MS` | the gateway loads its routes only MS after the start |
//! | `plugin-down=PLUGIN` | its instances do not answer |
//! | `other-seed=PLUGIN` | its container has another seed: it answers 401, with a token and without |
//! | `unwell` | core's health-check answers 500 |
//! | `deadlock[=PLUGIN]` | the next register ends with code 10000023 after its files were copied, once |
//! | `busy[=N]` | the first N (1) API requests get 503 with `Retry-After: 1` |
//! | `too-many[=N]` | the first N (1) API requests get 429 with `Retry-After: 1` |
//! | `login-page[=N]` | N (all) API requests get a login page as HTML with 200 |
//! | `redirect` | every API request is redirected to another origin, which notes tokens |
//! | `truncated[=N]` | the first N (1) API answers stop half way |
//! | `empty-200[=N]` | the first N (1) API answers are 200 without a body |
//! | `core-down` | core and what is behind it close every connection |
//! | `database-down` | core answers 500 to whatever needs its database |
//! | `clock=S` | the side's clock is S seconds ahead (negative: behind) |
//! | `seed-differs` | the side verifies tokens with another seed |

use super::wire::SideName;

/// A fault, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which side has it.
    pub side: SideName,
    /// What it is.
    pub kind: Kind,
    /// The plugin that it concerns; `None`: every plugin.
    pub plugin: Option<String>,
    /// Milliseconds, seconds or registrations, as the kind needs it.
    pub number: i64,
    /// How many more times it strikes; `None` means always.
    pub left: Option<u64>,
}

/// What a fault does; the table at the top of this file describes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    HostDown,
    HostWrongPassword,
    NotWritable,
    UiZipMissing,
    NoEffect,
    LostAnswer,
    LostForGood,
    EarlyAnswer,
    LostWrite,
    SlowRegister,
    Portal504,
    OldBreaks,
    MixedFiles,
    HtmlScript,
    EmptyFile,
    ForbiddenFile,
    Portal502,
    PortalStatus,
    HeadOnly,
    AnyFile,
    PortalLacks,
    RouteMissing,
    CoreRouteMissing,
    RouteLate,
    PluginDown,
    OtherSeed,
    Unwell,
    Deadlock,
    Busy,
    TooMany,
    LoginPage,
    Redirect,
    Truncated,
    Empty200,
    CoreDown,
    DatabaseDown,
    Clock,
    SeedDiffers,
}

/// What stands after `=`.
#[derive(Debug, Clone, Copy)]
enum Argument {
    Nothing,
    Plugin,
    AnyPlugin,
    /// As `AnyPlugin`, and the fault strikes once.
    AnyPluginOnce,
    /// `PLUGIN[,MS]`, 300 by default.
    PluginAndDelay,
    /// `MS[,PLUGIN]` or `STATUS[,PLUGIN]`.
    DelayAndPlugin,
    Milliseconds,
    Seconds,
    /// Registrations before it begins, 0 by default.
    After,
    /// How often it strikes, once by default.
    Count,
    /// How often it strikes, always by default.
    CountOrAlways,
}

const FAULTS: [(&str, Kind, Argument); 38] = [
    ("host-down", Kind::HostDown, Argument::After),
    (
        "host-wrong-password",
        Kind::HostWrongPassword,
        Argument::Nothing,
    ),
    ("not-writable", Kind::NotWritable, Argument::Plugin),
    ("ui-zip-missing", Kind::UiZipMissing, Argument::Plugin),
    ("no-effect", Kind::NoEffect, Argument::Plugin),
    ("lost-answer", Kind::LostAnswer, Argument::PluginAndDelay),
    ("lost-for-good", Kind::LostForGood, Argument::Plugin),
    ("early-answer", Kind::EarlyAnswer, Argument::PluginAndDelay),
    ("lost-write", Kind::LostWrite, Argument::Count),
    (
        "slow-register",
        Kind::SlowRegister,
        Argument::DelayAndPlugin,
    ),
    ("portal-504", Kind::Portal504, Argument::Count),
    ("old-breaks", Kind::OldBreaks, Argument::AnyPlugin),
    ("mixed-files", Kind::MixedFiles, Argument::Plugin),
    ("html-script", Kind::HtmlScript, Argument::Plugin),
    ("empty-file", Kind::EmptyFile, Argument::Plugin),
    ("forbidden-file", Kind::ForbiddenFile, Argument::Plugin),
    ("portal-502", Kind::Portal502, Argument::Plugin),
    (
        "portal-status",
        Kind::PortalStatus,
        Argument::DelayAndPlugin,
    ),
    ("head-only", Kind::HeadOnly, Argument::Plugin),
    ("any-file", Kind::AnyFile, Argument::Nothing),
    ("portal-lacks", Kind::PortalLacks, Argument::Plugin),
    ("route-missing", Kind::RouteMissing, Argument::Plugin),
    (
        "core-route-missing",
        Kind::CoreRouteMissing,
        Argument::Plugin,
    ),
    ("route-late", Kind::RouteLate, Argument::Milliseconds),
    ("plugin-down", Kind::PluginDown, Argument::Plugin),
    ("other-seed", Kind::OtherSeed, Argument::Plugin),
    ("unwell", Kind::Unwell, Argument::Nothing),
    ("deadlock", Kind::Deadlock, Argument::AnyPluginOnce),
    ("busy", Kind::Busy, Argument::Count),
    ("too-many", Kind::TooMany, Argument::Count),
    ("login-page", Kind::LoginPage, Argument::CountOrAlways),
    ("redirect", Kind::Redirect, Argument::Nothing),
    ("truncated", Kind::Truncated, Argument::Count),
    ("empty-200", Kind::Empty200, Argument::Count),
    ("core-down", Kind::CoreDown, Argument::Nothing),
    ("database-down", Kind::DatabaseDown, Argument::Nothing),
    ("clock", Kind::Clock, Argument::Seconds),
    ("seed-differs", Kind::SeedDiffers, Argument::Nothing),
];

/// The names of the faults.
pub fn fault_names() -> Vec<&'static str> {
    FAULTS.iter().map(|(name, ..)| *name).collect()
}

/// Why a fault's text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// Unknown name.
    Unknown(String),
    /// Missing or wrong argument.
    Argument {
        /// Name of the fault.
        name: String,
        /// What it must be.
        wanted: WantedArgument,
    },
    /// The world has no old side.
    NoOldSide,
    /// The world has no such plugin.
    NoPlugin(String),
}

/// What stands behind the `=` of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedArgument {
    /// The name of a plugin.
    Plugin,
    /// `PLUGIN,MS`.
    PluginAndDelay,
    /// A whole number.
    WholeNumber,
    /// A number of milliseconds.
    Milliseconds,
    /// A number of seconds.
    Seconds,
}

impl Fault {
    /// Parses `[old:]NAME[=ARG]`.
    pub fn parse(spec: &str) -> Result<Self, FaultError> {
        let (side, rest) = match spec.split_once(':') {
            Some(("old", rest)) => (SideName::Old, rest),
            Some(("new", rest)) => (SideName::New, rest),
            _ => (SideName::New, spec),
        };
        let (name, given) = match rest.split_once('=') {
            Some((name, given)) => (name, Some(given)),
            None => (rest, None),
        };
        let (_, kind, argument) = FAULTS
            .into_iter()
            .find(|(known, ..)| *known == name)
            .ok_or_else(|| FaultError::Unknown(name.to_owned()))?;
        let wants = |wanted| FaultError::Argument {
            name: name.to_owned(),
            wanted,
        };
        let (first, second) = match given.and_then(|text| text.split_once(',')) {
            Some((first, second)) => (Some(first), Some(second)),
            None => (given, None),
        };
        let integer = |text: Option<&str>, default: Option<i64>, wanted| {
            text.map_or(default, |text| text.parse().ok())
                .ok_or_else(|| wants(wanted))
        };
        let count = |text: &str| text.parse().map_err(|_| wants(WantedArgument::WholeNumber));
        let not_empty = |text: Option<&str>| {
            text.filter(|name| !name.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| wants(WantedArgument::Plugin))
        };
        let mut fault = Self {
            side,
            kind,
            plugin: None,
            number: 0,
            left: None,
        };
        match argument {
            Argument::Nothing => {}
            Argument::Plugin => fault.plugin = Some(not_empty(given)?),
            Argument::AnyPlugin => fault.plugin = given.map(str::to_owned),
            Argument::AnyPluginOnce => {
                fault.plugin = given.map(str::to_owned);
                fault.left = Some(1);
            }
            Argument::PluginAndDelay => {
                fault.plugin = Some(not_empty(first)?);
                fault.number = integer(second, Some(300), WantedArgument::PluginAndDelay)?;
            }
            Argument::DelayAndPlugin => {
                fault.number = integer(first, None, WantedArgument::Milliseconds)?;
                fault.plugin = second.map(str::to_owned);
            }
            Argument::Milliseconds => {
                fault.number = integer(given, None, WantedArgument::WholeNumber)?;
            }
            Argument::Seconds => fault.number = integer(given, None, WantedArgument::Seconds)?,
            Argument::After => fault.number = integer(given, Some(0), WantedArgument::WholeNumber)?,
            Argument::Count => fault.left = Some(given.map_or(Ok(1), count)?),
            Argument::CountOrAlways => fault.left = given.map(count).transpose()?,
        }
        if fault.number < 0 && kind != Kind::Clock {
            return Err(wants(WantedArgument::WholeNumber));
        }
        Ok(fault)
    }

    /// The number as milliseconds or a count.
    pub fn amount(&self) -> u64 {
        self.number.unsigned_abs()
    }

    fn strikes(&self, side: SideName, kind: Kind, plugin: &str) -> bool {
        self.side == side
            && self.kind == kind
            && self.left != Some(0)
            && self.plugin.as_ref().is_none_or(|own| own == plugin)
    }
}

/// The faults of a running world.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Parses a world's faults; `World::check` has refused those that cannot be parsed.
    pub fn of(specs: &[String]) -> Self {
        Self(
            specs
                .iter()
                .filter_map(|spec| Fault::parse(spec).ok())
                .collect(),
        )
    }

    /// Adds a fault while the world runs.
    pub fn add(&mut self, spec: &str) -> Result<(), FaultError> {
        self.0.push(Fault::parse(spec)?);
        Ok(())
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault of that kind that concerns the plugin.
    pub fn find(&self, side: SideName, kind: Kind, plugin: &str) -> Option<&Fault> {
        self.0
            .iter()
            .find(|fault| fault.strikes(side, kind, plugin))
    }

    /// Whether a fault of that kind concerns the plugin.
    pub fn hits(&self, side: SideName, kind: Kind, plugin: &str) -> bool {
        self.find(side, kind, plugin).is_some()
    }

    /// Whether the side has a fault of that kind.
    pub fn has(&self, side: SideName, kind: Kind) -> bool {
        self.hits(side, kind, "")
    }

    /// As [`Self::hits`]; counts down a fault that strikes only so often.
    pub fn strike(&mut self, side: SideName, kind: Kind, plugin: &str) -> bool {
        let found = self
            .0
            .iter_mut()
            .find(|fault| fault.strikes(side, kind, plugin));
        if let Some(fault) = found {
            fault.left = fault.left.map(|left| left - 1);
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_fault_parses() {
        let table = include_str!("faults.rs");
        let names: Vec<&str> = table
            .lines()
            .filter_map(|line| line.strip_prefix("//! | `"))
            .filter_map(|line| line.split(['`', '[', '=']).next())
            .collect();
        assert_eq!(names, FAULTS.map(|(name, ..)| name));
        for name in names {
            let spec = match name {
                "slow-register" | "route-late" | "clock" | "portal-status" => format!("{name}=5"),
                "host-down" | "portal-504" | "busy" | "too-many" | "login-page" | "truncated"
                | "lost-write" | "empty-200" => name.to_owned(),
                _ => format!("{name}=wecmdb"),
            };
            assert!(Fault::parse(&spec).is_ok(), "{spec}");
        }
    }

    #[test]
    fn fault_with_a_count_strikes_that_often() {
        let mut faults = Faults::default();
        faults.add("busy=2").unwrap();
        let mut strikes = 0;
        while faults.strike(SideName::New, Kind::Busy, "") {
            strikes += 1;
        }
        assert_eq!(strikes, 2);
    }

    #[test]
    fn side_prefix_is_parsed() {
        let fault = Fault::parse("old:clock=-90").unwrap();
        assert_eq!(fault.side, SideName::Old);
        assert_eq!((fault.kind, fault.number), (Kind::Clock, -90));
        assert_eq!(
            Fault::parse("nonsense"),
            Err(FaultError::Unknown("nonsense".to_owned()))
        );
    }
}
