//! Whether a package is for a side's platform version at all.

use std::collections::BTreeMap;

use crate::domain::{Inventory, Package, PluginName, Reading, Version, VersionVerdict};

/// A requirement above a side's version: what is needed, and what the side is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlatformRequirement {
    pub(super) needs: Version,
    pub(super) is: String,
}

/// What platform version each name and version declares. A package declares the same wherever it is
/// read, so either side's answer serves both: v3 may fail while v4 answers.
#[derive(Default)]
pub(super) struct PlatformRequirements<'a> {
    needs: BTreeMap<(&'a PluginName, &'a Version), Vec<&'a Version>>,
}

impl<'a> PlatformRequirements<'a> {
    pub(super) fn new(sides: [&'a Inventory; 2]) -> Self {
        let mut requirements = Self::default();
        for side in sides {
            for package in side.packages.known().into_iter().flatten() {
                let declared = side.dependencies.get(&package.id);
                let declared = declared.and_then(Reading::known).into_iter().flatten();
                let needs = declared.filter(|it| it.is_platform()).map(|it| &it.version);
                let slot = requirements.needs.entry((&package.name, &package.version));
                slot.or_default().extend(needs);
            }
        }
        for needs in requirements.needs.values_mut() {
            needs.sort();
            needs.dedup();
        }
        requirements
    }

    /// The requirement that keeps a package from a side, by the side's own way to compare. A side whose
    /// version is not known, or cannot be read as numbers, keeps nothing out: that would be a guess.
    pub(super) fn against(
        &self,
        package: &Package,
        side: &Inventory,
    ) -> Option<PlatformRequirement> {
        let is = side.version.known()?;
        is.numbers?;
        let rule = side.capabilities.version_rule;
        let needs = self.needs.get(&(&package.name, &package.version))?;
        let above =
            |needs: &Version| rule.judge_platform(needs, &is.text) == VersionVerdict::TooOld;
        needs
            .iter()
            .find(|needs| above(needs))
            .map(|needs| PlatformRequirement {
                needs: (*needs).clone(),
                is: is.text.clone(),
            })
    }
}
