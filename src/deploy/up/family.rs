//! The containers of a service of one deployment: the one to start, and those of other versions, which
//! are kept. Pure.
//!
//! Compose removes what its project has of a service before it starts another version. So a version that
//! follows another one gets a project of its own, and the earlier container stays until somebody removes
//! it.

use crate::deploy::host::Container;

/// The containers of a service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Family<'a> {
    /// The one that compose uses.
    pub(super) own: Option<&'a Container>,
    /// Running containers of other versions; a start stops and keeps them.
    pub(super) earlier: Vec<&'a Container>,
    /// The compose project to start in.
    pub(super) project: String,
}

/// What names a service.
pub(super) struct Wanted<'a> {
    /// The project in which the first version is started.
    pub(super) project: &'a str,
    /// Its name in the compose file.
    pub(super) service: &'a str,
    /// The name of its container.
    pub(super) container: &'a str,
    /// The name of its image.
    pub(super) image: &'a str,
}

/// Finds the containers of a service. `is_ours` tells whether a directory is that of the deployment.
pub(super) fn family<'a>(
    all: &'a [Container],
    wanted: &Wanted<'_>,
    is_ours: &dyn Fn(&str) -> bool,
) -> Family<'a> {
    let tag = tag_of(wanted.image);
    let is_base = |one: &&Container| one.compose_label("project") == Some(wanted.project);
    let is_member = |one: &&'a Container| {
        let later = label(one, "project").strip_prefix(wanted.project);
        let later = later.is_some_and(|rest| rest.starts_with("-v"));
        label(one, "service") == wanted.service
            && label(one, "oneoff") != "True"
            && (is_base(one) || later && is_ours(label(one, "project.working_dir")))
    };
    let members: Vec<&Container> = all.iter().filter(is_member).collect();
    let foreign = |one: &&&Container| !is_ours(label(one, "project.working_dir"));
    if let Some(foreign) = members.iter().find(foreign) {
        // Another deployment has the project: a conflict.
        return Family {
            own: Some(foreign),
            earlier: Vec::new(),
            project: wanted.project.to_owned(),
        };
    }
    let same = |one: &&&Container| tag_of(&one.image) == tag;
    let named = |one: &&&Container| one.name == wanted.container;
    let of_version = format!("{}-{}", wanted.project, project_part(tag));
    let own = members
        .iter()
        .find(|one| named(one) && same(one))
        .or_else(|| {
            members
                .iter()
                .find(|one| label(one, "project") == of_version)
        })
        .or_else(|| members.iter().find(|one| is_base(one) && same(one)))
        .copied();
    let project = match own {
        Some(own) => label(own, "project").to_owned(),
        None if members.iter().any(is_base) => of_version,
        None => wanted.project.to_owned(),
    };
    let stays = |one: &&Container| {
        let comes_back = one.is_running() || one.status == "restarting";
        own.is_none_or(|own| own.id != one.id) && (comes_back || one.name == wanted.container)
    };
    Family {
        own,
        earlier: members.into_iter().filter(stays).collect(),
        project,
    }
}

fn label<'c>(one: &'c Container, key: &str) -> &'c str {
    one.compose_label(key).unwrap_or_default()
}

/// The tag of an image.
pub(super) fn tag_of(image: &str) -> &str {
    match image.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => tag,
        _ => "latest",
    }
}

/// A tag as a part of a project's name: compose takes no dots and no upper case.
fn project_part(tag: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    format!(
        "v{}",
        tag.trim_start_matches('v')
            .chars()
            .map(plain)
            .collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(project: &str, name: &str, tag: &str, status: &str) -> Container {
        let label =
            |key: &str, value: &str| (format!("com.docker.compose.{key}"), value.to_owned());
        Container {
            id: format!("{project}/{name}"),
            name: name.to_owned(),
            image: format!("x:5000/platform-core:{tag}"),
            status: status.to_owned(),
            labels: [
                label("project", project),
                label("service", "platform-core"),
                label("project.working_dir", "/root"),
            ]
            .into(),
            ..Container::default()
        }
    }

    #[test]
    fn family_keeps_earlier_versions_and_gives_the_next_one_its_own_project() {
        let core = "platform-core";
        let old = |status| container(core, "platform-core-v4.0.0", "v4.0.0", status);
        let new = |status| {
            container(
                "platform-core-v4-5-6",
                "platform-core-v4.5.6",
                "v4.5.6",
                status,
            )
        };
        let beside = container("other-platform-core", "x", "v4.0.0", "running");
        // What is there; own container, earlier ones, project.
        let cases = [
            (vec![], None, vec![], core),
            (vec![beside], None, vec![], core),
            (
                vec![old("running")],
                None,
                vec!["platform-core-v4.0.0"],
                "platform-core-v4-5-6",
            ),
            (vec![old("exited")], None, vec![], "platform-core-v4-5-6"),
            (
                vec![old("exited"), new("running")],
                Some("platform-core-v4.5.6"),
                vec![],
                "platform-core-v4-5-6",
            ),
            (
                vec![old("restarting"), new("exited")],
                Some("platform-core-v4.5.6"),
                vec!["platform-core-v4.0.0"],
                "platform-core-v4-5-6",
            ),
            (
                vec![container(core, "platform-core-v4.5.6", "v4.5.6", "exited")],
                Some("platform-core-v4.5.6"),
                vec![],
                core,
            ),
            // A template whose container has no version in its name.
            (
                vec![container(core, "platform-core-v4.5.6", "v4.0.0", "exited")],
                None,
                vec!["platform-core-v4.5.6"],
                "platform-core-v4-5-6",
            ),
        ];
        for (all, own, earlier, project) in cases {
            let wanted = Wanted {
                project: core,
                service: core,
                container: "platform-core-v4.5.6",
                image: "mirror/platform-core:v4.5.6",
            };
            let found = family(&all, &wanted, &|folder| folder == "/root");
            assert_eq!(found.own.map(|one| one.name.as_str()), own, "{all:?}");
            let names: Vec<&str> = found.earlier.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(
                (names, found.project.as_str()),
                (earlier, project),
                "{all:?}"
            );
        }
        let all = [old("running")];
        let wanted = Wanted {
            project: core,
            service: core,
            container: "platform-core-v4.5.6",
            image: "platform-core:v4.5.6",
        };
        let foreign = family(&all, &wanted, &|folder| folder == "/elsewhere");
        assert_eq!((foreign.own, foreign.earlier.len()), (Some(&all[0]), 0));
    }
}
