//! The rows that both sides read and write when they share a database.
//!
//! Only what a client and the portals can see: packages with their rows, variables, instances,
//! resource files.

use std::collections::HashMap;

use super::ids::IdMaker;
use super::version::PlatformVersion;
use super::world::{Content, Instance, MadeBy, Menu, Package, Variable};

/// The files of the recorded plugins' `ui.zip` (`resource-files.json` of v4.0.0); `{}` is the name.
const USUAL_FILES: [&str; 8] = [
    "css/app.css",
    "img/logo.png",
    "index.html",
    "js/app.js.map",
    "js/chunk-0.{}.js",
    "js/chunk-1.{}.js",
    "js/chunk-2.{}.js",
    "js/chunk-3.{}.js",
];

/// The platform's own variables, from `variables-paging-without-pageable.json` of v3.2.6: name,
/// default value, and whether `value` is an empty text there rather than NULL.
const SEED_VARIABLES: [(&str, &str, bool); 10] = [
    ("BASE_MOUNT_PATH", "/data", false),
    (
        "CALLBACK_URL",
        "/platform/v1/process/instances/callback",
        false,
    ),
    ("ENCRYPT_SEED", "seed-wecube2.1-2020", false),
    ("GATEWAY_URL", "http://127.0.0.1:19110", false),
    ("HTTPS_PROXY", "", false),
    ("HTTP_PROXY", "", false),
    (
        "PLUGIN_ARTIFACTS_RELEASE_URL",
        "https://wecube-1259801214.cos.ap-guangzhou.myqcloud.com/plugins-v2/public-plugin-artifacts.release",
        false,
    ),
    ("S3_ACCESS_KEY", "access_key", true),
    ("S3_SECRET_KEY", "secret_key", true),
    ("S3_SERVER_URL", "localhost:20000", true),
];

/// One database.
#[derive(Debug, Clone, Default)]
pub struct Database {
    /// Rows of `plugin_packages` with their dependent rows, in upload order.
    pub packages: Vec<PackageRow>,
    /// Rows of `system_variables`, in insertion order.
    pub variables: Vec<Variable>,
    /// Whether v4.3's script has run on it: two more menus of the platform.
    pub has_v4_3_rows: bool,
    menu_order: u32,
}

/// A package with the rows that the platform made of it.
#[derive(Debug, Clone)]
pub struct PackageRow {
    /// The package; its id and its instances' ids and ports are filled in.
    pub package: Package,
    /// Rows of `plugin_package_resource_files`.
    pub files: Vec<FileRow>,
    /// Rows of `plugin_package_menus`.
    pub menus: Vec<MenuRow>,
    /// Ids of the runtime-resource rows: docker, mysql, s3.
    pub runtime_ids: [String; 3],
    /// `dockerInstanceResourceId` of each instance.
    pub item_ids: Vec<String>,
}

/// A row of `plugin_package_resource_files`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Row id; v4 makes new ones at each registration.
    pub id: String,
    /// Path on the portal.
    pub related_path: String,
}

/// A row of `plugin_package_menus`.
#[derive(Debug, Clone)]
pub struct MenuRow {
    /// Row id.
    pub id: String,
    /// Order in the table, over all packages.
    pub order: u32,
    /// As declared.
    pub menu: Menu,
    /// Its column `active` stayed 0 although an instance runs. A launch sets it, so that only a hand
    /// in the database leaves it so.
    pub greyed: bool,
}

impl Database {
    /// Fills in what a world's content leaves open: ids, rows, variables of packages.
    pub fn of(content: &Content, version: &PlatformVersion, root: &str, ids: &mut IdMaker) -> Self {
        let mut database = Self::default();
        if !content.no_seed_variables {
            database.variables.extend(seed_variables());
        }
        for package in &content.packages {
            database.insert(package.clone(), version, root, ids);
        }
        for variable in &content.variables {
            let mut variable = variable.clone();
            if variable.id.is_empty() {
                variable.id = ids.make(MadeBy::V4, "sys_var");
            }
            database.variables.push(variable);
        }
        database
    }

    /// Inserts a package of a world; `root` begins the paths that v4 writes.
    pub fn insert(
        &mut self,
        mut package: Package,
        version: &PlatformVersion,
        root: &str,
        ids: &mut IdMaker,
    ) {
        let made_by = package.made_by;
        if package.id.is_empty() {
            package.id = ids.make(made_by, "plugin");
        }
        let mut item_ids = Vec::new();
        for instance in &mut package.instances {
            if instance.id.is_empty() {
                instance.id = ids.make(instance.made_by, "p_docker");
            }
            item_ids.push(ids.make(instance.made_by, "rs_item"));
        }
        let menus = package
            .menus
            .iter()
            .map(|menu| {
                self.menu_order += 1;
                MenuRow {
                    id: ids.make(made_by, "p_menu"),
                    order: self.menu_order,
                    menu: menu.clone(),
                    greyed: false,
                }
            })
            .collect();
        self.variables.extend(parameters_of(&package, ids));
        let files = rows_at_start(&package, version, root, ids);
        let runtime_ids = ["p_res_docker", "p_res_mysql", "p_res_s3"].map(|p| ids.make(made_by, p));
        self.packages.push(PackageRow {
            package,
            files,
            menus,
            runtime_ids,
            item_ids,
        });
    }

    /// The package of that id.
    pub fn by_id(&self, id: &str) -> Option<&PackageRow> {
        self.packages.iter().find(|row| row.package.id == id)
    }

    /// The package of that id, to change it.
    pub fn by_id_mut(&mut self, id: &str) -> Option<&mut PackageRow> {
        self.packages.iter_mut().find(|row| row.package.id == id)
    }

    /// The first package of that name and version.
    pub fn find(&self, name: &str, version: &str) -> Option<&PackageRow> {
        self.packages
            .iter()
            .find(|row| row.package.name == name && row.package.version == version)
    }

    /// The first package of that name and version, to change it.
    pub fn find_mut(&mut self, name: &str, version: &str) -> Option<&mut PackageRow> {
        self.packages
            .iter_mut()
            .find(|row| row.package.name == name && row.package.version == version)
    }

    /// The variables of that name.
    pub fn variables_named(&self, name: &str) -> Vec<&Variable> {
        self.variables
            .iter()
            .filter(|variable| variable.name == name)
            .collect()
    }

    /// All variables in the order of their primary key, as queries without ORDER BY gave them.
    pub fn variables_by_id(&self) -> Vec<&Variable> {
        let mut rows: Vec<&Variable> = self.variables.iter().collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows
    }

    /// Whether any version of the plugin has a row in `plugin_instances`.
    pub fn has_instances(&self, name: &str) -> bool {
        self.packages
            .iter()
            .any(|row| row.package.name == name && !row.package.instances.is_empty())
    }

    /// The newest active package of each name (max `upload_timestamp`), in upload order.
    pub fn newest_active(&self) -> Vec<&PackageRow> {
        let active = || self.packages.iter().filter(|row| row.package.is_active());
        let mut newest = HashMap::new();
        for PackageRow { package, .. } in active() {
            let uploaded = newest
                .entry(&package.name)
                .or_insert(&package.upload_timestamp);
            *uploaded = (*uploaded).max(&package.upload_timestamp);
        }
        active()
            .filter(|row| newest[&row.package.name] == &row.package.upload_timestamp)
            .collect()
    }
}

impl PackageRow {
    /// `NAME__VERSION`, the source of its system parameters.
    pub fn source(&self) -> String {
        format!("{}__{}", self.package.name, self.package.version)
    }

    /// Whether one of its instances runs; that makes its menus active.
    pub fn is_running(&self) -> bool {
        self.package.instances.iter().any(Instance::is_running)
    }
}

/// The entries of a package's `ui.zip`, in the order of a directory walk; none without pages.
pub(super) fn zip_entries(package: &Package) -> Vec<String> {
    let Some(ui) = &package.ui else {
        return Vec::new();
    };
    let inside: Vec<String> = if ui.files.is_empty() {
        USUAL_FILES
            .iter()
            .map(|file| file.replace("{}", &package.name))
            .collect()
    } else {
        ui.files.clone()
    };
    if ui.index_dir.is_empty() {
        return inside;
    }
    inside
        .into_iter()
        .map(|file| format!("{}/{file}", ui.index_dir))
        .collect()
}

/// The paths that v3 writes at upload: every file of the zip.
pub(super) fn v3_paths(package: &Package) -> Vec<String> {
    zip_entries(package)
        .into_iter()
        .map(|entry| format!("/ui-resources/{}/{}/{entry}", package.name, package.version))
        .collect()
}

/// The paths that v4 writes at register: what lies beside `index.html`, and `ui.zip` itself where
/// that is the zip's root. `root` is the last part of the static path.
pub(super) fn v4_paths(package: &Package, root: &str) -> Vec<String> {
    let Some(ui) = &package.ui else {
        return Vec::new();
    };
    let mut entries = zip_entries(package);
    if ui.index_dir.is_empty() {
        entries.push("ui.zip".to_owned());
    }
    entries
        .into_iter()
        .map(|entry| format!("/{root}/{}/{}/{entry}", package.name, package.version))
        .collect()
}

/// The rows that stand in the database before anything is asked.
fn rows_at_start(
    package: &Package,
    version: &PlatformVersion,
    root: &str,
    ids: &mut IdMaker,
) -> Vec<FileRow> {
    let paths = match package.made_by {
        MadeBy::V3 => v3_paths(package),
        MadeBy::V4 if version.is_v3() || package.is_active() => v4_paths(package, root),
        MadeBy::V4 => Vec::new(),
    };
    paths
        .into_iter()
        .map(|related_path| FileRow {
            id: ids.make(package.made_by, "p_ui"),
            related_path,
        })
        .collect()
}

fn seed_variables() -> impl Iterator<Item = Variable> {
    SEED_VARIABLES
        .iter()
        .map(|(name, default, valued)| Variable {
            id: format!("system__global__{name}"),
            package_name: None,
            name: (*name).to_owned(),
            value: valued.then(String::new),
            default_value: Some((*default).to_owned()),
            scope: "global".to_owned(),
            source: "system".to_owned(),
            status: "active".to_owned(),
        })
}

/// The variables that a package brings: active while the package is.
fn parameters_of(package: &Package, ids: &mut IdMaker) -> Vec<Variable> {
    let status = if package.is_active() {
        "active"
    } else {
        "inactive"
    };
    package
        .parameters
        .iter()
        .map(|parameter| Variable {
            id: ids.make(package.made_by, "sys_var"),
            package_name: Some(package.name.clone()),
            name: parameter.name.clone(),
            value: Some(String::new()),
            default_value: Some(parameter.default.clone()),
            scope: parameter.scope.clone(),
            source: format!("{}__{}", package.name, package.version),
            status: status.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_with_its_index_at_the_root_lists_itself() {
        let package = Package::new("artifacts", "v1.1.10").with_ui("");
        let paths = v4_paths(&package, "ui-resources");
        assert_eq!(paths.len(), 9);
        assert_eq!(paths[8], "/ui-resources/artifacts/v1.1.10/ui.zip");
        assert_eq!(v3_paths(&package).len(), 8);
    }

    #[test]
    fn only_the_newest_active_version_is_listed() {
        let content = Content {
            packages: vec![
                Package::new("a", "v1.0.0").uploaded("2024-01-01 00:00:00"),
                Package::new("a", "v2.0.0").uploaded("2024-02-01 00:00:00"),
                Package::new("a", "v3.0.0")
                    .uploaded("2024-03-01 00:00:00")
                    .status("UNREGISTERED"),
            ],
            ..Content::default()
        };
        let version = PlatformVersion::new("v3.2.6");
        let database = Database::of(&content, &version, "ui-resources", &mut IdMaker::new(1));
        let newest: Vec<&str> = database
            .newest_active()
            .iter()
            .map(|row| row.package.version.as_str())
            .collect();
        assert_eq!(newest, ["v2.0.0"]);
    }
}
