//! Checks beside simulated platforms: each code that a simulation can show, triggered and cleared.
//!
//! The worlds are read over HTTP with the crate's own reader, so what is tried here is the way from a
//! platform's answer to a finding. [`NOT_SHOWN`] says which codes a simulation cannot show.

#![cfg(feature = "sim")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use wecubectl::check::{Certainty, CheckInput, CheckResults, Facts, Policy, catalogue, check};
use wecubectl::domain::{
    Address, InstanceIdentity, Inventory, PluginName, ReadFailure, Reading, Side, TokenProbe,
};
use wecubectl::plan::SeedRelation;
use wecubectl::platform::token::{Identity, SeedTokens, v3_key};
use wecubectl::platform::{
    ConnectSettings, ObserveOptions, Reader, Tokens, Trust, connect, granted_menus, health,
    observe, token_probes, unread_inventory,
};
use wecubectl::secret::Secret;
use wecubectl::sim::Variable;
use wecubectl::sim::{Addresses, Running, SideName, World, WorldState, serve};

use crate::sim_client::ADMIN;
use crate::support::run_beside;

mod shown;

use shown::{LIVE, add, fault, pair, worlds};

/// Codes that a simulation cannot show, and why.
const NOT_SHOWN: [(&str, &str); 2] = [
    (
        "W0108",
        "a lock of another process: a fact that the command reads, no platform tells it",
    ),
    (
        "W0508",
        "without an old instance and without --before-retiring-old: see judge.rs",
    ),
];

const ROLE: &str = "SUPER_ADMIN";

/// What was read of a world.
struct Seen {
    new: Inventory,
    old: Option<Inventory>,
    probes: BTreeMap<PluginName, Reading<TokenProbe>>,
    health: BTreeMap<Side, Reading<()>>,
    role_menus: BTreeMap<Side, Reading<BTreeSet<String>>>,
}

async fn open(
    identity: &InstanceIdentity,
    seed: &str,
    authorities: &[&str],
) -> Result<Reader, ReadFailure> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let authorities: Vec<String> = authorities.iter().map(ToString::to_string).collect();
    let who = Identity::new("wecubectl", &authorities).expect("a fit identity");
    let key = v3_key(&Secret::new(seed)).expect("a fit seed");
    let settings = ConnectSettings {
        identity: identity.clone(),
        trust: Trust::SYSTEM,
        request_timeout: Duration::from_secs(10),
        deadline: None,
        body_limit: 64 << 20,
        generation: None,
        last: None,
    };
    let tokens = Tokens::of_seed(SeedTokens::new(key, who));
    let readers = connect(vec![(settings, tokens)]).await;
    let (_, reader) = readers.unwrap().pop_first().expect("a side");
    reader
}

fn identity(side: Side, at: &Addresses) -> InstanceIdentity {
    InstanceIdentity {
        side,
        core: Address::new(at.core.as_str()),
        gateway: Address::new(at.gateway.as_str()),
        portals: at
            .portal
            .iter()
            .map(|it| Address::new(it.as_str()))
            .collect(),
    }
}

async fn read(running: &Running) -> Seen {
    let endpoints = running.endpoints();
    let admin: Vec<&str> = ADMIN.trim_matches(['[', ']']).split(',').collect();
    let mut sides = BTreeMap::new();
    let mut seen_health = BTreeMap::new();
    let mut role_menus = BTreeMap::new();
    let mut probes = BTreeMap::new();
    let all = [
        (Side::New, Some(&endpoints.new)),
        (Side::Old, endpoints.old.as_ref()),
    ];
    for (side, at) in all {
        let Some(at) = at else { continue };
        let identity = identity(side, at);
        let inventory = match open(&identity, &endpoints.seed, &admin).await {
            Err(failure) => unread_inventory(identity, &failure),
            Ok(reader) => {
                let inventory = observe(&reader, ObserveOptions { deep: true }).await;
                seen_health.insert(side, health(&reader).await);
                if side == Side::New {
                    probes = token_probes(&reader, &inventory).await;
                }
                let as_role = open(&identity, &endpoints.seed, &[ROLE]).await;
                if let Ok(as_role) = as_role {
                    role_menus.insert(side, granted_menus(&as_role).await);
                }
                inventory
            }
        };
        sides.insert(side, inventory);
    }
    Seen {
        new: sides.remove(&Side::New).expect("the new side"),
        old: sides.remove(&Side::Old),
        probes,
        health: seen_health,
        role_menus,
    }
}

/// What a world comes to, with everything asked for.
async fn checked(running: &Running, seeds: SeedRelation) -> CheckResults {
    let seen = read(running).await;
    let policy = Policy {
        gateway_url: Some(running.endpoints().new.gateway.clone()),
        role: Some(ROLE.to_owned()),
        before_retiring_old: true,
        old_is_configured: running.endpoints().old.is_some(),
        at: "2026-11-23T03:00:00Z".to_owned(),
        ..Policy::default()
    };
    check(CheckInput {
        new: &seen.new,
        old: seen.old.as_ref(),
        comparison: None,
        facts: Facts {
            seeds: Some(seeds),
            // The ids of a simulation count from 1973 on, whatever the clock says.
            gateway_variable_set_at: Some("1970-01-02T00:00:00Z"),
            token_probes: Some(&seen.probes),
            given_gateways: BTreeMap::new(),
            ran_before: [(Side::New, [(PluginName::new("beta"), 1)].into())].into(),
            apply_in_progress: false,
            health: seen.health,
            role_menus: seen.role_menus,
        },
        policy: &policy,
    })
}

fn wrong(checked: &CheckResults) -> BTreeSet<&'static str> {
    let found = checked.findings.iter();
    found
        .filter(|finding| finding.certainty == Certainty::Confirmed)
        .map(|finding| finding.code)
        .collect()
}

/// Each finding in a line, for messages of failed tests.
fn lines(checked: &CheckResults) -> String {
    let catalog = wecubectl::i18n::Catalog::new(wecubectl::i18n::Lang::En);
    let line = |finding: &wecubectl::check::Finding| {
        format!(
            "\n{} {:?} {}: {}",
            finding.code,
            finding.certainty,
            finding.subject,
            catalog.render(&finding.message)
        )
    };
    checked.findings.iter().map(line).collect()
}

/// Serves a world and sets what only its addresses tell: both gateway variables.
async fn healthy(world: World) -> Running {
    let running = serve(world).await.unwrap();
    let gateway = running.endpoints().new.gateway.clone();
    running.with_world(|state| {
        for database in &mut state.databases {
            database
                .variables
                .retain(|row| !row.name.starts_with("GATEWAY_URL"));
            for (name, id) in [
                ("GATEWAY_URL", "system__global__GATEWAY_URL"),
                ("GATEWAY_URL_NEW", "sys_var_000186a0aaaaaaaaaaaaa"),
            ] {
                database.variables.push(Variable {
                    id: id.to_owned(),
                    ..Variable::global(name, &gateway)
                });
            }
        }
    });
    running
}

#[tokio::test(flavor = "multi_thread")]
async fn simulated_pair_has_no_findings() {
    let running = healthy(pair()).await;
    let checked = checked(&running, SeedRelation::Same).await;
    assert_eq!(lines(&checked), "", "{:?}", checked.skipped);
    assert_eq!(checked.outcome(), wecubectl::exit::Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn simulator_change_triggers_and_clears_code() {
    let running = healthy(pair()).await;
    // The gateways load their routes once, and the next time in a minute.
    assert_eq!(lines(&checked(&running, SeedRelation::Same).await), "");
    let mut missed = Vec::new();
    for shown in LIVE {
        let before = running.with_world(|state| Kept::of(state));
        running.with_world(shown.how);
        let found = checked(&running, SeedRelation::Same).await;
        if !wrong(&found).contains(shown.code) {
            missed.push(format!("{} is not among:{}", shown.code, lines(&found)));
        }
        running.with_world(|state| before.put_back(state));
        let cleared = checked(&running, SeedRelation::Same).await;
        if !cleared.findings.is_empty() {
            missed.push(format!("{} leaves:{}", shown.code, lines(&cleared)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What [`Shown::how`] changes, as it was.
struct Kept {
    databases: Vec<wecubectl::sim::Database>,
    disks: [Vec<wecubectl::sim::Disk>; 2],
    seed: String,
}

impl Kept {
    fn of(state: &WorldState) -> Self {
        Self {
            databases: state.databases.clone(),
            disks: [SideName::New, SideName::Old].map(|side| state.side(side).disks.clone()),
            seed: state.new.seed.clone(),
        }
    }

    fn put_back(self, state: &mut WorldState) {
        let [new, old] = self.disks;
        state.databases = self.databases;
        state.side_mut(SideName::New).disks = new;
        state.side_mut(SideName::Old).disks = old;
        state.new.seed = self.seed;
        state.new.clock_offset_s = 0;
        state.faults.clear();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn simulator_world_triggers_code() {
    for (code, world) in worlds() {
        let running = healthy(world).await;
        let found = checked(&running, SeedRelation::Same).await;
        assert!(wrong(&found).contains(code), "{code}:{}", lines(&found));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn different_seeds_on_shared_database_are_reported() {
    let running = healthy(pair()).await;
    let found = checked(&running, SeedRelation::Different).await;
    assert_eq!(wrong(&found), ["W0106"].into(), "{}", lines(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn variable_with_old_address_is_reported() {
    let running = healthy(pair()).await;
    let portal = running.endpoints().old.as_ref().expect("it has one").portal[0].clone();
    running.with_world(|state| add(state, "PORTAL", &format!("{portal}/#/home")));
    let found = checked(&running, SeedRelation::Same).await;
    assert_eq!(wrong(&found), ["W0507"].into(), "{}", lines(&found));
}

/// A silent old side makes unknown what needs it, and hides nothing.
#[tokio::test(flavor = "multi_thread")]
async fn check_of_dead_old_side_reports_unknown() {
    let running = healthy(pair()).await;
    running.with_world(|state| fault(state, "old:core-down"));
    let found = checked(&running, SeedRelation::Same).await;
    assert_eq!(wrong(&found), ["W0101"].into(), "{}", lines(&found));
    let mut unknown = BTreeSet::new();
    for finding in &found.findings {
        if finding.certainty == Certainty::Unknown {
            assert!(
                unknown.insert((finding.code, finding.side)),
                "{}",
                lines(&found)
            );
        }
    }
    for code in ["W0301", "W0307", "W0401", "W0504"] {
        assert!(
            unknown.contains(&(code, Some(Side::Old))),
            "{code}:{}",
            lines(&found)
        );
    }
    assert_eq!(found.outcome(), wecubectl::exit::Outcome::Findings);
}

/// What the login of a monitoring host may not read is unknown with that reason.
#[tokio::test(flavor = "multi_thread")]
async fn forbidden_reading_is_unknown_with_reason() {
    let running = healthy(pair()).await;
    let endpoints = running.endpoints();
    let identity = identity(Side::New, &endpoints.new);
    let reader = open(&identity, &endpoints.seed, &["SUPER_ADMIN"])
        .await
        .unwrap();
    let new = observe(&reader, ObserveOptions::default()).await;
    let policy = Policy::default();
    let found = check(CheckInput {
        new: &new,
        old: None,
        comparison: None,
        facts: Facts::default(),
        policy: &policy,
    });
    let variables = found
        .findings
        .iter()
        .find(|finding| finding.code == "W0202");
    let variables = variables.expect("variables could not be read");
    assert_eq!(variables.certainty, Certainty::Unknown);
    assert_eq!(variables.evidence[0].seen.key(), "check-failure-permission");
}

#[test]
fn every_code_is_triggered_on_simulator_or_exempt() {
    let mut shown: BTreeSet<&str> = LIVE.iter().map(|shown| shown.code).collect();
    shown.extend(worlds().iter().map(|(code, _)| *code));
    shown.extend(["W0106", "W0507"]);
    for (code, why) in NOT_SHOWN {
        assert!(shown.insert(code), "{code} is shown after all");
        assert!(why.len() > 20, "{code}");
    }
    let all: BTreeSet<&str> = catalogue().iter().map(|entry| entry.code).collect();
    assert_eq!(shown, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn plugin_show_as_role_lists_conditions() {
    let mut world = pair();
    world.content.packages[1].authorities.clear();
    let running = healthy(world).await;
    let env = crate::support::TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    let show = async |name: &str| {
        let args = [
            "plugin",
            "show",
            name,
            "--config",
            &config,
            "--as-role",
            ROLE,
            "-o",
            "json",
        ];
        let output = run_beside(&env, &args).await;
        (output.code, output.json().to_string())
    };
    let (code, json) = show("alpha").await;
    assert_eq!(code, Some(0), "{json}");
    let (code, json) = show("beta").await;
    assert_eq!(code, Some(10), "{json}");
    assert!(
        json.contains("menu_granted") && json.contains("BETA_PAGE"),
        "{json}"
    );
}

/// The pair of the upgrade document once `apply` has converged: what cron runs from then on is silent.
#[tokio::test(flavor = "multi_thread")]
async fn check_after_apply_is_ok() {
    let running = serve(World::demo().service_time_ms(15.0)).await.unwrap();
    let env = crate::support::TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    let args = ["apply", "--config", &config, "--yes"];
    assert_eq!(run_beside(&env, &args).await.code, Some(0));
    let seen = read(&running).await;
    let policy = Policy {
        gateway_url: Some(running.endpoints().new.gateway.clone()),
        old_is_configured: true,
        ..Policy::default()
    };
    let found = check(CheckInput {
        new: &seen.new,
        old: seen.old.as_ref(),
        comparison: None,
        facts: Facts {
            seeds: Some(SeedRelation::Same),
            token_probes: Some(&seen.probes),
            health: seen.health,
            ..Facts::default()
        },
        policy: &policy,
    });
    assert_eq!(
        found.outcome(),
        wecubectl::exit::Outcome::Ok,
        "{}",
        lines(&found)
    );
    // bdp is registered, brings no pages and was never launched; monitor configures orchestrations,
    // which the generations do not have in common.
    let told: BTreeSet<&str> = found.findings.iter().map(|finding| finding.code).collect();
    assert!(
        told.is_subset(&["W0319", "W0409"].into()),
        "{}",
        lines(&found)
    );
}
