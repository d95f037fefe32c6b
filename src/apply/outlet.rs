//! The door for events. It remembers the first failure of the journal: after it nothing is sent.

use super::model::{Event, EventSink, SinkError};

/// Where a run's events go.
pub(super) struct Outlet<'a> {
    sink: &'a mut dyn EventSink,
    broken: Option<SinkError>,
}

impl<'a> Outlet<'a> {
    pub(super) fn new(sink: &'a mut dyn EventSink) -> Self {
        Self { sink, broken: None }
    }

    /// Tells what happened.
    pub(super) fn tell(&mut self, event: &Event) {
        if let Err(error) = self.sink.take(event) {
            self.broken.get_or_insert(error);
        }
    }

    /// Tells what is about to be done; only where that is durable may it be done.
    pub(super) fn intend(&mut self, event: &Event) -> Result<(), SinkError> {
        if self.broken.is_none() {
            self.tell(event);
        }
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// The first failure.
    pub(super) fn broken(&self) -> Option<&SinkError> {
        self.broken.as_ref()
    }
}

/// Several sinks as one, in order: the journal first. What it could not keep is not told to the others
/// as about to be done.
pub struct FanOut<'a> {
    sinks: Vec<&'a mut dyn EventSink>,
}

impl<'a> FanOut<'a> {
    /// The first sink is the journal.
    pub fn new(sinks: Vec<&'a mut dyn EventSink>) -> Self {
        Self { sinks }
    }
}

impl EventSink for FanOut<'_> {
    fn take(&mut self, event: &Event) -> Result<(), SinkError> {
        let intent = matches!(
            event,
            Event::Started { .. } | Event::VariableIntended { .. }
        );
        let mut first = Ok(());
        for sink in &mut self.sinks {
            let taken = sink.take(event);
            if first.is_ok() {
                first = taken;
            }
            if first.is_err() && intent {
                break;
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::model::StopCause;
    use crate::domain::SystemVariable;
    use crate::i18n::Text;

    /// Fails after so many events and counts all that it was given.
    struct Failing {
        good: usize,
        seen: usize,
    }

    impl EventSink for Failing {
        fn take(&mut self, _: &Event) -> Result<(), SinkError> {
            self.seen += 1;
            if self.seen > self.good {
                Err(SinkError(Text::new("apply-stopped")))
            } else {
                Ok(())
            }
        }
    }

    fn intent() -> Event {
        Event::VariableIntended {
            action: crate::apply::VariableAction::Create,
            before: None::<SystemVariable>,
            after: None,
        }
    }

    #[test]
    fn what_the_journal_could_not_keep_is_not_announced() {
        let (mut journal, mut progress) =
            (Failing { good: 1, seen: 0 }, Failing { good: 9, seen: 0 });
        let mut all = FanOut::new(vec![&mut journal, &mut progress]);
        assert!(all.take(&intent()).is_ok());
        assert!(all.take(&intent()).is_err());
        assert!(all.take(&Event::Stopping(StopCause::Variable)).is_err());
        assert_eq!((journal.seen, progress.seen), (3, 2));
    }

    #[test]
    fn nothing_is_intended_after_the_first_failure() {
        let mut sink = Failing { good: 0, seen: 0 };
        let mut outlet = Outlet::new(&mut sink);
        outlet.tell(&Event::Stopping(StopCause::Variable));
        assert!(outlet.intend(&intent()).is_err());
        assert!(outlet.broken().is_some());
        assert_eq!(sink.seen, 1);
    }
}
