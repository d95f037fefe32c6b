//! From the candidates of one side to its registrations: judges dependencies, finds cycles.
//!
//! The platform looks only at what is REGISTERED (`docs/platform/registration.md#dependency-rule`), and
//! so does this: a dependency that is itself blocked does not block its dependents if a version of it
//! that the platform accepts is registered.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::{Candidate, Choice};
use super::dependencies::{self, OnlyRegistered};
use super::graph;
use super::model::{RegisterReason, SkippedPackage, StepId};
use super::reason::SkipReason;
use crate::domain::{Package, PluginName};

/// A longer cycle is shown by its ends.
const MAX_PATH_SHOWN: usize = 64;

/// What is done on one side.
pub(super) struct Resolved<'a> {
    /// What is registered, by name.
    pub(super) registrations: Vec<Registration<'a>>,
    /// What is not.
    pub(super) skipped: Vec<SkippedPackage>,
    /// Every reason of the platform to refuse a package, by name; `skipped` has the first.
    pub(super) refused: BTreeMap<&'a PluginName, Vec<SkipReason>>,
    /// What the registers leave as the only REGISTERED version of a name.
    pub(super) only_registered: OnlyRegistered<'a>,
}

/// One package that is registered.
pub(super) struct Registration<'a> {
    /// The package.
    pub(super) package: &'a Package,
    /// Why.
    pub(super) reason: RegisterReason,
    /// What must be proven first.
    pub(super) after: BTreeSet<StepId>,
}

/// Settles every plugin of a side.
pub(super) fn resolve<'a>(choice: &Choice<'_, 'a>) -> Resolved<'a> {
    let plugins = &choice.view.plugins;
    let candidates = plugins
        .iter()
        .map(|(name, plugin)| choice.candidate(name, plugin))
        .collect();
    resolve_from(choice, candidates)
}

/// As [`resolve`], from candidates that were settled otherwise, one for each plugin of the side.
pub(super) fn resolve_from<'a>(
    choice: &Choice<'_, 'a>,
    candidates: Vec<Candidate<'a>>,
) -> Resolved<'a> {
    let names: Vec<&PluginName> = choice.view.plugins.keys().copied().collect();
    let mut resolver = Resolver {
        edges: edges(choice, &names, &candidates),
        refused: BTreeMap::new(),
        only_registered: choice.only_registered.clone(),
        choice,
        names,
        candidates,
    };
    for component in graph::components(&resolver.edges) {
        resolver.settle(&component);
    }
    resolver.finish()
}

struct Resolver<'c, 'v, 'a> {
    choice: &'c Choice<'v, 'a>,
    names: Vec<&'a PluginName>,
    candidates: Vec<Candidate<'a>>,
    edges: Vec<Vec<usize>>,
    refused: BTreeMap<&'a PluginName, Vec<SkipReason>>,
    only_registered: OnlyRegistered<'a>,
}

/// What each plugin depends on: the chosen package of what is wanted, every active one of the rest,
/// since an order may lead through a plugin that itself needs nothing.
fn edges(
    choice: &Choice<'_, '_>,
    names: &[&PluginName],
    candidates: &[Candidate<'_>],
) -> Vec<Vec<usize>> {
    let number_of: BTreeMap<_, _> = names.iter().zip(0..).map(|(name, n)| (*name, n)).collect();
    let targets = |package: &Package| {
        let wanted = dependencies::dependencies(choice.view, package).unwrap_or_default();
        let found = wanted.into_iter().filter(|wanted| !wanted.is_platform());
        let numbers: Vec<usize> = found
            .filter_map(|wanted| number_of.get(&wanted.name).copied())
            .collect();
        numbers
    };
    let plugins = choice.view.plugins.values();
    let nodes = plugins.zip(candidates).enumerate();
    nodes
        .map(|(node, (plugin, candidate))| {
            let mut to: Vec<usize> = match candidate {
                Candidate::Wanted { package, .. } => targets(package),
                Candidate::Skipped { .. } => plugin.active().flat_map(targets).collect(),
                Candidate::Absent => Vec::new(),
            };
            to.retain(|to| *to != node);
            to.sort_unstable();
            to.dedup();
            to
        })
        .collect()
}

impl<'a> Resolver<'_, '_, 'a> {
    fn settle(&mut self, component: &[usize]) {
        let wanted: Vec<usize> = component
            .iter()
            .copied()
            .filter(|node| self.wanted(*node).is_some())
            .collect();
        for node in &wanted {
            self.judge(*node);
        }
        let left: Vec<usize> = wanted
            .iter()
            .copied()
            .filter(|node| self.wanted(*node).is_some())
            .collect();
        if wanted.len() > 1 {
            self.block_cycles(component, &left);
        }
        self.note_demotions(component);
    }

    fn wanted(&self, node: usize) -> Option<&'a Package> {
        match &self.candidates[node] {
            Candidate::Wanted { package, .. } => Some(package),
            Candidate::Skipped { .. } | Candidate::Absent => None,
        }
    }

    /// What the platform would say to a package.
    fn judge(&mut self, node: usize) {
        let Some(package) = self.wanted(node) else {
            return;
        };
        let Choice { view, other, .. } = *self.choice;
        let reasons = dependencies::refusals(view, other, package, &self.only_registered);
        if let Some(first) = reasons.first() {
            let first = first.clone();
            self.refused.insert(self.names[node], reasons);
            self.leave_out(node, first);
        }
    }

    fn leave_out(&mut self, node: usize, reason: SkipReason) {
        let package = self.wanted(node);
        self.candidates[node] = Candidate::Skipped {
            version: package.map(|package| package.version.clone()),
            package: package.map(|package| package.id.clone()),
            reason,
        };
    }

    fn block_cycles(&mut self, component: &[usize], left: &[usize]) {
        let cycles = graph::cycles(&self.edges, component, left);
        for (node, cycle) in left.iter().zip(cycles) {
            let path = self.path(&cycle);
            self.leave_out(*node, SkipReason::Cycle { path });
        }
    }

    fn path(&self, cycle: &[usize]) -> Vec<PluginName> {
        let name = |node: &usize| self.names[*node].clone();
        if cycle.len() <= MAX_PATH_SHOWN {
            return cycle.iter().map(name).collect();
        }
        let end = MAX_PATH_SHOWN / 2;
        let head = cycle[..end].iter().map(name);
        let tail = cycle[cycle.len() - end..].iter().map(name);
        head.chain([PluginName::new("…")]).chain(tail).collect()
    }

    /// What a registration leaves as the only REGISTERED version of its name.
    fn note_demotions(&mut self, component: &[usize]) {
        if !self.choice.view.capabilities.demotes_siblings {
            return;
        }
        for node in component {
            if let Some(package) = self.wanted(*node) {
                self.only_registered.insert(&package.name, &package.version);
            }
        }
    }

    fn finish(self) -> Resolved<'a> {
        let kept: Vec<bool> = (0..self.names.len())
            .map(|node| self.wanted(node).is_some())
            .collect();
        let after = graph::contracted(&self.edges, &kept);
        let side = self.choice.view.side;
        let mut resolved = Resolved {
            registrations: Vec::new(),
            skipped: Vec::new(),
            refused: self.refused,
            only_registered: self.only_registered,
        };
        let id = |node: &usize| StepId {
            side,
            name: self.names[*node].clone(),
        };
        for ((name, candidate), after) in self.names.iter().zip(self.candidates).zip(after) {
            match candidate {
                Candidate::Wanted { package, reason } => {
                    resolved.registrations.push(Registration {
                        package,
                        reason,
                        after: after.iter().map(id).collect(),
                    });
                }
                Candidate::Skipped {
                    version,
                    package,
                    reason,
                } => resolved.skipped.push(SkippedPackage {
                    side,
                    name: (*name).clone(),
                    version,
                    package,
                    reason,
                }),
                Candidate::Absent => {}
            }
        }
        resolved
    }
}
