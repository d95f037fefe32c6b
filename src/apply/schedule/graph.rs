//! What waits for what, by number instead of name.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::Side;
use crate::plan::{DatabaseRelation, Plan, Step, StepId};

/// The steps of a plan in the order of their ids, and the edges between them.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    /// Steps that name one which the plan does not have: nothing can prove it.
    orphans: Vec<(usize, StepId)>,
    /// The canary and all that it waits for.
    canary_group: BTreeSet<usize>,
}

/// A step.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its name.
    pub(super) id: StepId,
    /// The higher, the earlier.
    pub(super) priority: Duration,
    /// Who waits for it.
    pub(super) dependents: Vec<(usize, Wait)>,
    /// For how many it waits.
    pub(super) waits: usize,
}

/// What a dependent waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Until it is proven; where it is not, the dependent is blocked.
    Proven,
    /// Until it has ended, however (unless that is not known): order alone.
    Ended,
}

impl Graph {
    /// The graph of a plan.
    ///
    /// Where both sides are written and may stand on one database, the old side's register of a
    /// plugin also waits for the new side's: at once they would write the same rows.
    pub(super) fn of(plan: &Plan, measured: &BTreeMap<StepId, Duration>) -> Self {
        let priorities = Self::priorities(plan, measured);
        let mut steps: Vec<(&Step, Duration)> = plan.steps.iter().zip(priorities).collect();
        steps.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let places: BTreeMap<&StepId, usize> = steps
            .iter()
            .enumerate()
            .map(|(ix, (step, _))| (&step.id, ix))
            .collect();
        let mut nodes: Vec<Node> = steps
            .iter()
            .map(|(step, priority)| Node {
                id: step.id.clone(),
                priority: *priority,
                dependents: Vec::new(),
                waits: 0,
            })
            .collect();
        let mut orphans = Vec::new();
        let may_share = matches!(
            plan.relation,
            DatabaseRelation::Shared { .. } | DatabaseRelation::Unknown
        );
        for (ix, (step, _)) in steps.iter().enumerate() {
            for before in &step.after {
                nodes[ix].waits += 1;
                match places.get(before) {
                    Some(place) => nodes[*place].dependents.push((ix, Wait::Proven)),
                    None => orphans.push((ix, before.clone())),
                }
            }
            let twin = StepId {
                side: Side::New,
                name: step.id.name.clone(),
            };
            if may_share
                && step.id.side == Side::Old
                && !step.after.contains(&twin)
                && let Some(place) = places.get(&twin)
            {
                nodes[ix].waits += 1;
                nodes[*place].dependents.push((ix, Wait::Ended));
            }
        }
        let canary = plan.canary.as_ref().and_then(|id| places.get(id)).copied();
        let canary_group = canary_group(&nodes, canary);
        Self {
            nodes,
            orphans,
            canary_group,
        }
    }

    /// The steps, by number.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A step's number.
    pub(super) fn place(&self, id: &StepId) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    /// Steps that wait for one which the plan does not have.
    pub(super) fn orphans(&self) -> &[(usize, StepId)] {
        &self.orphans
    }

    /// The longest chains, by what earlier runs measured where they did.
    fn priorities(plan: &Plan, measured: &BTreeMap<StepId, Duration>) -> Vec<Duration> {
        if measured.is_empty() {
            return plan.steps.iter().map(|step| step.priority).collect();
        }
        plan.chains(|step| {
            let known = measured.get(&step.id);
            known.copied().unwrap_or_else(|| step.usual())
        })
    }

    /// The canary and all that it waits for.
    pub(super) fn canary_group(&self) -> &BTreeSet<usize> {
        &self.canary_group
    }
}

/// The canary and, without recursion, all that it waits for.
fn canary_group(nodes: &[Node], canary: Option<usize>) -> BTreeSet<usize> {
    let mut waited: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (ix, node) in nodes.iter().enumerate() {
        for (dependent, _) in &node.dependents {
            waited[*dependent].push(ix);
        }
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<usize> = canary.into_iter().collect();
    while let Some(ix) = open.pop() {
        if found.insert(ix) {
            open.extend(&waited[ix]);
        }
    }
    found
}
