//! The right to write. A `platform::Writer` is made only from a [`Confirmation`], and only the
//! command that showed the plan makes one (architecture, invariant 5).

/// Somebody saw what will be written and said yes, at the prompt or with `--yes`.
#[derive(Debug)]
pub struct Confirmation(());

impl Confirmation {
    /// The operator typed yes after the plan was shown.
    pub fn typed() -> Self {
        Self(())
    }

    /// `--yes`: a script takes the responsibility.
    pub fn by_flag() -> Self {
        Self(())
    }
}
