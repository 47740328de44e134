//! Searches, and several reads in one.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    boards, cards,
    reply::{Refusal, Reply},
    service::Call,
    state::{Card, State},
};

/// Cards in which every word is: in the name, the text or a comment. Without `partial` a word is a whole one.
pub(super) fn search(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let words = words(call.text("query").unwrap_or_default());
    let partial = call.text("partial") == Some("true");
    let member = &state.members[call.member]["id"];
    let wanted: Option<Vec<&str>> = call.text("idBoards").map(|ids| ids.split(',').collect());
    let is_wanted = |card: &&Card| {
        let board = state.board_of(card);
        let is_meant = wanted.as_ref().is_none_or(|ids| ids.iter().any(|id| board["id"] == **id));
        boards::is_on(board, member) && is_meant && words.iter().all(|word| has(card, word, partial))
    };
    let (size, page) = (call.number("cards_limit").unwrap_or(10), call.number("cards_page").unwrap_or(0));
    let found = state.cards.iter().filter(is_wanted).skip(page * size).take(size);
    let found: Vec<Value> = found.map(|card| cards::shown(state, card, call, call.text("card_fields"))).collect();
    Ok(Reply::read(&json!({ "options": { "partial": partial }, "cards": found })))
}

/// Ten reads at most; each answer stands beside its status.
pub(super) fn batch(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let mut answers = Vec::new();
    for url in call.text("urls").unwrap_or_default().split(',') {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let Some(card) = path.strip_prefix("/cards/").and_then(|rest| rest.strip_suffix("/actions")) else {
            return Err(Refusal::violation(format!("the fake reads only comments in a batch, and not {url}")));
        };
        let asked = form_urlencoded::parse(query.as_bytes()).into_owned();
        let asked: HashMap<String, Value> = asked.map(|(name, value)| (name, value.into())).collect();
        let one = Call { request: call.request, values: vec![card.to_owned()], asked, body: Value::Null, ..*call };
        let answer = match cards::actions(state, &one) {
            Ok(reply) => json!({ "200": serde_json::from_slice::<Value>(&reply.answer.body).expect("it is JSON") }),
            Err(_) => json!({ "404": { "message": "The requested resource was not found." } }),
        };
        answers.push(answer);
    }
    Ok(Reply::read(&answers.into()))
}

/// Returns words, and what stands in quotes as one.
fn words(query: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in query.to_lowercase().split('"').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn has(card: &Card, word: &str, partial: bool) -> bool {
    let comments = card.actions.iter().filter_map(|action| action["data"]["text"].as_str());
    let texts = ["name", "desc"].into_iter().filter_map(|field| card.value[field].as_str()).chain(comments);
    let mut texts = texts.map(str::to_lowercase);
    texts.any(|text| match partial || word.contains(|c: char| !c.is_alphanumeric()) {
        true => text.contains(word),
        false => text.split(|c: char| !c.is_alphanumeric()).any(|own| own == word),
    })
}
