//! Defaults, derived values and faults.

use super::*;

const DOCUMENT: &str = "WECUBE_VERSION='v4.0.0'\nHOSTIP='10.0.0.1'\nLOG_LEVEL='info'\n\
    WECUBE_PRIVATE_KEY='key.pem'\nJWT_SIGNING_KEY='Platform+Auth+Server+Secret'\n\
    mysql_wecube_host='10.0.0.10'\nmysql_wecube_port='3307'\nmysql_wecube_username='root'\n\
    mysql_wecube_password='x'\nmysql_auth_host='10.0.0.11'\nmysql_auth_port='3308'\n\
    mysql_auth_username='root'\nmysql_auth_password='y'\ns3_host='10.0.0.12'\ns3_port='9000'\n\
    s3_access='access_key'\ns3_secret='secret_key'\nhost_wecube_username='root'\n\
    host_wecube_password='a,b'\n";

fn values(more: &str) -> (Values, Vec<NameFault>) {
    let file = EnvFile::parse(&format!("{DOCUMENT}{more}"));
    Values::read(file.unwrap_or_else(|faults| panic!("{faults:?}")))
}

#[test]
fn values_of_the_guides_block_are_complete() {
    let (values, faults) = values("");
    assert_eq!(faults, []);
    assert_eq!(values.faults(), []);
    assert_eq!(values.address(Service::Core), "10.0.0.1:8000");
    assert_eq!(values.string("gateway_host_ports"), "10.0.0.1:8005");
    assert_eq!(values.container(Service::Portal), "wecube-portal-v4.0.0");
    let root = Path::new("/data/app/platform");
    assert_eq!(
        values.ui_resources(),
        root.join("wecube-portal/data/ui-resources")
    );
    let core = values.core_database().unwrap_or_else(|_| panic!("a port"));
    assert_eq!((core.port, core.schema.as_str()), (3307, "wecube"));
    let hosts = values.static_hosts().unwrap_or_else(|_| panic!("ports"));
    // With one host platform-core takes nothing apart: a comma belongs to the password.
    assert_eq!(hosts.len(), 1);
    assert_eq!(hosts[0].password.expose(), "a,b");
}

#[test]
fn static_hosts_share_a_single_value() {
    let (values, faults) = values("static_resource_server_ips='10.0.0.1,10.0.0.2'\n");
    assert_eq!(faults, []);
    let hosts = values.static_hosts().unwrap_or_else(|_| panic!("ports"));
    let told: Vec<_> = hosts
        .iter()
        .map(|host| (host.host.as_str(), host.port, host.password.expose()))
        .collect();
    assert_eq!(told, [("10.0.0.1", 22, "a"), ("10.0.0.2", 22, "b")]);
}

#[test]
fn addresses_follow_balancers_and_separate_hosts() {
    let (values, _) = values(
        "core_host='10.0.0.21'\ngateway_address='lb:80'\npublic_domain='wecube.example:80'\n",
    );
    assert_eq!(values.address(Service::Core), "10.0.0.21:8000");
    assert_eq!(values.address(Service::Gateway), "lb:80");
    assert_eq!(values.string("gateway_host_ports"), "10.0.0.1:8005");
    assert_eq!(values.address(Service::Portal), "wecube.example:80");
}

#[test]
fn read_reports_unknown_missing_and_unused_names_with_lines() {
    let file = EnvFile::parse(
        "WECUBE_VERSION=v4.0.0\nHOSTPI=10.0.0.1\nmysql_wecube_host=\nnonsense=1\nhttp_timeout_minute=3\n",
    );
    let (_, faults) = Values::read(file.unwrap_or_else(|faults| panic!("{faults:?}")));
    let unknown = |name: &str, line, meant| NameFault::Unknown {
        name: name.to_owned(),
        line,
        meant,
    };
    assert!(faults.contains(&unknown("nonsense", 4, None)), "{faults:?}");
    assert!(faults.contains(&NameFault::Missing {
        name: "mysql_wecube_host",
        line: Some(3)
    }));
    assert!(faults.contains(&NameFault::Missing {
        name: "HOSTIP",
        line: None
    }));
    assert!(faults.contains(&NameFault::Unused {
        name: "http_timeout_minute",
        line: 5,
        since: (4, 3, 2)
    }));
}

#[test]
fn meant_finds_names_one_letter_off() {
    for (typed, meant_by) in [
        ("hostip", Some("HOSTIP")),
        ("HOSTI", Some("HOSTIP")),
        ("s3_sercet", None),
        ("s3_secrets", Some("s3_secret")),
        ("mysql_auth_pasword", Some("mysql_auth_password")),
        ("mysql_auth_pxssword", Some("mysql_auth_password")),
        ("other", None),
    ] {
        assert_eq!(meant(typed), meant_by, "{typed}");
    }
}

#[test]
fn faults_names_values_of_the_wrong_form() {
    for (more, name) in [
        ("core_port=0\n", "core_port"),
        ("core_port=70000\n", "core_port"),
        ("portal_port=+80\n", "portal_port"),
        ("user_access_token=20m\n", "user_access_token"),
        ("deploy_root=data\n", "deploy_root"),
        ("deploy_root=/data/../etc\n", "deploy_root"),
        ("gateway_address=http://lb:80\n", "gateway_address"),
        (
            "static_resource_server_port=22,x\nstatic_resource_server_ips=a,b\n",
            "static_resource_server_port",
        ),
        ("gateway_host='10.0.0.1 '\n", "gateway_host"),
        ("gateway_host=10.9.9.9:9000\n", "gateway_host"),
        ("gateway_host=http://lb\n", "gateway_host"),
        ("gateway_host='１0.0.0.1'\n", "gateway_host"),
        ("gateway_host='10.0.0.1。'\n", "gateway_host"),
        ("gateway_address=2001:db8::1:80\n", "gateway_address"),
        ("gateway_address=lb:0\n", "gateway_address"),
        ("gateway_host_ports='a:1, b:2'\n", "gateway_host_ports"),
        ("gateway_host_ports='a:1;b:2'\n", "gateway_host_ports"),
        (
            "static_resource_server_ips='10.0.0.1；10.0.0.2'\n",
            "static_resource_server_ips",
        ),
        (
            "static_resource_server_ips='10.0.0.1，10.0.0.2'\n",
            "static_resource_server_ips",
        ),
        (
            "static_resource_server_ips='10.0.0.1, 10.0.0.2'\n",
            "static_resource_server_ips",
        ),
        (
            "static_resource_server_ips='10.0.0.1,'\n",
            "static_resource_server_ips",
        ),
        (
            "static_resource_server_path='/a/ui-resources;/b/ui-resources'\n",
            "static_resource_server_path",
        ),
    ] {
        let found = values(more).0.faults();
        assert!(
            found
                .iter()
                .any(|fault| fault.name == name && fault.line.is_some()),
            "{more}: {found:?}"
        );
    }
}

#[test]
fn faults_takes_hosts_and_addresses_of_the_right_form() {
    for more in [
        "gateway_host=wecube-1.example\n",
        "gateway_host=2001:db8::1\n",
        "gateway_host='[2001:db8::1]'\n",
        "gateway_address='[2001:db8::1]:80'\n",
        "gateway_host_ports=a:1,b:2\n",
        "static_resource_server_ips=10.0.0.1,10.0.0.2\n",
    ] {
        assert_eq!(values(more).0.faults(), [], "{more}");
    }
}

#[test]
fn ipv6_addresses_get_brackets_before_a_port() {
    let (values, _) = values("core_host=2001:db8::1\n");
    assert_eq!(values.address(Service::Core), "[2001:db8::1]:8000");
}
