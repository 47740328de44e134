//! Answers that nobody would give, made from one that somebody gave.

use serde_json::{Value, json};

use crate::{ErrorKind, Result};

/// How many documents have several places damaged at once, and how many places at most.
const WITH_SEVERAL: u64 = 500;
const MOST_PLACES: u64 = 5;
/// Of so many panics each is shown; the rest is counted.
const SHOWN: usize = 10;

/// A platform's answer, to be damaged: whatever an adapter is given, it makes a ticket of it or an error, and never panics.
///
/// Each place of the document in turn is missing, `null`, or something of another type; then several places are at once. What is
/// tried is the same in every run, and a panic is told with what was damaged.
///
/// Through a [`Kit`](super::Kit) a panic is an error, as it is for a host. So a test of its own that only waits for panics would never fail.
///
/// ```
/// # use serde::Deserialize;
/// # use usher_adapter_sdk::{prelude::*, message::Include};
/// # #[derive(Deserialize)] struct Config {}
/// # struct Acme;
/// # impl TicketSystemAdapter for Acme {
/// #     type Config = Config;
/// #     fn new(_: Config, _: Host) -> Result<Self> { Ok(Self) }
/// #     fn normalize(&self, _: Option<&TicketKey>, raw: &Raw, _: &Source) -> Result<Ticket> {
/// #         #[derive(Deserialize)] struct Answer { id: u64, title: Option<String> }
/// #         let answer: Answer = raw.decode_main()?;
/// #         Ok(Ticket::new(answer.id.to_string(), answer.title.unwrap_or_default()))
/// #     }
/// #     async fn get(&self, _: &TicketKey, _: &Include) -> Result<Raw> { Ok(Raw::default()) }
/// # }
/// use usher_adapter_sdk::testkit::{Kit, Nonsense, TestHost};
///
/// let kit = Kit::new::<Acme>("{}", &TestHost::new())?;
/// let answer = Nonsense::of(r#"{"id": 7, "title": "Say hello", "people": [{"name": "mara"}]}"#);
/// answer.assert_no_panic(|document| kit.normalize(None, &Raw::main(document), Source::Direct));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Nonsense {
    document: Value,
    /// The places of the document as JSON pointers; the first is all of it.
    places: Vec<String>,
}

impl Nonsense {
    /// Takes an answer as a platform gave it.
    ///
    /// # Panics
    ///
    /// Where it is no JSON.
    #[track_caller]
    pub fn of(document: impl AsRef<[u8]>) -> Self {
        let document = serde_json::from_slice(document.as_ref())
            .unwrap_or_else(|error| panic!("the document is no JSON: {error}"));
        let mut places = Vec::new();
        collect(&document, String::new(), &mut places);
        Self { document, places }
    }

    /// Gives every damaged document to a function, which normalises it, or reads it in another way.
    ///
    /// # Panics
    ///
    /// Where an adapter panicked: with what was damaged, and where it panicked.
    #[track_caller]
    pub fn assert_no_panic<T>(&self, read: impl Fn(&[u8]) -> Result<T>) {
        let mut panics = Vec::new();
        for damages in self.single().chain(self.several()) {
            let document = self.damaged(&damages);
            if let Err(error) = read(document.to_string().as_bytes())
                && error.kind() == ErrorKind::AdapterPanicked
            {
                panics.push(format!("{}: {error}", self.told(&damages)));
            }
        }
        let shown = panics.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
        assert!(panics.is_empty(), "the adapter panicked at {} documents:\n{shown}", panics.len());
    }

    /// Returns one place damaged after the other, in every way.
    fn single(&self) -> impl Iterator<Item = Vec<Damage>> {
        let ways = others().len() + 1;
        (0..self.places.len()).flat_map(move |place| (0..ways).map(move |way| vec![Damage { place, way }]))
    }

    /// Returns several places damaged at once, chosen without an order.
    fn several(&self) -> impl Iterator<Item = Vec<Damage>> {
        let (places, ways) = (self.places.len() as u64, others().len() as u64 + 1);
        let mut dice = Dice(places);
        (0..WITH_SEVERAL).map(move |_| {
            let count = 2 + dice.roll(MOST_PLACES - 1);
            (0..count).map(|_| Damage { place: dice.roll(places) as usize, way: dice.roll(ways) as usize }).collect()
        })
    }

    fn damaged(&self, damages: &[Damage]) -> Value {
        let mut document = self.document.clone();
        for damage in damages {
            let place = self.places[damage.place].as_str();
            match damage.way.checked_sub(1) {
                Some(other) => replace(&mut document, place, others().swap_remove(other)),
                None => remove(&mut document, place),
            }
        }
        document
    }

    fn told(&self, damages: &[Damage]) -> String {
        let told = |damage: &Damage| {
            let place = &self.places[damage.place];
            let what = damage.way.checked_sub(1).map(|other| others().swap_remove(other).to_string());
            format!("`{place}` {}", what.map_or("missing".to_owned(), |what| format!("= {what}")))
        };
        damages.iter().map(told).collect::<Vec<_>>().join(", ")
    }
}

/// What is done to a place: it is missing, or something else stands there.
#[derive(Debug, Clone, Copy)]
struct Damage {
    place: usize,
    /// Zero: it is missing. Else which of the others stands there, counted from one.
    way: usize,
}

/// What stands in place of a value.
fn others() -> Vec<Value> {
    vec![
        Value::Null,
        json!(""),
        json!("é\u{0}<b>🎫' 12345678"),
        json!(7),
        json!(i64::MIN),
        json!(-1.5e300),
        json!(true),
        json!([]),
        json!([{}, null]),
        json!({}),
    ]
}

/// Writes down a place and every one in it, as JSON pointers.
fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    places.push(place.clone());
    let mut below = |name: &str, value: &Value| {
        collect(value, format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), places);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| below(name, field)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(&at.to_string(), item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Puts something else in a place, if an earlier damage has left it there.
fn replace(document: &mut Value, place: &str, other: Value) {
    if let Some(value) = document.pointer_mut(place) {
        *value = other;
    }
}

/// Takes a place out of what holds it. Nothing holds the whole document: in its place there is nothing.
fn remove(document: &mut Value, place: &str) {
    let Some((parent, name)) = place.rsplit_once('/') else {
        *document = Value::Null;
        return;
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&name.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(items)) => {
            if let Some(at) = name.parse().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

/// Numbers without an order that are the same in every run: a xorshift, which is never zero.
struct Dice(u64);

impl Dice {
    /// Returns a number below another.
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        collections::BTreeSet,
        panic::{AssertUnwindSafe, catch_unwind},
    };

    use super::*;
    use crate::Error;

    const DOCUMENT: &str = r#"{"id":5,"a/b":{"name":"x"},"list":[{"x":1.5},null]}"#;

    fn documents() -> Vec<String> {
        let all = RefCell::new(Vec::new());
        Nonsense::of(DOCUMENT).assert_no_panic(|bytes| {
            all.borrow_mut().push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(())
        });
        all.into_inner()
    }

    #[test]
    fn every_place_is_missing_once_and_null_once_and_the_document_is_never_whole() {
        let all: Vec<Value> = documents().iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        for expected in [
            r#"null"#,
            r#"{"a/b":{"name":"x"},"list":[{"x":1.5},null]}"#,
            r#"{"id":null,"a/b":{"name":"x"},"list":[{"x":1.5},null]}"#,
            r#"{"id":5,"a/b":{},"list":[{"x":1.5},null]}"#,
            r#"{"id":5,"a/b":{"name":true},"list":[{"x":1.5},null]}"#,
            r#"{"id":5,"a/b":{"name":"x"},"list":[null]}"#,
            r#"{"id":5,"a/b":{"name":"x"},"list":[{"x":1.5}]}"#,
            r#"{"id":5,"a/b":{"name":"x"},"list":[{"x":[]},null]}"#,
        ] {
            assert!(all.contains(&serde_json::from_str(expected).unwrap()), "{expected}");
        }
    }

    #[test]
    fn the_same_documents_are_made_in_every_run_and_most_of_them_are_others() {
        let (one, two) = (documents(), documents());
        assert_eq!(one, two);
        let count = one.len();
        assert!(one.into_iter().collect::<BTreeSet<_>>().len() * 2 > count, "of {count}");
    }

    #[test]
    fn a_panic_is_told_with_what_was_damaged_and_other_errors_are_answers() {
        let read = |bytes: &[u8]| -> Result<()> {
            let value: Value = serde_json::from_slice(bytes).unwrap();
            let kind = if value["id"] == true { ErrorKind::AdapterPanicked } else { ErrorKind::ResponseParse };
            Err(Error::new(kind, "the adapter panicked at mapping.rs"))
        };
        let payload = catch_unwind(AssertUnwindSafe(|| Nonsense::of(DOCUMENT).assert_no_panic(read))).unwrap_err();
        let told = payload.downcast_ref::<String>().unwrap();
        assert!(told.contains("`/id` = true: ") && told.contains("mapping.rs"), "{told}");
    }
}
