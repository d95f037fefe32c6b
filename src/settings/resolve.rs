//! Flags, files and defaults → [`Settings`]. Every fault is found before any is reported.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::address::parse_address;
use super::duration::{parse_duration, show_duration};
use super::file::{ConfigFile, SideSection};
use super::given::{Given, GivenSide};
use super::values::{Effective, SeedSource, Settings, SideSettings, Source};
use crate::deploy::env::EnvFile;
use crate::domain::{Address, Generation, InstanceIdentity, PluginName, Side, Version};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};
use crate::plan::WriteTo;

/// Default of `--parallel`.
pub const DEFAULT_PARALLEL: usize = 8;
/// Default of `--unknown-after`: longer than the portal's nginx waits (180 s on v4.0.0).
pub const DEFAULT_UNKNOWN_AFTER: Duration = Duration::from_mins(5);
/// Default of `--request-timeout`.
pub const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Default of `--body-limit`.
pub const DEFAULT_BODY_LIMIT_MIB: usize = 64;
/// Default of `--user`.
pub const DEFAULT_USER: &str = "wecubectl";

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// Each fault; never empty.
    pub faults: Vec<Text>,
}

impl Failure for SettingsError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        let one = self.faults.first().cloned();
        one.unwrap_or_else(|| Text::new("report-outcome-usage"))
    }

    fn messages(&self) -> Vec<Text> {
        self.faults.clone()
    }
}

/// Files that were named, read.
#[derive(Default)]
pub struct Files {
    config: Option<(PathBuf, ConfigFile)>,
    env: Option<(PathBuf, EnvFile)>,
}

impl Files {
    /// Reads the files that the flags (and the configuration) name.
    pub fn read(given: &Given) -> Result<Self, SettingsError> {
        let mut faults = Vec::new();
        let config = given
            .config
            .as_deref()
            .and_then(|path| keep(read_config(path), &mut faults));
        let env_path = given.env_file.clone().or_else(|| {
            config
                .as_ref()
                .and_then(|(_, file): &(PathBuf, ConfigFile)| file.env_file.clone())
        });
        let env = env_path.as_deref().and_then(|path| match read_env(path) {
            Ok(env) => Some(env),
            Err(found) => {
                faults.extend(found);
                None
            }
        });
        if faults.is_empty() {
            Ok(Self { config, env })
        } else {
            Err(SettingsError { faults })
        }
    }

    /// The env file, where one is named.
    pub fn env(&self) -> Option<(&Path, &EnvFile)> {
        let (path, file) = self.env.as_ref()?;
        Some((path, file))
    }

    /// The language that the configuration asks for.
    pub fn lang(&self) -> Option<&str> {
        self.config.as_ref()?.1.lang.as_deref()
    }
}

fn keep<T>(result: Result<T, Text>, faults: &mut Vec<Text>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

fn read_text(path: &Path) -> Result<String, Text> {
    fs_err::read_to_string(path).map_err(|error| file_unreadable(path, &error))
}

/// A file that was named on the command line or in the configuration cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    path: PathBuf,
    cause: Text,
}

impl UnreadableFile {
    /// Why `path` cannot be read.
    pub fn new(path: &Path, error: &io::Error) -> Self {
        Self {
            path: path.to_owned(),
            cause: io_message(error),
        }
    }
}

impl Failure for UnreadableFile {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        Text::new("settings-file-unreadable")
            .with("path", self.path.display())
            .nested("error", self.cause.clone())
    }
}

/// [`UnreadableFile`] as a message.
pub fn file_unreadable(path: &Path, error: &io::Error) -> Text {
    UnreadableFile::new(path, error).message()
}

fn read_config(path: &Path) -> Result<(PathBuf, ConfigFile), Text> {
    let file = ConfigFile::parse(&read_text(path)?).map_err(|error| {
        Text::new("settings-config-malformed")
            .with("path", path.display())
            .with("error", error)
    })?;
    Ok((path.to_owned(), file))
}

fn read_env(path: &Path) -> Result<(PathBuf, EnvFile), Vec<Text>> {
    let text = read_text(path).map_err(|fault| vec![fault])?;
    let file = EnvFile::parse(&text).map_err(|faults| {
        let in_file = |text: Text| {
            Text::new("settings-env-fault")
                .with("path", path.display())
                .nested("fault", text)
        };
        faults
            .iter()
            .map(|fault| in_file(fault.text()))
            .collect::<Vec<_>>()
    })?;
    Ok((path.to_owned(), file))
}

/// Resolves everything; `given` is taken apart whole, so that a new flag cannot be forgotten.
#[expect(
    clippy::too_many_lines,
    reason = "one line a setting, in one readable chain"
)]
pub fn resolve(given: Given, files: &Files) -> Result<Settings, SettingsError> {
    let Given {
        config: _,
        env_file: _,
        new,
        old,
        seed_file,
        old_seed_file,
        user,
        authorities,
        gateway_url,
        parallel,
        plugins,
        skip_plugins,
        all_running,
        picks,
        write_to,
        deep,
        unknown_after,
        state_dir,
        request_timeout,
        ca_file,
        insecure,
        body_limit_mib,
    } = given;
    let default = ConfigFile::default();
    let file = files.config.as_ref().map_or(&default, |(_, file)| file);
    let mut at = Layers {
        files,
        effective: Vec::new(),
        faults: Vec::new(),
    };
    let new = at.side(Side::New, new, &file.new);
    let old = at.side(Side::Old, old, &file.old);
    let seed = at.seed(
        "auth.seed_file",
        seed_file,
        file.auth.seed_file.as_ref(),
        true,
    );
    let old_seed = at.seed(
        "auth.old_seed_file",
        old_seed_file,
        file.auth.old_seed_file.as_ref(),
        false,
    );
    let user = at
        .pick("auth.user", user, file.auth.user.clone())
        .unwrap_or_else(|| at.fall("auth.user", DEFAULT_USER.to_owned()));
    let authorities = at.list(
        "auth.authorities",
        authorities,
        file.auth.authorities.clone().unwrap_or_default(),
    );
    let gateway_url = at.gateway_url(gateway_url, file.apply.gateway_url.clone());
    let parallel = at
        .pick("apply.parallel", parallel, file.apply.parallel)
        .unwrap_or_else(|| at.fall("apply.parallel", DEFAULT_PARALLEL));
    if parallel == 0 {
        at.faults.push(Text::new("settings-parallel-zero"));
    }
    let plugins = at.list("apply.plugin", plugins, Vec::new());
    let skip_plugins = at.list(
        "apply.skip_plugin",
        skip_plugins,
        file.apply.skip_plugin.clone(),
    );
    let picks = at.picks(&picks);
    let write_to = at.write_to(write_to, file.apply.write_to.clone());
    let unknown_after = at.duration(
        "apply.unknown_after",
        unknown_after,
        file.apply.unknown_after.clone(),
        DEFAULT_UNKNOWN_AFTER,
    );
    let request_timeout = at.duration(
        "client.request_timeout",
        request_timeout,
        file.client.request_timeout.clone(),
        DEFAULT_REQUEST_TIMEOUT,
    );
    let state_dir = at.path("state_dir", state_dir, file.state_dir.clone());
    let ca_file = at.path("client.ca_file", ca_file, file.client.ca_file.clone());
    let insecure = at
        .pick(
            "client.insecure",
            insecure.then_some(true),
            file.client.insecure,
        )
        .unwrap_or(false);
    let body_limit_mib = at
        .pick(
            "client.body_limit_mib",
            body_limit_mib,
            file.client.body_limit_mib,
        )
        .unwrap_or_else(|| at.fall("client.body_limit_mib", DEFAULT_BODY_LIMIT_MIB));
    if !(1..=4096).contains(&body_limit_mib) {
        at.faults
            .push(Text::new("settings-body-limit-range").with("value", body_limit_mib));
    }
    if !at.faults.is_empty() {
        return Err(SettingsError { faults: at.faults });
    }
    Ok(Settings {
        new,
        old,
        seed,
        old_seed,
        user,
        authorities,
        gateway_url,
        parallel,
        plugins,
        skip_plugins,
        all_running,
        picks,
        write_to,
        deep,
        unknown_after,
        state_dir,
        request_timeout,
        ca_file,
        insecure,
        body_limit: body_limit_mib * 1024 * 1024,
        effective: at.effective,
    })
}

/// The layers of one run, what was taken from them, and what was wrong.
struct Layers<'a> {
    files: &'a Files,
    effective: Vec<Effective>,
    faults: Vec<Text>,
}

impl Layers<'_> {
    fn note(&mut self, key: &str, value: impl Display, source: Source) {
        self.effective.push(Effective {
            key: key.to_owned(),
            value: value.to_string(),
            source,
        });
    }

    fn config_source(&self) -> Source {
        self.files
            .config
            .as_ref()
            .map_or(Source::Default, |(path, _)| Source::Config(path.clone()))
    }

    /// Flag, else configuration; the one taken is noted.
    fn pick<T: Display>(&mut self, key: &str, flag: Option<T>, config: Option<T>) -> Option<T> {
        let (value, source) = match (flag, config) {
            (Some(value), _) => (value, Source::Flag),
            (None, Some(value)) => (value, self.config_source()),
            (None, None) => return None,
        };
        self.note(key, &value, source);
        Some(value)
    }

    fn fall<T: Display>(&mut self, key: &str, value: T) -> T {
        self.note(key, &value, Source::Default);
        value
    }

    fn list(&mut self, key: &str, flag: Vec<String>, config: Vec<String>) -> Vec<String> {
        let (values, source) = if flag.is_empty() {
            (config, self.config_source())
        } else {
            (flag, Source::Flag)
        };
        if !values.is_empty() {
            self.note(key, values.join(", "), source);
        }
        values
    }

    fn path(
        &mut self,
        key: &str,
        flag: Option<PathBuf>,
        config: Option<PathBuf>,
    ) -> Option<PathBuf> {
        let source = if flag.is_some() {
            Source::Flag
        } else {
            self.config_source()
        };
        let path = flag.or(config)?;
        self.note(key, path.display(), source);
        Some(path)
    }

    fn duration(
        &mut self,
        key: &str,
        flag: Option<String>,
        config: Option<String>,
        default: Duration,
    ) -> Duration {
        let Some(typed) = self.pick(key, flag, config) else {
            self.fall(key, show_duration(default));
            return default;
        };
        parse_duration(&typed).unwrap_or_else(|| {
            self.faults.push(
                Text::new("settings-duration")
                    .with("key", key)
                    .with("value", &typed),
            );
            default
        })
    }

    fn seed(
        &mut self,
        key: &str,
        flag: Option<PathBuf>,
        config: Option<&PathBuf>,
        from_env: bool,
    ) -> Option<SeedSource> {
        let source = if flag.is_some() {
            Source::Flag
        } else {
            self.config_source()
        };
        if let Some(path) = flag.or_else(|| config.cloned()) {
            let seed = if path.as_os_str() == "-" {
                SeedSource::Stdin
            } else {
                SeedSource::File(path)
            };
            self.note(key, &seed, source);
            return Some(seed);
        }
        let (path, env) = self.files.env.as_ref().filter(|_| from_env)?;
        env.get("JWT_SIGNING_KEY")?;
        let (seed, source) = (
            SeedSource::EnvFile(path.clone()),
            Source::EnvFile(path.clone()),
        );
        self.note(key, &seed, source);
        Some(seed)
    }

    fn gateway_url(&mut self, flag: Option<String>, config: Option<String>) -> Option<String> {
        let key = "apply.gateway_url";
        let typed = self.pick(key, flag, config)?;
        Some(self.address(key, &typed)?.as_str().to_owned())
    }

    fn address_fault(&mut self, key: &str, typed: &str, why: &Text) {
        // A password in an address is not repeated.
        let shown = typed
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .escape_default();
        let fault = Text::new("settings-address")
            .with("key", key)
            .with("value", shown);
        self.faults.push(fault.nested("why", why.clone()));
    }

    fn address(&mut self, key: &str, typed: &str) -> Option<Address> {
        parse_address(typed)
            .map_err(|error| self.address_fault(key, typed, &error.text()))
            .ok()
    }

    fn picks(&mut self, typed: &[String]) -> BTreeMap<PluginName, Version> {
        let mut picks = BTreeMap::new();
        for pick in typed {
            match pick
                .split_once('=')
                .filter(|(name, version)| !name.is_empty() && !version.is_empty())
            {
                Some((name, version)) => {
                    if picks
                        .insert(PluginName::new(name), Version::new(version))
                        .is_some()
                    {
                        self.faults
                            .push(Text::new("settings-pick-twice").with("name", name));
                    }
                }
                None => self
                    .faults
                    .push(Text::new("settings-pick-malformed").with("value", pick)),
            }
        }
        picks
    }

    fn write_to(&mut self, flag: Option<String>, config: Option<String>) -> WriteTo {
        let typed = self.pick("apply.write_to", flag, config);
        match typed.as_deref() {
            None => {
                self.fall("apply.write_to", "new");
                WriteTo::New
            }
            Some("new") => WriteTo::New,
            Some("old") => WriteTo::Old,
            Some("both") => WriteTo::Both,
            Some(other) => {
                self.faults
                    .push(Text::new("settings-write-to").with("value", other));
                WriteTo::New
            }
        }
    }

    fn side(&mut self, side: Side, flags: GivenSide, config: &SideSection) -> Option<SideSettings> {
        let key = |field: &str| format!("{side}.{field}");
        let mut core = self.pick(&key("core"), flags.core, config.core.clone());
        let mut gateway = self.pick(&key("gateway"), flags.gateway, config.gateway.clone());
        let mut portals = self.list(&key("portal"), flags.portals, config.portal.clone());
        let generation = self
            .pick(
                &key("generation"),
                flags.generation,
                config.generation.clone(),
            )
            .and_then(|typed| self.generation(&typed));
        if side == Side::New {
            self.fill_from_env_file(&mut core, &mut gateway, &mut portals);
        }
        if core.is_none() && gateway.is_none() && portals.is_empty() {
            return None;
        }
        for (missing, field) in [
            (core.is_none(), "core"),
            (gateway.is_none(), "gateway"),
            (portals.is_empty(), "portal"),
        ] {
            if missing {
                self.faults.push(
                    Text::new("settings-side-incomplete")
                        .with("side", side)
                        .with("field", field),
                );
            }
        }
        let core = self.address(&key("core"), &core?);
        let gateway = self.address(&key("gateway"), &gateway?);
        let mut known: Vec<Address> = Vec::new();
        for typed in &portals {
            let address = self.address(&key("portal"), typed)?;
            if known.contains(&address) {
                self.faults.push(
                    Text::new("settings-portal-twice")
                        .with("side", side)
                        .with("value", &address),
                );
            } else {
                known.push(address);
            }
        }
        let identity = InstanceIdentity {
            side,
            core: core?,
            gateway: gateway?,
            portals: known,
        };
        Some(SideSettings {
            identity,
            generation,
        })
    }

    fn generation(&mut self, typed: &str) -> Option<Generation> {
        match typed {
            "v3" => Some(Generation::V3),
            "v4" => Some(Generation::V4),
            other => {
                self.faults
                    .push(Text::new("settings-generation").with("value", other));
                None
            }
        }
    }

    /// The document's own ports: core 8000, gateway 8005, portal 8080 of `HOSTIP`.
    fn fill_from_env_file(
        &mut self,
        core: &mut Option<String>,
        gateway: &mut Option<String>,
        portals: &mut Vec<String>,
    ) {
        let Some((path, env)) = &self.files.env else {
            return;
        };
        let Some(host) = env.get("HOSTIP").map(str::to_owned) else {
            return;
        };
        let source = Source::EnvFile(path.clone());
        if core.is_none() {
            let value = format!("http://{host}:8000");
            self.note("new.core", &value, source.clone());
            *core = Some(value);
        }
        if gateway.is_none() {
            let value = format!("http://{host}:8005");
            self.note("new.gateway", &value, source.clone());
            *gateway = Some(value);
        }
        if portals.is_empty() {
            let value = format!("http://{host}:8080");
            self.note("new.portal", &value, source);
            portals.push(value);
        }
    }
}
