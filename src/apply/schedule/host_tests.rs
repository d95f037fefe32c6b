//! The scheduler against a model of a static host on virtual time: what it costs to find the right
//! number in flight.
//!
//! The model: each registration opens three connections one after the other; each is being opened for a
//! while and then does its work. The host does a fixed number of registers' worth of work at once and
//! shares it among all that run. While `MaxStartups`' first number of connections is being opened,
//! a further one is dropped by chance, which fails the registration. Its stats are fitted to the table
//! of 1 to 60 in flight in `docs/platform/concurrency.md#measured-rates`; a test holds them there.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Decision, Ended, Scheduler};
use crate::apply::options::{ApplyOptions, Pace};
use crate::apply::testing::{PlanOf, named};
use crate::domain::{RegisterError, Transience};
use crate::plan::{Plan, StepId};

/// Connections that one registration opens.
const CONNECTIONS: usize = 3;
/// Seconds that a registration takes alone.
const ALONE: f64 = 0.97;
/// Registrations' worth of work that the measured host does at once.
const MEASURED: f64 = 2.85;
/// Part of it in which a connection is being opened.
const OPENING: f64 = 0.66;

struct Host {
    capacity: f64,
    /// From when on it has another one.
    change: Option<(f64, f64)>,
    startups: usize,
    jobs: BTreeMap<StepId, Job>,
    rng: fastrand::Rng,
    now: f64,
}

struct Job {
    size: f64,
    connection: usize,
    opening: bool,
    left: f64,
}

/// What a registration came to.
enum Answer {
    Ok(StepId),
    Dropped(StepId),
}

impl Host {
    fn new(capacity: f64, seed: u64) -> Self {
        Self {
            capacity,
            change: None,
            startups: 10,
            jobs: BTreeMap::new(),
            rng: fastrand::Rng::with_seed(seed),
            now: 0.0,
        }
    }

    /// stock sshd: `MaxStartups 10:30:100`.
    fn is_dropped(&mut self) -> bool {
        let opening = self.jobs.values().filter(|job| job.opening).count();
        if opening < self.startups {
            return false;
        }
        let over = f64::from(u32::try_from(opening - self.startups).unwrap()) / 90.0;
        self.rng.f64() < 0.3 + 0.7 * over
    }

    /// A registration arrives; false where its first connection is dropped.
    fn arrive(&mut self, id: StepId, size: f64) -> bool {
        if self.is_dropped() {
            return false;
        }
        let left = size * ALONE * OPENING / 3.0;
        let job = Job {
            size,
            connection: 0,
            opening: true,
            left,
        };
        self.jobs.insert(id, job);
        true
    }

    fn speed(&self) -> f64 {
        let running = f64::from(u32::try_from(self.jobs.len()).unwrap());
        let changed = self.change.filter(|(at, _)| self.now >= *at);
        let capacity = changed.map_or(self.capacity, |(_, capacity)| capacity);
        (capacity / running).min(1.0)
    }

    /// Goes on to the next answer, or to `until` where none comes before.
    fn run(&mut self, until: Option<f64>) -> Option<Answer> {
        loop {
            let first = self
                .jobs
                .iter()
                .min_by(|a, b| a.1.left.total_cmp(&b.1.left));
            let Some((id, work)) = first.map(|(id, job)| (id.clone(), job.left)) else {
                self.now = until?;
                return None;
            };
            let speed = self.speed();
            let at = self.now + work / speed;
            let change = self.change.map(|(at, _)| at).filter(|at| *at > self.now);
            let stop = until.filter(|until| *until < at);
            let changes = change.filter(|change| *change < stop.unwrap_or(at));
            let passed = changes.or(stop).unwrap_or(at) - self.now;
            for job in self.jobs.values_mut() {
                job.left -= passed * speed;
            }
            self.now += passed;
            if changes.is_some() {
                continue;
            }
            if stop.is_some() {
                return None;
            }
            if let Some(answer) = self.advance(&id) {
                return Some(answer);
            }
        }
    }

    fn advance(&mut self, id: &StepId) -> Option<Answer> {
        let job = self.jobs.get_mut(id).unwrap();
        if job.opening {
            job.opening = false;
            job.left = job.size * ALONE * (1.0 - OPENING) / 3.0;
            return None;
        }
        job.connection += 1;
        let size = job.size;
        if job.connection == CONNECTIONS {
            self.jobs.remove(id);
            return Some(Answer::Ok(id.clone()));
        }
        if self.is_dropped() {
            self.jobs.remove(id);
            return Some(Answer::Dropped(id.clone()));
        }
        let job = self.jobs.get_mut(id).unwrap();
        job.opening = true;
        job.left = size * ALONE * OPENING / 3.0;
        None
    }
}

/// What carrying out a plan on a host came to.
#[derive(Debug)]
struct Ran {
    wall: f64,
    failed: usize,
    retried: usize,
}

/// Whether a failed call is tried again.
#[derive(Clone, Copy, PartialEq)]
enum Client {
    /// As our coordinator does.
    Ours,
    /// A plain client with a fixed number in flight.
    Plain,
}

fn overload() -> RegisterError {
    RegisterError {
        transience: Transience::Ambiguous,
        detail: crate::domain::FailureCause::Said(
            "run remote ssh command to target H fail,exit status 255".to_owned(),
        ),
        cause: "ssh_connection",
        shared: true,
        retry_after: None,
    }
}

/// What is sent now; checks hold, and take no time.
fn next(scheduler: &mut Scheduler, now: Duration) -> Option<StepId> {
    while let Some(id) = scheduler.next_check(now) {
        scheduler.on_checked(&id);
    }
    scheduler.next(now)
}

fn carry_out(plan: &Plan, options: &ApplyOptions, mut host: Host, client: Client) -> Ran {
    let sizes: BTreeMap<_, _> = plan
        .steps
        .iter()
        .map(|step| (step.id.clone(), named::size(&step.version)))
        .collect();
    let (mut scheduler, blocked) = Scheduler::new(plan, options);
    assert!(blocked.is_empty());
    let mut ran = Ran {
        wall: 0.0,
        failed: 0,
        retried: 0,
    };
    let mut dropped = Vec::new();
    loop {
        if scheduler.canary_has_ended() {
            scheduler.start_others();
        }
        let now = Duration::from_secs_f64(host.now);
        while let Some(id) = next(&mut scheduler, now) {
            scheduler.on_sent(&id, now);
            if !host.arrive(id.clone(), sizes[&id]) {
                dropped.push(id);
            }
        }
        let answer = if let Some(id) = dropped.pop() {
            Some(Answer::Dropped(id))
        } else {
            let wake = scheduler.next_wake(now).map(|wake| wake.as_secs_f64());
            if host.jobs.is_empty() && wake.is_none() {
                break;
            }
            host.run(wake)
        };
        let now = Duration::from_secs_f64(host.now);
        match answer {
            None => {}
            Some(Answer::Ok(id)) => {
                ran.wall = host.now;
                scheduler.on_accepted(&id, now);
                scheduler.on_ended(&id, Ended::Proven);
            }
            Some(Answer::Dropped(id)) => {
                ran.wall = host.now;
                let decision = match client {
                    Client::Ours => scheduler.on_refused(&id, &overload(), now),
                    Client::Plain => Decision::Final,
                };

                if decision == Decision::Final {
                    ran.failed += 1;
                    scheduler.on_ended(&id, Ended::Failed);
                } else {
                    ran.retried += 1;
                }
            }
        }
    }
    assert_eq!(scheduler.unended(), 0);
    ran
}

fn plain(plan: &Plan, in_flight: usize, host: Host) -> Ran {
    let options = ApplyOptions {
        parallel: in_flight,
        pace: Pace::Fixed,
        ..ApplyOptions::default()
    };
    let mut plan = plan.clone();
    plan.canary = None;
    carry_out(&plan, &options, host, Client::Plain)
}

fn ours(plan: &Plan, host: Host, seed: u64) -> Ran {
    let options = ApplyOptions {
        parallel: 64,
        seed,
        ..ApplyOptions::default()
    };
    carry_out(plan, &options, host, Client::Ours)
}

/// The best of the fixed numbers that fail nothing.
fn best_fixed(plan: &Plan, host: impl Fn(u64) -> Host) -> (usize, f64) {
    let walls = (1..=20).filter_map(|in_flight| {
        let runs: Vec<_> = (0..5)
            .map(|seed| plain(plan, in_flight, host(seed)))
            .collect();
        let wall = runs.iter().map(|ran| ran.wall).sum::<f64>() / 5.0;
        runs.iter()
            .all(|ran| ran.failed == 0)
            .then_some((in_flight, wall))
    });
    walls.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
}

/// How much longer we take than the best fixed number, on average over the host's chances. None of
/// our steps may fail.
fn ratio(plan: &Plan, capacity: f64) -> f64 {
    let host = |seed| Host::new(capacity, seed);
    let (_, best) = best_fixed(plan, host);
    let runs: Vec<_> = (0..10).map(|seed| ours(plan, host(seed), seed)).collect();
    assert!(runs.iter().all(|ran| ran.failed == 0));
    runs.iter().map(|ran| ran.wall).sum::<f64>() / 10.0 / best
}

/// Packages that are not all of one size.
fn packages(count: usize, seed: u64) -> Plan {
    let mut plan = PlanOf::independent(count);
    named::spread(&mut plan, 0.5, seed);
    plan
}

#[test]
fn the_model_gives_the_measured_table() {
    let plan = PlanOf::independent(60);
    // In flight, wall in seconds, failed (`docs/platform/concurrency.md#measured-rates`).
    let measured = [
        (1, 58.0, 0.0),
        (4, 20.4, 0.0),
        (8, 21.0, 0.0),
        (16, 17.1, 22.0),
        (32, 12.5, 39.0),
        (60, 12.0, 39.0),
    ];
    for (in_flight, wall, failed) in measured {
        let runs: Vec<_> = (0..20)
            .map(|seed| plain(&plan, in_flight, Host::new(MEASURED, seed)))
            .collect();
        let mean = |of: fn(&Ran) -> f64| runs.iter().map(of).sum::<f64>() / 20.0;
        let mean_wall = mean(|ran| ran.wall);
        let mean_failed = mean(|ran| f64::from(u32::try_from(ran.failed).unwrap()));
        assert!(
            (mean_wall / wall - 1.0).abs() < 0.2,
            "{in_flight}: {mean_wall} s"
        );
        assert!(
            (mean_failed - failed).abs() <= failed * 0.2,
            "{in_flight}: {mean_failed} failed"
        );
    }
}

#[test]
fn on_the_measured_host_nothing_fails_and_little_time_is_lost() {
    assert!(ratio(&PlanOf::independent(60), MEASURED) < 1.1);
    for seed in 0..4 {
        let ratio = ratio(&packages(60, seed), MEASURED);
        assert!(ratio < 1.1, "packages {seed}: {ratio}");
    }
}

#[test]
fn it_is_not_tuned_to_one_host() {
    // Sixty plugins on a large host take six seconds, of which the canary alone takes one and finding
    // the number two more; there the same is shown with more plugins.
    for (capacity, count) in [(1.0, 60), (3.0, 60), (6.0, 60), (20.0, 240)] {
        let ratios: Vec<_> = (0..4)
            .map(|seed| ratio(&packages(count, seed), capacity))
            .collect();
        let mean = ratios.iter().sum::<f64>() / 4.0;
        assert!(mean < 1.15, "capacity {capacity}: {ratios:?}");
    }
    assert!(ratio(&PlanOf::independent(60), 20.0) < 1.4);
}

#[test]
fn a_host_that_takes_few_connections_fails_nothing_either() {
    for startups in [2, 3, 5] {
        let plan = packages(60, 1);
        let host = |seed| Host {
            startups,
            ..Host::new(MEASURED, seed)
        };
        let (_, best) = best_fixed(&plan, host);
        let runs: Vec<_> = (0..10).map(|seed| ours(&plan, host(seed), seed)).collect();
        assert!(runs.iter().all(|ran| ran.failed == 0));
        assert!(
            runs.iter().any(|ran| ran.retried > 0),
            "overload was met and survived"
        );
        let worst = runs.iter().map(|ran| ran.wall).fold(0.0, f64::max);
        assert!(worst / best < 1.15, "{startups}: {}", worst / best);
    }
}

/// Without the canary, which everybody else waits for.
#[test]
fn no_fixed_number_is_much_faster_on_a_random_graph() {
    let efficiencies = (0..1000).map(|seed| {
        let plan = PlanOf::random_graph(60, &mut fastrand::Rng::with_seed(seed));
        let host = || Host::new(MEASURED, seed);
        let fixed = [3, 4, 6, 8].map(|in_flight| plain(&plan, in_flight, host()));
        assert!(fixed.iter().all(|ran| ran.failed == 0));
        let best = fixed.iter().map(|ran| ran.wall).fold(f64::MAX, f64::min);
        best / ours(&plan, host(), seed).wall
    });
    let all: Vec<f64> = efficiencies.collect();
    let mean = all.iter().sum::<f64>() / 1000.0;
    let least = all.iter().copied().fold(f64::MAX, f64::min);
    // The least: one long chain, which has more of the host if little runs beside it.
    assert!(mean >= 0.97 && least >= 0.85, "{mean} {least}");
}

/// The host's capacity is halved or doubled while half of the packages are still to come.
#[test]
fn it_follows_a_host_that_changes() {
    for (before, after) in [(6.0, 3.0), (3.0, 6.0), (6.0, 12.0), (12.0, 6.0)] {
        let mut plan = packages(240, 1);
        plan.canary = None;
        let at = 120.0 * ALONE / before;
        let host = |seed| Host {
            change: Some((at, after)),
            ..Host::new(before, seed)
        };
        let (_, best) = best_fixed(&plan, host);
        let runs: Vec<_> = (0..10).map(|seed| ours(&plan, host(seed), seed)).collect();
        assert!(runs.iter().all(|ran| ran.failed == 0));
        let ratio = runs.iter().map(|ran| ran.wall).sum::<f64>() / 10.0 / best;
        assert!(ratio < 1.1, "{before} to {after}: {ratio}");
    }
}
