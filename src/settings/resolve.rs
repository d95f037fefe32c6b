//! Flags, files and defaults → [`Settings`]. Every fault is found before any is reported.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use super::address::parse_address;
use super::duration::{parse_duration, show_duration};
use super::file::{ApplySection, ConfigFile, SideSection};
use super::files::{Files, SettingsError};
use super::given::{ConnectFlags, Given, SelectFlags};
use super::values::{Effective, SeedSource, Settings, SideSettings, Source};
use crate::domain::{Address, Generation, InstanceIdentity, PluginName, Side, Version};
use crate::error::Failure as _;
use crate::i18n::Text;
use crate::plan::{Upgrade, WriteTo};

/// Default of `--parallel`.
pub const DEFAULT_PARALLEL: usize = 8;
/// Default of `--unknown-after`: longer than the portal's nginx waits (180 s on v4.0.0).
pub const DEFAULT_UNKNOWN_AFTER: Duration = Duration::from_mins(5);
/// Default of `--settle`: a gateway that has just started loads its routes within 90 s.
const DEFAULT_SETTLE: Duration = Duration::from_mins(2);
/// Default of `--request-timeout`.
pub const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Default of `--deadline` for commands that only read: less than the time between two scheduled checks.
pub const DEFAULT_DEADLINE: Duration = Duration::from_mins(10);
/// Default of `--body-limit`.
pub const DEFAULT_BODY_LIMIT_MIB: usize = 64;
/// Default of `--user`.
pub const DEFAULT_USER: &str = "wecubectl";

/// Resolves everything. The flags are destructured whole, so that a new one cannot be forgotten.
#[expect(clippy::too_many_lines, reason = "one statement for each setting")]
pub fn resolve(given: Given, files: &Files) -> Result<Settings, SettingsError> {
    let ConnectFlags {
        new_core,
        new_gateway,
        new_portal,
        new_generation,
        old_core,
        old_gateway,
        old_portal,
        old_generation,
        seed_file,
        old_seed_file,
        user,
        authority,
        request_timeout,
        deadline,
        ca_file,
        client_cert,
        client_key,
        insecure,
        body_limit,
        deep,
    } = given.connect;
    let SelectFlags {
        plugin,
        skip_plugin,
        all_running,
        pick_version,
        register_unverified,
        write_to,
        gateway_url,
        coexisting,
        in_place,
        parallel,
        unknown_after,
        settle,
    } = given.select;
    let default = ConfigFile::default();
    let file = files.config.as_ref().map_or(&default, |(_, file)| file);
    let (auth, apply, client) = (&file.auth, &file.apply, &file.client);
    let mut at = Layers {
        files,
        effective: Vec::new(),
        faults: Vec::new(),
    };
    let new = SideSection {
        core: new_core,
        gateway: new_gateway,
        portal: new_portal,
        generation: new_generation,
    };
    let new = at.side(Side::New, new, &file.new);
    let old = SideSection {
        core: old_core,
        gateway: old_gateway,
        portal: old_portal,
        generation: old_generation,
    };
    let old = at.side(Side::Old, old, &file.old);
    let seed = at.seed("auth.seed_file", seed_file, auth.seed_file.as_ref());
    let seed = seed.or_else(|| at.seed_of_env_file("auth.seed_file"));
    let old_seed = at.seed(
        "auth.old_seed_file",
        old_seed_file,
        auth.old_seed_file.as_ref(),
    );
    let user = at.pick_or(
        "auth.user",
        user,
        auth.user.as_ref(),
        DEFAULT_USER.to_owned(),
    );
    let configured = auth.authorities.clone().unwrap_or_default();
    let authorities = at.list("auth.authorities", authority, configured);
    let gateway_url = at.gateway_url(gateway_url, apply.gateway_url.as_ref());
    let upgrade = at.upgrade(coexisting, in_place, apply);
    if upgrade == Upgrade::InPlace && old.is_some() {
        at.faults.push(Text::new("settings-in-place-with-old"));
    }
    let parallel = at.pick_or(
        "apply.parallel",
        parallel,
        apply.parallel.as_ref(),
        DEFAULT_PARALLEL,
    );
    if parallel == 0 {
        at.faults.push(Text::new("settings-parallel-zero"));
    }
    let plugins = at.list("apply.plugin", plugin, Vec::new());
    let skip_plugins = at.list("apply.skip_plugin", skip_plugin, apply.skip_plugin.clone());
    let picks = at.picks(&pick_version);
    let write_to = at.write_to(write_to, apply.write_to.as_ref());
    let unknown_after = at.duration(
        "apply.unknown_after",
        unknown_after,
        apply.unknown_after.as_ref(),
        DEFAULT_UNKNOWN_AFTER,
    );
    let settle = at.duration(
        "apply.settle",
        settle,
        apply.settle.as_ref(),
        DEFAULT_SETTLE,
    );
    let request_timeout = at.duration(
        "client.request_timeout",
        request_timeout,
        client.request_timeout.as_ref(),
        DEFAULT_REQUEST_TIMEOUT,
    );
    let deadline = at.deadline(deadline, client.deadline.as_ref());
    let state_dir = at.path("state_dir", given.state_dir, file.state_dir.as_ref());
    let ca_file = at.path("client.ca_file", ca_file, client.ca_file.as_ref());
    let client_cert = at.path(
        "client.client_cert",
        client_cert,
        client.client_cert.as_ref(),
    );
    let client_key = at.path("client.client_key", client_key, client.client_key.as_ref());
    if client_cert.is_some() != client_key.is_some() {
        at.faults.push(Text::new("settings-client-certificate"));
    }
    let insecure = insecure.then_some(true);
    let insecure = at.pick("client.insecure", insecure, client.insecure.as_ref());
    let body_limit_mib = at.pick_or(
        "client.body_limit_mib",
        body_limit,
        client.body_limit_mib.as_ref(),
        DEFAULT_BODY_LIMIT_MIB,
    );
    if !(1..=4096).contains(&body_limit_mib) {
        at.faults
            .push(Text::new("settings-body-limit-range").with("value", body_limit_mib));
    }
    let name = at.pick("name", None, file.name.as_ref());
    if name.as_deref().is_some_and(|name| !is_pair_name(name)) {
        at.faults.push(Text::new("settings-name"));
    }
    let expect_running = at.list(
        "check.expect_running",
        Vec::new(),
        file.check.expect_running.clone(),
    );
    // For `config show`; it is read where the other settings may be wrong.
    at.path("check.ping_file", None, file.check.ping_file.as_ref());
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
        upgrade,
        static_folder: static_folder(files),
        parallel,
        plugins,
        skip_plugins,
        all_running,
        picks,
        register_unverified: register_unverified
            .into_iter()
            .map(PluginName::new)
            .collect(),
        write_to,
        deep,
        unknown_after,
        settle,
        state_dir,
        request_timeout,
        deadline,
        ca_file,
        client_certificate: client_cert.zip(client_key),
        insecure: insecure.unwrap_or(false),
        body_limit: body_limit_mib * 1024 * 1024,
        name,
        expect_running: expect_running.into_iter().map(PluginName::new).collect(),
        effective: at.effective,
    })
}

/// Whether a name can be part of a file name, of a label and of a subject.
fn is_pair_name(name: &str) -> bool {
    let fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    begins && name.chars().count() <= 64 && name.chars().all(fit)
}

/// The last folder of `static_resource_server_path`, if portals serve another one. Several hosts have
/// several paths.
fn static_folder(files: &Files) -> Option<String> {
    let (_, env) = files.env.as_ref()?;
    let paths = env.get("static_resource_server_path")?.split(',');
    let mut folders = paths.filter_map(|path| path.trim().trim_end_matches('/').rsplit('/').next());
    let other = folders.find(|folder| !folder.is_empty() && *folder != "ui-resources");
    other.map(str::to_owned)
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

    /// The flag, else the configuration.
    fn given<T: Clone>(&self, flag: Option<T>, config: Option<&T>) -> Option<(T, Source)> {
        let flag = flag.map(|value| (value, Source::Flag));
        flag.or_else(|| Some((config?.clone(), self.config_source())))
    }

    /// The flag, else the configuration; the one taken is noted.
    fn pick<T: Clone + Display>(
        &mut self,
        key: &str,
        flag: Option<T>,
        config: Option<&T>,
    ) -> Option<T> {
        let (value, source) = self.given(flag, config)?;
        self.note(key, &value, source);
        Some(value)
    }

    fn pick_or<T: Clone + Display>(
        &mut self,
        key: &str,
        flag: Option<T>,
        config: Option<&T>,
        default: T,
    ) -> T {
        self.pick(key, flag, config).unwrap_or_else(|| {
            self.note(key, &default, Source::Default);
            default
        })
    }

    fn list(&mut self, key: &str, flag: Vec<String>, config: Vec<String>) -> Vec<String> {
        let flag = Some(flag).filter(|values| !values.is_empty());
        let Some((values, source)) = self.given(flag, Some(&config)) else {
            return Vec::new();
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
        config: Option<&PathBuf>,
    ) -> Option<PathBuf> {
        let (path, source) = self.given(flag, config)?;
        self.note(key, path.display(), source);
        Some(path)
    }

    fn duration(
        &mut self,
        key: &str,
        flag: Option<String>,
        config: Option<&String>,
        default: Duration,
    ) -> Duration {
        let typed = self.pick_or(key, flag, config, show_duration(default));
        self.parsed(key, &typed).unwrap_or(default)
    }

    /// The time limit of the run, if one is set.
    fn deadline(&mut self, flag: Option<String>, config: Option<&String>) -> Option<Duration> {
        let key = "client.deadline";
        let typed = self.pick(key, flag, config)?;
        self.parsed(key, &typed)
    }

    fn parsed(&mut self, key: &str, typed: &str) -> Option<Duration> {
        let parsed = parse_duration(key, typed);
        parsed
            .map_err(|error| self.faults.push(error.message()))
            .ok()
    }

    fn seed(
        &mut self,
        key: &str,
        flag: Option<PathBuf>,
        config: Option<&PathBuf>,
    ) -> Option<SeedSource> {
        let (path, source) = self.given(flag, config)?;
        let seed = if path.as_os_str() == "-" {
            SeedSource::Stdin
        } else {
            SeedSource::File(path)
        };
        self.note(key, &seed, source);
        Some(seed)
    }

    fn seed_of_env_file(&mut self, key: &str) -> Option<SeedSource> {
        let (path, env) = self.files.env.as_ref()?;
        env.get("JWT_SIGNING_KEY")?;
        let seed = SeedSource::EnvFile(path.clone());
        self.note(key, &seed, Source::EnvFile(path.clone()));
        Some(seed)
    }

    fn gateway_url(&mut self, flag: Option<String>, config: Option<&String>) -> Option<String> {
        let key = "apply.gateway_url";
        let typed = self.pick(key, flag, config)?;
        Some(self.address(key, &typed)?.as_str().to_owned())
    }

    /// A flag decides alone, whatever the configuration says.
    fn upgrade(&mut self, coexisting: bool, in_place: bool, config: &ApplySection) -> Upgrade {
        let config = (!coexisting && !in_place).then_some(config);
        let of_file = config.and_then(|apply| apply.coexisting.as_ref());
        let coexisting = self.pick("apply.coexisting", coexisting.then_some(true), of_file);
        let of_file = config.and_then(|apply| apply.in_place.as_ref());
        let in_place = self.pick("apply.in_place", in_place.then_some(true), of_file);
        match (coexisting.unwrap_or(false), in_place.unwrap_or(false)) {
            (true, true) => {
                self.faults.push(Text::new("settings-coexisting-in-place"));
                Upgrade::Unstated
            }
            (true, false) => Upgrade::Coexisting,
            (false, true) => Upgrade::InPlace,
            (false, false) => Upgrade::Unstated,
        }
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
            .map_err(|error| self.address_fault(key, typed, &error.message()))
            .ok()
    }

    fn picks(&mut self, typed: &[String]) -> BTreeMap<PluginName, Version> {
        let mut picks = BTreeMap::new();
        for pick in typed {
            let Some((name, version)) = pick
                .split_once('=')
                .filter(|(name, version)| !name.is_empty() && !version.is_empty())
            else {
                self.faults
                    .push(Text::new("settings-pick-malformed").with("value", pick));
                continue;
            };
            let earlier = picks.insert(PluginName::new(name), Version::new(version));
            if earlier.is_some() {
                self.faults
                    .push(Text::new("settings-pick-twice").with("name", name));
            }
        }
        picks
    }

    fn write_to(&mut self, flag: Option<String>, config: Option<&String>) -> WriteTo {
        let typed = self.pick_or("apply.write_to", flag, config, "new".to_owned());
        match typed.as_str() {
            "new" => WriteTo::New,
            "old" => WriteTo::Old,
            "both" => WriteTo::Both,
            other => {
                self.faults
                    .push(Text::new("settings-write-to").with("value", other));
                WriteTo::New
            }
        }
    }

    fn side(
        &mut self,
        side: Side,
        flags: SideSection,
        config: &SideSection,
    ) -> Option<SideSettings> {
        let key = |field: &str| format!("{side}.{field}");
        let mut core = self.pick(&key("core"), flags.core, config.core.as_ref());
        let mut gateway = self.pick(&key("gateway"), flags.gateway, config.gateway.as_ref());
        let mut portals = self.list(&key("portal"), flags.portal, config.portal.clone());
        let generation = self
            .pick(
                &key("generation"),
                flags.generation,
                config.generation.as_ref(),
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
                        .nested("label", side.label())
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
                        .nested("label", side.label())
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

    /// The ports of the upgrade guide on `HOSTIP`: core 8000, gateway 8005, portal 8080.
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
        let mut fill = |field: &str, port: u16| {
            let value = format!("http://{host}:{port}");
            self.note(&format!("new.{field}"), &value, source.clone());
            value
        };
        core.get_or_insert_with(|| fill("core", 8000));
        gateway.get_or_insert_with(|| fill("gateway", 8005));
        if portals.is_empty() {
            portals.push(fill("portal", 8080));
        }
    }
}
