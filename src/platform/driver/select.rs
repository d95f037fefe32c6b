//! Which driver for which version, and the requests that it chooses.

use super::table;
use super::variables::VariablePages;
use crate::domain::{
    Capabilities, Generation, MenuItem, PackageListing, PlatformVersion, ReadFailure, VariableId,
};
use crate::i18n::Text;
use crate::platform::driver::read::CallInfo;
use crate::platform::endpoints::{self, PackageQuery, VariableFilter};
use crate::platform::request::ApiRequest;
use crate::platform::wire::{MenuDto, Rows, decode_data, own_menus_v3, own_menus_v4};

/// How an instance of one version is asked and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Driver {
    capabilities: Capabilities,
    version_match: VersionMatch,
}

/// How sure the choice of the driver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum VersionMatch {
    /// The version was read in its source, or lies between two that were.
    Known,
    /// Newer than any version that was read: the newest row is taken.
    Newer,
    /// The version's text says nothing, or contradicts the generation that the operator named: the
    /// oldest row of the generation is taken, since it promises the least. Of a v4.0.0 only changed
    /// row ids are expected as a proof, which every v4 shows; what it predicts beyond that (other
    /// versions being demoted) is then a warning too many, never one too few.
    Unknown,
}

impl Driver {
    /// The driver for a version as the platform tells it (v4: an environment variable, so any text).
    /// `generation` is the operator's word and wins.
    pub(in crate::platform) fn for_version(
        version: &PlatformVersion,
        generation: Option<Generation>,
    ) -> Self {
        let told = version.numbers.map(|numbers| match numbers.0 {
            0..=3 => Generation::V3,
            _ => Generation::V4,
        });
        let generation = generation.or(told).unwrap_or(Generation::V4);
        let numbers = version.numbers.filter(|_| told == Some(generation));
        let capabilities = match generation {
            Generation::V3 => table::V3,
            Generation::V4 => v4_row(numbers.unwrap_or((4, 0, 0))),
        };
        let version_match = match numbers {
            None => VersionMatch::Unknown,
            Some(numbers) if numbers > table::NEWEST_READ => VersionMatch::Newer,
            Some(_) => VersionMatch::Known,
        };
        Self {
            capabilities,
            version_match,
        }
    }

    /// What the version can.
    pub(in crate::platform) fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Its generation.
    pub(in crate::platform) fn generation(&self) -> Generation {
        self.capabilities.generation
    }

    /// How sure the choice is.
    #[cfg(test)]
    pub(in crate::platform) fn version_match(&self) -> VersionMatch {
        self.version_match
    }

    /// What this version cannot do or tell, in words for people.
    pub(in crate::platform) fn limits(&self) -> Vec<Text> {
        let can = &self.capabilities;
        let mut limits = Vec::new();
        match self.version_match {
            VersionMatch::Known => {}
            VersionMatch::Newer => limits.push(Text::new("platform-limit-version-newer")),
            VersionMatch::Unknown => limits.push(Text::new("platform-limit-version-unknown")),
        }
        match can.generation {
            Generation::V3 => limits.push(Text::new("platform-limit-token-cause")),
            Generation::V4 if !can.marks_update => {
                limits.push(Text::new("platform-limit-no-trace-without-ui"));
            }
            Generation::V4 => {}
        }
        if can.listing == PackageListing::TwoCalls {
            limits.push(Text::new("platform-limit-listing-statuses"));
        }
        limits
    }

    /// The calls that together list the packages of every status that this version lists at all;
    /// [`super::packages`] puts their answers together.
    pub(in crate::platform) fn list_packages(&self) -> Vec<ApiRequest> {
        let queries: &[PackageQuery] = match self.capabilities.listing {
            PackageListing::Always => &[PackageQuery::Plain],
            PackageListing::AllParameter => &[PackageQuery::All],
            PackageListing::TwoCalls => &[PackageQuery::Plain, PackageQuery::Deleted],
        };
        queries.iter().copied().map(endpoints::packages).collect()
    }

    /// The menus that a package itself brings, of `packages/{id}/menus`.
    pub(in crate::platform) fn read_own_menus(
        &self,
        asked: CallInfo<'_>,
        data: &str,
    ) -> Result<Vec<MenuItem>, ReadFailure> {
        let Rows::<MenuDto>(rows) = decode_data(asked.op, asked.target, data)?;
        let mut own = match self.generation() {
            Generation::V3 => own_menus_v3(rows),
            Generation::V4 => own_menus_v4(rows),
        };
        own.shrink_to_fit();
        Ok(own)
    }

    /// Reads variables, in as many calls as the version wants.
    pub(in crate::platform) fn variables(&self, filter: VariableFilter) -> VariablePages {
        VariablePages::new(self.generation(), filter)
    }

    /// Removes a variable.
    pub(in crate::platform) fn delete_variable(&self, id: &VariableId) -> ApiRequest {
        endpoints::delete_variable(self.generation(), id)
    }
}

/// What a platform of that version can and does (`plan --target`).
pub fn capabilities_of(version: &PlatformVersion) -> Capabilities {
    Driver::for_version(version, None).capabilities
}

fn v4_row(numbers: (u32, u32, u32)) -> Capabilities {
    table::V4
        .iter()
        .rev()
        .find(|row| row.from <= numbers)
        .unwrap_or(&table::V4[0])
        .capabilities
        .clone()
}
