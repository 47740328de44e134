//! What arrived, what was done about it, and what was said.
//!
//! A test compares it with what the client believes: nothing is done twice, and nothing that was reported as done is missing.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::{Method, header};
use sha2::{Digest as _, Sha256};

use super::Request;

/// One request.
#[derive(Clone, Debug)]
pub struct Entry {
    /// How many requests came before.
    pub number: usize,
    /// The connection that it came by.
    pub connection: u64,
    /// When it came, counted from the server's start.
    pub time: Duration,
    /// The method.
    pub method: Method,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent.
    pub query: Option<String>,
    /// The SHA-256 of the body, in hexadecimal digits; absent if there was no body.
    pub body_sha256: Option<String>,
    /// Whether it carried credentials.
    pub authorized: bool,
    /// Whether it was a write that was done.
    pub committed: bool,
    /// The status of the whole answer; absent if there was none, or only a part of one.
    pub status: Option<u16>,
    /// The fault that it met.
    pub fault: Option<&'static str>,
}

/// All requests of a server.
#[derive(Debug)]
pub struct Ledger {
    start: Instant,
    book: Mutex<Book>,
    present: AtomicUsize,
    most_present: AtomicUsize,
}

#[derive(Debug, Default)]
struct Book {
    entries: Vec<Entry>,
    /// How many were forgotten.
    forgotten: usize,
    seen: HashMap<(Method, String), usize>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            book: Mutex::default(),
            present: AtomicUsize::new(0),
            most_present: AtomicUsize::new(0),
        }
    }

    /// Returns all requests in the order of their arrival.
    pub fn entries(&self) -> Vec<Entry> {
        self.book().entries.clone()
    }

    /// Returns the writes that were done.
    pub fn committed(&self) -> Vec<Entry> {
        self.book().entries.iter().filter(|entry| entry.committed).cloned().collect()
    }

    /// Returns the writes that were done although the very same one had been done before.
    pub fn doubled(&self) -> Vec<Entry> {
        let mut seen = HashSet::new();
        let mut committed = self.committed();
        committed.retain(|entry| !seen.insert((entry.method.clone(), entry.path.clone(), entry.body_sha256.clone())));
        committed
    }

    /// Returns how many requests came to each method, path and status.
    pub fn counts(&self) -> BTreeMap<(String, Option<u16>), usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.book().entries {
            *counts.entry((format!("{} {}", entry.method, entry.path), entry.status)).or_default() += 1;
        }
        counts
    }

    /// Returns how many requests came.
    pub fn len(&self) -> usize {
        self.book().entries.len()
    }

    /// Returns whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many requests were answered with a status.
    pub fn with_status(&self, status: u16) -> usize {
        self.book().entries.iter().filter(|entry| entry.status == Some(status)).count()
    }

    /// Returns how many requests were there at once, at most.
    pub fn most_at_once(&self) -> usize {
        self.most_present.load(Ordering::Relaxed)
    }

    /// Forgets what arrived so far.
    pub fn clear(&self) {
        let mut book = self.book();
        book.forgotten += book.entries.len();
        book.entries.clear();
        book.seen.clear();
        self.most_present.store(self.present.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Writes a request down, and returns its number and how many came before it with its method and path.
    pub(super) fn arrived(&self, connection: u64, request: &Request) -> (usize, usize) {
        let mut book = self.book();
        let number = book.forgotten + book.entries.len();
        book.entries.push(Entry {
            number,
            connection,
            time: self.start.elapsed(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body_sha256: (!request.body.is_empty()).then(|| sha256(&request.body)),
            authorized: request.headers.contains_key(header::AUTHORIZATION),
            committed: false,
            status: None,
            fault: None,
        });
        let seen = book.seen.entry((request.method.clone(), request.path.clone())).or_default();
        *seen += 1;
        (number, *seen - 1)
    }

    pub(super) fn met(&self, number: usize, fault: &'static str) {
        self.change(number, |entry| entry.fault = Some(fault));
    }

    pub(super) fn done(&self, number: usize, committed: bool) {
        self.change(number, |entry| entry.committed = committed);
    }

    pub(super) fn answered(&self, number: usize, status: u16) {
        self.change(number, |entry| entry.status = Some(status));
    }

    /// Counts a request as present until what is returned is dropped.
    pub(super) fn enter(&self) -> Presence<'_> {
        let present = self.present.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_present.fetch_max(present, Ordering::Relaxed);
        Presence(self)
    }

    /// Changes an entry, unless it was forgotten meanwhile.
    fn change(&self, number: usize, change: impl FnOnce(&mut Entry)) {
        let book = &mut *self.book();
        let place = number.checked_sub(book.forgotten);
        if let Some(entry) = place.and_then(|place| book.entries.get_mut(place)) {
            change(entry);
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics over the ledger")
    }
}

/// A request that is being answered.
pub(super) struct Presence<'a>(&'a Ledger);

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        self.0.present.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Returns the SHA-256 of bytes in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
