//! What a simulated platform is made of: a value that can be written as a JSON file (`--world`)
//! and from which [`super::serve`] starts.
//!
//! A world says how things are at the start. What happens to them afterwards lives in
//! [`super::state`].

use serde::{Deserialize, Serialize};

use super::wire::SideName;

/// The signing seed of a platform that sets none (`docs/platform/tokens.md#signing-seed`).
pub const DEFAULT_SEED: &str = "Platform+Auth+Server+Secret";

/// A platform, or two of them, before anything has been asked of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct World {
    /// The instance that is upgraded to.
    pub new: SideSpec,
    /// The instance that is upgraded from; none in an in-place upgrade.
    pub old: Option<SideSpec>,
    /// Whether both sides work on one database (the upgrade document's way) or each on its own.
    pub database: DatabaseMode,
    /// The rows of the shared database, or of the new side's own one.
    pub content: Content,
    /// The rows of the old side's own database; none means a copy of `content`.
    pub old_content: Option<Content>,
    /// Packages that can be uploaded: what a zip named `NAME-VERSION.zip` holds.
    pub uploads: Vec<Package>,
    /// Signing seed of both sides, unless a side has its own.
    pub seed: String,
    /// Seed of everything random (dropped connections, ids): two runs of one world are alike.
    pub random_seed: u64,
    /// Faults, each `NAME[=ARG]` as in [`super::faults`].
    pub faults: Vec<String>,
    /// How long things take.
    pub timing: Timing,
}

impl Default for World {
    fn default() -> Self {
        Self {
            new: SideSpec::default(),
            old: None,
            database: DatabaseMode::Shared,
            content: Content::default(),
            old_content: None,
            uploads: Vec::new(),
            seed: DEFAULT_SEED.to_owned(),
            random_seed: 1,
            faults: Vec::new(),
            timing: Timing::default(),
        }
    }
}

/// One instance of the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SideSpec {
    /// What `appinfo/version` answers: `v3.2.6`, `v4.0.0`, `v4.5.6`, or any other text.
    pub version: String,
    /// How many portals there are, each with its own disk and its own static resource host.
    pub portals: usize,
    /// Which package versions' files lie on the portals' disks at the start.
    pub files: FilesAtStart,
    /// A seed of its own (then tokens signed with [`World::seed`] are refused here).
    pub seed: Option<String>,
    /// Seconds by which this side's clock is ahead (negative: behind) of the real one.
    pub clock_offset_s: i64,
    /// Directory on the static host; its last part begins every path that v4 writes.
    pub static_path: String,
    /// Users who can log in, `name` = `password`.
    pub users: Vec<User>,
    /// Docker hosts that `available-container-hosts` lists.
    pub container_hosts: Vec<String>,
}

impl Default for SideSpec {
    fn default() -> Self {
        Self {
            version: "v4.0.0".to_owned(),
            portals: 1,
            files: FilesAtStart::Nothing,
            seed: None,
            clock_offset_s: 0,
            static_path: "/data/app/platform/wecube-portal/data/ui-resources".to_owned(),
            users: vec![User::default()],
            container_hosts: vec!["127.0.0.1".to_owned()],
        }
    }
}

/// A user of the auth-server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct User {
    /// Login name.
    pub name: String,
    /// Password in clear text.
    pub password: String,
    /// What the access token's `authority` claim lists.
    pub authorities: Vec<String>,
}

impl Default for User {
    fn default() -> Self {
        Self {
            name: "umadmin".to_owned(),
            password: "umadmin".to_owned(),
            authorities: [
                "SUPER_ADMIN",
                "IMPLEMENTATION_WORKFLOW_EXECUTION",
                "COLLABORATION_PLUGIN_MANAGEMENT",
                "ADMIN_SYSTEM_PARAMS",
                "ADMIN_RESOURCES_MANAGEMENT",
                "ADMIN_USER_ROLE_MANAGEMENT",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }
}

/// Which plugin pages a side's portals have on their disks when the world starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilesAtStart {
    /// None: a new platform beside the old one.
    Nothing,
    /// Those of every package that is active (`REGISTERED`, `RUNNING`, `STOPPED`).
    Active,
}

/// One database for both sides, or one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseMode {
    /// Both sides read and write the same rows (`docs/platform/two-instances.md#one-database`).
    Shared,
    /// Each side has its own rows, with its own ids.
    Separate,
}

/// The rows of a database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    /// Plugin packages, in the order in which they were uploaded.
    pub packages: Vec<Package>,
    /// System variables beside the seed rows of the platform and the packages' own.
    pub variables: Vec<Variable>,
    /// Leave out the platform's own ten variables (`system__global__…`).
    pub no_seed_variables: bool,
}

/// A plugin package: one row of `plugin_packages` and what hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Package {
    /// Row id; empty: one is made in the form of `made_by`.
    pub id: String,
    /// Plugin name: gateway context and directory of its pages.
    pub name: String,
    /// Version as written, with or without `v`.
    pub version: String,
    /// `UNREGISTERED`, `REGISTERED`, `RUNNING`, `STOPPED` or `DECOMMISSIONED`.
    pub status: String,
    /// `community` or `enterprise`.
    pub edition: String,
    /// Which generation of the platform wrote the rows: tells the form of every id.
    pub made_by: MadeBy,
    /// `plugin_packages.upload_timestamp` as stored, `yyyy-MM-dd HH:mm:ss`. v3 writes its local
    /// time (UTC+8 where it was measured), v4 writes UTC (`coexist-packages.json`).
    pub upload_timestamp: String,
    /// The plugin's pages, if it has any.
    pub ui: Option<Ui>,
    /// What `register.xml` asks for.
    pub dependencies: Vec<Dependency>,
    /// Menu entries.
    pub menus: Vec<Menu>,
    /// Roles that `register.xml` grants menus to.
    pub authorities: Vec<Authority>,
    /// System parameters: variables whose source is `NAME__VERSION`.
    pub parameters: Vec<Parameter>,
    /// Launched containers.
    pub instances: Vec<Instance>,
    /// Docker resource.
    pub docker: Option<Docker>,
    /// `MySQL` schema it wants, if any.
    pub mysql_schema: Option<String>,
    /// S3 bucket it wants, if any.
    pub s3_bucket: Option<String>,
    /// v4.2+: whether this version's pages are the ones shown.
    pub ui_active: bool,
    /// v4.2+: who changed the row last.
    pub updated_by: String,
    /// v4.2+: when; empty means the upload time.
    pub updated_time: String,
    /// v4.2+: whether the registration was closed with `register-done`.
    pub register_done: bool,
    /// Which upgrade era a catalogue entry belongs to (only a note).
    #[serde(skip_serializing)]
    pub era: String,
}

impl Default for Package {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            version: "v1.0.0".to_owned(),
            status: "REGISTERED".to_owned(),
            edition: "community".to_owned(),
            made_by: MadeBy::V3,
            upload_timestamp: "2024-03-01 09:26:20".to_owned(),
            ui: None,
            dependencies: Vec::new(),
            menus: Vec::new(),
            authorities: Vec::new(),
            parameters: Vec::new(),
            instances: Vec::new(),
            docker: None,
            mysql_schema: None,
            s3_bucket: None,
            ui_active: false,
            updated_by: String::new(),
            updated_time: String::new(),
            register_done: true,
            era: String::new(),
        }
    }
}

/// Which generation of the platform made a row; ids have another form in each
/// (`docs/platform/two-instances.md#who-made-a-row`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MadeBy {
    /// Twelve characters like `vBKYDgiB2HoH`.
    V3,
    /// `plugin_…`, `p_docker_…`, `p_ui_…`, `sys_var_…`.
    V4,
}

/// The files in a package's `ui.zip`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ui {
    /// Directory of `index.html` in the zip; empty for the root.
    pub index_dir: String,
    /// Paths inside `index_dir`; empty means the eight of the recorded plugins.
    pub files: Vec<String>,
}

/// A dependency as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// Plugin name, or `platform`.
    pub name: String,
    /// Version asked for.
    pub version: String,
}

/// A menu entry of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Menu {
    /// Code, the key that `role_menu` grants.
    pub code: String,
    /// Code of the root menu it hangs under.
    pub category: String,
    /// English name.
    pub display_name: String,
    /// Chinese name.
    pub local_display_name: String,
    /// Route in the portal.
    pub path: String,
}

/// Menus that a package grants to a role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authority {
    /// Role name.
    pub role: String,
    /// Menu codes.
    pub menus: Vec<String>,
}

/// A system parameter of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameter {
    /// Variable name.
    pub name: String,
    /// Scope as declared.
    pub scope: String,
    /// Default value.
    pub default: String,
}

/// A launched container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// Row id; empty: one is made.
    pub id: String,
    /// Host it runs on.
    pub host: String,
    /// Port; 0: a listener is opened and its port is used.
    pub port: u16,
    /// `RUNNING` or `REMOVED`.
    pub container_status: String,
    /// Container name; empty: `NAME-VERSION`.
    pub container_name: String,
    /// `GATEWAY_URL` that its container was given; empty: none.
    pub gateway: String,
    /// Which generation launched it.
    pub made_by: MadeBy,
    /// Whether something answers at its port.
    pub up: bool,
}

impl Instance {
    /// Whether its row says that it runs.
    pub fn is_running(&self) -> bool {
        self.container_status == "RUNNING"
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            id: String::new(),
            host: "127.0.0.1".to_owned(),
            port: 0,
            container_status: "RUNNING".to_owned(),
            container_name: String::new(),
            gateway: String::new(),
            made_by: MadeBy::V3,
            up: true,
        }
    }
}

/// The docker part of `runtime-resources`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Docker {
    /// Image with its tag.
    pub image: String,
    /// Container name.
    pub container: String,
    /// Port bindings.
    pub ports: Vec<String>,
    /// Volume bindings.
    pub volumes: Vec<String>,
    /// Environment.
    pub env: Vec<String>,
}

/// A system variable as stored: `None` is SQL NULL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variable {
    /// Row id; empty: one is made in the form of v4.
    pub id: String,
    /// Package it belongs to; NULL in the platform's own rows.
    pub package_name: Option<String>,
    /// Name, not unique.
    pub name: String,
    /// Value.
    pub value: Option<String>,
    /// Default value.
    pub default_value: Option<String>,
    /// `global`, a package name, …
    pub scope: String,
    /// `system` or `NAME__VERSION`.
    pub source: String,
    /// `active` or `inactive`, or whatever was sent to v4.
    pub status: String,
}

impl Variable {
    /// An active global variable of the platform, as a client makes it.
    pub fn global(name: &str, value: &str) -> Self {
        Self {
            package_name: Some(String::new()),
            name: name.to_owned(),
            value: Some(value.to_owned()),
            default_value: Some(String::new()),
            scope: "global".to_owned(),
            source: "system".to_owned(),
            status: "active".to_owned(),
            ..Self::default()
        }
    }
}

/// How long things take. The defaults are those of the measured machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// Milliseconds that one registration of a plugin with pages takes alone on v4.0.0.
    pub service_time_ms: f64,
    /// How many registers' work the static host does at once.
    pub host_capacity: f64,
    /// Connections being opened before sshd begins to drop (`MaxStartups 10:30:100`).
    pub ssh_limit: u32,
    /// Milliseconds of a registration without pages.
    pub no_ui_ms: f64,
    /// Milliseconds after the start until a gateway has loaded its routes (real ones: 30,000).
    pub route_first_load_ms: u64,
    /// Milliseconds between two loads (v4: 60,000; v3: 600,000).
    pub route_refresh_ms: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            service_time_ms: 967.0,
            host_capacity: 2.85,
            ssh_limit: 10,
            no_ui_ms: 5.0,
            route_first_load_ms: 0,
            route_refresh_ms: 60_000,
        }
    }
}

/// Why a world cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldError {
    /// Not the JSON of a world.
    Json {
        /// Where in the document.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A fault that does not exist or lacks its argument.
    Fault {
        /// As written.
        spec: String,
        /// Why.
        source: super::faults::FaultError,
    },
    /// A side without a portal.
    NoPortal {
        /// Which.
        side: SideName,
    },
}

impl World {
    /// Reads a world file.
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let world: Self =
            serde_path_to_error::deserialize(&mut reader).map_err(|error| WorldError::Json {
                path: error.path().to_string(),
                line: error.inner().line(),
                column: error.inner().column(),
            })?;
        world.check()?;
        Ok(world)
    }

    /// Looks for what would make [`super::serve`] fail later.
    pub fn check(&self) -> Result<(), WorldError> {
        for spec in &self.faults {
            super::faults::Fault::parse(spec).map_err(|source| WorldError::Fault {
                spec: spec.clone(),
                source,
            })?;
        }
        if self.new.portals == 0 {
            return Err(WorldError::NoPortal {
                side: SideName::New,
            });
        }
        if self.old.as_ref().is_some_and(|old| old.portals == 0) {
            return Err(WorldError::NoPortal {
                side: SideName::Old,
            });
        }
        Ok(())
    }
}
