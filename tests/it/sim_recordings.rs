//! The recordings, and worlds of the same shape as the platforms that they were made on: built
//! from what the recordings themselves list.

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::{Value, json};
use wecubectl::sim::FileRow;
use wecubectl::sim::{Authority, FilesAtStart, Menu, Ui};
use wecubectl::sim::{
    Instance, MadeBy, Package, Running, SideName, SideSpec, Variable, World, plugins,
};

/// One recorded request with its answer.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    /// Directory, such as `v4.0.0`.
    pub(crate) version: String,
    /// File name without its end.
    pub(crate) name: String,
    /// The whole document.
    pub(crate) document: Value,
}

impl Recording {
    pub(crate) fn via(&self) -> &str {
        self.document["request"]["via"].as_str().unwrap()
    }

    pub(crate) fn method(&self) -> &str {
        self.document["request"]["method"].as_str().unwrap()
    }

    pub(crate) fn path(&self) -> &str {
        self.document["request"]["path"].as_str().unwrap()
    }

    pub(crate) fn token(&self) -> &str {
        self.document["request"]["token"].as_str().unwrap()
    }

    pub(crate) fn status(&self) -> u64 {
        self.document["response"]["status"].as_u64().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.document["response"]["headers"][name].as_str()
    }

    pub(crate) fn is_v3(&self) -> bool {
        self.version == "v3.2.6"
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/platform")
}

/// Every recording, sorted.
pub(crate) fn all() -> Vec<Recording> {
    let mut list = Vec::new();
    for directory in fs_err::read_dir(root()).unwrap() {
        let directory = directory.unwrap();
        for file in fs_err::read_dir(directory.path()).unwrap() {
            let path = file.unwrap().path();
            let text = fs_err::read_to_string(&path).unwrap();
            list.push(Recording {
                version: directory.file_name().into_string().unwrap(),
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                document: serde_json::from_str(&text).unwrap(),
            });
        }
    }
    list.sort_by(|a, b| (&a.version, &a.name).cmp(&(&b.version, &b.name)));
    list
}

/// The `data` of a recorded answer; null when there is none of that name.
fn data(version: &str, name: &str) -> &'static Value {
    static ALL: LazyLock<Vec<Recording>> = LazyLock::new(all);
    ALL.iter()
        .find(|recording| recording.version == version && recording.name == name)
        .map_or(&Value::Null, |recording| {
            &recording.document["response"]["json"]["data"]
        })
}

/// The catalogue, read once.
fn known_plugins() -> &'static [Package] {
    static ALL: LazyLock<Vec<Package>> = LazyLock::new(|| plugins().unwrap());
    &ALL
}

fn list(version: &str, name: &str) -> Vec<Value> {
    data(version, name).as_array().cloned().unwrap_or_default()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Which of the recorded platforms a recording is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The platform alone.
    Alone,
    /// v3.2.6 after labplug was uploaded and registered there.
    WithLabplug,
    /// v3.2.6 beside v4.0.0 on one database.
    Coexisting,
    /// v3.2.6 beside a v4 on one database, plugins registered on both.
    Pair,
}

/// The side of a world that a recording is put to.
pub(crate) fn side_of(recording: &Recording, moment: Moment) -> SideName {
    match moment {
        Moment::Coexisting | Moment::Pair if recording.is_v3() => SideName::Old,
        _ => SideName::New,
    }
}

/// A world of the same shape as the recorded platform at that moment.
pub(crate) fn world(version: &str, moment: Moment) -> World {
    let mut world = match moment {
        Moment::Alone | Moment::WithLabplug => World {
            new: SideSpec {
                version: version.to_owned(),
                files: FilesAtStart::Active,
                ..SideSpec::default()
            },
            ..World::default()
        },
        Moment::Coexisting => World::default().old_version("v3.2.6"),
        Moment::Pair => {
            let new = if version == "v3.2.6" {
                "v4.5.6"
            } else {
                version
            };
            let mut world = World::default().new_version(new).old_version("v3.2.6");
            world.new.files = FilesAtStart::Active;
            world
        }
    };
    world.timing.service_time_ms = 2.0;
    let packages = match moment {
        Moment::Alone => list(version, "packages-all"),
        Moment::WithLabplug => {
            let mut packages = list(version, "packages-all");
            let late = list(version, "coexist-packages");
            packages.extend(late.into_iter().filter(|row| row["name"] == "labplug"));
            packages
        }
        Moment::Coexisting => list("v3.2.6", "coexist-packages"),
        Moment::Pair => list("v3.2.6", "pair-packages"),
    };
    let rows_of = if moment == Moment::Alone {
        version
    } else {
        "v3.2.6"
    };
    let mut packages: Vec<Package> = packages.iter().map(|row| package(rows_of, row)).collect();
    packages.sort_by_key(|package| catalogue_place(&package.name));
    if moment == Moment::Pair {
        mark_active(&mut packages);
    }
    if let Some(decommissioned) = packages.iter_mut().find(|package| {
        moment == Moment::WithLabplug && package.version == "v1.1.0" && package.name == "labplug"
    }) {
        "DECOMMISSIONED".clone_into(&mut decommissioned.status);
    }
    world.content.packages = packages;
    world.content.variables = variables(rows_of);
    if moment == Moment::WithLabplug {
        let rows = list("v3.2.6", "labplug-system-parameters");
        world.content.variables.extend(rows.iter().map(variable));
    }
    if moment == Moment::Coexisting {
        let rows = data("v3.2.6", "coexist-variables-gateway-url-new");
        world
            .content
            .variables
            .extend(rows["contents"].as_array().unwrap().iter().map(variable));
    }
    world
}

/// Upload order: that of the catalogue, others after it.
fn catalogue_place(name: &str) -> usize {
    let known = known_plugins();
    known
        .iter()
        .position(|package| package.name == name)
        .unwrap_or(known.len())
}

/// What v4.5.6 lists beside v3.2.6: `uiActive` and the audit fields.
fn mark_active(packages: &mut [Package]) {
    let rows: BTreeMap<String, Value> = list("v4.5.6", "pair-packages")
        .into_iter()
        .map(|row| (text(&row, "id"), row))
        .collect();
    for package in packages {
        if let Some(row) = rows.get(&package.id) {
            package.ui_active = row["uiActive"] == true;
            package.updated_by = text(row, "updatedBy");
            package.updated_time = text(row, "updatedTime");
        }
    }
}

/// A package from its row in a recorded list, and from what other recordings say of it.
fn package(version: &str, row: &Value) -> Package {
    let (name, own) = (text(row, "name"), text(row, "version"));
    let known = known_plugins()
        .iter()
        .find(|package| package.name == name && (package.version == own || version == "v3.2.6"))
        .cloned()
        .unwrap_or_else(|| Package::new(&name, &own));
    let id = text(row, "id");
    let made_by = if id.starts_with("plugin_") {
        MadeBy::V4
    } else {
        MadeBy::V3
    };
    let mut package = Package {
        id,
        name: name.clone(),
        version: own.clone(),
        status: text(row, "status"),
        edition: text(row, "edition"),
        made_by,
        upload_timestamp: text(row, "uploadTimestamp")
            .replace('T', " ")
            .replace('Z', ""),
        authorities: Vec::new(),
        ..known
    };
    // Parameters come with the recorded variables; the lab's packages had no schema, and v3's no
    // bucket.
    package.parameters.clear();
    package.mysql_schema = None;
    if version == "v3.2.6" {
        package.s3_bucket = None;
    }
    if name == "labplug" {
        add_labplug(&mut package);
    }
    if row["uiPackageIncluded"] == true && package.ui.is_none() {
        package = package.with_ui("plugin");
    }
    if version == "v3.2.6"
        && let Some(ui) = &mut package.ui
    {
        ui.files = seven_files(&name);
    }
    let has_instance = list(version, "route-items")
        .into_iter()
        .find(|route| route["context"] == name.as_str());
    if let Some(route) = has_instance {
        package.instances.push(Instance {
            port: text(&route, "port").parse().unwrap(),
            made_by,
            ..Instance::default()
        });
    }
    package
}

fn add_labplug(package: &mut Package) {
    *package = package.clone().needs("platform", "v2.9.0");
    package.ui = Some(Ui {
        index_dir: "plugin".to_owned(),
        files: Vec::new(),
    });
    package.menus = vec![Menu {
        code: "LABPLUG_PAGE".to_owned(),
        category: "ADMIN".to_owned(),
        display_name: "Lab Plug".to_owned(),
        local_display_name: "实验插件".to_owned(),
        path: "/labplug/page".to_owned(),
    }];
    package.authorities = vec![Authority {
        role: "SUPER_ADMIN".to_owned(),
        menus: vec!["LABPLUG_PAGE".to_owned()],
    }];
}

/// The v3.2.6 plugins had no picture in their zips.
fn seven_files(name: &str) -> Vec<String> {
    let mut files = vec![
        "css/app.css".to_owned(),
        "index.html".to_owned(),
        "js/app.js.map".to_owned(),
    ];
    files.extend((0..4).map(|number| format!("js/chunk-{number}.{name}.js")));
    files
}

/// All recorded variables but the platform's ten, which every world has.
fn variables(version: &str) -> Vec<Variable> {
    let everything = if version == "v3.2.6" {
        data(version, "variables-paging-without-pageable")
    } else {
        data(version, "variables-unknown-filter")
    };
    let seeds = data("v3.2.6", "variables-paging-without-pageable");
    let is_seed = |row: &Value| {
        seeds["contents"]
            .as_array()
            .unwrap()
            .iter()
            .any(|seed| seed["source"] == "system" && seed["id"] == row["id"])
    };
    everything["contents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !is_seed(row))
        .map(variable)
        .collect()
}

/// A variable from its row in an answer.
pub(crate) fn variable(row: &Value) -> Variable {
    let optional = |name: &str| row[name].as_str().map(str::to_owned);
    Variable {
        id: text(row, "id"),
        package_name: optional("packageName"),
        name: text(row, "name"),
        value: optional("value"),
        default_value: optional("defaultValue"),
        scope: text(row, "scope"),
        source: text(row, "source"),
        status: text(row, "status"),
    }
}

/// Puts the recorded resource rows into a running world: a registration of the other side may have
/// rewritten them, which a world file does not say.
pub(crate) fn put_rows(sim: &Running, moment: Moment) {
    let name = match moment {
        Moment::Pair => "pair-resource-files",
        Moment::Coexisting => "coexist-resource-files",
        _ => return,
    };
    let mut rows: BTreeMap<(String, String), Vec<FileRow>> = BTreeMap::new();
    for row in list("v3.2.6", name) {
        let key = (text(&row, "packageName"), text(&row, "packageVersion"));
        rows.entry(key).or_default().push(FileRow {
            id: text(&row, "id"),
            related_path: text(&row, "relatedPath"),
        });
    }
    sim.with_world(|world| {
        // Every script up to v4.5.6 had run on the pair's database.
        world.databases[0].has_v4_3_rows = moment == Moment::Pair;
        for ((name, version), files) in rows {
            let row = world.package_mut(SideName::New, &name, &version);
            if let Some(row) = row {
                row.files = files;
            }
        }
    });
}

/// The body of a recorded request.
pub(crate) fn request_body(recording: &Recording) -> Option<Value> {
    let body = recording.document["request"]["body"].clone();
    (!body.is_null()).then(|| json!(body))
}
