//! Faults that a world can have, as text: `[old:]NAME[=ARG]`. Without `old:` a fault is of the new
//! side. `PLUGIN` is a plugin's name, `N` a number of requests, `MS` milliseconds.
//!
//! | fault | effect |
//! |---|---|
//! | `host-down[=K]` | the static host refuses ssh from the start, or after K finished registers |
//! | `host-wrong-password` | the static host refuses the password |
//! | `not-writable=PLUGIN` | the plugin's directory on the static host may not be written |
//! | `ui-zip-missing=PLUGIN` | the plugin's `ui.zip` is gone from S3 |
//! | `no-effect=PLUGIN` | its register is answered OK and does nothing |
//! | `lost-answer=PLUGIN[,MS]` | its register's connection is closed, the effect comes MS (300) later |
//! | `lost-for-good=PLUGIN` | its register's connection is closed and nothing ever happens |
//! | `lost-write[=N]` | the first N (1) writes of a system variable and uploads take effect, and their connection is closed |
//! | `slow-register=MS[,PLUGIN]` | registers take MS longer |
//! | `portal-504[=N]` | the first N (1) registers through the portal get nginx's 504 while core goes on |
//! | `old-breaks[=PLUGIN]` | both sides' static hosts overlap: a register on new takes the plugin's files from the old portals |
//! | `mixed-files=PLUGIN` | its register is answered OK with another plugin's bytes under its paths |
//! | `html-script=PLUGIN` | its scripts arrive as an HTML page with 200 |
//! | `empty-file=PLUGIN` | its scripts arrive with length zero |
//! | `forbidden-file=PLUGIN` | its scripts may not be read by nginx: 403 |
//! | `portal-502=PLUGIN` | its scripts get an nginx page with 502 |
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
//! | `clock=S` | the side's clock is S seconds ahead (negative: behind) |
//! | `seed-differs` | the side verifies tokens with another seed |

use thiserror::Error;

use super::wire::SideName;
use super::world::World;

/// A fault, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which side has it.
    pub side: SideName,
    /// What it is.
    pub kind: Kind,
    /// How often it still strikes; `None` means always.
    pub left: Option<u64>,
}

/// What a fault does; the module's table says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the module's table documents each by its name")]
pub enum Kind {
    HostDown { after: u64 },
    HostWrongPassword,
    NotWritable(String),
    UiZipMissing(String),
    NoEffect(String),
    LostAnswer { plugin: String, after_ms: u64 },
    LostForGood(String),
    LostWrite,
    SlowRegister { ms: u64, plugin: Option<String> },
    Portal504,
    OldBreaks(Option<String>),
    MixedFiles(String),
    HtmlScript(String),
    EmptyFile(String),
    ForbiddenFile(String),
    Portal502(String),
    PortalLacks(String),
    RouteMissing(String),
    CoreRouteMissing(String),
    RouteLate(u64),
    PluginDown(String),
    OtherSeed(String),
    Unwell,
    Deadlock(Option<String>),
    Busy,
    TooMany,
    LoginPage,
    Redirect,
    Truncated,
    Empty200,
    CoreDown,
    Clock(i64),
    SeedDiffers,
}

/// Why a fault's text is refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FaultError {
    /// No fault of that name.
    #[error("no fault is called {0:?}")]
    Unknown(String),
    /// It wants an argument.
    #[error("fault {name} wants {what} after =")]
    Argument {
        /// Its name.
        name: String,
        /// What is missing.
        what: &'static str,
    },
    /// The world has no old side.
    #[error("the world has no old side to give this fault to")]
    NoOldSide,
    /// The world has no such plugin.
    #[error("the world has no plugin {0:?}")]
    NoPlugin(String),
}

/// Adds a fault to a world after looking whether it fits.
pub fn apply_fault(world: &mut World, spec: &str) -> Result<(), FaultError> {
    let fault = Fault::parse(spec)?;
    if fault.side == SideName::Old && world.old.is_none() {
        return Err(FaultError::NoOldSide);
    }
    if let Some(plugin) = fault.plugin()
        && !world.content.packages.iter().any(|p| p.name == plugin)
        && !world.uploads.iter().any(|p| p.name == plugin)
    {
        return Err(FaultError::NoPlugin(plugin.to_owned()));
    }
    world.faults.push(spec.to_owned());
    Ok(())
}

impl Fault {
    /// Reads `[old:]NAME[=ARG]`.
    pub fn parse(spec: &str) -> Result<Self, FaultError> {
        let (side, rest) = match spec.split_once(':') {
            Some(("old", rest)) => (SideName::Old, rest),
            Some(("new", rest)) => (SideName::New, rest),
            _ => (SideName::New, spec),
        };
        let (name, argument) = match rest.split_once('=') {
            Some((name, argument)) => (name, Some(argument)),
            None => (rest, None),
        };
        let given = Argument { name, argument };
        let (kind, left) = given.kind()?;
        Ok(Self { side, kind, left })
    }

    /// The plugin that it concerns, if it concerns one.
    pub fn plugin(&self) -> Option<&str> {
        match &self.kind {
            Kind::NotWritable(plugin)
            | Kind::UiZipMissing(plugin)
            | Kind::NoEffect(plugin)
            | Kind::LostAnswer { plugin, .. }
            | Kind::LostForGood(plugin)
            | Kind::MixedFiles(plugin)
            | Kind::HtmlScript(plugin)
            | Kind::EmptyFile(plugin)
            | Kind::ForbiddenFile(plugin)
            | Kind::Portal502(plugin)
            | Kind::PortalLacks(plugin)
            | Kind::RouteMissing(plugin)
            | Kind::CoreRouteMissing(plugin)
            | Kind::OtherSeed(plugin)
            | Kind::PluginDown(plugin) => Some(plugin),
            Kind::OldBreaks(plugin)
            | Kind::Deadlock(plugin)
            | Kind::SlowRegister { plugin, .. } => plugin.as_deref(),
            _ => None,
        }
    }
}

/// Name and argument while they are read.
struct Argument<'a> {
    name: &'a str,
    argument: Option<&'a str>,
}

impl Argument<'_> {
    fn kind(&self) -> Result<(Kind, Option<u64>), FaultError> {
        let always = |kind| Ok((kind, None));
        match self.name {
            "host-down" => always(Kind::HostDown {
                after: self.number_or(0)?,
            }),
            "host-wrong-password" => always(Kind::HostWrongPassword),
            "not-writable" => always(Kind::NotWritable(self.plugin()?)),
            "ui-zip-missing" => always(Kind::UiZipMissing(self.plugin()?)),
            "no-effect" => always(Kind::NoEffect(self.plugin()?)),
            "lost-answer" => always(self.lost_answer()?),
            "lost-for-good" => always(Kind::LostForGood(self.plugin()?)),
            "lost-write" => self.counted(Kind::LostWrite),
            "slow-register" => always(self.slow_register()?),
            "portal-504" => self.counted(Kind::Portal504),
            "old-breaks" => always(Kind::OldBreaks(self.argument.map(str::to_owned))),
            "mixed-files" => always(Kind::MixedFiles(self.plugin()?)),
            "html-script" => always(Kind::HtmlScript(self.plugin()?)),
            "empty-file" => always(Kind::EmptyFile(self.plugin()?)),
            "forbidden-file" => always(Kind::ForbiddenFile(self.plugin()?)),
            "portal-502" => always(Kind::Portal502(self.plugin()?)),
            "portal-lacks" => always(Kind::PortalLacks(self.plugin()?)),
            "route-missing" => always(Kind::RouteMissing(self.plugin()?)),
            "core-route-missing" => always(Kind::CoreRouteMissing(self.plugin()?)),
            "route-late" => always(Kind::RouteLate(self.number()?)),
            "plugin-down" => always(Kind::PluginDown(self.plugin()?)),
            "other-seed" => always(Kind::OtherSeed(self.plugin()?)),
            "unwell" => always(Kind::Unwell),
            "deadlock" => Ok((Kind::Deadlock(self.argument.map(str::to_owned)), Some(1))),
            "busy" => self.counted(Kind::Busy),
            "too-many" => self.counted(Kind::TooMany),
            "login-page" => match self.argument {
                None => always(Kind::LoginPage),
                Some(_) => self.counted(Kind::LoginPage),
            },
            "redirect" => always(Kind::Redirect),
            "truncated" => self.counted(Kind::Truncated),
            "empty-200" => self.counted(Kind::Empty200),
            "core-down" => always(Kind::CoreDown),
            "clock" => always(Kind::Clock(self.seconds()?)),
            "seed-differs" => always(Kind::SeedDiffers),
            unknown => Err(FaultError::Unknown(unknown.to_owned())),
        }
    }

    fn counted(&self, kind: Kind) -> Result<(Kind, Option<u64>), FaultError> {
        Ok((kind, Some(self.number_or(1)?)))
    }

    fn missing(&self, what: &'static str) -> FaultError {
        FaultError::Argument {
            name: self.name.to_owned(),
            what,
        }
    }

    fn plugin(&self) -> Result<String, FaultError> {
        match self.argument {
            Some(plugin) if !plugin.is_empty() => Ok(plugin.to_owned()),
            _ => Err(self.missing("a plugin's name")),
        }
    }

    fn number(&self) -> Result<u64, FaultError> {
        self.argument
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| self.missing("a whole number"))
    }

    fn number_or(&self, default: u64) -> Result<u64, FaultError> {
        match self.argument {
            None => Ok(default),
            Some(_) => self.number(),
        }
    }

    fn seconds(&self) -> Result<i64, FaultError> {
        self.argument
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| self.missing("seconds"))
    }

    fn lost_answer(&self) -> Result<Kind, FaultError> {
        let whole = self.plugin()?;
        let (plugin, after_ms) = match whole.split_once(',') {
            Some((plugin, ms)) => (
                plugin.to_owned(),
                ms.parse().map_err(|_| self.missing("PLUGIN,MS"))?,
            ),
            None => (whole, 300),
        };
        Ok(Kind::LostAnswer { plugin, after_ms })
    }

    fn slow_register(&self) -> Result<Kind, FaultError> {
        let argument = self.argument.ok_or_else(|| self.missing("milliseconds"))?;
        let (ms, plugin) = match argument.split_once(',') {
            Some((ms, plugin)) => (ms, Some(plugin.to_owned())),
            None => (argument, None),
        };
        let ms = ms.parse().map_err(|_| self.missing("milliseconds"))?;
        Ok(Kind::SlowRegister { ms, plugin })
    }
}

/// The faults of a running world.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Reads a world's faults; those that cannot be read were refused by [`World::check`].
    pub fn of(world: &World) -> Self {
        Self(
            world
                .faults
                .iter()
                .filter_map(|spec| Fault::parse(spec).ok())
                .collect(),
        )
    }

    /// Adds one while the world runs (for tests).
    pub fn add(&mut self, spec: &str) -> Result<(), FaultError> {
        self.0.push(Fault::parse(spec)?);
        Ok(())
    }

    /// Takes all away (for tests).
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault of that side which `pick` accepts.
    pub fn find<T>(&self, side: SideName, pick: impl Fn(&Kind) -> Option<T>) -> Option<T> {
        self.0
            .iter()
            .filter(|fault| fault.side == side && fault.left != Some(0))
            .find_map(|fault| pick(&fault.kind))
    }

    /// Whether that side has a fault which `is` accepts.
    pub fn has(&self, side: SideName, is: impl Fn(&Kind) -> bool) -> bool {
        self.find(side, |kind| is(kind).then_some(())).is_some()
    }

    /// As [`Self::has`], and uses it up once if it strikes only so often.
    pub fn strike(&mut self, side: SideName, is: impl Fn(&Kind) -> bool) -> bool {
        let found = self
            .0
            .iter_mut()
            .find(|fault| fault.side == side && fault.left != Some(0) && is(&fault.kind));
        match found {
            Some(fault) => {
                fault.left = fault.left.map(|left| left - 1);
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_the_table_can_be_written() {
        let table = include_str!("faults.rs");
        let names: Vec<&str> = table
            .lines()
            .filter_map(|line| line.strip_prefix("//! | `"))
            .filter_map(|line| line.split(['`', '[', '=']).next())
            .collect();
        assert!(names.len() > 25);
        for name in names {
            let spec = match name {
                "slow-register" | "route-late" | "clock" => format!("{name}=5"),
                "host-down" | "portal-504" | "busy" | "too-many" | "login-page" | "truncated"
                | "lost-write" | "empty-200" => name.to_owned(),
                _ => format!("{name}=wecmdb"),
            };
            assert!(Fault::parse(&spec).is_ok(), "{spec}");
        }
    }

    #[test]
    fn a_fault_that_strikes_twice_strikes_twice() {
        let mut faults = Faults::default();
        faults.add("busy=2").unwrap();
        let mut strikes = 0;
        while faults.strike(SideName::New, |kind| *kind == Kind::Busy) {
            strikes += 1;
        }
        assert_eq!(strikes, 2);
    }

    #[test]
    fn the_side_is_part_of_the_text() {
        let fault = Fault::parse("old:clock=-90").unwrap();
        assert_eq!(fault.side, SideName::Old);
        assert_eq!(fault.kind, Kind::Clock(-90));
        assert_eq!(
            Fault::parse("nonsense"),
            Err(FaultError::Unknown("nonsense".to_owned()))
        );
    }
}
