//! The commented env file that `deploy init` writes.

use super::variables::{Requirement, VARIABLES};
use crate::i18n::Text;
use crate::secret::Secret;

/// Quotes a value for a shell, byte for byte. Always in quotes, unlike `shlex`, so that the file is
/// uniform.
pub fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

/// An env file with every variable and its description. Known values are filled in: `old` has those of
/// the old instance, `addresses` this host's. Variables with a default are commented out. `render`
/// translates a message.
pub fn starter(
    old: &dyn Fn(&str) -> Option<Secret>,
    version: &str,
    addresses: &[String],
    render: &dyn Fn(&Text) -> String,
) -> Secret {
    let mut out = String::new();
    let comment = |out: &mut String, text: &Text| {
        out.push_str("# ");
        out.push_str(&render(text));
        out.push('\n');
    };
    comment(&mut out, &Text::new("env-starter-head"));
    comment(&mut out, &Text::new("env-starter-quotes"));
    for variable in VARIABLES {
        out.push('\n');
        comment(&mut out, &(variable.about)());
        if variable.since > (4, 0, 0) {
            let (major, minor, patch) = variable.since;
            let since = format!("v{major}.{minor}.{patch}");
            comment(
                &mut out,
                &Text::new("env-starter-since").with("since", since),
            );
        }
        let known = match variable.name {
            "WECUBE_VERSION" => Some(version.to_owned()),
            "HOSTIP" => {
                if addresses.len() > 1 {
                    let all = Text::new("env-starter-candidates");
                    comment(&mut out, &all.with("all", addresses.join(", ")));
                }
                addresses.first().cloned()
            }
            name => old(name).map(|value| value.expose().to_owned()),
        };
        let line = match (known, variable.requirement) {
            (Some(value), _) => format!("{}={}", variable.name, quoted(&value)),
            (None, Requirement::Required) => format!("{}=''", variable.name),
            (None, Requirement::Default(default)) => {
                format!("#{}={}", variable.name, quoted(default))
            }
            (None, Requirement::Derived) => format!("#{}=''", variable.name),
        };
        out.push_str(&line);
        out.push('\n');
    }
    Secret::new(out)
}

#[cfg(test)]
mod tests {
    use super::super::{EnvFile, NameFault, Values};
    use super::*;

    fn written(old: &dyn Fn(&str) -> Option<Secret>) -> EnvFile {
        let addresses = ["10.0.0.1".to_owned(), "10.1.0.1".to_owned()];
        let text = starter(old, "v4.0.0", &addresses, &|text| text.key().to_owned());
        EnvFile::parse(text.expose()).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    #[test]
    fn starter_lacks_only_required_values() {
        let (values, faults) = Values::read(written(&|_| None));
        assert_eq!(values.host_ip(), "10.0.0.1");
        assert!(!faults.is_empty());
        for fault in faults {
            assert!(
                matches!(fault, NameFault::Missing { line: Some(_), .. }),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn starter_carries_values_of_the_old_instance() {
        let value = "it's $5 & \"x\"";
        let old = |name: &str| (name == "s3_secret").then(|| Secret::new(value));
        assert_eq!(written(&old).get("s3_secret"), Some(value));
    }

    proptest::proptest! {
        #[test]
        fn quoted_values_are_read_back(value in "[^\\x00\\r]*") {
            let file = EnvFile::parse(&format!("A={}\n", quoted(&value)));
            let file = file.unwrap_or_else(|faults| panic!("{faults:?}"));
            proptest::prop_assert_eq!(file.assigned("A").map(Secret::expose), Some(value.as_str()));
        }
    }
}
