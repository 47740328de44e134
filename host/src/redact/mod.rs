//! Redaction by value: every secret that this process has read is replaced by stars, wherever it would be shown.
//!
//! What lives here: the one list of known secrets, and the search for them. `spellings` says how a secret looks after
//! somebody has encoded it. What does not: where texts are shown. Each such place asks once: log lines (`cli/log.rs`), errors
//! (`cli/output/error.rs`), panics (`cli/panic.rs`), answers on their way to an adapter (`http/layers/authenticate.rs`).
//!
//! This is the second wall. The first is that a [`Secret`] prints as stars and never enters an adapter; this one holds where
//! a platform, a proxy or a program says a secret back to us.

mod spellings;

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::config::{STARS, Secret};
use spellings::spellings;

/// Shorter values are not replaced: they stand in every text by chance, and stars in their places would hide the message and
/// tell the value to whoever knows what should stand there.
const SHORTEST: usize = 4;

/// Values of this length are not in a document by chance. Shorter ones are left alone in what a platform says of its
/// tickets: a password of six letters may be a word, and a ticket must not lose it.
const SHORTEST_IN_DATA: usize = 16;

static KNOWN: LazyLock<Redactor> = LazyLock::new(Redactor::default);

/// Makes a secret known, so that it is replaced from here on.
pub(crate) fn learn(secret: &Secret) {
    KNOWN.learn(secret.expose());
}

/// Makes the composed value of a header known: all of it, and each part behind the name of the scheme (`Basic …`).
pub(crate) fn learn_composed(value: &str) {
    KNOWN.learn(value);
    for part in value.split_ascii_whitespace().skip(1) {
        KNOWN.learn(part);
    }
}

/// Returns a text without any secret that is known.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    KNOWN.text(text)
}

/// Returns bytes that are or may be text without any secret that is known: a recording, a trace, a platform's complaint.
pub(crate) fn bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    KNOWN.search(|searches| &searches.all, bytes)
}

/// Returns a platform's data without any secret that cannot be in it by chance.
pub(crate) fn data(bytes: &[u8]) -> Cow<'_, [u8]> {
    KNOWN.search(|searches| &searches.long, bytes)
}

/// Knows secrets and finds them.
#[derive(Default)]
struct Redactor {
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    values: HashSet<String>,
    searches: Arc<Searches>,
}

/// What is searched for; nothing while no secret is known.
#[derive(Default)]
struct Searches {
    all: Option<AhoCorasick>,
    long: Option<AhoCorasick>,
}

impl Redactor {
    fn learn(&self, value: &str) {
        let value = value.trim();
        if value.len() < SHORTEST || self.known.read().unwrap_or_else(PoisonError::into_inner).values.contains(value) {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.values.insert(value.to_owned());
        let all = search_for(known.values.iter());
        let long = search_for(known.values.iter().filter(|value| value.len() >= SHORTEST_IN_DATA));
        known.searches = Arc::new(Searches { all, long });
    }

    fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.search(|searches| &searches.all, text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // A match begins and ends between characters, since every spelling is text.
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    fn search<'a>(&self, which: impl Fn(&Searches) -> &Option<AhoCorasick>, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        // The lock is given back at once: a long text holds up nobody.
        let searches = self.known.read().unwrap_or_else(PoisonError::into_inner).searches.clone();
        let Some(search) = which(&searches).as_ref().filter(|search| search.is_match(bytes)) else {
            return Cow::Borrowed(bytes);
        };
        let mut replaced = Vec::with_capacity(bytes.len());
        search.replace_all_with_bytes(bytes, &mut replaced, |_, _, to| {
            to.extend_from_slice(STARS.as_bytes());
            true
        });
        Cow::Owned(replaced)
    }
}

/// Returns a search for every spelling of these values.
fn search_for<'a>(values: impl Iterator<Item = &'a String>) -> Option<AhoCorasick> {
    let spellings: HashSet<String> = values.flat_map(|value| spellings(value)).collect();
    if spellings.is_empty() {
        return None;
    }
    let search = AhoCorasick::builder()
        // The longest spelling at a place wins: the shorter one would leave its rest behind.
        .match_kind(MatchKind::LeftmostLongest)
        // The faster kind takes a kilobyte for each letter of each spelling, and a secret may be a whole key file.
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(&spellings);
    Some(search.expect("a few spellings of a few secrets fit into a search"))
}

#[cfg(test)]
mod tests;
