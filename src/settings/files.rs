//! The configuration and the env file, read.

use std::path::{Path, PathBuf};

use super::file::ConfigFile;
use super::given::Given;
use crate::deploy::env::EnvFile;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{FileError, MIB, read_text};
use crate::i18n::Text;
use crate::secret::{LooseMode, read_private};

/// The largest configuration or env file.
const LIMIT: u64 = MIB;

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// Each fault; never empty.
    pub faults: Vec<Text>,
}

impl Failure for SettingsError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        let one = self.faults.first().cloned();
        one.unwrap_or_else(|| Text::new("report-outcome-usage"))
    }

    fn messages(&self) -> Vec<Text> {
        self.faults.clone()
    }
}

/// Files that were named, read.
#[derive(Default)]
pub struct Files {
    pub(super) config: Option<(PathBuf, ConfigFile)>,
    pub(super) env: Option<(PathBuf, EnvFile)>,
    loose: Option<LooseMode>,
}

impl Files {
    /// Reads the files that the flags (and the configuration) name.
    pub fn read(given: &Given) -> Result<Self, SettingsError> {
        let (mut faults, mut loose) = (Vec::new(), None);
        let config = given
            .config
            .as_deref()
            .and_then(|path| keep(read_config(path), &mut faults));
        let env_path = given.env_file.clone().or_else(|| {
            config
                .as_ref()
                .and_then(|(_, file): &(PathBuf, ConfigFile)| file.env_file.clone())
        });
        let env = env_path.as_deref().and_then(|path| match read_env(path) {
            Ok((env, mode)) => {
                loose = mode;
                Some((path.to_owned(), env))
            }
            Err(found) => {
                faults.extend(found);
                None
            }
        });
        if faults.is_empty() {
            Ok(Self { config, env, loose })
        } else {
            Err(SettingsError { faults })
        }
    }

    /// The env file, if one is named.
    pub fn env(&self) -> Option<(&Path, &EnvFile)> {
        let (path, file) = self.env.as_ref()?;
        Some((path, file))
    }

    /// Its mode, if others on the host may use it: it holds secrets.
    pub fn loose_env(&self) -> Option<&LooseMode> {
        self.loose.as_ref()
    }

    /// The file with the URL that the configuration wants to be requested after each check.
    pub fn ping_file(&self) -> Option<&Path> {
        self.config.as_ref()?.1.check.ping_file.as_deref()
    }

    /// The language that the configuration asks for.
    pub fn lang(&self) -> Option<&str> {
        self.config.as_ref()?.1.lang.as_deref()
    }
}

fn keep<T>(result: Result<T, Text>, faults: &mut Vec<Text>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

fn read_config(path: &Path) -> Result<(PathBuf, ConfigFile), Text> {
    let file = ConfigFile::parse(&read_text(path, LIMIT).map_err(|error| error.message())?)
        .map_err(|fault| {
            Text::new("settings-config-malformed")
                .with("path", path.display())
                .with("line", fault.line)
                .with("column", fault.column)
                .nested("fault", fault.message())
        })?;
    Ok((path.to_owned(), file))
}

fn read_env(path: &Path) -> Result<(EnvFile, Option<LooseMode>), Vec<Text>> {
    let (bytes, loose) = read_private(path, LIMIT).map_err(|error| vec![error.message()])?;
    let text = String::from_utf8(bytes).map_err(|_| {
        let error = FileError::reading(path, std::io::ErrorKind::InvalidData);
        vec![error.message()]
    })?;
    let file = EnvFile::parse(&text).map_err(|faults| {
        let in_file = |text: Text| {
            Text::new("settings-env-fault")
                .with("path", path.display())
                .nested("fault", text)
        };
        faults
            .iter()
            .map(|fault| in_file(fault.text()))
            .collect::<Vec<_>>()
    })?;
    Ok((file, loose))
}
