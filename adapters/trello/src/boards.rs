//! Boards with their lists, labels, people and fields, asked once and remembered for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use usher_adapter_sdk::{Error, ErrorKind, Result, model::Time};

use crate::{Trello, api, key::is_short_link, object_id::is_id, request::MEMBER};

/// How long what was asked is taken for true; whoever writes asks anew.
const FRESH: Duration = Duration::from_secs(300);
/// What is read of a board itself.
const FIELDS: &str = "name,closed,shortLink,shortUrl,url";

/// What is known of boards, by their ids and by what else they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Boards(Mutex<HashMap<String, (Time, Arc<api::Board>)>>);

impl Trello {
    /// Returns a board by its short link, id or name, as it was a while ago at most.
    pub(crate) async fn board(&self, name: &str) -> Result<Arc<api::Board>> {
        match self.boards.get(name, self.host.now()) {
            Some(board) => Ok(board),
            None => self.board_now(name).await,
        }
    }

    /// Returns a board by its short link, id or name, as it is now.
    pub(crate) async fn board_now(&self, name: &str) -> Result<Arc<api::Board>> {
        let outcome = match is_short_link(name) || is_id(name) {
            true => self.ask_board(name).await,
            false => Err(Error::not_found(name)),
        };
        let board = match outcome {
            // What looks like a short link may be a name; Trello calls a wrong one wrong, or not found.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Validation) => {
                self.ask_board(&self.id_of_board(name).await?).await?
            }
            outcome => outcome?,
        };
        let board = Arc::new(board);
        self.boards.set([name, board.id.as_str()], self.host.now(), &board);
        Ok(board)
    }

    /// Returns the boards that the account is on and that are not archived, without what is on them.
    pub(crate) async fn own_boards(&self) -> Result<Vec<api::Board>> {
        let request = self.read(["members", "me", "boards"])?.query("filter", "open").query("fields", FIELDS);
        self.send(request.class(MEMBER), &"the account's boards").await?.decode()
    }

    async fn ask_board(&self, name: &str) -> Result<api::Board> {
        let request = self.read(["boards", name])?.query("fields", FIELDS).query("lists", "all");
        // Without a limit there are 50 labels.
        let request = request.query("labels", "all").query("labels_limit", "1000");
        let request = request.query("members", "all").query("customFields", "true");
        self.send(request, &format!("board {name}")).await?.decode()
    }

    async fn id_of_board(&self, name: &str) -> Result<String> {
        let boards = self.own_boards().await?;
        let called = |board: &&api::Board| board.name.as_deref().is_some_and(|own| same(own, name));
        let found: Vec<&api::Board> = boards.iter().filter(called).collect();
        match found[..] {
            [board] => Ok(board.id.clone()),
            [] => Err(Error::not_found(format_args!("board {name}"))
                .with_hint(format!("The account is on: {}", names(boards.iter())))),
            _ => Err(Error::validation(format!("`{name}` is the name of several boards"))
                .with_hint(format!("Name one by its short link: {}", names(found.into_iter())))),
        }
    }
}

/// Says whether two names are the same, case aside.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

fn names<'a>(boards: impl Iterator<Item = &'a api::Board>) -> String {
    let name = |board: &api::Board| {
        let link = board.short_link.as_deref().unwrap_or(&board.id);
        format!("{link} ({})", board.name.as_deref().unwrap_or_default())
    };
    boards.map(name).collect::<Vec<_>>().join(", ")
}

impl Boards {
    fn get(&self, name: &str, now: Time) -> Option<Arc<api::Board>> {
        let known = self.lock();
        let (since, board) = known.get(name)?;
        (since.until(now) < FRESH).then(|| Arc::clone(board))
    }

    fn set(&self, names: [&str; 2], now: Time, board: &Arc<api::Board>) {
        let mut known = self.lock();
        for name in names {
            known.insert(name.to_owned(), (now, Arc::clone(board)));
        }
    }

    /// A panic elsewhere leaves a whole table behind: entries are put in as one.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Time, Arc<api::Board>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_asked_again_after_a_while() {
        let at = |seconds: i64| Time::from_unix_seconds(seconds).unwrap();
        let boards = Boards::default();
        boards.set(["a", "b"], at(1_000), &Arc::default());
        assert!(boards.get("a", at(1_299)).is_some() && boards.get("b", at(1_299)).is_some());
        assert!(boards.get("a", at(1_300)).is_none() && boards.get("c", at(1_000)).is_none());
    }
}
