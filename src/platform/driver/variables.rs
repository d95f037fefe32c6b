//! System variables, read whole whatever the version does about pages.

use std::collections::BTreeMap;

use super::read::CallInfo;
use crate::domain::{
    FailureCause, FailureKind, Generation, ReadFailure, SystemVariable, VariableId,
};
use crate::platform::endpoints::{VariableFilter, VariablePage, retrieve_variables};
use crate::platform::request::ApiRequest;
use crate::platform::wire::{VariablePageDto, decode_data};

/// Rows of a page on a v3, its own default. It always pages (`docs/platform/variables.md#retrieve`).
const V3_PAGE: usize = 10_000;

/// Variables on the way in: ask [`VariablePages::request`], give the `data` to
/// [`VariablePages::take`], until it says [`NextPage::Done`].
#[derive(Clone, Debug)]
pub(in crate::platform) struct VariablePages {
    generation: Generation,
    filter: VariableFilter,
    start: usize,
    rows: BTreeMap<VariableId, SystemVariable>,
}

/// Whether there is more to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum NextPage {
    /// Ask [`VariablePages::request`] again.
    Ask,
    /// These are all, sorted by name and id.
    Done(Vec<SystemVariable>),
}

impl VariablePages {
    pub(super) fn new(generation: Generation, filter: VariableFilter) -> Self {
        Self {
            generation,
            filter,
            start: 0,
            rows: BTreeMap::new(),
        }
    }

    /// The next call.
    pub(in crate::platform) fn request(&self) -> ApiRequest {
        let page = match self.generation {
            Generation::V3 => VariablePage::Rows {
                start: self.start,
                size: V3_PAGE,
            },
            Generation::V4 => VariablePage::Whole,
        };
        retrieve_variables(&self.filter, page)
    }

    /// Takes the answer of [`VariablePages::request`].
    pub(in crate::platform) fn take(
        &mut self,
        asked: CallInfo<'_>,
        data: &str,
    ) -> Result<NextPage, ReadFailure> {
        let page: VariablePageDto = decode_data(asked.op, asked.target, data)?;
        let (total, rows) = page.into_domain();
        let got = rows.len();
        self.rows
            .extend(rows.into_iter().map(|row| (row.id.clone(), row)));
        self.start += V3_PAGE;
        let whole = self.generation == Generation::V4 || self.start >= total;
        if !whole && got > 0 {
            return Ok(NextPage::Ask);
        }
        if self.generation == Generation::V3 && self.rows.len() < total {
            // Pages have no order of their own: rows that came or went between two calls shift the
            // others, and one may have been missed.
            return Err(ReadFailure {
                kind: FailureKind::ServerError,
                operation: asked.op,
                target: asked.target.to_owned(),
                cause: FailureCause::MissingRows {
                    rows: self.rows.len(),
                    total,
                },
            });
        }
        Ok(NextPage::Done(self.finish()))
    }

    fn finish(&mut self) -> Vec<SystemVariable> {
        let mut rows: Vec<_> = std::mem::take(&mut self.rows).into_values().collect();
        if let VariableFilter::Named(name) = &self.filter {
            rows.retain(|row| row.name == *name);
        }
        rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        rows
    }
}
