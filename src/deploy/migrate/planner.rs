//! Makes the plan of a schema. Pure: the same scripts, ledger, rehearsal and facts make the same plan.

use std::collections::BTreeSet;

use super::judge::{Judgement, judge};
use super::ledger::{LedgerRow, LedgerState, ScriptChange, changes};
use super::model::{Conflict, Rehearsal, RowFact};
use super::object::{Key, ObjectKind};
use super::plan::{Action, MigrationPlan, Options, Step};
use super::program::{Place, Program};
use super::section::Section;
use super::statement::{Kind, Outline, Permit};

use super::planner_input::{Basis, Facts, Rows};

pub(super) struct Planner<'a> {
    pub(super) program: &'a Program<'a>,
    pub(super) rows: Rows<'a>,
    pub(super) facts: &'a Facts,
    pub(super) basis: Basis<'a>,
    pub(super) options: &'a Options,
    pub(super) schema: &'a str,
}

/// What is known of a statement before its neighbours are looked at.
#[derive(Clone, Debug)]
pub(super) enum Opinion {
    Settled(Action),
    /// Nothing in the schema tells whether it was carried out.
    Vague {
        definition: bool,
    },
    /// It was not carried out, and the schema shows it.
    Run,
    True {
        later: bool,
    },
}

/// Plans one schema.
pub(super) fn plan(
    program: &Program<'_>,
    ledger: &[LedgerRow],
    facts: &Facts,
    basis: Basis<'_>,
    options: &Options,
    schema: &str,
) -> MigrationPlan {
    let changes = changes(program.scripts, ledger);
    let stops =
        |change: &&ScriptChange| change.stops() && !options.accept_scripts.contains(&change.script);
    let stopped_by = changes.iter().filter(stops).cloned().collect();
    let rows = Rows::new(program, ledger);
    let planner = Planner {
        program,
        rows,
        facts,
        basis,
        options,
        schema,
    };
    MigrationPlan {
        schema: schema.to_owned(),
        steps: planner.steps(),
        changes,
        stopped_by,
    }
}

impl Planner<'_> {
    fn steps(&self) -> Vec<Step> {
        let places: Vec<Place> = self.program.places().collect();
        let opinions: Vec<Opinion> = places.iter().map(|place| self.opinion(*place)).collect();
        // A client carries a script out in order: what is true behind a statement of the same script that
        // was not carried out was there before, and is no sign of a hand.
        let run_before = |at: usize| {
            let mut before = (0..at).filter(|before| places[*before].0 == places[at].0);
            before.any(|before| {
                let done = Action::Recorded(LedgerState::Done);
                matches!(&opinions[before], Opinion::Run)
                    || matches!(&opinions[before], Opinion::Settled(action) if *action == done)
            })
        };
        let evident = |at: usize| matches!(opinions[at], Opinion::True { .. }) && !run_before(at);
        let last_true = (0..places.len()).rev().find(|at| evident(*at));
        // Whether the statement before the next one was carried out by hand, as far as that is known.
        let mut by_hand = None;
        let mut steps = Vec::new();
        for (at, (place, opinion)) in places.iter().zip(&opinions).enumerate() {
            let action = match opinion {
                Opinion::Settled(action) => action.clone(),
                Opinion::True { later } => Action::AlreadyTrue { later: *later },
                // In a script that was begun and not carried out up to here, it was not carried out either.
                Opinion::Vague { .. } if run_before(at) => Action::Run,
                Opinion::Vague { definition: true } if last_true.is_some_and(|last| last > at) => {
                    Action::AlreadyTrue { later: true }
                }
                Opinion::Run | Opinion::Vague { definition: true } => Action::Run,
                Opinion::Vague { .. }
                    if last_true.is_some_and(|last| last > at) || by_hand == Some(true) =>
                {
                    self.undecided(*place, &steps)
                }
                Opinion::Vague { .. } if by_hand.is_none() && self.rows_seen(*place) => {
                    self.undecided(*place, &steps)
                }
                Opinion::Vague { .. } => Action::Run,
            };
            match (&action, opinion) {
                (Action::Recorded(LedgerState::AlreadyTrue), _) => by_hand = Some(true),
                _ if evident(at) => by_hand = Some(true),
                // What `IF NOT EXISTS` passes over may have been made by a hand.
                (_, Opinion::Vague { definition: true })
                    if by_hand.is_none() && self.makes_what_is_there(*place) =>
                {
                    by_hand = Some(true);
                }
                (Action::Recorded(LedgerState::Done), _) | (_, Opinion::Run) => {
                    by_hand = Some(false);
                }
                _ => {}
            }
            if self.decided(*place) == Some(Decision::Resume) {
                by_hand = Some(false);
            }
            steps.push(self.step(*place, action));
        }
        mark_sessions(&mut steps);
        steps
    }

    fn step(&self, place: Place, action: Action) -> Step {
        let rehearsed = match self.basis {
            Basis::Rehearsed(rehearsal) => rehearsal.of(place),
            _ => None,
        };
        let shown = matches!(
            action,
            Action::Run | Action::AlreadyTrue { .. } | Action::Conflict(_)
        );
        let rehearsed = rehearsed.filter(|_| shown);
        Step {
            place,
            action,
            mark: rehearsed.map(|one| one.mark.clone()),
            rebuild: rehearsed.and_then(|one| one.rebuild),
        }
    }

    fn decided(&self, place: Place) -> Option<Decision> {
        let (script, number) = (
            &self.program.script(place).name,
            self.program.statement(place).number,
        );
        if self.options.mark_done.contains(&(script.clone(), number)) {
            return Some(Decision::Done);
        }
        let resumes = self
            .options
            .resume_at
            .iter()
            .filter(|(name, _)| name == script);
        match resumes.map(|(_, at)| *at).max() {
            Some(at) if number < at => Some(Decision::Done),
            Some(at) if number == at => Some(Decision::Resume),
            _ => None,
        }
    }

    fn kept(&self, outline: &Outline) -> bool {
        let table = outline.table.as_ref();
        table.is_some_and(|table| self.options.keep_tables.contains(table))
    }

    /// Whether it makes, drops or renames a table that is there and stays as it is.
    fn keeps_table(&self, outline: &Outline) -> bool {
        let mut keys = outline.makes.iter().chain(&outline.removes);
        let table =
            |key: &Key| key.kind == ObjectKind::Table && self.facts.present.contains_key(key);
        self.kept(outline) && keys.any(table)
    }

    fn makes_what_is_there(&self, place: Place) -> bool {
        let mut makes = self.program.outline(place).makes.iter();
        makes.any(|key| self.facts.present.contains_key(key))
    }

    /// Whether rows like those of a statement, or of its section, are there.
    fn rows_seen(&self, place: Place) -> bool {
        let numbers = self
            .program
            .section(place)
            .map_or(place.1..=place.1, |one| one.first..=one.last);
        let mut facts = numbers.filter_map(|number| self.facts.rows.get(&(place.0, number)));
        facts.any(|fact| {
            !matches!(
                fact,
                RowFact::NoneThere | RowFact::Removed | RowFact::NoMatch
            )
        })
    }

    fn undecided(&self, place: Place, steps: &[Step]) -> Action {
        let outline = self.program.outline(place);
        let table = outline.table.as_ref();
        // Rows that no condition matches now may be there once earlier statements are carried out.
        let writes = |step: &Step| {
            let other = self.program.outline(step.place);
            let named = table.is_some_and(|table| other.names.contains(table));
            step.action == Action::Run
                && match other.kind {
                    Kind::Rows | Kind::DefinitionAndRows => named,
                    Kind::Opaque => true,
                    _ => false,
                }
        };
        match self.facts.rows.get(&place) {
            Some(RowFact::NoMatch) if !steps.iter().any(writes) => {
                Action::AlreadyTrue { later: false }
            }
            _ if self.kept(outline) => Action::Keep,
            _ => Action::Conflict(Conflict::Undecided),
        }
    }

    fn opinion(&self, place: Place) -> Opinion {
        let outline = self.program.outline(place);
        let recorded = self.rows.recorded(place);
        let section = self.program.section(place);
        if outline.kind == Kind::Session && section.is_none() {
            let session = Action::Session {
                recorded: recorded.is_some(),
                needed: false,
            };
            let conflict = self
                .forbidden(place, outline)
                .filter(|_| recorded.is_none());
            let done = self.decided(place) == Some(Decision::Done);
            return Opinion::Settled(match conflict {
                Some(_) if done => Action::Keep,
                Some(conflict) => Action::Conflict(conflict),
                None => session,
            });
        }
        if let Some(state) = recorded {
            return Opinion::Settled(Action::Recorded(state));
        }
        if self.decided(place) == Some(Decision::Done) {
            return Opinion::Settled(Action::Keep);
        }
        if self.keeps_table(outline) {
            return Opinion::Settled(Action::Keep);
        }
        if let Some(conflict) = self.forbidden(place, outline) {
            return Opinion::Settled(Action::Conflict(conflict));
        }
        if self.decided(place) == Some(Decision::Resume) {
            return Opinion::Settled(Action::Run);
        }
        match (section, &outline.kind) {
            (_, Kind::Use(_)) => Opinion::Settled(Action::Session {
                recorded: false,
                needed: false,
            }),
            (Some(section), _) => self.in_section(place, section),
            (None, Kind::Query) if !self.acts(outline) => {
                self.refused_or(place, Opinion::Settled(Action::Run))
            }
            _ => self.alone(place, outline),
        }
    }

    /// What stops a statement whatever the schema says.
    fn forbidden(&self, place: Place, outline: &Outline) -> Option<Conflict> {
        let own = |name: &String| name.eq_ignore_ascii_case(self.schema);
        if let Permit::Refused(what) = &outline.permit {
            return Some(Conflict::Forbidden { what: what.clone() });
        }
        if let Kind::Use(name) = &outline.kind
            && !own(name)
        {
            return Some(Conflict::OtherSchema { name: name.clone() });
        }
        let reads = |name: &String| name.eq_ignore_ascii_case("information_schema");
        let named = outline
            .schemas
            .iter()
            .find(|name| !own(name) && !reads(name));
        let tables = |name: &String| {
            self.facts.present.contains_key(&Key::table(name))
                || outline.makes.contains(&Key::table(name))
        };
        let dotted = outline.qualifiers.iter().find(|name| {
            let mut schemas = self.facts.schemas.iter();
            let schema = schemas.any(|schema| schema.eq_ignore_ascii_case(name));
            schema && !own(name) && !reads(name) && !tables(name)
        });
        if let Some(name) = named.or(dotted) {
            return Some(Conflict::OtherSchema { name: name.clone() });
        }
        if let Permit::Destructive(what) | Permit::Unlisted(what) = &outline.permit
            && !self.options.allow_destructive
        {
            return Some(Conflict::Destructive { what: what.clone() });
        }
        let bytes = self.program.statement(place).text.len() + 1;
        (bytes > self.facts.longest).then_some(Conflict::TooLong {
            bytes,
            limit: self.facts.longest,
        })
    }

    fn in_section(&self, place: Place, section: Section) -> Opinion {
        let all = (section.first..=section.last).map(|number| (place.0, number));
        let begun: Vec<Place> = all.filter(|place| self.rows.cut_off(*place)).collect();
        // A transaction that was cut off is gone; its record would have been written in it.
        let harmless = |place: &Place| {
            let text = self.program.statement(*place).text.to_ascii_lowercase();
            let outline = self.program.outline(*place);
            match outline.kind {
                Kind::Session => true,
                Kind::Query => !self.acts(outline),
                _ => text.starts_with("create temporary"),
            }
        };
        let transactional = section.atomic && begun.iter().all(|place| self.transactional(*place));
        if begun.is_empty() {
            return self.refused_or(place, Opinion::Vague { definition: false });
        }
        if transactional || begun.iter().all(harmless) {
            return Opinion::Settled(Action::Run);
        }
        let number = |at: usize| self.program.scripts[place.0].statements[at].number;
        let section = Some((number(section.first), number(section.last)));
        Opinion::Settled(Action::Conflict(Conflict::CutOff { section }))
    }

    /// A statement that the rehearsal refused is a conflict, whatever else is known.
    pub(super) fn refused_or(&self, place: Place, otherwise: Opinion) -> Opinion {
        if let Basis::Rehearsed(rehearsal) = self.basis
            && let Some(conflict) = rehearsal.of(place).and_then(|one| one.refused.clone())
        {
            return Opinion::Settled(Action::Conflict(conflict));
        }
        otherwise
    }

    fn alone(&self, place: Place, outline: &Outline) -> Opinion {
        let cut_off = self.rows.cut_off(place);
        if matches!(outline.kind, Kind::Rows | Kind::Query) {
            if cut_off && !self.transactional(place) {
                return self.cut_off(outline);
            }
            if cut_off {
                return Opinion::Settled(Action::Run);
            }
            return self.on_rows(place, outline);
        }
        if outline.kind == Kind::Opaque {
            return if cut_off {
                self.cut_off(outline)
            } else {
                self.refused_or(place, Opinion::Vague { definition: false })
            };
        }
        let unchanged = self.facts.unchanged.get(&place);
        if cut_off && unchanged == Some(&true) {
            return Opinion::Settled(Action::Run);
        }
        let changed = cut_off && unchanged == Some(&false);
        let there = |key: &Key| self.facts.present.contains_key(key);
        let took_effect = outline.makes.iter().all(there)
            && outline
                .removes
                .iter()
                .all(|key| !there(key) || outline.makes.contains(key))
            && (!outline.removes.is_empty() || !outline.makes.is_empty());
        let rehearsal = match self.basis {
            Basis::Rehearsed(rehearsal) if rehearsal.judges(place) => Some(rehearsal),
            _ => None,
        };
        let judged = rehearsal.is_some() && outline.removes.is_empty();
        if changed && took_effect && !judged && outline.kind == Kind::Definition {
            return Opinion::finished();
        }
        match rehearsal {
            Some(rehearsal) => self.by_rehearsal(place, outline, rehearsal, cut_off, changed),
            None => self.by_names(place, outline, cut_off),
        }
    }

    fn by_rehearsal(
        &self,
        place: Place,
        outline: &Outline,
        rehearsal: &Rehearsal,
        cut_off: bool,
        changed: bool,
    ) -> Opinion {
        let Some(one) = rehearsal.of(place) else {
            return Opinion::Vague { definition: true };
        };
        let judgement = judge(
            &rehearsal.history,
            one.position,
            &one.effect,
            &self.facts.present,
        );
        let absent = self.absent(place, outline);
        if !absent.is_empty() && !outline.lenient && !cut_off {
            return self.keep_or(outline, Conflict::Absent { objects: absent });
        }
        let rows_too = outline.kind == Kind::DefinitionAndRows;
        let conflict = match judgement {
            Judgement::True { .. } if rows_too && cut_off => return self.cut_off(outline),
            Judgement::True { .. } if rows_too => Conflict::Undecided,
            Judgement::True { later } => {
                return if cut_off {
                    Opinion::finished()
                } else {
                    Opinion::True { later }
                };
            }
            _ if one.refused.is_some() => match one.refused.clone() {
                Some(conflict) => conflict,
                None => return Opinion::Run,
            },
            Judgement::Run if cut_off && changed => return self.cut_off(outline),
            Judgement::Run => return self.narrow_or(one.narrows.as_slice(), Opinion::Run),
            Judgement::Unclear | Judgement::NoEffect if cut_off && changed => {
                return Opinion::finished();
            }
            Judgement::Unclear => {
                return self.narrow_or(
                    one.narrows.as_slice(),
                    Opinion::Vague {
                        definition: outline.removes.is_empty() && !rows_too,
                    },
                );
            }
            Judgement::NoEffect => {
                return Opinion::Vague {
                    definition: (outline.repeatable || outline.lenient) && !rows_too,
                };
            }
            Judgement::Different(_) if outline.only_modifies() => {
                let narrows = one
                    .effect
                    .iter()
                    .filter(|key| rehearsal.narrows(place, key, &self.facts.present));
                let narrows: Vec<Key> = narrows.cloned().collect();
                return self.narrow_or(&narrows, Opinion::Run);
            }
            Judgement::Different(differences)
                if differences
                    .iter()
                    .all(|one| self.program.set_later(place, &one.key)) =>
            {
                return Opinion::True { later: true };
            }
            Judgement::Different(differences) => Conflict::Different {
                object: outline.table.clone().unwrap_or_else(|| {
                    differences
                        .first()
                        .map(|one| one.key.path())
                        .unwrap_or_default()
                }),
                differences,
            },
            Judgement::Partly { there, left } => Conflict::Partly { there, left },
        };
        self.keep_or(outline, conflict)
    }

    fn narrow_or(&self, narrows: &[Key], otherwise: Opinion) -> Opinion {
        if narrows.is_empty() || self.options.allow_destructive {
            return otherwise;
        }
        let columns = narrows.iter().map(Key::path).collect();
        Opinion::Settled(Action::Conflict(Conflict::Narrows { columns }))
    }

    pub(super) fn cut_off(&self, outline: &Outline) -> Opinion {
        self.keep_or(outline, Conflict::CutOff { section: None })
    }

    pub(super) fn keep_or(&self, outline: &Outline, conflict: Conflict) -> Opinion {
        let keepable = matches!(
            conflict,
            Conflict::Different { .. }
                | Conflict::Partly { .. }
                | Conflict::Exists { .. }
                | Conflict::Undecided
                | Conflict::CutOff { .. }
        );
        if keepable && self.kept(outline) {
            return Opinion::Settled(Action::Keep);
        }
        let elsewhere = matches!(
            conflict,
            Conflict::Refused { code: 1146, .. } | Conflict::Absent { .. }
        );
        let table = outline.table.as_ref().filter(|_| elsewhere);
        if let Some((table, schema)) =
            table.and_then(|table| Some((table, self.facts.elsewhere.get(table)?)))
        {
            let (table, schema) = (table.clone(), schema.clone());
            return Opinion::Settled(Action::Conflict(Conflict::Elsewhere { table, schema }));
        }
        Opinion::Settled(Action::Conflict(conflict))
    }
}

impl Opinion {
    /// A statement that was cut off behind its effect: recorded as true, without being evidence of anything.
    fn finished() -> Self {
        Self::Settled(Action::AlreadyTrue { later: false })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Done,
    Resume,
}

/// A `SET` is needed if a statement behind it in the same script is carried out.
fn mark_sessions(steps: &mut [Step]) {
    let mut runs_in = BTreeSet::new();
    for step in steps.iter_mut().rev() {
        match &mut step.action {
            Action::Run | Action::Compare => {
                runs_in.insert(step.place.0);
            }
            Action::Session { needed, .. } => *needed = runs_in.contains(&step.place.0),
            _ => {}
        }
    }
}
