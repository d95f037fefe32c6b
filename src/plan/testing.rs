//! Small inventories for tests: describe packages, get both sides as a plan would read them, change
//! one thing, plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    GatewayUrl, Plan, PlanInput, PlanOptions, SeedRelation, SkipReason, SkippedPackage, Step,
    Upgrade, WriteTo, messages, plan,
};
use crate::domain::{
    Address, Capabilities, Dependency, Edition, FailureKind, FilePath, FileState, Generation,
    Instance, InstanceId, InstanceIdentity, InstanceStatus, Inventory, Package, PackageId,
    PackageListing, PackageStatus, PlatformVersion, PluginName, ReadFailure, Reading, ResourceFile,
    ResourceFileId, ServedFile, Side, SystemVariable, VariableId, Version, VersionRule,
};
use crate::i18n::{Catalog, Lang, Text};

/// A platform version that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    V326,
    V400,
    V456,
}

impl Release {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::V326 => "v3.2.6",
            Self::V400 => "v4.0.0",
            Self::V456 => "v4.5.6",
        }
    }

    /// The row of the table of what each version can (`docs/platform/versions.md#capability-table`).
    pub(crate) fn capabilities(self) -> Capabilities {
        let (v3, v42) = (self == Self::V326, self == Self::V456);
        Capabilities {
            generation: if v3 { Generation::V3 } else { Generation::V4 },
            listing: match self {
                Self::V326 => PackageListing::Always,
                Self::V400 => PackageListing::AllParameter,
                Self::V456 => PackageListing::TwoCalls,
            },
            demotes_siblings: self == Self::V400,
            ui_active: v42,
            listing_needs_ui_active: v42,
            listing_needs_instance: v42,
            marks_update: v42,
            renews_resource_ids: !v3,
            moves_upload_time: v3,
            revives_decommissioned: !v3,
            menu_permissions: v42,
            empties_before_copy: v3,
            one_register_at_a_time: v3,
            max_other_active_versions: v3.then_some(2),
            version_rule: if v3 { VersionRule::V3 } else { VersionRule::V4 },
        }
    }
}

/// A package: REGISTERED, with UI, its instance running, its pages listed.
#[derive(Clone, Debug)]
pub(crate) struct Pkg {
    pub(crate) package: Package,
    running: bool,
    listed: bool,
    needs: Vec<Dependency>,
    scripts: usize,
}

/// A package: REGISTERED, with UI, its instance running, its pages listed.
pub(crate) fn pkg(name: &str, version: &str) -> Pkg {
    Pkg {
        package: Package {
            id: PackageId::new(format!("plugin_{name}_{version}")),
            name: PluginName::new(name),
            version: Version::new(version),
            status: PackageStatus::Registered,
            edition: Edition::Community,
            has_ui: true,
            uploaded: Some("2024-01-01 00:00:00".to_owned()),
            ui_active: None,
            register_done: None,
            updated_time: None,
            updated_by: None,
        },
        running: true,
        listed: true,
        needs: Vec::new(),
        scripts: 1,
    }
}

impl Pkg {
    pub(crate) fn needs(mut self, name: &str, version: &str) -> Self {
        self.needs.push(Dependency {
            name: PluginName::new(name),
            version: Version::new(version),
        });
        self
    }

    pub(crate) fn no_ui(mut self) -> Self {
        self.package.has_ui = false;
        self.unlisted()
    }

    pub(crate) fn idle(mut self) -> Self {
        self.running = false;
        self
    }

    /// Neither side's rows name this version.
    pub(crate) fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }

    pub(crate) fn status(mut self, status: PackageStatus) -> Self {
        self.package.status = status;
        self
    }

    pub(crate) fn enterprise(mut self) -> Self {
        self.package.edition = Edition::Enterprise;
        self.package.id = PackageId::new(format!("{}_e", self.package.id));
        self
    }

    pub(crate) fn scripts(mut self, scripts: usize) -> Self {
        self.scripts = scripts;
        self
    }
}

/// Both sides and the options of one plan.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) old: Inventory,
    pub(crate) new: Inventory,
    pub(crate) options: PlanOptions,
}

impl Pair {
    /// v3.2.6 beside another release on one database: everything is visible on the old side, nothing
    /// on the new one.
    pub(crate) fn shared(new: Release, packages: &[Pkg]) -> Self {
        let old = inventory(Side::Old, Release::V326, packages);
        let mut new_side = inventory(Side::New, new, packages);
        hide_all(&mut new_side);
        if new == Release::V456 {
            new_side.resource_files = Reading::Known(Vec::new());
            new_side.files.clear();
        }
        Self {
            old,
            new: new_side,
            options: options(),
        }
    }

    /// v3.2.6 beside v4.0.0, each with a database of its own.
    pub(crate) fn separate(old: &[Pkg], new: &[Pkg]) -> Self {
        let mut pair = Self::shared(Release::V400, new);
        pair.old = inventory(Side::Old, Release::V326, old);
        rename_ids(&mut pair.old);
        pair
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(self.input())
    }

    pub(crate) fn input(&self) -> PlanInput<'_> {
        PlanInput {
            new: Some(&self.new),
            old: Some(&self.old),
            options: &self.options,
        }
    }

    /// The same without an old side.
    pub(crate) fn plan_new_alone(&self) -> Plan {
        plan(PlanInput {
            old: None,
            ..self.input()
        })
    }

    pub(crate) fn variables(&mut self, rows: &[SystemVariable]) {
        self.old.variables = Reading::Known(rows.to_vec());
        self.new.variables = Reading::Known(rows.to_vec());
    }
}

/// Options of a plain `plan`.
pub(crate) fn options() -> PlanOptions {
    PlanOptions {
        write_to: WriteTo::New,
        all_running: false,
        only: Vec::new(),
        skip: Vec::new(),
        picks: BTreeMap::new(),
        register_unverified: BTreeSet::new(),
        gateway_url: GatewayUrl::Value("http://10.0.0.2:8005".to_owned()),
        upgrade: Upgrade::Unstated,
        static_folder: None,
        seeds: SeedRelation::Same,
        target: None,
    }
}

/// One side with everything visible.
pub(crate) fn inventory(side: Side, release: Release, packages: &[Pkg]) -> Inventory {
    let host = match side {
        Side::Old => "http://10.0.0.1",
        Side::New => "http://10.0.0.2",
    };
    let address = |port| Address::new(format!("{host}:{port}"));
    let mut all = packages.to_vec();
    if release != Release::V456 {
        for pkg in &mut all {
            pkg.package.ui_active = None;
        }
    }
    let mut inventory = Inventory {
        identity: InstanceIdentity {
            side,
            core: address(8000),
            gateway: address(8005),
            portals: vec![address(8080)],
        },
        unproven: Vec::new(),
        version: Reading::Known(PlatformVersion::parse(release.text())),
        capabilities: release.capabilities(),
        clock_offset_s: Some(0),
        packages: Reading::Known(all.iter().map(|pkg| pkg.package.clone()).collect()),
        instances: all.iter().map(instances_of).collect(),
        dependencies: all
            .iter()
            .map(|pkg| (pkg.package.id.clone(), Reading::Known(pkg.needs.clone())))
            .collect(),
        package_menus: BTreeMap::new(),
        my_menus: Reading::Known(Vec::new()),
        resource_files: Reading::Known(all.iter().flat_map(rows_of).collect()),
        core_routes: Reading::Known(Vec::new()),
        gateway_routes: Reading::Known(Vec::new()),
        variables: Reading::Known(Vec::new()),
        files: BTreeMap::new(),
        reach: BTreeMap::new(),
    };
    serve_all(&mut inventory);
    inventory
}

fn instances_of(pkg: &Pkg) -> (PackageId, Reading<Vec<Instance>>) {
    let id = pkg.package.id.clone();
    let instance = Instance {
        id: InstanceId::new(format!("p_docker_{id}")),
        package: id.clone(),
        host: "10.0.0.9".to_owned(),
        port: 20000,
        container_name: String::new(),
        status: InstanceStatus::Running,
    };
    (
        id,
        Reading::Known(pkg.running.then_some(instance).into_iter().collect()),
    )
}

fn rows_of(pkg: &Pkg) -> Vec<ResourceFile> {
    let package = &pkg.package;
    let scripts = (0..pkg.scripts).map(|n| format!("js/app{n}.js"));
    let files = scripts.chain(["css/app.css".to_owned(), "index.html".to_owned()]);
    let path = |file| format!("/ui-resources/{}/{}/{file}", package.name, package.version);
    let row = |file: String| ResourceFile {
        id: ResourceFileId::new(format!("p_ui_{}_{file}", package.id)),
        package_name: package.name.clone(),
        package_version: package.version.clone(),
        path: FilePath::new(path(file)),
    };
    let listed = package.has_ui && pkg.listed && package.status.is_active();
    if listed {
        files.map(row).collect()
    } else {
        Vec::new()
    }
}

/// Other ids for everything: another database.
fn rename_ids(inventory: &mut Inventory) {
    let other = |id: &PackageId| PackageId::new(format!("{id}_other"));
    if let Reading::Known(packages) = &mut inventory.packages {
        for package in packages {
            package.id = other(&package.id);
        }
    }
    let instances = std::mem::take(&mut inventory.instances);
    inventory.instances = instances
        .into_iter()
        .map(|(id, mut reading)| {
            if let Reading::Known(instances) = &mut reading {
                for instance in instances {
                    instance.id = InstanceId::new(format!("{}_other", instance.id));
                }
            }
            (other(&id), reading)
        })
        .collect();
    let dependencies = std::mem::take(&mut inventory.dependencies);
    inventory.dependencies = dependencies
        .into_iter()
        .map(|(id, d)| (other(&id), d))
        .collect();
}

/// A file as served, of that length.
pub(crate) fn served(length: u64) -> FileState {
    FileState::Served(ServedFile {
        length: Some(length),
        etag: None,
        digest: None,
    })
}

/// Every listed page is served by every portal.
pub(crate) fn serve_all(inventory: &mut Inventory) {
    set_pages(inventory, |_| true, &|path| {
        served(path.as_str().len() as u64)
    });
}

/// No portal has any page.
pub(crate) fn hide_all(inventory: &mut Inventory) {
    set_pages(inventory, |_| true, &|_| FileState::Missing);
}

/// Every page of a plugin answers so.
pub(crate) fn set_pages_of(inventory: &mut Inventory, name: &str, state: &FileState) {
    set_pages(inventory, |row| row.package_name.as_str() == name, &|_| {
        state.clone()
    });
}

/// Every page of a plugin is served.
pub(crate) fn serve(inventory: &mut Inventory, name: &str) {
    set_pages(
        inventory,
        |row| row.package_name.as_str() == name,
        &|path| served(path.as_str().len() as u64),
    );
}

fn set_pages(
    inventory: &mut Inventory,
    which: impl Fn(&ResourceFile) -> bool,
    state: &dyn Fn(&FilePath) -> FileState,
) {
    let rows = inventory
        .resource_files
        .known()
        .cloned()
        .unwrap_or_default();
    for row in rows
        .iter()
        .filter(|row| row.path.is_script_or_style() && which(row))
    {
        for portal in &inventory.identity.portals {
            let answers = inventory.files.entry(row.path.clone()).or_default();
            answers.insert(portal.clone(), state(&row.path));
        }
    }
}

/// An active system variable.
pub(crate) fn variable(id: &str, name: &str, value: &str) -> SystemVariable {
    SystemVariable {
        id: VariableId::new(id),
        name: name.to_owned(),
        value: value.to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: "active".to_owned(),
        package_name: String::new(),
    }
}

/// A reading that failed.
pub(crate) fn failure(operation: &'static str) -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NoAnswer,
        operation,
        target: format!("GET /{operation}"),
        cause: crate::domain::FailureCause::Said("timed out".to_owned()),
    }
}

/// The step of a plugin on a side.
pub(crate) fn step<'p>(plan: &'p Plan, side: Side, name: &str) -> Option<&'p Step> {
    let mut steps = plan.steps.iter();
    steps.find(|step| step.id.side == side && step.id.name.as_str() == name)
}

/// The entry of a plugin that is left out on a side.
pub(crate) fn left<'p>(plan: &'p Plan, side: Side, name: &str) -> Option<&'p SkippedPackage> {
    let mut skipped = plan.skipped.iter();
    skipped.find(|left| left.side == side && left.name.as_str() == name)
}

/// Why a plugin is left out on the new side.
pub(crate) fn reason<'p>(plan: &'p Plan, name: &str) -> &'p SkipReason {
    match left(plan, Side::New, name) {
        Some(left) => &left.reason,
        None => panic!("{name} is not left out:\n{}", outline(plan)),
    }
}

/// The words of a text in English.
pub(crate) fn english(text: &Text) -> String {
    Catalog::new(Lang::En).render(text)
}

/// Steps and what is left out, a line each, as a person would read them.
pub(crate) fn outline(plan: &Plan) -> String {
    let catalog = Catalog::new(Lang::En);
    let mut lines = Vec::new();
    for step in &plan.steps {
        let after: Vec<String> = step.after.iter().map(ToString::to_string).collect();
        let after = if after.is_empty() {
            String::new()
        } else {
            format!(" after {}", after.join(" "))
        };
        let reason = catalog.render(&messages::register_reason(&step.reason));
        lines.push(format!("{} {}: {reason}{after}", step.id, step.version));
        for effect in &step.effects {
            lines.push(format!(
                "  {}",
                catalog.render(&messages::side_effect(effect))
            ));
        }
    }
    for left in &plan.skipped {
        let version = left.version.as_ref().map_or("-", Version::as_str);
        let why = catalog.render(&messages::skip_reason(&left.reason));
        let code = left.reason.code();
        lines.push(format!(
            "{}:{} {version} {code}: {why}",
            left.side, left.name
        ));
    }
    lines.join("\n")
}

/// The notices and ways out, a line each.
pub(crate) fn notices(plan: &Plan) -> String {
    let catalog = Catalog::new(Lang::En);
    let mut lines = Vec::new();
    let line = |words: &messages::Explanation, indent: &str| match &words.hint {
        Some(hint) => format!(
            "{indent}{} | {}",
            catalog.render(&words.message),
            catalog.render(hint)
        ),
        None => format!("{indent}{}", catalog.render(&words.message)),
    };
    for notice in &plan.notices {
        lines.push(line(&messages::notice(notice), ""));
        if let super::Notice::Remedy { actions, .. } = notice {
            lines.extend(
                actions
                    .iter()
                    .map(|action| line(&messages::remedy_step(action), "  ")),
            );
        }
    }
    lines.join("\n")
}
