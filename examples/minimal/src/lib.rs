//! The smallest adapter: a platform whose two tickets are compiled in.

use serde::Deserialize;
use usher_adapter_sdk::prelude::*;

/// What the platform would answer, in its own words.
const ANSWERS: &[(&str, &str)] = &[
    ("MINIMAL-1", r#"{"id": "MINIMAL-1", "subject": "Say hello", "state": "open"}"#),
    ("MINIMAL-2", r#"{"id": "MINIMAL-2", "subject": "Say goodbye", "state": "closed"}"#),
];

#[derive(Deserialize)]
struct Issue<'a> {
    id: &'a str,
    subject: &'a str,
    state: &'a str,
}

#[derive(Deserialize)]
struct Config {}

struct Minimal;

impl TicketSystemAdapter for Minimal {
    type Config = Config;

    fn new(Config {}: Config, _host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, key: &TicketKey, _include: &Include) -> Result<Raw> {
        let answer = ANSWERS.iter().find(|(id, _)| *id == key.as_str());
        answer.map(|(_, json)| Raw::main(*json)).ok_or_else(|| Error::not_found(key))
    }

    fn normalize(&self, _key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        let issue: Issue = raw.decode_main()?;
        let category = match issue.state {
            "open" => StatusCategory::Todo,
            "closed" => StatusCategory::Done,
            _ => StatusCategory::UNKNOWN,
        };
        Ok(Ticket::new(issue.id, issue.subject).with_status(Status::new(category, issue.state)))
    }
}

usher_adapter_sdk::adapter!(Minimal);
