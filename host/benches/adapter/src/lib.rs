//! An adapter that answers from memory: what remains is the cost of asking it.
//!
//! `get` reads an issue of about 2 KB and makes a ticket of it, `fetch` a page of a hundred, with the work that a
//! real adapter has after the platform has answered. `drop-ins.sh` builds the same source under other names.

use std::{borrow::Cow, time::Duration};

use serde::Deserialize;
use usher_adapter_sdk::{
    decode,
    model::{
        Container, ContainerKind, Due, Estimate, Priority, PriorityLevel, Project, TicketRef, TicketType, TypeLevel,
        User, UserKind,
    },
    prelude::*,
};

/// What the platform answers when it is asked for one issue.
pub const ISSUE: &str = include_str!("issue.json");

/// How many tickets a page holds.
pub const PAGE: usize = 100;

/// The platform's names for states, and what they mean.
const STATES: &[(&str, StatusCategory)] = &[
    ("canceled", StatusCategory::Canceled),
    ("completed", StatusCategory::Done),
    ("started", StatusCategory::InProgress),
    ("unstarted", StatusCategory::Todo),
];

/// The options of a connection.
#[derive(Debug, Deserialize)]
pub struct Config {
    #[serde(default)]
    asks: Asks,
}

/// What every `get` asks of the host before it answers.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asks {
    #[default]
    Nothing,
    Sleep,
    Kv,
}

/// The adapter.
pub struct Bench {
    asks: Asks,
    host: Host,
    page: String,
}

impl TicketSystemAdapter for Bench {
    type Config = Config;

    fn new(Config { asks }: Config, host: Host) -> Result<Self> {
        let issues: Vec<String> =
            (1..=PAGE).map(|number| ISSUE.replace("BENCH-1", &format!("BENCH-{number}"))).collect();
        Ok(Self { asks, host, page: format!("[{}]", issues.join(",")) })
    }

    async fn get(&self, _key: &TicketKey, _include: &Include) -> Result<Raw> {
        match self.asks {
            Asks::Nothing => {}
            Asks::Sleep => self.host.sleep(Duration::ZERO).await?,
            Asks::Kv => drop(self.host.kv().get("field").await?),
        }
        Ok(Raw::main(ISSUE))
    }

    fn normalize(&self, _key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        Ok(ticket(raw.decode_main()?))
    }

    async fn fetch(&self, criteria: &Criteria, _include: &Include, _cursor: Option<&Cursor>) -> Result<Page> {
        let issues: Vec<Issue<'_>> = decode::json(self.page.as_bytes())?;
        let mut page = Page::new().with_pushed_down(criteria.asked());
        for issue in issues {
            page.push(&ticket(issue))?;
        }
        Ok(page)
    }
}

usher_adapter_sdk::adapter!(Bench);

/// An issue in the platform's words.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue<'a> {
    id: &'a str,
    identifier: &'a str,
    url: &'a str,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    description: Cow<'a, str>,
    state: State<'a>,
    kind: &'a str,
    priority: &'a str,
    labels: Vec<Cow<'a, str>>,
    assignees: Vec<Person<'a>>,
    creator: Person<'a>,
    project: Team<'a>,
    sprint: Sprint<'a>,
    parent: Option<&'a str>,
    created_at: Time,
    updated_at: Time,
    due_date: &'a str,
    estimate: f64,
}

#[derive(Debug, Deserialize)]
struct State<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Debug, Deserialize)]
struct Person<'a> {
    id: &'a str,
    handle: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
    email: &'a str,
}

#[derive(Debug, Deserialize)]
struct Team<'a> {
    id: &'a str,
    key: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
struct Sprint<'a> {
    id: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

/// Returns the ticket that an issue is.
pub fn ticket(issue: Issue<'_>) -> Ticket {
    let category = STATES.iter().find(|(name, _)| *name == issue.state.kind);
    let category = category.map_or(StatusCategory::UNKNOWN, |(_, category)| category.clone());
    let level = if issue.kind == "Bug" { TypeLevel::Bug } else { TypeLevel::UNKNOWN };
    let priority = if issue.priority == "High" { PriorityLevel::High } else { PriorityLevel::UNKNOWN };
    let sprint = Container::new(ContainerKind::Sprint, issue.sprint.name).with_id(issue.sprint.id.to_owned());
    let project =
        Project::new(issue.project.key).with_id(issue.project.id.to_owned()).with_name(issue.project.name.into_owned());
    Ticket::new(issue.identifier, issue.title)
        .with_native_id(issue.id.to_owned())
        .with_url(issue.url.to_owned())
        .with_body(RichText::markdown(issue.description))
        .with_type(TicketType::new(level, issue.kind))
        .with_status(Status::new(category, &*issue.state.name))
        .with_priority(Priority::new(priority, issue.priority))
        .with_labels(issue.labels.into_iter().map(Cow::into_owned).collect::<Vec<_>>())
        .with_assignees(issue.assignees.into_iter().map(person).collect::<Vec<_>>())
        .with_reporter(person(issue.creator))
        .with_project(project)
        .with_containers(vec![sprint])
        .with_parent(issue.parent.map(TicketRef::new))
        .with_created_at(issue.created_at)
        .with_updated_at(issue.updated_at)
        .with_due(Due::parse(issue.due_date).ok())
        .with_estimate(Estimate::new(issue.estimate, "points"))
}

fn person(person: Person<'_>) -> User {
    User::new(person.id)
        .with_handle(person.handle.to_owned())
        .with_display_name(person.name.into_owned())
        .with_email(person.email.to_owned())
        .with_kind(UserKind::Person)
}
