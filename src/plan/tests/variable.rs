//! `GATEWAY_URL_NEW`.

use crate::domain::{Address, Inventory, Reading, SystemVariable};
use crate::plan::testing::{Pair, Release, failure, pkg, variable};
use crate::plan::{
    GatewayUrl, Obstacle, Upgrade, VariablePlan, WriteTo, gateway_url_choice, instance_hosts,
    new_row,
};

const URL: &str = "http://10.0.0.2:8005";

fn pair(rows: &[SystemVariable]) -> Pair {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
    pair.variables(rows);
    pair
}

fn row(value: &str) -> SystemVariable {
    variable("sys_var_1", "GATEWAY_URL_NEW", value)
}

#[test]
fn absent_variable_is_created_with_every_field() {
    let near = [
        variable("1", "GATEWAY_URL", "http://10.0.0.1:8005"),
        variable("2", "system__global__GATEWAY_URL_NEW", URL),
        variable("3", "gateway_url_new", URL),
    ];
    let value = URL.to_owned();
    assert_eq!(pair(&near).plan().variable, VariablePlan::Create { value });
    let row = new_row(URL);
    assert_eq!(
        (
            row.scope.as_str(),
            row.source.as_str(),
            row.status.as_str(),
            row.package_name.as_str()
        ),
        ("global", "system", "active", "")
    );
}

#[test]
fn variable_with_right_value_is_kept() {
    let by_default = SystemVariable {
        default_value: URL.to_owned(),
        ..row("")
    };
    for row in [row(URL), row("HTTP://10.0.0.2:8005/"), by_default] {
        let plan = pair(std::slice::from_ref(&row)).plan();
        assert_eq!(plan.variable, VariablePlan::Keep { row });
        assert!(!plan.variable.writes());
    }
}

#[test]
fn wrong_or_inactive_variable_is_updated() {
    let inactive = SystemVariable {
        status: "inactive".to_owned(),
        ..row(URL)
    };
    let blank = SystemVariable {
        status: String::new(),
        ..row(URL)
    };
    let kept = SystemVariable {
        scope: "monitor".to_owned(),
        source: "by hand".to_owned(),
        package_name: "x".to_owned(),
        default_value: URL.to_owned(),
        ..row("http://10.0.0.1:8005")
    };
    for before in [
        inactive,
        blank,
        kept,
        row("10.0.0.2:8005"),
        row("http://10.0.0.2:8005/Path"),
        row("https://10.0.0.2:8005"),
        row(""),
    ] {
        let after = SystemVariable {
            value: URL.to_owned(),
            status: "active".to_owned(),
            ..before.clone()
        };
        let plan = pair(std::slice::from_ref(&before)).plan();
        assert_eq!(plan.variable, VariablePlan::Update { before, after });
    }
}

#[test]
fn same_url_compares_path_case_sensitively() {
    let mut pair = pair(&[row("http://gw/Path")]);
    pair.options.gateway_url = GatewayUrl::Value("http://GW/Path/".to_owned());
    assert!(matches!(pair.plan().variable, VariablePlan::Keep { .. }));
    pair.options.gateway_url = GatewayUrl::Value("http://gw/path".to_owned());
    assert!(matches!(pair.plan().variable, VariablePlan::Update { .. }));
}

#[test]
fn several_variable_rows_refused_before_missing_value() {
    let mut two = pair(&[row(URL), variable("sys_var_0", "GATEWAY_URL_NEW", "")]);
    let ask = GatewayUrl::Ask {
        candidate: URL.to_owned(),
    };
    two.options.gateway_url = ask.clone();
    let VariablePlan::Several { rows, wanted } = two.plan().variable else {
        panic!("two rows are several");
    };
    assert_eq!((rows[0].id.as_str(), wanted.as_str()), ("sys_var_0", "URL"));
    let mut one = pair(&[]);
    one.options.gateway_url = ask;
    let candidate = URL.to_owned();
    assert_eq!(one.plan().variable, VariablePlan::ValueNeeded { candidate });
}

#[test]
fn unread_variables_are_not_taken_for_none() {
    let mut pair = pair(&[]);
    pair.new.variables = Reading::Unknown(failure("variables.list"));
    let plan = pair.plan();
    assert!(matches!(plan.variable, VariablePlan::Unreadable { .. }));
    assert!(plan.variables_before.is_empty());
}

/// Without an old side: what a launch uses decides, unless somebody says whether one keeps running.
#[test]
fn variable_of_new_side_alone_is_undecided_unless_launch_uses_new_gateway() {
    let old = variable("1", "GATEWAY_URL", "http://10.0.0.1:8005");
    let inactive = SystemVariable {
        status: "inactive".to_owned(),
        ..row(URL)
    };
    for (rows, effective, matches) in [
        (vec![], None, false),
        (vec![old.clone()], Some("http://10.0.0.1:8005"), false),
        (vec![old.clone(), row(URL)], Some(URL), true),
        (
            vec![old.clone(), inactive],
            Some("http://10.0.0.1:8005"),
            false,
        ),
        (
            vec![variable("1", "GATEWAY_URL", "http://10.0.0.2:8005/")],
            Some("http://10.0.0.2:8005/"),
            true,
        ),
        (vec![old, row("")], Some("http://10.0.0.1:8005"), false),
    ] {
        let effective = effective.map(str::to_owned);
        let not_asked = VariablePlan::NotAsked {
            effective: Reading::Known(effective.clone()),
            matches,
        };
        let mut pair = pair(&rows);
        let plan = pair.plan_new_alone();
        if matches {
            assert_eq!(plan.variable, not_asked);
        } else {
            let wanted = URL.to_owned();
            let undecided = VariablePlan::Undecided { effective, wanted };
            assert_eq!(plan.variable, undecided);
        }
        assert_eq!((plan.is_blocked(), plan.obstacle()), (!matches, None));
        pair.options.upgrade = Upgrade::InPlace;
        assert_eq!(pair.plan_new_alone().variable, not_asked);
        pair.options.upgrade = Upgrade::Coexisting;
        let coexisting = pair.plan_new_alone().variable;
        assert_eq!(coexisting, pair.plan().variable, "as with an old side");
        pair.options.write_to = WriteTo::Old;
        assert_eq!(pair.plan().variable, not_asked);
    }
}

#[test]
fn several_or_unread_rows_of_new_side_alone_are_an_obstacle() {
    let mut two = pair(&[row(URL), variable("z", "GATEWAY_URL_NEW", "http://x")]);
    let mut unread = pair(&[]);
    unread.new.variables = Reading::Unknown(failure("variables.list"));
    for upgrade in [Upgrade::Unstated, Upgrade::Coexisting, Upgrade::InPlace] {
        (two.options.upgrade, unread.options.upgrade) = (upgrade, upgrade);
        let obstacle = two.plan_new_alone().obstacle();
        assert_eq!(obstacle, Some(Obstacle::Refused), "{upgrade:?}");
        let plan = unread.plan_new_alone();
        if upgrade == Upgrade::InPlace {
            let effective = Reading::Unknown(failure("variables.list"));
            let matches = false;
            let unknown = VariablePlan::NotAsked { effective, matches };
            assert_eq!((plan.obstacle(), plan.variable), (None, unknown));
        } else {
            let unread = Obstacle::VariableUnreadable(failure("variables.list"));
            assert_eq!(plan.obstacle(), Some(unread), "{upgrade:?}");
        }
    }
}

#[test]
fn variables_before_cover_each_written_database() {
    let mut pair = pair(&[variable("b", "B", "1"), variable("a", "A", "1")]);
    pair.old.variables = Reading::Known(vec![variable("c", "C", "1")]);
    let ids = |pair: &Pair| -> Vec<String> {
        let snapshots = pair.plan().variables_before;
        let rows = snapshots.iter().flat_map(|(side, rows)| {
            let told = move |row: &SystemVariable| format!("{side} {}", row.id);
            rows.iter().map(told)
        });
        rows.collect()
    };
    for write_to in [WriteTo::New, WriteTo::Old, WriteTo::Both] {
        pair.options.write_to = write_to;
        assert_eq!(ids(&pair), ["new a", "new b"], "one database");
    }
    pair.old.packages = Reading::Known(Vec::new());
    for (write_to, expected) in [
        (WriteTo::New, &["new a", "new b"][..]),
        (WriteTo::Old, &["old c"]),
        (WriteTo::Both, &["old c", "new a", "new b"]),
    ] {
        pair.options.write_to = write_to;
        assert_eq!(ids(&pair), expected, "{write_to:?}");
    }
}

#[test]
fn gateway_url_is_asked_if_uncertain() {
    let new = |gateway: &str, portals: usize, host: &str| {
        let mut new = pair(&[]).new;
        new.identity.gateway = Address::new(gateway);
        new.identity.portals = vec![Address::new("http://10.0.0.2:8080"); portals];
        for instances in new.instances.values_mut() {
            if let Reading::Known(instances) = instances {
                for it in instances {
                    host.clone_into(&mut it.host);
                }
            }
        }
        new
    };
    let far = "10.0.0.9";
    let ask = |new: &Inventory| matches!(gateway_url_choice(None, new), GatewayUrl::Ask { .. });
    assert!(!ask(&new("http://10.0.0.2:8005", 1, far)));
    for loopback in [
        "http://127.0.0.1:8005",
        "http://127.1.2.3:8005",
        "http://localhost:8005",
        "http://LOCALHOST:8005",
        "http://[::1]:8005",
        "http://0.0.0.0:8005",
    ] {
        assert!(ask(&new(loopback, 1, far)), "{loopback}");
        for near in ["127.0.0.1", "localhost", "::1"] {
            assert!(!ask(&new(loopback, 1, near)), "{loopback} {near}");
        }
    }
    assert!(!ask(&new("http://localhost.example:8005", 1, far)));
    assert!(ask(&new("http://10.0.0.2:8005", 2, "127.0.0.1")));
    let mut unproven = new("http://10.0.0.2:8005", 1, far);
    unproven.unproven = vec![failure("gateway")];
    assert!(ask(&unproven));
    for (given, written) in [
        ("http://lb:8005/", "http://lb:8005"),
        (" lb:8005 ", "http://lb:8005"),
        ("https://lb", "https://lb"),
    ] {
        let choice = gateway_url_choice(Some(given), &new("http://127.0.0.1:8005", 3, far));
        assert_eq!(choice, GatewayUrl::Value(written.to_owned()));
    }
}

#[test]
fn instance_hosts_are_of_running_instances() {
    let pair = pair(&[]);
    assert_eq!(instance_hosts(&pair.new).collect::<Vec<_>>(), ["10.0.0.9"]);
}
