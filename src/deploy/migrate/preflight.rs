//! What is checked before the first statement: a survey of the server goes in, findings come out.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Target, known_script};
use super::ledger::Script;
use super::object::{Key, ObjectKind};
use super::plan::{Action, MigrationPlan};
use super::statement::{Kind, Outline, Permit, outline};
use crate::i18n::Text;

/// What is known of the server and the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of one server"
)]
pub struct Survey {
    /// `SELECT VERSION()`.
    pub version: String,
    /// Privileges of the account on the schema; none if the server does not say.
    pub rights: BTreeSet<String>,
    /// Whether roles may give it more.
    pub roles: bool,
    /// All tables.
    pub tables: BTreeSet<String>,
    /// Characters of the columns that tell which upgrades a schema had, by table and column.
    pub columns: BTreeMap<(String, String), u64>,
    /// Bytes of each table with its indexes.
    pub sizes: BTreeMap<String, u64>,
    /// Tables, and whether they have rows.
    pub filled: BTreeMap<String, bool>,
    /// Free bytes where the data lies, if that can be known.
    pub free: Option<u64>,
    /// Where the data lies, on the server's host.
    pub data_dir: String,
    /// `innodb_large_prefix` is off: indexes of more than 767 bytes are refused (as `MySQL` 5.6 and `MariaDB` 10.1 did).
    pub short_indexes: bool,
    /// The server takes no writes.
    pub read_only: bool,
    /// A Galera cluster of several nodes.
    pub galera: bool,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code in JSON.
    pub code: &'static str,
    /// Whether it stops the run.
    pub stops: bool,
    /// What it is.
    pub text: Text,
}

/// What an upgrade script of core before v4 leaves behind: script, table, column, characters that it
/// must hold at least. Read off the scripts of v3.2.6.
const TRACES: &str = "2.6.0 plugin_config_roles perm_type 0
2.8.2 plugin_package_attributes mandatory 0
2.9.3 plugin_config_interfaces description 0
2.9.3 plugin_config_interface_parameters description 0
3.0.1 plugin_config_interface_parameters mapping_val 0
3.0.2 plugin_config_interface_parameters multiple 0
3.2.1 plugin_package_attributes order_no 0
3.2.2 resource_server login_mode 0
3.2.2 plugin_packages edition 0
3.2.2 plugin_package_runtime_resources_s3 additional_properties 0
3.2.6 plugin_package_runtime_resources_docker env_variables 5000";

/// The traces: script, table, column, characters.
pub(super) fn traces() -> impl Iterator<Item = (&'static str, &'static str, &'static str, u64)> {
    TRACES.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (script, table, column) = (words.next()?, words.next()?, words.next()?);
        Some((script, table, column, words.next()?.parse().ok()?))
    })
}

/// Tables that tell whose schema it is.
fn signature(target: Target) -> [&'static str; 4] {
    match target {
        Target::Core => [
            "plugin_packages",
            "plugin_configs",
            "system_variables",
            "resource_server",
        ],
        Target::Auth => [
            "auth_sys_user",
            "auth_sys_role",
            "auth_sys_user_role",
            "auth_sys_authority",
        ],
    }
}

/// All findings, those that stop the run first.
pub fn preflight(
    survey: &Survey,
    target: Target,
    scripts: &[Script],
    plan: &MigrationPlan,
) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(version(&survey.version));
    let facts = [
        (
            survey.read_only,
            stop("read_only", Text::new("migrate-finding-read-only")),
        ),
        (
            survey.short_indexes,
            note("short_indexes", Text::new("migrate-finding-short-indexes")),
        ),
        (
            survey.galera,
            note("galera", Text::new("migrate-finding-galera")),
        ),
    ];
    found.extend(
        facts
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, finding)| finding),
    );
    found.extend(schema(survey, target, scripts, plan));
    found.extend(privileges(survey, scripts, plan));
    found.extend(scripts_known(target, scripts));
    found.extend(disk(survey, scripts, plan));
    found.sort_by_key(|finding| !finding.stops);
    found
}

fn stop(code: &'static str, text: Text) -> Finding {
    let stops = true;
    Finding { code, stops, text }
}

fn note(code: &'static str, text: Text) -> Finding {
    let stops = false;
    Finding { code, stops, text }
}

fn version(words: &str) -> Option<Finding> {
    let maria = words.to_ascii_lowercase().contains("mariadb");
    // MariaDB may put `5.5.5-` before its version, for old replicas.
    let bare = words
        .strip_prefix("5.5.5-")
        .filter(|_| maria)
        .unwrap_or(words);
    let mut numbers = bare
        .split(|c: char| !c.is_ascii_digit())
        .map(|n| n.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let text = |text: Text| text.with("version", words);
    match (maria, major, minor) {
        (true, 10 | 11, _) | (false, 5, 7) | (false, 8, _) => None,
        (true, ..10, _) | (false, ..5, _) | (false, 5, ..7) => Some(stop(
            "server_too_old",
            text(Text::new("migrate-finding-version-old")),
        )),
        _ => Some(note(
            "server_untried",
            text(Text::new("migrate-finding-version-untried")),
        )),
    }
}

fn schema(
    survey: &Survey,
    target: Target,
    scripts: &[Script],
    plan: &MigrationPlan,
) -> Vec<Finding> {
    let missing: Vec<&str> = signature(target)
        .into_iter()
        .filter(|table| !survey.tables.contains(*table))
        .collect();
    if !missing.is_empty() {
        let text = Text::new("migrate-finding-not-wecube")
            .with("schema", &plan.schema)
            .with("component", target.as_str())
            .with("tables", missing.join(", "));
        return vec![stop("not_wecube", text)];
    }
    if target == Target::Auth {
        return Vec::new();
    }
    let made = made(scripts);
    let mut by_script: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (script, table, column, characters) in traces() {
        let key = (table.to_owned(), column.to_owned());
        let there = survey
            .columns
            .get(&key)
            .is_some_and(|has| *has >= characters);
        if !there && !made.contains(&key) {
            by_script
                .entry(script)
                .or_default()
                .push(format!("{table}.{column}"));
        }
    }
    let by_script = by_script.into_iter().map(|(script, columns)| {
        let text = Text::new("migrate-finding-missed-script")
            .with("script", format!("wecube_platform_core_{script}.sql"))
            .with("columns", columns.join(", "));
        stop("missed_script", text)
    });
    by_script.collect()
}

/// Columns that the given scripts make or set themselves.
fn made(scripts: &[Script]) -> BTreeSet<(String, String)> {
    let statements = scripts.iter().flat_map(|script| &script.statements);
    let outlines = statements.map(|statement| outline(&statement.text));
    let named = outlines
        .filter(|outline| outline.kind == Kind::Definition)
        .flat_map(|outline| {
            let table = outline.table.unwrap_or_default();
            outline
                .names
                .into_iter()
                .map(move |name| (table.clone(), name))
        });
    named.collect()
}

/// Statements that the plan carries out.
fn to_run(scripts: &[Script], plan: &MigrationPlan) -> Vec<Outline> {
    let steps = plan.steps.iter();
    let steps = steps.filter(|step| matches!(step.action, Action::Run | Action::Compare));
    let texts = steps.map(|step| &scripts[step.place.0].statements[step.place.1].text);
    texts.map(|text| outline(text)).collect()
}

fn privileges(survey: &Survey, scripts: &[Script], plan: &MigrationPlan) -> Option<Finding> {
    let mut needed = BTreeSet::from(["SELECT", "INSERT", "UPDATE", "CREATE"]);
    for outline in to_run(scripts, plan) {
        let named = |word: &str| outline.names_it(word);
        let makes = |kind: ObjectKind| outline.makes.iter().any(|key| key.kind == kind);
        match outline.kind {
            Kind::Definition if makes(ObjectKind::Table) && outline.removes.is_empty() => {}
            Kind::Definition => needed.extend(["ALTER", "INDEX"]),
            Kind::Rows if named("delete") || named("replace") => {
                needed.insert("DELETE");
            }
            Kind::Control if named("temporary") => {
                needed.insert("CREATE TEMPORARY TABLES");
            }
            _ => {}
        }
        if named("references") {
            needed.insert("REFERENCES");
        }
        if outline.permit != Permit::Allowed && (named("drop") || named("truncate")) {
            needed.insert("DROP");
        }
    }
    let missing: Vec<&str> = needed
        .into_iter()
        .filter(|right| !survey.rights.contains(*right))
        .collect();
    if missing.is_empty() || survey.rights.is_empty() {
        return None;
    }
    let text = Text::new("migrate-finding-privileges")
        .with("schema", &plan.schema)
        .with("rights", missing.join(", "));
    Some(if survey.roles {
        note("privileges_unclear", text)
    } else {
        stop("privileges", text)
    })
}

fn scripts_known(target: Target, scripts: &[Script]) -> Vec<Finding> {
    let findings = scripts
        .iter()
        .map(|script| match known_script(&script.checksum) {
            Some(known) if known.target == target => note(
                "script_known",
                Text::new("migrate-finding-script-known")
                    .with("script", &script.name)
                    .with("version", known.version)
                    .with("of", known.of),
            ),
            Some(known) => stop(
                "script_of_other_schema",
                Text::new("migrate-finding-script-elsewhere")
                    .with("script", &script.name)
                    .with("component", known.target.as_str()),
            ),
            None => note(
                "script_unknown",
                Text::new("migrate-finding-script-unknown")
                    .with("script", &script.name)
                    .with("checksum", &script.checksum[..12]),
            ),
        });
    findings.collect()
}

fn disk(survey: &Survey, scripts: &[Script], plan: &MigrationPlan) -> Option<Finding> {
    // A table that is altered may be copied whole, one at a time.
    let altered = to_run(scripts, plan).into_iter().filter(|outline| {
        let new = |table: &String| outline.makes.contains(&Key::table(table));
        outline.kind == Kind::Definition && !outline.table.as_ref().is_some_and(new)
    });
    let sizes = altered.filter_map(|outline| survey.sizes.get(&outline.table?).copied());
    let needed = sizes.max()?;
    let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
    Some(match survey.free {
        Some(free) if free < needed.saturating_mul(2) => stop(
            "disk_full",
            Text::new("migrate-finding-disk-full")
                .with("needed", mib(needed * 2))
                .with("free", mib(free))
                .with("path", &survey.data_dir),
        ),
        Some(free) => note(
            "disk",
            Text::new("migrate-finding-disk")
                .with("needed", mib(needed * 2))
                .with("free", mib(free)),
        ),
        None => note(
            "disk_unknown",
            Text::new("migrate-finding-disk-unknown")
                .with("needed", mib(needed * 2))
                .with("path", &survey.data_dir),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> MigrationPlan {
        let schema = "wecube".to_owned();
        MigrationPlan {
            schema,
            steps: Vec::new(),
            changes: Vec::new(),
            stopped_by: Vec::new(),
        }
    }

    fn whole() -> Survey {
        let columns =
            traces().map(|(_, table, column, _)| ((table.to_owned(), column.to_owned()), 5000));
        Survey {
            version: "10.11.6-MariaDB".to_owned(),
            tables: signature(Target::Core).map(str::to_owned).into(),
            columns: columns.collect(),
            ..Survey::default()
        }
    }

    fn codes(survey: &Survey, scripts: &[Script]) -> Vec<&'static str> {
        let found = preflight(survey, Target::Core, scripts, &plan());
        found.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn server_versions_are_told() {
        for (words, wanted) in [
            ("8.0.36", None),
            ("5.7.44-log", None),
            ("10.11.6-MariaDB-0+deb12u1", None),
            ("5.5.5-10.3.39-MariaDB", None),
            ("11.4.2-MariaDB", None),
            ("5.6.51", Some("server_too_old")),
            ("5.5.68-MariaDB", Some("server_too_old")),
            ("9.1.0", Some("server_untried")),
            ("12.0.1-MariaDB", Some("server_untried")),
        ] {
            assert_eq!(
                version(words).map(|finding| finding.code),
                wanted,
                "{words}"
            );
        }
    }

    #[test]
    fn a_missed_script_is_named_unless_it_is_given() {
        let survey = whole();
        assert_eq!(codes(&survey, &[]), Vec::<&str>::new());
        let mut missed = survey.clone();
        missed
            .columns
            .remove(&("resource_server".to_owned(), "login_mode".to_owned()));
        assert_eq!(codes(&missed, &[]), ["missed_script"]);
        let given = Script::parse("s", "alter table resource_server add login_mode int").unwrap();
        assert_eq!(codes(&missed, &[given]), ["script_unknown"]);
        let mut narrow = survey.clone();
        let key = (
            "plugin_package_runtime_resources_docker".to_owned(),
            "env_variables".to_owned(),
        );
        narrow.columns.insert(key, 2000);
        assert_eq!(codes(&narrow, &[]), ["missed_script"]);
        let strange = Survey {
            tables: BTreeSet::new(),
            ..survey
        };
        assert_eq!(codes(&strange, &[]), ["not_wecube"]);
    }

    #[test]
    fn missing_rights_stop_unless_roles_may_give_them() {
        for (rights, roles, wanted) in [
            ("", false, vec![]),
            ("SELECT,INSERT,UPDATE,CREATE", false, vec![]),
            ("SELECT", false, vec!["privileges"]),
            ("SELECT", true, vec!["privileges_unclear"]),
        ] {
            let words = rights.split(',').filter(|right| !right.is_empty());
            let survey = Survey {
                rights: words.map(str::to_owned).collect(),
                roles,
                ..whole()
            };
            assert_eq!(codes(&survey, &[]), wanted, "{rights}");
        }
    }
}
