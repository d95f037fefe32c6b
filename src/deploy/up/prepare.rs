//! Reads the compose files and the engine, and finds all conflicts of a start.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, TcpListener};
use std::path::Path;

use futures::future::join_all;

use super::conflict::{Conflicts, StartConflict};
use super::family::{Wanted, family, tag_of};
use super::unit::{ComposeFile, Deployment};
use crate::deploy::env::{Service, version_of};
use crate::deploy::host::{
    Compose, ComposeService, Container, Engine, EngineError, EngineFacts, PortMapping,
    PublishedPort, database_of,
};
use crate::deploy::mask::Mask;
use crate::domain::Address;
use crate::error::CommandError;
use crate::platform::HealthQuestion;
use crate::platform::token::{SigningKey, v4_key};
use crate::secret::Secret;

/// What a start does with a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartAction {
    /// Nothing: it runs as its file says.
    Keep,
    /// Create and start its container.
    Create,
    /// Replace its container: the file or image changed, or it does not run.
    Recreate,
}

/// The endpoint of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEndpoint {
    /// Its address as seen from here.
    pub address: Address,
    /// Address of the host that its port is bound to; `None` for all.
    pub host_ip: Option<String>,
    /// Its port on the host.
    pub port: u16,
}

/// One component, ready to start.
pub struct ComponentPlan {
    /// The component.
    pub component: Service,
    /// Its compose file.
    pub file: ComposeFile,
    /// The service of its file.
    pub service: ComposeService,
    /// Its endpoint.
    pub endpoint: ServiceEndpoint,
    /// Id of its image.
    pub image_id: String,
    /// Its container as it is now.
    pub container: Option<Container>,
    /// What a start does with it.
    pub action: StartAction,
}

/// Everything that a start needs.
pub struct StartPlan {
    /// The deployment.
    pub deployment: Deployment,
    /// The components, in order of starting.
    pub units: Vec<ComponentPlan>,
    /// Containers that a start stops first and keeps: those of `--replace`, then those of earlier
    /// versions of this deployment.
    pub replaced: Vec<Container>,
    /// How many of them are of `--replace`.
    pub by_name: usize,
    /// Secrets of the four environments.
    pub mask: Mask,
}

impl StartPlan {
    /// The name under which a replaced container is kept: another one if the new container needs its name.
    pub fn kept_name(&self, old: &Container) -> String {
        let taken = self
            .units
            .iter()
            .any(|unit| unit.container_name() == old.name);
        if taken {
            format!("{}-{}", old.name, tag_of(&old.image))
        } else {
            old.name.clone()
        }
    }
}

impl ComponentPlan {
    /// The key that core signs tokens with; `None` if its seed is invalid, which lint reports.
    pub fn key(&self) -> Option<SigningKey> {
        let seed = self.service.environment.get("jwt_signing_key")?;
        v4_key(seed).ok()
    }

    /// The name of its container.
    pub fn container_name(&self) -> String {
        let name = self.service.container_name.as_deref();
        name.unwrap_or(self.component.name()).to_owned()
    }

    /// Its health question.
    pub fn question(&self) -> HealthQuestion {
        match self.component {
            Service::Auth => HealthQuestion::Auth,
            Service::Core => HealthQuestion::Core,
            Service::Gateway => HealthQuestion::Gateway,
            Service::Portal => HealthQuestion::Portal,
        }
    }

    /// A variable of its container that is not empty.
    pub fn variable(&self, name: &str) -> Option<&Secret> {
        self.service
            .environment
            .get(name)
            .filter(|value| !value.is_empty())
    }
}

/// Plans a start; an error if there are conflicts. `replace` names containers to stop first.
pub async fn prepare(
    engine: &Engine,
    facts: &EngineFacts,
    compose: &Compose,
    deployment: &Deployment,
    replace: &[String],
) -> Result<StartPlan, CommandError> {
    let (prepared, conflicts) = survey(engine, facts, compose, deployment, replace).await?;
    if conflicts.is_empty() {
        Ok(prepared)
    } else {
        Err(Conflicts(conflicts).into())
    }
}

/// The one service of each compose file, with its hash.
async fn read_files(
    compose: &Compose,
    deployment: &Deployment,
    conflicts: &mut Vec<StartConflict>,
) -> Result<Vec<(ComposeFile, ComposeService, String)>, EngineError> {
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
            conflicts.push(StartConflict::NoFile { path: file.path });
            continue;
        };
        match (services.pop(), services.len()) {
            (Some(service), 0) => {
                let hash = hashes.remove(&service.name).unwrap_or_default();
                read.push((file, service, hash));
            }
            (service, others) => conflicts.push(StartConflict::Services {
                path: file.path,
                count: others + usize::from(service.is_some()),
            }),
        }
    }
    Ok(read)
}

/// Plans a start and finds all conflicts. Components with an unreadable file are missing from the plan.
pub async fn survey(
    engine: &Engine,
    facts: &EngineFacts,
    compose: &Compose,
    deployment: &Deployment,
    replace: &[String],
) -> Result<(StartPlan, Vec<StartConflict>), EngineError> {
    let mut conflicts = Vec::new();
    let read = read_files(compose, deployment, &mut conflicts).await?;
    let all = engine.containers(&[]).await?;
    let mut stopped = replaced(deployment, &all, replace, &mut conflicts);
    let by_name = stopped.len();
    let mut families = Vec::new();
    for (mut file, service, mut hash) in read {
        let container = service.container_name.as_deref();
        let wanted = Wanted {
            project: &file.project,
            service: &service.name,
            container: container.unwrap_or(file.component.name()),
            image: &service.image,
        };
        let is_ours = |folder: &str| deployment.is_folder_of(file.component, Path::new(folder));
        let family = family(&all, &wanted, &is_ours);
        stopped.extend(family.earlier.into_iter().cloned());
        let own = family.own;
        if family.project != file.project {
            // The hash depends on the project.
            let mut hashes = compose.hashes(&file.path, &family.project).await?;
            hash = hashes.remove(&service.name).unwrap_or_default();
        }
        file.project = family.project;
        families.push((file, service, hash, own));
    }
    let view = EngineView {
        deployment,
        facts,
        all: &all,
        replaced: stopped,
    };
    let mut units = Vec::new();
    for (file, service, hash, own) in families {
        let Some(endpoint) = view.endpoint(file.component, &service) else {
            conflicts.push(StartConflict::NoPort { path: file.path });
            continue;
        };
        let Some(image) = engine.image(&service.image).await? else {
            let image = service.image;
            conflicts.push(StartConflict::NoImage { image });
            continue;
        };
        if file.component == Service::Core {
            conflicts.extend(view.forbidden(&service, own));
        }
        conflicts.extend(view.names(&file, &service, own));
        conflicts.extend(view.ports(file.component, &service, own));
        let action = match own {
            None => StartAction::Create,
            Some(own) => {
                let same = own.compose_label("config-hash") == Some(hash.as_str());
                if same && own.image_id == image.id && own.is_running() {
                    StartAction::Keep
                } else {
                    StartAction::Recreate
                }
            }
        };
        units.push(ComponentPlan {
            component: file.component,
            file,
            service,
            endpoint,
            image_id: image.id,
            container: own.cloned(),
            action,
        });
    }
    let environments: Vec<&BTreeMap<String, Secret>> =
        units.iter().map(|unit| &unit.service.environment).collect();
    let mask = Mask::of_environments(environments);
    let prepared = StartPlan {
        deployment: deployment.clone(),
        replaced: view.replaced,
        by_name,
        units,
        mask,
    };
    Ok((prepared, conflicts))
}

/// The containers of the engine, as far as they matter to one deployment.
struct EngineView<'a> {
    deployment: &'a Deployment,
    facts: &'a EngineFacts,
    all: &'a [Container],
    replaced: Vec<Container>,
}

fn replaced(
    deployment: &Deployment,
    all: &[Container],
    names: &[String],
    conflicts: &mut Vec<StartConflict>,
) -> Vec<Container> {
    let mut found = Vec::new();
    for name in names {
        match all
            .iter()
            .find(|one| one.name == *name || one.id.starts_with(name) && name.len() >= 12)
        {
            None => conflicts.push(StartConflict::NothingToReplace { name: name.clone() }),
            Some(one) => {
                let projects: BTreeSet<String> = Service::ALL
                    .into_iter()
                    .map(|component| deployment.project(component))
                    .collect();
                // An earlier version is stopped and kept anyway.
                if one
                    .compose_label("project")
                    .is_some_and(|project| projects.contains(project))
                {
                    conflicts.push(StartConflict::ReplacesItself { name: name.clone() });
                } else {
                    found.push(one.clone());
                }
            }
        }
    }
    found
}

impl EngineView<'_> {
    /// Running cores of another v4.0.x or of v4.1.0 and later on the same database: the guide of v4.1.0
    /// forbids both at once.
    fn forbidden(&self, service: &ComposeService, own: Option<&Container>) -> Vec<StartConflict> {
        let is_first = |image: &str| {
            let (major, minor, _) = version_of(tag_of(image))?;
            (major == 4).then_some(minor == 0)
        };
        let Some(first) = is_first(&service.image) else {
            return Vec::new();
        };
        let database = database_of(|name| service.environment.get(name).map(Secret::expose));
        let collides = |one: &&Container| {
            let repository = one.image.rsplit('/').next().unwrap_or_default();
            let is_core = repository.starts_with("platform-core:");
            let stays = !self.replaced.iter().any(|old| old.id == one.id)
                && own.is_none_or(|own| own.id != one.id);
            // Cores of separate databases do not touch each other.
            let shares = database.is_some() && one.database == database;
            is_core && one.is_running() && stays && shares && is_first(&one.image) == Some(!first)
        };
        let conflict = |one: &Container| StartConflict::ForbiddenBeside {
            container: one.name.clone(),
            version: tag_of(&one.image).to_owned(),
            wanted: tag_of(&service.image).to_owned(),
        };
        self.all.iter().filter(collides).map(conflict).collect()
    }

    fn names(
        &self,
        file: &ComposeFile,
        service: &ComposeService,
        own: Option<&Container>,
    ) -> Vec<StartConflict> {
        let mut conflicts = Vec::new();
        if let Some(own) = own {
            let folder = own.compose_label("project.working_dir").unwrap_or_default();
            let ours = self
                .deployment
                .is_folder_of(file.component, Path::new(folder));
            if !ours {
                conflicts.push(StartConflict::Project {
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
            && !self.replaced.iter().any(|old| old.id == holder.id)
        {
            conflicts.push(StartConflict::Name {
                name: holder.name.clone(),
                runs: holder.is_running(),
            });
        }
        conflicts
    }

    fn ports(
        &self,
        component: Service,
        service: &ComposeService,
        own: Option<&Container>,
    ) -> Vec<StartConflict> {
        let mut conflicts = Vec::new();
        for line in &service.ports {
            let port = format!(
                "{}:{}",
                line.host_ip.as_deref().unwrap_or("*"),
                line.published
            );
            let holds = |one: &Container| {
                let ports = if one.is_running() {
                    &one.bound_ports
                } else {
                    &one.configured_ports
                };
                let comes_back = one.is_running() || one.status == "restarting";
                comes_back && ports.iter().any(|held| overlap(held, line))
            };
            let holder = self.all.iter().find(|one| holds(one));
            match holder {
                Some(one) if own.is_some_and(|own| own.id == one.id) => {}
                Some(one) if self.replaced.iter().any(|old| old.id == one.id) => {}
                Some(one) => conflicts.push(StartConflict::PortOfContainer {
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

    /// The endpoint of a component: the published port of the port it listens on.
    fn endpoint(&self, component: Service, service: &ComposeService) -> Option<ServiceEndpoint> {
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
        Some(ServiceEndpoint {
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

fn overlap(held: &PublishedPort, wanted: &PortMapping) -> bool {
    let any = |ip: &str| ip == "0.0.0.0" || ip == "::";
    let same = match &wanted.host_ip {
        None => true,
        Some(ip) => any(&held.ip) || any(ip) || held.ip == *ip,
    };
    held.port == wanted.published && same
}

/// Binds the port for a moment to find out whether a program of this host uses it.
fn try_bind(component: Service, line: &PortMapping, port: String) -> Option<StartConflict> {
    let address = line.host_ip.as_deref().unwrap_or("0.0.0.0");
    let ip: IpAddr = address.parse().ok()?;
    match TcpListener::bind((ip, line.published)) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => Some(StartConflict::PortOfProgram { component, port }),
            io::ErrorKind::AddrNotAvailable => Some(StartConflict::NoSuchAddress {
                address: address.to_owned(),
            }),
            // A low port that only root may bind proves nothing.
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_compares_ports_and_addresses() {
        let held = |ip: &str, port| PublishedPort {
            ip: ip.to_owned(),
            port,
            inner: 8080,
        };
        let wanted = |ip: Option<&str>| PortMapping {
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
    fn try_bind_finds_ports_in_use_and_foreign_addresses() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = |port| PortMapping {
            host_ip: Some("127.0.0.1".to_owned()),
            published: port,
            target: 8080,
        };
        let taken = listener.local_addr().unwrap().port();
        let found = try_bind(Service::Portal, &line(taken), String::new());
        assert!(
            matches!(found, Some(StartConflict::PortOfProgram { .. })),
            "{found:?}"
        );
        drop(listener);
        assert_eq!(try_bind(Service::Portal, &line(taken), String::new()), None);
        let elsewhere = PortMapping {
            host_ip: Some("192.0.2.1".to_owned()),
            ..line(taken)
        };
        let found = try_bind(Service::Portal, &elsewhere, String::new());
        assert!(
            matches!(found, Some(StartConflict::NoSuchAddress { .. })),
            "{found:?}"
        );
    }
}
