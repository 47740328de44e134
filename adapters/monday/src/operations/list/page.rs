//! Items of a page as tickets, those too that have left the board meanwhile.

use serde_json::{Value, value::RawValue};
use usher_adapter_sdk::{
    ErrorKind, Result, decode,
    host::Response,
    message::{Criterion, Page, Raw},
    model::{CutReason, Part, Project, Ticket, TicketKey},
};

use super::{Request, named_boards};
use crate::{
    api,
    key::Key,
    mapping::{self, Columns},
    operations::read,
};

impl Request<'_> {
    /// Writes items to a page; one that cannot be read is an error of its own.
    pub(super) async fn written(
        &self,
        board: &api::Board<'_>,
        items: &[&RawValue],
        response: &Response,
        applied: &[Criterion],
    ) -> Result<Page> {
        let columns = Columns::of(Some(board), &self.monday.config.columns);
        let account = self.monday.config.account.as_deref();
        let beside = if self.include.raw { Some(board_of(response)?) } else { None };
        let (mut page, mut moved) = (Page::new(), Vec::new());
        for node in items {
            let item: api::Item<'_> = match decode::json(node.get().as_bytes()) {
                Ok(item) => item,
                Err(error) => {
                    page.push_error(error);
                    continue;
                }
            };
            if let Some(id) = item.id.as_deref().filter(|_| has_left(&item, board)) {
                moved.push(TicketKey::from(id));
                continue;
            }
            let is_cut = item.updates.as_ref().is_some_and(|updates| updates.len() >= read::UPDATES_PAGE);
            match mapping::ticket(&item, Some(board), &columns, None, account) {
                Err(error) => page.push_error(error),
                Ok(ticket) => {
                    let ticket = if is_cut { cut(ticket) } else { ticket };
                    let raw = beside.as_ref().map(|board| Raw::main(node.get()).with(read::BOARD, board.as_str()));
                    self.push(&mut page, ticket, raw.as_ref())?;
                }
            }
        }
        for key in &moved {
            self.push_moved(&mut page, key).await?;
        }
        let is_exact = |criterion: &&Criterion| moved.is_empty() || **criterion == Criterion::Project;
        Ok(page.with_pushed_down(applied.iter().filter(is_exact).cloned()))
    }

    /// Adds an item that has left its board since the list was begun, if the list is of its new board as well: that one may
    /// have been read before. Its values mean something to the columns of its new board alone, so that it is asked for with
    /// them; and what was applied was applied to the old ones, so that the host is left to look at the page itself.
    async fn push_moved(&self, page: &mut Page, key: &TicketKey) -> Result<()> {
        let raw = match read::get(self.monday, Key::parse(key)?, self.include).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            raw => raw?,
        };
        let ticket = read::normalize(self.monday, None, &raw)?;
        let boards = named_boards(self.monday, self.criteria)?;
        let is_listed = |board: &Project| boards.is_empty() || boards.contains(&board.key);
        if !ticket.project.as_ref().is_some_and(is_listed) {
            return Ok(());
        }
        self.push(page, ticket, Some(&raw).filter(|_| self.include.raw))
    }

    fn push(&self, page: &mut Page, mut ticket: Ticket, raw: Option<&Raw>) -> Result<()> {
        ticket.keep(self.include);
        match raw {
            None => page.push(&ticket),
            Some(raw) => page.push_with_raw(&ticket, raw),
        }
    }
}

/// Says whether an item is on another board than the list is of.
fn has_left(item: &api::Item<'_>, board: &api::Board<'_>) -> bool {
    let own = item.board.as_ref().and_then(|board| board.id.as_deref());
    own.zip(board.id.as_deref()).is_some_and(|(own, listed)| own != listed)
}

/// Says that a ticket has more notes than one answer holds.
fn cut(ticket: Ticket) -> Ticket {
    let loaded = ticket.notes.as_ref().map_or(0, Vec::len) as u64;
    ticket.with_cut("notes", Part::new(loaded, None, CutReason::NotLoaded))
}

/// Returns the board of a page as it was given, without the items.
fn board_of(response: &Response) -> Result<String> {
    let mut answer: Value = response.decode()?;
    let mut board = answer["data"]["boards"][0].take();
    if let Some(members) = board.as_object_mut() {
        members.remove("items_page");
    }
    Ok(board.to_string())
}
