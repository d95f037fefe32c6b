//! The same comparison with the sides swapped.

use crate::compare::{Cause, Comparison, Note, PluginRow, PluginSide};

impl Comparison {
    pub(super) fn mirrored(self) -> Self {
        let mut unread = self.unread;
        for item in &mut unread {
            item.side = item.side.other();
        }
        unread.sort_by_key(|item| item.side);
        Self {
            old: self.new,
            new: self.old,
            plugins: self.plugins.into_iter().map(PluginRow::mirrored).collect(),
            unread,
        }
    }
}

impl PluginRow {
    fn mirrored(self) -> Self {
        let mut notes: Vec<Note> = self.notes.into_iter().map(Note::mirrored).collect();
        notes.sort_by_key(Note::place);
        Self {
            name: self.name,
            old: self.new.mirrored(),
            new: self.old.mirrored(),
            notes,
        }
    }
}

impl PluginSide {
    fn mirrored(mut self) -> Self {
        let of_portals = self.portals.iter_mut().flat_map(|it| &mut it.causes);
        let of_cells = self.cells.iter_mut().flat_map(|it| &mut it.causes);
        for cause in of_portals.chain(of_cells) {
            if let Cause::ContentDiffers { conflicts } = cause {
                for content in conflicts.iter_mut().flat_map(|it| &mut it.seen) {
                    content.side = content.side.other();
                }
                for conflict in conflicts {
                    conflict.seen.sort();
                }
            }
        }
        self
    }
}

impl Note {
    fn mirrored(self) -> Self {
        match self {
            Self::PagesOfOtherVersions { old, new } => {
                Self::PagesOfOtherVersions { old: new, new: old }
            }
            Self::VersionsDiffer { old, new } => Self::VersionsDiffer { old: new, new: old },
            Self::SeveralRunning { side, versions } => Self::SeveralRunning {
                side: side.other(),
                versions,
            },
            Self::PagesOfAVersionThatDoesNotRun {
                side,
                shown,
                running,
            } => Self::PagesOfAVersionThatDoesNotRun {
                side: side.other(),
                shown,
                running,
            },
        }
    }
}
