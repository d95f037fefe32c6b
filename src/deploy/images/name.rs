//! Names of the four images.

use crate::deploy::env::Service;

/// An image that a deployment needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRef {
    /// Whose it is.
    pub component: Service,
    /// Its name with prefix and tag.
    pub reference: String,
    /// Its digest in a registry (`sha256:…`), if it is pinned.
    pub digest: Option<String>,
}

impl ImageRef {
    /// Name of its tar in the WeCube upgrade guide.
    pub fn tar_name(&self) -> String {
        format!("webankpartners-{}.tar", self.component.name())
    }

    /// The name without its tag.
    pub fn repository(&self) -> &str {
        split_tag(&self.reference).0
    }

    /// The flags of `deploy images` that name this image's version and registry.
    pub fn flags(&self) -> String {
        let (name, tag) = split_tag(&self.reference);
        match name.rsplit_once('/') {
            Some((prefix, _)) => format!("--wecube-version {tag} --registry {prefix}"),
            None => format!("--wecube-version {tag}"),
        }
    }

    /// Whether another name is the same image in another registry: same last part, same tag.
    pub fn is_named_like(&self, other: &str) -> bool {
        let (ours, theirs) = (split_tag(&self.reference), split_tag(other));
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        last(ours.0) == last(theirs.0) && ours.1 == theirs.1
    }
}

/// The four images of a version below a prefix (`mirror.example:5000/wecube`).
pub fn image_refs(prefix: &str, version: &str) -> Vec<ImageRef> {
    let before = match prefix.trim_end_matches('/') {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    let of = |component: Service| ImageRef {
        component,
        reference: format!("{before}{}:{version}", component.name()),
        digest: None,
    };
    Service::ALL.into_iter().map(of).collect()
}

/// Name and tag. A port of a registry is not a tag.
fn split_tag(reference: &str) -> (&str, &str) {
    match reference.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (reference, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_refs_are_named_below_any_prefix() {
        let names = |prefix| {
            let found = image_refs(prefix, "v4.0.0").into_iter();
            found.map(|one| one.reference).collect::<Vec<_>>()
        };
        assert_eq!(
            names("webankpartners"),
            [
                "webankpartners/platform-auth-server:v4.0.0",
                "webankpartners/platform-core:v4.0.0",
                "webankpartners/platform-gateway:v4.0.0",
                "webankpartners/wecube-portal:v4.0.0"
            ]
        );
        assert_eq!(
            names("mirror.example:5000/w/")[1],
            "mirror.example:5000/w/platform-core:v4.0.0"
        );
    }

    #[test]
    fn is_named_like_finds_the_image_of_another_registry() {
        let core = &image_refs("webankpartners", "v4.0.0")[1];
        for (name, like) in [
            ("a.example:5000/b/platform-core:v4.0.0", true),
            ("platform-core:v4.0.0", true),
            ("a.example:5000/b/platform-core", false),
            ("webankpartners/platform-core:v4.0.1", false),
            ("webankpartners/my-platform-core:v4.0.0", false),
        ] {
            assert_eq!(core.is_named_like(name), like, "{name}");
        }
        assert_eq!(core.repository(), "webankpartners/platform-core");
        assert_eq!(core.tar_name(), "webankpartners-platform-core.tar");
    }
}
