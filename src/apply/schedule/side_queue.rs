//! One side: its limit, what is in flight there, what is ready.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::retry::Concurrency;
use crate::apply::limit::{Limit, Ticket};

/// Ready steps in the order in which they are started: longest chain first, then by id.
pub(super) type Key = (Reverse<Duration>, usize);

/// One side.
#[derive(Clone, Debug)]
pub(super) struct SideQueue {
    limit: Limit,
    /// Registrations that this side takes at once, where its generation limits that.
    most: Option<usize>,
    /// Steps that wait for nothing, but whose state is not checked yet.
    unchecked: BTreeSet<Key>,
    /// Steps whose state is being checked.
    checking: usize,
    /// Steps that may be sent.
    ready: BTreeSet<Key>,
    flights: BTreeMap<usize, InFlight>,
    /// Registrations that were answered and whose effect is being read.
    pub(super) proving: usize,
    /// Transient failures so far.
    pub(super) transient_failures: u32,
    /// The same in a row.
    pub(super) consecutive_failures: u32,
    /// When the first of them was.
    pub(super) failing_since: Option<Duration>,
}

/// A registration in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    /// Whether nothing else may be in flight.
    pub(super) alone: bool,
    /// Whether something else was.
    pub(super) concurrency: Concurrency,
    /// Set when the request leaves.
    pub(super) ticket: Option<Ticket>,
    /// Until when a lost answer counts as in flight.
    pub(super) held_until: Option<Duration>,
}

impl SideQueue {
    pub(super) fn new(limit: Limit, most: Option<usize>) -> Self {
        Self {
            limit,
            most,
            unchecked: BTreeSet::new(),
            checking: 0,
            ready: BTreeSet::new(),
            flights: BTreeMap::new(),
            proving: 0,
            transient_failures: 0,
            consecutive_failures: 0,
            failing_since: None,
        }
    }

    pub(super) fn is_serial(&self) -> bool {
        self.most == Some(1)
    }

    pub(super) fn level(&self) -> usize {
        let level = self.limit.level();
        self.most.map_or(level, |most| level.min(most))
    }

    pub(super) fn limit(&mut self) -> &mut Limit {
        &mut self.limit
    }

    pub(super) fn make_unchecked(&mut self, key: Key) {
        self.unchecked.insert(key);
    }

    pub(super) fn make_ready(&mut self, key: Key) {
        self.ready.insert(key);
    }

    /// The check of a step has ended.
    pub(super) fn checked(&mut self) {
        self.checking = self.checking.saturating_sub(1);
    }

    /// Whether a place that becomes free would be taken.
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty() || !self.unchecked.is_empty()
    }

    /// Whether another call may follow those in flight.
    pub(super) fn has_more(&self) -> bool {
        self.has_ready() || self.checking > 0
    }

    /// Whether nothing of this side is going on.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        self.occupied(now) + self.proving + self.checking + self.ready.len() == 0
    }

    /// The step that is checked next. Checks are made ahead, so that a place that becomes free is
    /// taken at once, but no more than is soon used: what is checked goes before what comes later,
    /// and should not be old.
    pub(super) fn next_check(
        &mut self,
        now: Duration,
        allowed: impl Fn(usize) -> bool,
    ) -> Option<Key> {
        let level = self.level();
        let free = level.saturating_sub(self.occupied(now));
        let ahead = (level / 2).max(1);
        if self.checking + self.ready.len() >= free + ahead {
            return None;
        }
        let key = self
            .unchecked
            .iter()
            .find(|(_, ix)| allowed(*ix))
            .copied()?;
        self.unchecked.remove(&key);
        self.checking += 1;
        Some(key)
    }

    /// Flights that count; lost ones only as long as their register may still be running.
    pub(super) fn occupied(&self, now: Duration) -> usize {
        self.flights
            .values()
            .filter(|flight| flight.held_until.is_none_or(|until| until > now))
            .count()
    }

    /// The moment at which the next lost answer stops counting.
    pub(super) fn next_release(&self, now: Duration) -> Option<Duration> {
        let times = self.flights.values().filter_map(|flight| flight.held_until);
        times.filter(|until| *until > now).min()
    }

    /// The first ready step, where it fits now. A step that must be alone waits for the side to be
    /// empty, and nothing after it starts meanwhile.
    pub(super) fn candidate(&self, now: Duration, alone: impl Fn(usize) -> bool) -> Option<Key> {
        let occupied = self.occupied(now);
        if occupied >= self.level() || self.flights.values().any(|flight| flight.alone) {
            return None;
        }
        let key = self.ready.first().copied()?;
        (occupied == 0 || !alone(key.1)).then_some(key)
    }

    /// The step takes its place.
    pub(super) fn start(&mut self, key: Key, alone: bool, now: Duration) {
        self.ready.remove(&key);
        let concurrency = if self.occupied(now) == 0 {
            Concurrency::Solo
        } else {
            Concurrency::Shared
        };
        for flight in self.flights.values_mut() {
            flight.concurrency = Concurrency::Shared;
        }
        let flight = InFlight {
            alone,
            concurrency,
            ticket: None,
            held_until: None,
        };
        self.flights.insert(key.1, flight);
    }

    /// The request of a step leaves.
    pub(super) fn send(&mut self, ix: usize, now: Duration) {
        let ticket = self.limit.sent(now);
        if let Some(flight) = self.flights.get_mut(&ix) {
            flight.ticket = Some(ticket);
        }
    }

    /// The answer of a step was lost; its registration counts as in flight until then.
    pub(super) fn hold(&mut self, ix: usize, until: Duration) {
        if let Some(flight) = self.flights.get_mut(&ix) {
            flight.held_until = Some(until);
        }
    }

    /// What is measured of a step in flight, once.
    pub(super) fn take_ticket(&mut self, ix: usize) -> Option<Ticket> {
        self.flights.get_mut(&ix)?.ticket.take()
    }

    pub(super) fn flight(&self, ix: usize) -> Option<InFlight> {
        self.flights.get(&ix).copied()
    }

    /// The step gives its place back.
    pub(super) fn finish(&mut self, ix: usize) -> Option<InFlight> {
        self.flights.remove(&ix)
    }
}
