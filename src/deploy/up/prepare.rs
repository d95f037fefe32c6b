//! Reads the compose files and the engine; finds everything that speaks against a start.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, TcpListener};

use futures::future::join_all;

use super::conflict::Conflict;
use super::unit::{Deployment, UnitFile};
use crate::deploy::env::Service;
use crate::deploy::host::{
    Compose, ComposeService, Container, Engine, EngineError, EngineFacts, PortLine, Published,
};
use crate::deploy::mask::Mask;
use crate::domain::Address;
use crate::platform::HealthQuestion;
use crate::platform::token::{SigningKey, v4_key};
use crate::secret::Secret;

/// What a start will do with a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It runs as its file says: nothing.
    Keep,
    /// Make and start its container.
    Start,
    /// Its container is there and its file or image changed, or it does not run.
    Renew,
}

/// Where a component answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address for who asks it from here.
    pub address: Address,
    /// Address of the host that its port is bound to; none for all.
    pub host_ip: Option<String>,
    /// Its port on the host.
    pub port: u16,
}

/// One component, ready to start.
pub struct Unit {
    /// Which.
    pub component: Service,
    /// Its compose file.
    pub file: UnitFile,
    /// What its file says.
    pub service: ComposeService,
    /// Where it answers.
    pub place: Place,
    /// Id of its image.
    pub image_id: String,
    /// Its container as it is now.
    pub container: Option<Container>,
    /// What a start will do.
    pub action: Action,
}

/// Everything that a start needs to know.
pub struct Prepared {
    /// The deployment.
    pub deployment: Deployment,
    /// The four, in the document's order.
    pub units: Vec<Unit>,
    /// Containers that are to be stopped first, and kept.
    pub replaced: Vec<Container>,
    /// Secrets of the four environments.
    pub mask: Mask,
}

/// Why nothing can be started.
#[derive(Debug)]
pub enum UpError {
    /// The engine or compose did not do it. Its words may repeat secrets of a compose file.
    Engine(EngineError),
    /// This speaks against it; never empty.
    Conflicts(Vec<Conflict>),
}

impl From<EngineError> for UpError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl Unit {
    /// The key that core signs and checks tokens with. A seed that cannot be read gives none: that is
    /// the token room's finding, not this one's.
    pub fn key(&self) -> Option<SigningKey> {
        let seed = self.service.environment.get("jwt_signing_key")?;
        v4_key(seed).ok()
    }

    /// Its own health question.
    pub fn question(&self) -> HealthQuestion {
        match self.component {
            Service::Auth => HealthQuestion::Auth,
            Service::Core => HealthQuestion::Core,
            Service::Gateway => HealthQuestion::Gateway,
            Service::Portal => HealthQuestion::Portal,
        }
    }

    /// A variable of its container.
    pub fn variable(&self, name: &str) -> Option<&Secret> {
        self.service
            .environment
            .get(name)
            .filter(|value| !value.is_empty())
    }
}

/// Reads everything; where anything speaks against a start, all of it is the error. `replace` names
/// containers that are to be stopped before (the in-place way).
pub async fn prepare(
    engine: &Engine,
    facts: &EngineFacts,
    compose: &Compose,
    deployment: &Deployment,
    replace: &[String],
) -> Result<Prepared, UpError> {
    let (prepared, conflicts) = survey(engine, facts, compose, deployment, replace).await?;
    if conflicts.is_empty() {
        Ok(prepared)
    } else {
        Err(UpError::Conflicts(conflicts))
    }
}

/// Reads everything and finds all conflicts at once; components that cannot be read are left out.
pub async fn survey(
    engine: &Engine,
    facts: &EngineFacts,
    compose: &Compose,
    deployment: &Deployment,
    replace: &[String],
) -> Result<(Prepared, Vec<Conflict>), EngineError> {
    let mut conflicts = Vec::new();
    let mut read = Vec::new();
    let files = deployment.files().into_iter().map(|file| async move {
        if !file.path.is_file() {
            return Ok::<_, EngineError>((file, None));
        }
        let services = compose.services(&file.path, &file.project);
        let hashes = compose.hashes(&file.path, &file.project);
        let (services, hashes) = futures::try_join!(services, hashes)?;
        Ok((file, Some((services, hashes))))
    });
    for found in join_all(files).await {
        let (file, found) = found?;
        let Some((mut services, mut hashes)) = found else {
            conflicts.push(Conflict::NoFile { path: file.path });
            continue;
        };
        match (services.pop(), services.len()) {
            (Some(service), 0) => {
                let hash = hashes.remove(&service.name).unwrap_or_default();
                read.push((file, service, hash));
            }
            (service, others) => conflicts.push(Conflict::Services {
                path: file.path,
                count: others + usize::from(service.is_some()),
            }),
        }
    }
    let all = engine.containers(&[]).await?;
    let scene = Scene {
        deployment,
        facts,
        all: &all,
        replaced: replaced(deployment, &all, replace, &mut conflicts),
    };
    let mut units = Vec::new();
    for (file, service, hash) in read {
        let Some(place) = scene.place(file.component, &service) else {
            conflicts.push(Conflict::NoPort { path: file.path });
            continue;
        };
        let Some(image) = engine.image(&service.image).await? else {
            let image = service.image;
            conflicts.push(Conflict::NoImage { image });
            continue;
        };
        let own = scene.own(&file, &service);
        conflicts.extend(scene.names(&file, &service, own));
        conflicts.extend(scene.ports(file.component, &service, own));
        let action = match own {
            None => Action::Start,
            Some(own) => {
                let same = own.compose("config-hash") == Some(hash.as_str());
                if same && own.image_id == image.id && own.runs() {
                    Action::Keep
                } else {
                    Action::Renew
                }
            }
        };
        units.push(Unit {
            component: file.component,
            file,
            service,
            place,
            image_id: image.id,
            container: own.cloned(),
            action,
        });
    }
    let environments: Vec<&BTreeMap<String, Secret>> =
        units.iter().map(|unit| &unit.service.environment).collect();
    let mask = Mask::of_environments(environments);
    let prepared = Prepared {
        deployment: deployment.clone(),
        replaced: scene.replaced.clone(),
        units,
        mask,
    };
    Ok((prepared, conflicts))
}

struct Scene<'a> {
    deployment: &'a Deployment,
    facts: &'a EngineFacts,
    all: &'a [Container],
    replaced: Vec<Container>,
}

fn replaced(
    deployment: &Deployment,
    all: &[Container],
    names: &[String],
    conflicts: &mut Vec<Conflict>,
) -> Vec<Container> {
    let mut found = Vec::new();
    for name in names {
        match all
            .iter()
            .find(|one| one.name == *name || one.id.starts_with(name) && name.len() >= 12)
        {
            None => conflicts.push(Conflict::NothingToReplace { name: name.clone() }),
            Some(one) => {
                let projects: BTreeSet<String> = Service::ALL
                    .into_iter()
                    .map(|component| deployment.project(component))
                    .collect();
                // Compose would take it away rather than keep it.
                if one
                    .compose("project")
                    .is_some_and(|project| projects.contains(project))
                {
                    conflicts.push(Conflict::ReplacesItself { name: name.clone() });
                } else {
                    found.push(one.clone());
                }
            }
        }
    }
    found
}

impl Scene<'_> {
    /// The container that compose takes for this service.
    fn own(&self, file: &UnitFile, service: &ComposeService) -> Option<&Container> {
        self.all.iter().find(|one| {
            one.compose("project") == Some(&file.project)
                && one.compose("service") == Some(&service.name)
                && one.compose("oneoff") != Some("True")
        })
    }

    fn names(
        &self,
        file: &UnitFile,
        service: &ComposeService,
        own: Option<&Container>,
    ) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        if let Some(own) = own {
            let folder = own.compose("project.working_dir").unwrap_or_default();
            let ours = self
                .deployment
                .is_folder_of(file.component, std::path::Path::new(folder));
            if !ours {
                conflicts.push(Conflict::Project {
                    project: file.project.clone(),
                    container: own.name.clone(),
                });
            }
        }
        let holder = self
            .all
            .iter()
            .find(|one| service.container_name.as_deref() == Some(&one.name));
        if let Some(holder) = holder
            && own.is_none_or(|own| own.id != holder.id)
        {
            conflicts.push(Conflict::Name {
                name: holder.name.clone(),
                runs: holder.runs(),
            });
        }
        conflicts
    }

    fn ports(
        &self,
        component: Service,
        service: &ComposeService,
        own: Option<&Container>,
    ) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for line in &service.ports {
            let port = format!(
                "{}:{}",
                line.host_ip.as_deref().unwrap_or("*"),
                line.published
            );
            let holds = |one: &Container| {
                let ports = if one.runs() { &one.bound } else { &one.wanted };
                let comes_back = one.runs() || one.status == "restarting";
                comes_back && ports.iter().any(|held| overlap(held, line))
            };
            let holder = self.all.iter().find(|one| holds(one));
            match holder {
                Some(one) if own.is_some_and(|own| own.id == one.id) => {}
                Some(one) if self.replaced.iter().any(|old| old.id == one.id) => {}
                Some(one) => conflicts.push(Conflict::PortOfContainer {
                    component,
                    port,
                    container: one.name.clone(),
                }),
                None if self.facts.is_local() => conflicts.extend(try_bind(component, line, port)),
                None => {}
            }
        }
        conflicts
    }

    /// Where a component answers: its port is the one that leads to where it listens.
    fn place(&self, component: Service, service: &ComposeService) -> Option<Place> {
        let inner = component.inner_port();
        let line = service
            .ports
            .iter()
            .find(|line| line.target == inner)
            .or_else(|| service.ports.first().filter(|_| service.ports.len() == 1))?;
        let host = match &line.host_ip {
            Some(ip) => ip.clone(),
            None => self.engine_host(),
        };
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host
        };
        Some(Place {
            address: Address::new(format!("http://{host}:{}", line.published)),
            host_ip: line.host_ip.clone(),
            port: line.published,
        })
    }

    /// The machine of the engine, as `ssh://USER@HOST:PORT` and `tcp://HOST:PORT` name it.
    fn engine_host(&self) -> String {
        let parsed = url::Url::parse(&self.facts.endpoint).ok();
        let host = parsed.and_then(|url| url.host_str().map(ToOwned::to_owned));
        host.filter(|host| !host.is_empty() && !self.facts.is_local())
            .unwrap_or_else(|| "127.0.0.1".to_owned())
    }
}

fn overlap(held: &Published, wanted: &PortLine) -> bool {
    let any = |ip: &str| ip == "0.0.0.0" || ip == "::";
    let same = match &wanted.host_ip {
        None => true,
        Some(ip) => any(&held.ip) || any(ip) || held.ip == *ip,
    };
    held.port == wanted.published && same
}

/// Whether a program of this host has the port: it is bound for a moment.
fn try_bind(component: Service, line: &PortLine, port: String) -> Option<Conflict> {
    let address = line.host_ip.as_deref().unwrap_or("0.0.0.0");
    let ip: IpAddr = address.parse().ok()?;
    match TcpListener::bind((ip, line.published)) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => Some(Conflict::PortOfProgram { component, port }),
            io::ErrorKind::AddrNotAvailable => Some(Conflict::NoSuchAddress {
                address: address.to_owned(),
            }),
            // A low port that only root may bind says nothing.
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_collide_where_their_addresses_do() {
        let held = |ip: &str, port| Published {
            ip: ip.to_owned(),
            port,
            inner: 8080,
        };
        let wanted = |ip: Option<&str>| PortLine {
            host_ip: ip.map(ToOwned::to_owned),
            published: 8080,
            target: 8080,
        };
        for (ip, port, wants, collide) in [
            ("0.0.0.0", 8080, Some("10.0.0.1"), true),
            ("10.0.0.1", 8080, None, true),
            ("10.0.0.1", 8080, Some("10.0.0.1"), true),
            ("10.0.0.2", 8080, Some("10.0.0.1"), false),
            ("0.0.0.0", 8081, Some("10.0.0.1"), false),
        ] {
            assert_eq!(
                overlap(&held(ip, port), &wanted(wants)),
                collide,
                "{ip} {wants:?}"
            );
        }
    }

    #[test]
    fn a_port_that_a_program_has_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = |port| PortLine {
            host_ip: Some("127.0.0.1".to_owned()),
            published: port,
            target: 8080,
        };
        let taken = listener.local_addr().unwrap().port();
        let found = try_bind(Service::Portal, &line(taken), String::new());
        assert!(
            matches!(found, Some(Conflict::PortOfProgram { .. })),
            "{found:?}"
        );
        drop(listener);
        assert_eq!(try_bind(Service::Portal, &line(taken), String::new()), None);
        let elsewhere = PortLine {
            host_ip: Some("192.0.2.1".to_owned()),
            ..line(taken)
        };
        let found = try_bind(Service::Portal, &elsewhere, String::new());
        assert!(
            matches!(found, Some(Conflict::NoSuchAddress { .. })),
            "{found:?}"
        );
    }
}
