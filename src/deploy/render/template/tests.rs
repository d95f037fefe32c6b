use super::*;
use crate::deploy::env::EnvFile;

fn values(text: &str) -> Values {
    let file = EnvFile::parse(text).unwrap_or_else(|faults| panic!("{faults:?}"));
    Values::read(file).0
}

fn template(text: &str) -> Template {
    Template {
        service: Service::Core,
        origin: "t.yml".to_owned(),
        text: text.to_owned(),
    }
}

fn rendered(text: &str, values: &Values) -> String {
    match render(&[template(text)], values) {
        Ok(mut done) => done.remove(0).text,
        Err(faults) => panic!("{faults:?}"),
    }
}

fn faults(text: &str, values: &Values) -> Vec<(usize, RenderFaultKind)> {
    match render(&[template(text)], values) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .into_iter()
            .map(|fault| (fault.line, fault.kind))
            .collect(),
    }
}

/// Every variable, with values of the ordinary kind.
pub(super) fn full(version: &str) -> Values {
    let mut file = EnvFile::default().with("WECUBE_VERSION", Secret::new(version));
    for variable in crate::deploy::env::VARIABLES {
        if variable.requirement == crate::deploy::env::Requirement::Required
            && variable.name != "WECUBE_VERSION"
        {
            let value = match variable.kind {
                crate::deploy::env::ValueKind::Port => "3306",
                _ => "10.0.0.1",
            };
            file = file.with(variable.name, Secret::new(value));
        }
    }
    Values::read(file).0
}

use crate::secret::Secret;

#[test]
fn a_value_stands_in_any_scalar_as_it_is() {
    let values = values("A='a\"b\\c: d # $e {{x}} '\\''f'\n");
    for line in ["- X={{A}}", "- \"X={{A}}\"", "- 'X={{A}}'"] {
        let text = rendered(&format!("e:\n  {line} # why\n"), &values);
        let tree: Value = serde_saphyr::from_str(&text).unwrap();
        let wanted = "X=a\"b\\c: d # $$e {{x}} 'f";
        assert_eq!(tree["e"][0], wanted, "{line}");
        assert!(text.contains(" # why"));
    }
}

#[test]
fn what_would_be_left_over_names_its_line() {
    let values = values("A=1\n");
    let leftover = |name: &str| RenderFaultKind::Leftover { name: name.into() };
    assert_eq!(
        faults("a: {{A}}\nb: {{B}}\nc: x{{HOSTIP}}y{{C}}\n", &values),
        [
            (2, leftover("B")),
            (3, leftover("HOSTIP")),
            (3, leftover("C"))
        ]
    );
    assert_eq!(
        faults("a: {{A\n", &values),
        [(1, RenderFaultKind::OpenBraces)]
    );
}

#[test]
fn a_placeholder_that_could_change_the_structure_is_refused() {
    let values = values("A='1'\n");
    for text in [
        "{{A}}: x\n",
        "a: |\n  run {{A}}\n",
        "a: [{{A}}, b]\n",
        "a: \"x\n  {{A}}\"\n",
    ] {
        let found = faults(text, &values);
        assert!(!found.is_empty(), "{text}");
    }
}

#[test]
fn a_template_that_is_not_yaml_says_where() {
    let found = faults("a: 1\n b: 2\n- c\n", &values("A=1\n"));
    assert!(
        matches!(found[..], [(_, RenderFaultKind::NotYaml { .. })]),
        "{found:?}"
    );
}

#[test]
fn an_operators_own_variable_may_be_empty_and_is_taken_for_a_secret() {
    let done = render(&[template("- K={{OWN}}\n")], &values("OWN=''\n"));
    let done = done.unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(done[0].text, "- \"K=\"\n");
    assert_eq!(done[0].secret_keys, ["K="]);
}

fn environment(service: Service, version: &str) -> Vec<String> {
    let done = render(&builtin_templates(), &full(version));
    let done = done.unwrap_or_else(|faults| panic!("{faults:?}"));
    let one = done.iter().find(|one| one.service == service);
    let tree: Value =
        serde_saphyr::from_str(&one.unwrap_or_else(|| panic!("{service}")).text).unwrap();
    let list = tree["services"][service.name()]["environment"].as_array();
    list.unwrap_or_else(|| panic!("a list"))
        .iter()
        .map(|entry| {
            entry
                .as_str()
                .unwrap_or_default()
                .split('=')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[test]
fn each_version_gets_the_variables_that_its_start_scripts_read() {
    // How many each component's start script reads at the tags v4.0.0 and v4.5.6.
    for (service, first, last) in [
        (Service::Auth, 11, 18),
        (Service::Core, 29, 31),
        (Service::Gateway, 5, 9),
        (Service::Portal, 4, 4),
    ] {
        assert_eq!(environment(service, "v4.0.0").len(), first, "{service}");
        assert_eq!(environment(service, "v4.5.6").len(), last, "{service}");
    }
    assert!(!environment(Service::Gateway, "v4.3.0").contains(&"HTTP_TIMEOUT_MINUTE".to_owned()));
    assert!(environment(Service::Gateway, "v4.3.2").contains(&"HTTP_TIMEOUT_MINUTE".to_owned()));
}

#[test]
fn every_secret_has_a_word_to_hide_behind_and_every_variable_a_place() {
    let done = render(&builtin_templates(), &full("v4.5.6"));
    let done = done.unwrap_or_else(|faults| panic!("{faults:?}"));
    let used: Vec<&str> = done
        .iter()
        .flat_map(|one| one.used.iter().map(String::as_str))
        .collect();
    let elsewhere = ["HOSTIP", "image_prefix", "WECUBE_PRIVATE_KEY"];
    for variable in crate::deploy::env::VARIABLES {
        let reached = variable.name.ends_with("_address")
            || elsewhere.contains(&variable.name)
            || used.contains(&variable.name);
        assert!(reached, "{} goes nowhere", variable.name);
    }
    let hidden: usize = done.iter().map(|one| one.secret_keys.len()).sum();
    let places = [
        "MYSQL_USER_PASSWORD=",
        "SIGNING_KEY=",
        "AUTH_PASSWORD=",
        "ENCRYPT_SEED=",
        "db_pass=",
        "jwt_signing_key=",
        "s3_secret_key=",
        "static_resource_server_password=",
        "resource_server_password_seed=",
        "sub_system_private_key=",
        "encrypt_seed=",
    ];
    assert_eq!(hidden, places.len());
    for place in places {
        assert!(
            done.iter()
                .any(|one| one.secret_keys.iter().any(|key| key == place)),
            "{place}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn any_value_reads_back_byte_for_byte(value in "[^\\x00]{0,60}") {
        let values = Values::read(EnvFile::default().with("OWN", Secret::new(value.clone()))).0;
        let text = rendered("e:\n  - X={{OWN}}\n  y: 1\n".replace("  y: 1\n", "").as_str(), &values);
        let tree: Value = serde_saphyr::from_str(&text).unwrap();
        let wanted = format!("X={}", value.replace('$', "$$"));
        proptest::prop_assert_eq!(tree["e"][0].as_str(), Some(wanted.as_str()));
    }
}

#[test]
fn unset_by_names_what_own_templates_lack_for_a_version() {
    let mut own = builtin_templates();
    assert_eq!(unset_by(&own, "v4.5.6"), []);
    let gateway = &mut own[2];
    gateway.text = gateway.text.replace("HTTP_TIMEOUT_MINUTE", "OTHER");
    let lacks = [(Service::Gateway, "HTTP_TIMEOUT_MINUTE".to_owned())];
    assert_eq!(unset_by(&own, "v4.5.6"), lacks);
    assert_eq!(unset_by(&own, "v4.0.0"), []);
    own[2].text += "    env_file: more.env\n";
    assert_eq!(unset_by(&own, "v4.5.6"), []);
    assert!(placeholders(&own).contains("s3_secret"));
}
