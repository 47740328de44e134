//! Searches: words, or Trello's own search operators.
//!
//! <https://developer.atlassian.com/cloud/trello/rest/api-group-search/>

use usher_adapter_sdk::{
    Error, Result,
    message::{Criterion, Cursor, Include, Page, Query, QueryLanguage},
    model::{CutReason, Part},
};

use super::{lookup, push};
use crate::{Trello, api, request::SEARCH};

/// How many cards an answer has at most.
const PAGE: u64 = 1_000;
/// The number of the last page that Trello gives.
const LAST: u64 = 100;

/// Returns a page of what a search finds. Trello learns of changes a little late, and does not say how many there are.
pub(crate) async fn search(trello: &Trello, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    let page = read(cursor)?;
    let is_native = query.language == QueryLanguage::Native;
    let text = if is_native { query.text.trim().to_owned() } else { words(&query.text) };
    if text.is_empty() {
        return Err(Error::validation("a search needs a word to look for"));
    }
    let request = trello.read(["search"])?.query("query", text).query("modelTypes", "cards");
    let request = request.query("partial", (!is_native).to_string()).query("card_fields", "all");
    let request = request.query("cards_limit", PAGE.to_string()).query("cards_page", page.to_string());
    let request = request.query("card_board", "true").query("card_list", "true").query("card_members", "true");
    let request = request.query("card_attachments", include.attachments.to_string());
    let boards = lookup::ids_of_named(trello, &query.criteria).await?;
    let request = if boards.is_empty() { request } else { request.query("idBoards", boards.join(",")) };
    let response = trello.send(request.class(SEARCH), &"the search").await?;
    let found: api::Found<'_> = response.decode()?;
    let is_full = found.cards.len() as u64 >= PAGE;
    let result = Page::new();
    let result = match (is_full, page < LAST) {
        (true, true) => result.with_next([Cursor::new((page + 1).to_string())]),
        (true, false) => result.with_cut(Part::new((LAST + 1) * PAGE, None, CutReason::Cap)),
        (false, _) => result,
    };
    let result = if query.criteria.project.is_empty() { result } else { result.with_pushed_down([Criterion::Project]) };
    push::cards(trello, result, found.cards, None, include).await
}

fn read(cursor: Option<&Cursor>) -> Result<u64> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.as_str().parse().ok().filter(|page| (1..=LAST).contains(page)).ok_or_else(|| {
        Error::validation(format!("`{}` is no place in a search", cursor.as_str()))
            .with_hint("Search anew, without a cursor.")
    })
}

/// Returns words as Trello looks for them and takes none for an operator: what has a sign inside stands in quotes.
fn words(text: &str) -> String {
    let quoted = |word: &str| {
        let bare: String = word.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
        match bare.trim_matches(|c: char| !c.is_alphanumeric()) {
            "" => None,
            bare if bare.chars().all(char::is_alphanumeric) => Some(bare.to_owned()),
            bare => Some(format!("\"{bare}\"")),
        }
    };
    text.split_whitespace().filter_map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_an_operator() {
        for (text, query) in [
            ("export stops", "export stops"),
            ("  is:open  @me #red -export ", "\"is:open\" me red export"),
            ("Stand-in 7, changed", "\"Stand-in\" 7 changed"),
            ("a\" board:\"b", "a \"board:b\""),
            ("größe ✓ 🎫", "größe"),
            ("\u{0}\"\\", ""),
        ] {
            assert_eq!(words(text), query, "{text}");
        }
    }

    #[test]
    fn a_strange_cursor_is_refused() {
        for text in ["", "0", "-1", "101", "2&query=x"] {
            assert!(read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
        assert_eq!((read(None).unwrap(), read(Some(&Cursor::new("7"))).unwrap()), (0, 7));
    }
}
