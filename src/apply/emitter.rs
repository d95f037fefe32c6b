//! The door for events. It remembers the first failure of the journal: after it nothing is sent.

use super::model::{Event, EventSink, SinkError};

/// Where a run's events go.
pub(super) struct EventEmitter<'a> {
    sink: &'a mut dyn EventSink,
    failure: Option<SinkError>,
}

impl<'a> EventEmitter<'a> {
    pub(super) fn new(sink: &'a mut dyn EventSink) -> Self {
        Self {
            sink,
            failure: None,
        }
    }

    /// Tells what happened.
    pub(super) fn emit(&mut self, event: &Event) {
        if let Err(error) = self.sink.on_event(event) {
            self.failure.get_or_insert(error);
        }
    }

    /// Tells what is about to be done; only where that is durable may it be done.
    pub(super) fn announce(&mut self, event: &Event) -> Result<(), SinkError> {
        if self.failure.is_none() {
            self.emit(event);
        }
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// The first failure.
    pub(super) fn failure(&self) -> Option<&SinkError> {
        self.failure.as_ref()
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
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        let intent = matches!(
            event,
            Event::Started { .. } | Event::VariableWriteStarted { .. }
        );
        let mut first = Ok(());
        for sink in &mut self.sinks {
            let taken = sink.on_event(event);
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
        fn on_event(&mut self, _: &Event) -> Result<(), SinkError> {
            self.seen += 1;
            if self.seen > self.good {
                Err(SinkError(Text::new("apply-stop-variable")))
            } else {
                Ok(())
            }
        }
    }

    fn intent() -> Event {
        Event::VariableWriteStarted {
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
        assert!(all.on_event(&intent()).is_ok());
        assert!(all.on_event(&intent()).is_err());
        assert!(all.on_event(&Event::Stopping(StopCause::Variable)).is_err());
        assert_eq!((journal.seen, progress.seen), (3, 2));
    }

    #[test]
    fn nothing_is_intended_after_the_first_failure() {
        let mut sink = Failing { good: 0, seen: 0 };
        let mut emitter = EventEmitter::new(&mut sink);
        emitter.emit(&Event::Stopping(StopCause::Variable));
        assert!(emitter.announce(&intent()).is_err());
        assert!(emitter.failure().is_some());
        assert_eq!(sink.seen, 1);
    }
}
