//! Where calls go: the exact origins of one instance, and nowhere else.

use url::{Host, Url};

use crate::domain::InstanceIdentity;
use crate::platform::request::{ApiRequest, Via};

/// The origins of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Origins {
    core: Url,
    gateway: Url,
    portals: Vec<Url>,
}

impl Origins {
    /// Takes normalised addresses (`settings::parse_address`).
    pub(in crate::platform) fn new(identity: &InstanceIdentity) -> Result<Self, url::ParseError> {
        Ok(Self {
            core: Url::parse(identity.core.as_str())?,
            gateway: Url::parse(identity.gateway.as_str())?,
            portals: identity
                .portals
                .iter()
                .map(|portal| Url::parse(portal.as_str()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Every origin.
    pub(in crate::platform) fn all(&self) -> impl Iterator<Item = &Url> {
        [&self.core, &self.gateway].into_iter().chain(&self.portals)
    }

    /// The origin that a request goes to.
    pub(in crate::platform) fn of(&self, via: &Via) -> Option<&Url> {
        match via {
            Via::Core => Some(&self.core),
            Via::Gateway => Some(&self.gateway),
            Via::Portal(index) => self.portals.get(*index),
        }
    }

    /// The full address of a request; `None` if its path would lead to another origin.
    pub(in crate::platform) fn address(&self, request: &ApiRequest) -> Option<Url> {
        let origin = self.of(&request.via)?;
        if !request.path.starts_with('/') {
            return None;
        }
        // Put together as text: joining would take `//host/…` for another server.
        let base = origin.as_str().trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}{}", request.path)).ok()?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        (url.origin() == origin.origin() && url.username().is_empty()).then_some(url)
    }
}

/// Whether an address is this machine: never asked for through a proxy.
pub(in crate::platform) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost")
                || name.to_ascii_lowercase().ends_with(".localhost")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Origins, is_loopback};
    use crate::domain::{Address, InstanceIdentity, Side};
    use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};

    fn origins() -> Origins {
        Origins::new(&InstanceIdentity {
            side: Side::New,
            core: Address::new("http://10.0.0.1:8000"),
            gateway: Address::new("http://10.0.0.1:8005"),
            portals: vec![Address::new("https://portal.example")],
        })
        .unwrap()
    }

    fn get(via: Via, path: &str) -> ApiRequest {
        ApiRequest {
            op: "test",
            via,
            method: Method::Get,
            path: path.to_owned(),
            query: vec![("name", "a b&c".to_owned())],
            body: Body::None,
            unless: None,
            token: true,
            replay: Replay::Safe,
        }
    }

    #[test]
    fn a_path_never_leads_to_another_origin() {
        let at = |via, path| origins().address(&get(via, path)).map(String::from);
        assert_eq!(
            at(Via::Core, "/platform/v1/x").as_deref(),
            Some("http://10.0.0.1:8000/platform/v1/x?name=a+b%26c")
        );
        assert_eq!(
            at(Via::Gateway, "//evil.example/x").as_deref(),
            Some("http://10.0.0.1:8005//evil.example/x?name=a+b%26c")
        );
        assert_eq!(at(Via::Core, "@evil.example/"), None);
        assert_eq!(at(Via::Core, ".evil.example/"), None);
        assert_eq!(at(Via::Core, "1/x"), None);
        assert_eq!(at(Via::Core, "http://evil.example/"), None);
        assert_eq!(at(Via::Core, ""), None);
        assert_eq!(at(Via::Portal(1), "/x"), None);
    }

    #[test]
    fn loopback_in_every_spelling() {
        for (address, loopback) in [
            ("http://127.0.0.1:1", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:1", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://localhost", true),
            ("http://LOCALHOST.", true),
            ("http://a.localhost", true),
            ("http://0.0.0.0:1", true),
            ("http://10.0.0.1", false),
            ("http://[2001:db8::1]", false),
            ("http://localhost.example", false),
            ("http://mylocalhost", false),
        ] {
            assert_eq!(
                is_loopback(&Url::parse(address).unwrap()),
                loopback,
                "{address}"
            );
        }
    }
}
