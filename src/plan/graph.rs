//! Graph algorithms over node numbers, without recursion: a chain of ten thousand dependencies must
//! not need a stack of ten thousand frames. `edges[n]` holds what node `n` depends on.

use std::collections::{BinaryHeap, VecDeque};
use std::ops::Add;

/// Cycles looked for in one tangle of nodes; a node of a larger tangle that lies on none of those
/// found is shown the first.
const MAX_CYCLE_SEARCHES: usize = 64;

/// Strongly connected components, each sorted, dependencies before their dependents (Tarjan).
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        found: vec![None; edges.len()],
        low: vec![0; edges.len()],
        settled: vec![false; edges.len()],
        path: Vec::new(),
        stack: Vec::new(),
        next: 0,
        components: Vec::new(),
    };
    for root in 0..edges.len() {
        if search.found[root].is_none() {
            search.from(root);
        }
    }
    search.components
}

struct Search<'e> {
    edges: &'e [Vec<usize>],
    /// When a node was found first.
    found: Vec<Option<usize>>,
    /// The earliest found node that it reaches.
    low: Vec<usize>,
    /// Whether its component is complete.
    settled: Vec<bool>,
    /// Nodes whose component is not complete.
    stack: Vec<usize>,
    /// The nodes being visited, each with the number of its edges already followed.
    path: Vec<(usize, usize)>,
    next: usize,
    components: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn from(&mut self, root: usize) {
        self.enter(root);
        while let Some((node, followed)) = self.path.last_mut() {
            let node = *node;
            let Some(&to) = self.edges[node].get(*followed) else {
                self.path.pop();
                self.leave(node);
                continue;
            };
            *followed += 1;
            match self.found[to] {
                None => self.enter(to),
                Some(found) if !self.settled[to] => self.low[node] = self.low[node].min(found),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.found[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: usize) {
        if let Some((parent, _)) = self.path.last() {
            self.low[*parent] = self.low[*parent].min(self.low[node]);
        }
        if self.found[node] != Some(self.low[node]) {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.settled[member] = true;
            component.push(member);
            if member == node {
                break;
            }
        }
        component.sort_unstable();
        self.components.push(component);
    }
}

/// A cycle for each of `wanted`, all of one strongly connected `component`: a shortest one through
/// it, first and last equal.
pub(super) fn cycles(
    edges: &[Vec<usize>],
    component: &[usize],
    wanted: &[usize],
) -> Vec<Vec<usize>> {
    let mut inside = vec![false; edges.len()];
    for member in component {
        inside[*member] = true;
    }
    let mut cycle_of: Vec<Option<usize>> = vec![None; edges.len()];
    let mut found: Vec<Vec<usize>> = Vec::new();
    for node in wanted {
        if cycle_of[*node].is_some() || found.len() >= MAX_CYCLE_SEARCHES {
            continue;
        }
        let cycle = shortest_cycle(edges, &inside, *node);
        for member in &cycle {
            cycle_of[*member].get_or_insert(found.len());
        }
        found.push(cycle);
    }
    wanted
        .iter()
        .map(|node| found[cycle_of[*node].unwrap_or(0)].clone())
        .collect()
}

fn shortest_cycle(edges: &[Vec<usize>], inside: &[bool], start: usize) -> Vec<usize> {
    let mut from: Vec<Option<usize>> = vec![None; edges.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for to in edges[node].iter().copied().filter(|to| inside[*to]) {
            if to == start {
                return walk_back(&from, start, node);
            }
            if from[to].is_none() {
                from[to] = Some(node);
                queue.push_back(to);
            }
        }
    }
    vec![start, start]
}

fn walk_back(from: &[Option<usize>], start: usize, last: usize) -> Vec<usize> {
    let mut cycle = vec![start];
    let mut node = last;
    while node != start {
        cycle.push(node);
        node = from[node].unwrap_or(start);
    }
    cycle.push(start);
    cycle.reverse();
    cycle
}

/// For each node of `kept`, the nodes of `kept` that it depends on directly or through nodes that
/// are not, itself left out; sorted.
pub(super) fn contracted(edges: &[Vec<usize>], kept: &[bool]) -> Vec<Vec<usize>> {
    let mut seen_for = vec![usize::MAX; edges.len()];
    let mut contracted = vec![Vec::new(); edges.len()];
    for node in (0..edges.len()).filter(|node| kept[*node]) {
        seen_for[node] = node;
        let mut open = vec![node];
        let mut reached = Vec::new();
        while let Some(through) = open.pop() {
            for to in edges[through].iter().copied() {
                if std::mem::replace(&mut seen_for[to], node) == node {
                    continue;
                }
                if kept[to] {
                    reached.push(to);
                } else {
                    open.push(to);
                }
            }
        }
        reached.sort_unstable();
        contracted[node] = reached;
    }
    contracted
}

/// For each node, the most work of any chain that starts with it and continues with its dependents,
/// its own included. Edges within a cycle do not count.
pub(super) fn longest_chains<W: Copy + Ord + Add<Output = W>>(
    edges: &[Vec<usize>],
    work: &[W],
) -> Vec<W> {
    let mut chain = work.to_vec();
    let order = components(edges);
    // Dependents come last, so from the end each node's chain is complete when it is handed on.
    for node in order.into_iter().rev().flatten() {
        for to in &edges[node] {
            chain[*to] = chain[*to].max(work[*to] + chain[node]);
        }
    }
    chain
}

/// An order in which every node comes after what it depends on; of those that could be next the one
/// of the highest rank, then of the lowest number. `edges` must be without cycles.
pub(super) fn listed<R: Ord + Copy>(edges: &[Vec<usize>], rank: &[R]) -> Vec<usize> {
    let mut waits_for: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut dependents = vec![Vec::new(); edges.len()];
    for (node, to) in edges.iter().enumerate() {
        for to in to {
            dependents[*to].push(node);
        }
    }
    let entry = |node: usize| (rank[node], std::cmp::Reverse(node));
    let free = (0..edges.len()).filter(|node| waits_for[*node] == 0);
    let mut ready: BinaryHeap<_> = free.map(entry).collect();
    let mut order = Vec::with_capacity(edges.len());
    while let Some((_, std::cmp::Reverse(node))) = ready.pop() {
        order.push(node);
        for dependent in &dependents[node] {
            waits_for[*dependent] -= 1;
            if waits_for[*dependent] == 0 {
                ready.push(entry(*dependent));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: usize) -> Vec<Vec<usize>> {
        (0..length)
            .map(|node| if node == 0 { vec![] } else { vec![node - 1] })
            .collect()
    }

    #[test]
    fn components_come_dependencies_first() {
        // 0 → 1 → 2 → 0, 3 → 1, 4 alone, 5 → 3 and 4
        let edges = vec![vec![1], vec![2], vec![0], vec![1], vec![], vec![3, 4]];
        assert_eq!(
            components(&edges),
            [vec![0, 1, 2], vec![3], vec![4], vec![5]]
        );
    }

    #[test]
    fn a_chain_of_ten_thousand_needs_no_deep_stack() {
        let edges = chain(10_000);
        assert_eq!(components(&edges).len(), 10_000);
        let chains = longest_chains(&edges, &vec![1; 10_000]);
        assert_eq!((chains[0], chains[9_999]), (10_000, 1));
        let order: Vec<usize> = (0..10_000).collect();
        assert_eq!(listed(&edges, &chains), order);
    }

    #[test]
    fn a_ring_of_ten_thousand_is_one_component() {
        let mut edges = chain(10_000);
        edges[0].push(9_999);
        assert_eq!(components(&edges).len(), 1);
        let all: Vec<usize> = (0..10_000).collect();
        let cycle = shortest_cycle(&edges, &[true; 10_000], 0);
        assert_eq!(cycle.len(), 10_001);
        assert_eq!(components(&edges)[0], all);
    }

    #[test]
    fn each_member_gets_a_shortest_cycle_through_itself() {
        // 0 ↔ 1, 1 → 2 → 3 → 1
        let edges = vec![vec![1], vec![0, 2], vec![3], vec![1]];
        assert_eq!(
            cycles(&edges, &[0, 1, 2, 3], &[0, 2, 3]),
            [vec![0, 1, 0], vec![2, 3, 1, 2], vec![2, 3, 1, 2]]
        );
    }

    #[test]
    fn nodes_that_are_not_kept_are_looked_through() {
        // 0 → 1 → 2, 0 → 3, 1 and 3 not kept, 3 → 0
        let edges = vec![vec![1, 3], vec![2], vec![], vec![0]];
        let kept = [true, false, true, false];
        assert_eq!(contracted(&edges, &kept)[0], [2]);
        assert_eq!(contracted(&edges, &kept)[2], [0; 0]);
    }

    #[test]
    fn the_longest_chain_goes_first() {
        // 1 and 2 wait for nothing; 3 → 2. By number 0 would be first, by chain 2 is.
        let edges = vec![vec![], vec![], vec![], vec![2]];
        let chains = longest_chains(&edges, &[5, 1000, 1000, 1000]);
        assert_eq!(chains, [5, 1000, 2000, 1000]);
        assert_eq!(listed(&edges, &chains), [2, 1, 3, 0]);
    }
}
