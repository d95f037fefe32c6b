//! How many registers may be in flight on one side: a number that follows what the host can do.
//!
//! Pure: it is told what happened and when, and has no clock of its own. Three rules:
//!
//! - **Overload halves at once**, once per generation: a call that was started before the last
//!   halving says nothing about the number since.
//! - **Nothing is raised without gain.** With `n` calls in flight and a mean duration of `d` the host
//!   completes `n / d` (Little's law). A higher number is tried for as long as it takes that many
//!   calls; where the rate did not grow, the number goes back and stays. Measurements: one in flight takes
//!   58 s for sixty plugins, four 20.4 s, eight 21.0 s, and beyond ten connections being opened a
//!   stock sshd drops some at random (`docs/platform/concurrency.md#what-limits-it`). So the rate, not the absence of
//!   failures, is what a higher number has to show.
//! - **It is tried again rarely**, each time after twice as many successes: load changes.
//!
//! Start with [`Limit`].

use std::time::Duration;

use super::options::Pace;

/// Up to here a higher number costs little where it gains nothing: each registration opens one connection
/// at a time, and a stock sshd drops none while fewer than ten others are being opened
/// (`MaxStartups 10:30:100`).
const SAFE_LEVEL: usize = 10;
/// Of the gain that a host with room would show, so much must be seen up to [`SAFE_LEVEL`]. Little,
/// since a few packages of different size are a rough measure.
const GAIN_WANTED: f64 = 0.2;
/// The same above it, where being wrong costs failed calls.
const GAIN_WANTED_ABOVE: f64 = 0.5;
/// The least growth of the rate that is more than chance.
const LEAST_GAIN: f64 = 0.1;
/// Calls that are measured before a level up to [`SAFE_LEVEL`] is raised or judged, as a multiple of
/// the level.
const ENOUGH: usize = 1;
/// The same above it.
const ENOUGH_ABOVE: usize = 2;
/// Successes before a number that showed no gain is tried again, as a multiple of the level.
const HOLD: usize = 4;

/// The number of registers that may be in flight on one side.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    level: usize,
    max: usize,
    adaptive: bool,
    generation: u64,
    mode: Mode,
    samples: Samples,
    /// The lowest level that met overload.
    ceiling: Option<usize>,
    hold: usize,
    /// A moving mean of durations, for waits that fit the host.
    usual: Option<Duration>,
}

/// What a call carries from its start to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    generation: u64,
    level: usize,
    sent: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// Learning the rate of the level.
    Measuring,
    /// Trying a higher level than `from`, which completes `rate` a second.
    Probing { from: usize, rate: f64 },
    /// Coming back after overload: one more after as many successes as the level.
    Recovering { to: usize, successes: usize },
    /// Staying until so many more have succeeded.
    Holding { left: usize },
}

#[derive(Clone, Copy, Debug, Default)]
struct Samples {
    count: u32,
    sum: Duration,
}

impl Limit {
    /// The number at the start of a run.
    pub(super) fn new(pace: Pace, max: usize) -> Self {
        let max = max.max(1);
        let (level, adaptive) = match pace {
            Pace::Adaptive { start } => (start.clamp(1, max), true),
            Pace::Fixed => (max, false),
        };
        Self {
            level,
            max,
            adaptive,
            generation: 0,
            mode: Mode::Measuring,
            samples: Samples::default(),
            ceiling: None,
            hold: HOLD,
            usual: None,
        }
    }

    /// How many may be in flight.
    pub(super) fn level(&self) -> usize {
        self.level
    }

    /// The usual duration of a call, once one has succeeded.
    pub(super) fn usual(&self) -> Option<Duration> {
        self.usual
    }

    /// A call leaves.
    pub(super) fn sent(&self, now: Duration) -> Ticket {
        Ticket {
            generation: self.generation,
            level: self.level,
            sent: now,
        }
    }

    /// The call succeeded; with it so many were in flight. What runs while there is not enough to do
    /// says nothing about the level.
    pub(super) fn succeeded(&mut self, ticket: Ticket, in_flight: usize, now: Duration) {
        let took = now.saturating_sub(ticket.sent);
        self.usual = Some(self.usual.map_or(took, |usual| (usual * 3 + took) / 4));
        if in_flight >= self.level
            && ticket.level == self.level
            && ticket.generation == self.generation
        {
            self.samples.count += 1;
            self.samples.sum += took;
        }
        match self.mode {
            Mode::Measuring if self.measured(self.enough_to_raise()) => self.try_more(),
            Mode::Probing { from, rate } if self.measured(self.enough_to_judge()) => {
                self.judge(from, rate);
            }
            Mode::Measuring | Mode::Probing { .. } => {}
            Mode::Recovering { to, successes } => self.recover(to, successes + 1),
            Mode::Holding { left } if left > 1 => self.mode = Mode::Holding { left: left - 1 },
            Mode::Holding { .. } => {
                self.ceiling = self.ceiling.map(|ceiling| ceiling + 1);
                self.hold = self.hold.saturating_mul(2);
                self.enter(self.level, Mode::Measuring);
            }
        }
    }

    /// The call's answer was overload. Says the number from now on.
    pub(super) fn overloaded(&mut self, ticket: Ticket) -> usize {
        if self.adaptive && ticket.generation == self.generation {
            let failed = self.level;
            self.generation += 1;
            self.ceiling = Some(self.ceiling.map_or(failed, |ceiling| ceiling.min(failed)));
            let to = match self.mode {
                Mode::Probing { from, .. } => from,
                _ => failed.saturating_sub(1),
            };
            let to = to.max(1);
            self.enter((failed / 2).max(1), Mode::Recovering { to, successes: 0 });
        }
        self.level
    }

    fn enter(&mut self, level: usize, mode: Mode) {
        self.level = level;
        self.mode = mode;
        self.samples = Samples::default();
    }

    fn measured(&self, times: usize) -> bool {
        let wanted = self.level.saturating_mul(times);
        usize::try_from(self.samples.count).is_ok_and(|count| count >= wanted)
    }

    fn enough_to_raise(&self) -> usize {
        if self.level < SAFE_LEVEL {
            ENOUGH
        } else {
            ENOUGH_ABOVE
        }
    }

    fn enough_to_judge(&self) -> usize {
        if self.level <= SAFE_LEVEL {
            ENOUGH
        } else {
            ENOUGH_ABOVE
        }
    }

    /// Completions a second at this level.
    fn rate(&self) -> f64 {
        let mean = self.samples.sum.as_secs_f64() / f64::from(self.samples.count.max(1));
        count(self.level) / mean.max(f64::MIN_POSITIVE)
    }

    fn try_more(&mut self) {
        let higher = if self.level < SAFE_LEVEL {
            (self.level * 2).min(SAFE_LEVEL)
        } else {
            self.level + self.level / 4
        };
        // What met overload is approached by halves.
        let below = self.ceiling.map_or(usize::MAX, |failed| {
            (self.level + failed).div_ceil(2).min(failed - 1)
        });
        let higher = higher.min(self.max).min(below);
        if higher > self.level {
            let probing = Mode::Probing {
                from: self.level,
                rate: self.rate(),
            };
            self.enter(higher, probing);
        } else {
            self.stay(self.level);
        }
    }

    fn judge(&mut self, from: usize, before: f64) {
        let wanted = if self.level > SAFE_LEVEL {
            GAIN_WANTED_ABOVE
        } else {
            GAIN_WANTED
        };
        let possible = count(self.level) / count(from) - 1.0;
        let wanted = (wanted * possible).max(LEAST_GAIN);
        if self.rate() < before * (1.0 + wanted) {
            self.stay(from);
        } else if self.measured(self.enough_to_raise()) {
            self.try_more();
        } else {
            self.mode = Mode::Measuring;
        }
    }

    fn recover(&mut self, to: usize, successes: usize) {
        if self.level >= to {
            self.stay(self.level);
        } else if successes >= self.level {
            self.enter(self.level + 1, Mode::Recovering { to, successes: 0 });
        } else {
            self.mode = Mode::Recovering { to, successes };
        }
    }

    fn stay(&mut self, level: usize) {
        let left = level.saturating_mul(self.hold).max(1);
        self.enter(level, Mode::Holding { left });
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the limit full of calls that take `duration(level)` each and counts completions.
    fn drive(limit: &mut Limit, calls: usize, duration: impl Fn(usize) -> Duration) -> Vec<usize> {
        let mut levels = Vec::new();
        let mut now = Duration::ZERO;
        let mut left = calls;
        while left > 0 {
            let level = limit.level();
            levels.push(level);
            let batch: Vec<_> = (1..=level).map(|_| limit.sent(now)).collect();
            now += duration(level);
            for ticket in batch.into_iter().take(left) {
                limit.succeeded(ticket, level, now);
                left -= 1;
            }
        }
        levels
    }

    /// A host that does `capacity` calls' work at once, each a second long alone.
    fn host(capacity: usize) -> impl Fn(usize) -> Duration {
        move |level| Duration::from_secs_f64((count(level) / count(capacity)).max(1.0))
    }

    fn adaptive(max: usize) -> Limit {
        Limit::new(Pace::Adaptive { start: 4 }, max)
    }

    #[test]
    fn it_starts_at_four_or_at_the_bound() {
        for (max, level) in [(0, 1), (1, 1), (3, 3), (8, 4), (64, 4)] {
            assert_eq!(adaptive(max).level(), level, "{max}");
        }
        assert_eq!(Limit::new(Pace::Fixed, 64).level(), 64);
    }

    #[test]
    fn it_climbs_only_while_the_rate_grows() {
        for (capacity, least_kept, highest_tried) in
            [(1, 4, 8), (3, 4, 8), (6, 6, 10), (20, 18, 28)]
        {
            let mut limit = adaptive(64);
            let levels = drive(&mut limit, 300, host(capacity));
            let tried = levels.iter().copied().max();
            assert!(
                tried <= Some(highest_tried),
                "capacity {capacity} went to {tried:?}"
            );
            let kept = limit.level();
            assert!(kept >= least_kept, "capacity {capacity} ends at {kept}");
        }
    }

    #[test]
    fn it_never_passes_the_bound() {
        for max in 1..12 {
            let levels = drive(&mut adaptive(max), 200, host(1000));
            assert!(
                levels.iter().all(|level| *level <= max),
                "{max}: {levels:?}"
            );
        }
    }

    #[test]
    fn overload_halves_once_per_generation() {
        let mut limit = Limit::new(Pace::Adaptive { start: 16 }, 64);
        let tickets: Vec<_> = (1..=16).map(|_| limit.sent(Duration::ZERO)).collect();
        for ticket in &tickets {
            assert_eq!(limit.overloaded(*ticket), 8);
        }
        let later = limit.sent(Duration::ZERO);
        assert_eq!(limit.overloaded(later), 4);
        for level in [2, 1, 1, 1] {
            let ticket = limit.sent(Duration::ZERO);
            assert_eq!(limit.overloaded(ticket), level);
        }
    }

    #[test]
    fn after_overload_it_comes_back_slowly_and_stays_below_what_failed() {
        let mut limit = adaptive(64);
        let ticket = limit.sent(Duration::ZERO);
        assert_eq!(limit.overloaded(ticket), 2);
        let levels = drive(&mut limit, 24, host(3));
        // Four is tried again only after a while.
        assert_eq!(levels, [2, 3, 3, 3, 3, 3, 3, 4]);
    }

    #[test]
    fn usual_duration_is_a_moving_mean() {
        let mut limit = adaptive(64);
        let mut found = vec![limit.usual()];
        for took in [1, 5] {
            let ticket = limit.sent(Duration::ZERO);
            limit.succeeded(ticket, 1, Duration::from_secs(took));
            found.push(limit.usual());
        }
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(found, [None, seconds(1), seconds(2)]);
    }

    #[test]
    fn only_calls_that_fill_the_present_level_are_measured() {
        let ticket = |level, generation| Ticket {
            level,
            generation,
            sent: Duration::ZERO,
        };
        for (in_flight, ticket, measured) in [
            (4, ticket(4, 0), 1),
            (5, ticket(4, 0), 1),
            (3, ticket(4, 0), 0),
            (4, ticket(3, 0), 0),
            (4, ticket(5, 0), 0),
            (4, ticket(4, 1), 0),
        ] {
            let mut limit = adaptive(64);
            limit.succeeded(ticket, in_flight, Duration::from_secs(1));
            assert_eq!(limit.samples.count, measured, "{in_flight} {ticket:?}");
        }
    }

    /// A limit at a level where so many calls of a second each were measured.
    fn at(level: usize, ceiling: Option<usize>, mode: Mode, count: u32) -> Limit {
        Limit {
            level,
            ceiling,
            mode,
            samples: Samples {
                count,
                sum: Duration::from_secs(count.into()),
            },
            ..adaptive(64)
        }
    }

    fn succeed(limit: &mut Limit) {
        let ticket = limit.sent(Duration::ZERO);
        limit.succeeded(ticket, limit.level(), Duration::from_secs(1));
    }

    #[test]
    fn level_is_raised_and_judged_after_enough_calls() {
        let probing = |from| Mode::Probing { from, rate: 1.0 };
        let raised = |level, mode, count| {
            let mut limit = at(level, None, mode, count);
            succeed(&mut limit);
            limit.level() != level || limit.mode != mode
        };
        for (level, mode, wanted) in [
            (4, Mode::Measuring, 4),
            (9, Mode::Measuring, 9),
            (10, Mode::Measuring, 20),
            (12, Mode::Measuring, 24),
            (8, probing(4), 8),
            (10, probing(8), 10),
            (12, probing(10), 24),
        ] {
            let found = [wanted - 2, wanted - 1].map(|count| raised(level, mode, count));
            assert_eq!(found, [false, true], "{level} {mode:?}");
        }
    }

    #[test]
    fn next_level_is_below_what_failed() {
        for (level, ceiling, next) in [
            (4, None, Some(8)),
            (6, None, Some(10)),
            (10, None, Some(12)),
            (12, None, Some(15)),
            (64, None, None),
            (4, Some(8), Some(6)),
            (6, Some(8), Some(7)),
            (7, Some(8), None),
        ] {
            let mut limit = at(level, ceiling, Mode::Measuring, 1);
            limit.try_more();
            let is_probing = matches!(limit.mode, Mode::Probing { from, .. } if from == level);
            let found = is_probing.then(|| limit.level());
            assert_eq!(found, next, "{level} {ceiling:?}");
            assert!(is_probing || limit.level() == level);
        }
    }

    #[test]
    fn held_level_is_tried_again_after_as_many_successes_as_it_was_held_for() {
        let mut limit = at(2, Some(4), Mode::Holding { left: 3 }, 0);
        for left in [2, 1] {
            succeed(&mut limit);
            assert_eq!(limit.mode, Mode::Holding { left });
        }
        succeed(&mut limit);
        assert_eq!(limit.mode, Mode::Measuring);
        assert_eq!((limit.ceiling, limit.hold), (Some(5), 2 * HOLD));
    }

    #[test]
    fn a_fixed_number_stays() {
        let mut limit = Limit::new(Pace::Fixed, 8);
        let ticket = limit.sent(Duration::ZERO);
        assert_eq!(limit.overloaded(ticket), 8);
        assert_eq!(drive(&mut limit, 20, host(2)), [8, 8, 8]);
    }
}
