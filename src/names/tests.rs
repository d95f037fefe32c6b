use std::collections::BTreeMap;
use std::net::UdpSocket;
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record, RecordType};

use super::*;

/// A name server on loopback, and the names that it was asked for.
struct NameServer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    /// Knows these names and no other.
    fn start(known: &[(&str, &str)]) -> Self {
        let known: BTreeMap<String, IpAddr> = known
            .iter()
            .map(|(name, address)| ((*name).to_owned(), address.parse().unwrap()))
            .collect();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut question = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                if length == 0 {
                    continue;
                }
                let answer = answer(&question[..length], &known, &log);
                socket.send_to(&answer, from).unwrap();
            }
        });
        Self { port, asked }
    }

    fn sources(&self, hosts: &str, resolv_conf: &str) -> Sources {
        Sources {
            hosts: hosts.to_owned(),
            resolv_conf: resolv_conf.as_bytes().to_vec(),
            port: Some(self.port),
        }
    }

    /// Names of the questions for an IPv4 address, in order.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(question: &[u8], known: &BTreeMap<String, IpAddr>, log: &Mutex<Vec<String>>) -> Vec<u8> {
    let question = Message::from_vec(question).unwrap();
    let query = question.queries[0].clone();
    let name = query.name().to_string();
    if query.query_type() == RecordType::A {
        log.lock().unwrap().push(name.clone());
    }
    let mut answer = Message::response(question.id, question.op_code);
    answer.metadata.recursion_available = true;
    answer.add_query(query.clone());
    match known.get(name.trim_end_matches('.')) {
        Some(IpAddr::V4(address)) if query.query_type() == RecordType::A => {
            let data = RData::A((*address).into());
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
        }
        Some(IpAddr::V6(address)) if query.query_type() == RecordType::AAAA => {
            let data = RData::AAAA((*address).into());
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
        }
        Some(_) => {}
        None => answer.metadata.response_code = ResponseCode::NXDomain,
    }
    answer.to_vec().unwrap()
}

const LOCAL: &str = "nameserver 127.0.0.1\n";

fn ips(addresses: &[&str]) -> Vec<IpAddr> {
    let parsed = addresses.iter().map(|address| address.parse().unwrap());
    parsed.collect()
}

#[test]
fn hosts_file_is_read_as_hosts_5_says() {
    let hosts = "\u{feff}# \u{fffd}\n127.0.0.1\tlocalhost  core.bank Core\n::1 localhost # core6\n\
                 10.0.0.9 other\nfe80::1%eth0 core\n10.0.0.8 core\n10.0.0.8 core\n300.0.0.1 core\n";
    for (host, addresses) in [
        ("localhost", &["127.0.0.1", "::1"][..]),
        ("CORE.bank.", &["127.0.0.1"]),
        ("core", &["127.0.0.1", "10.0.0.8"]),
        ("core6", &[]),
        ("bank", &[]),
    ] {
        assert_eq!(in_hosts(hosts, host), ips(addresses), "{host}");
    }
}

#[tokio::test]
async fn name_of_the_hosts_file_asks_no_name_server() {
    let server = NameServer::start(&[("core.bank.example", "10.0.0.2")]);
    let sources = server.sources(
        "10.0.0.1 core\n",
        &[LOCAL, "search bank.example\n"].concat(),
    );
    assert_eq!(sources.addresses("core").await, Ok(ips(&["10.0.0.1"])));
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn name_servers_are_asked_by_the_rules_of_resolv_conf() {
    let server = NameServer::start(&[
        ("core.bank.example", "10.0.0.2"),
        ("my_host.bank.example", "10.0.0.3"),
        ("six.bank.example", "fd00::6"),
    ]);
    let search = [
        LOCAL,
        "options trust-ad unheard-of\nsearch other.example bank.example\n",
    ];
    let sources = server.sources("", &search.concat());
    for (host, address) in [
        ("core.bank.example", "10.0.0.2"),
        ("core", "10.0.0.2"),
        ("my_host.bank.example", "10.0.0.3"),
        ("six.bank.example", "fd00::6"),
    ] {
        assert_eq!(sources.addresses(host).await, Ok(ips(&[address])), "{host}");
    }
    assert_eq!(
        server.asked()[..3],
        [
            "core.bank.example.",
            "core.other.example.",
            "core.bank.example."
        ]
    );
}

#[tokio::test]
async fn without_a_name_server_this_host_is_asked() {
    let server = NameServer::start(&[("core", "10.0.0.2")]);
    for resolv_conf in ["", "# nothing\noptions ndots:2\n"] {
        let sources = server.sources("", resolv_conf);
        assert_eq!(sources.addresses("core").await, Ok(ips(&["10.0.0.2"])));
    }
}

#[tokio::test]
async fn unknown_names_and_names_that_are_none_do_not_resolve() {
    let server = NameServer::start(&[]);
    let sources = server.sources("", LOCAL);
    let long = "n".repeat(70);
    for host in ["nowhere.bank.example", &long, "核心", ""] {
        assert_eq!(sources.addresses(host).await, Err(UnknownHost), "{host}");
    }
}

#[tokio::test]
async fn name_server_that_refuses_is_not_waited_for() {
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sources = Sources {
        hosts: String::new(),
        resolv_conf: LOCAL.into(),
        port: Some(closed.local_addr().unwrap().port()),
    };
    drop(closed);
    let began = std::time::Instant::now();
    assert_eq!(sources.addresses("core").await, Err(UnknownHost));
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_address_is_its_own() {
    let sources = NameServer::start(&[]).sources("", LOCAL);
    for address in ["192.0.2.7", "2001:db8::7"] {
        assert_eq!(sources.addresses(address).await, Ok(ips(&[address])));
    }
}

#[test]
fn loopback_has_a_route() {
    assert!(has_route("127.0.0.1".parse().unwrap()));
}
