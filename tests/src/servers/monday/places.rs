//! Places in lists of items: what a cursor stands for, and until when.
//!
//! A cursor stands for the items that a list had when it was begun. What has left its board since comes all the same, as it is
//! now; what was archived or deleted does not.

use std::collections::HashMap;

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};

use super::{reply::Refusal, state::State};

/// What a test does behind the clients' backs.
type Behind = Box<dyn FnOnce(&mut State) + Send>;

/// Every place that was given out.
#[derive(Default)]
pub(super) struct Places {
    kept: HashMap<String, Place>,
    last: u64,
    /// How many of the next places that are asked for have expired.
    expiring: usize,
    /// What happens after the next page.
    behind: Option<Behind>,
    paged: bool,
}

struct Place {
    rest: Vec<usize>,
    is_expired: bool,
}

impl Places {
    /// Lets every place expire that was given out until now.
    pub(super) fn expire(&mut self) {
        self.kept.values_mut().for_each(|place| place.is_expired = true);
    }

    /// Lets the next places expire that are asked for.
    pub(super) fn expire_next(&mut self, count: usize) {
        self.expiring = count;
    }

    /// Lets something happen after the next page.
    pub(super) fn after_page(&mut self, behind: Behind) {
        self.behind = Some(behind);
    }

    /// Returns the first items of a list, and where it goes on.
    pub(super) fn begin(&mut self, items: Vec<usize>, limit: usize) -> (Vec<usize>, Option<String>) {
        self.paged = true;
        let mut page = items;
        let rest = page.split_off(limit.min(page.len()));
        if rest.is_empty() {
            return (page, None);
        }
        self.last += 1;
        let cursor = BASE64_STANDARD_NO_PAD.encode(format!("1,{},{}", self.last, rest.len()));
        self.kept.insert(cursor.clone(), Place { rest, is_expired: false });
        (page, Some(cursor))
    }

    /// Returns what follows a place, and where it goes on.
    pub(super) fn go_on(&mut self, cursor: &str, limit: usize) -> Result<(Vec<usize>, Option<String>), Refusal> {
        let place = self.kept.get_mut(cursor).ok_or_else(|| Refusal::argument("the cursor is none of ours"))?;
        if self.expiring > 0 {
            self.expiring -= 1;
            place.is_expired = true;
        }
        if place.is_expired {
            return Err(Refusal::expired());
        }
        let rest = place.rest.clone();
        Ok(self.begin(rest, limit))
    }

    /// Does what was to happen after a page, if there was one.
    pub(super) fn after(&mut self, state: &mut State) {
        if std::mem::take(&mut self.paged)
            && let Some(behind) = self.behind.take()
        {
            behind(state);
        }
    }
}
