//! Arguments that several commands share.

use std::time::Duration;

use clap::{Args, ValueEnum};
use usher_adapter_sdk::{
    Error,
    message::{Criteria, Include, Sort, SortField, TimeRange},
    model::{Due, Json, PriorityLevel, StatusCategory, Time, TypeLevel},
};

use super::{
    app::Trouble,
    output::{ErrorReport, Fields},
};
use crate::service::Service;

/// Where to look: a connection, or a project at one.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) connection: String,
    pub(crate) project: Option<String>,
}

impl std::str::FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (connection, project) = text.split_once(':').map_or((text, None), |(name, project)| (name, Some(project)));
        if connection.is_empty() || project.is_some_and(str::is_empty) {
            return Err("expected CONNECTION or CONNECTION:PROJECT".to_owned());
        }
        Ok(Self { connection: connection.to_owned(), project: project.map(str::to_owned) })
    }
}

impl Place {
    /// Returns the place that is meant when none is named: the default connection, or the only one.
    pub(crate) fn or_only(place: Option<Self>, service: &Service) -> Result<Self, Trouble> {
        if let Some(place) = place {
            return Ok(place);
        }
        let connections = service.connections();
        let names: Vec<&str> = connections.all().map(|(name, _)| name).collect();
        match (connections.default(), &names[..]) {
            (Some(name), _) | (None, &[name]) => Ok(Self { connection: name.to_owned(), project: None }),
            (None, _) => Err(ErrorReport::usage("which connection is meant?")
                .with_hint(format!("Name it with `--in`. {}", connections.configured()))
                .into()),
        }
    }
}

/// A part of a ticket that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The description
    Body,
    /// The notes
    Notes,
    /// The list of attachments
    Attachments,
    /// The custom fields
    Fields,
    /// The platform's own documents
    Raw,
    /// Everything but the platform's own documents
    All,
    /// Nothing but what a list shows
    None,
}

/// Returns what the named parts ask for.
pub(crate) fn include(parts: &[Part], default: Include) -> Include {
    if parts.is_empty() {
        return default;
    }
    let mut include = if parts.contains(&Part::All) { Include::EVERYTHING } else { Include::SUMMARY };
    for part in parts {
        match part {
            Part::Body => include.body = true,
            Part::Notes => include.notes = true,
            Part::Attachments => include.attachments = true,
            Part::Fields => include.fields = true,
            Part::Raw => include.raw = true,
            Part::All | Part::None => {}
        }
    }
    include
}

/// Returns what is needed beside that for the fields that shall be shown.
pub(crate) fn include_for(mut include: Include, fields: Option<&Fields>) -> Include {
    let names = fields.into_iter().flat_map(Fields::names);
    for name in names {
        match name.split('.').next().unwrap_or_default() {
            "body" => include.body = true,
            "notes" => include.notes = true,
            "attachments" => include.attachments = true,
            "custom_fields" => include.fields = true,
            "raw" => include.raw = true,
            _ => {}
        }
    }
    include
}

/// Which tickets, how many, and how much of each.
#[derive(Debug, Clone, Args)]
pub(crate) struct Filter {
    /// Only here: a connection, or a project at one (CONNECTION:PROJECT); may be repeated
    #[arg(long = "in", value_name = "PLACE")]
    pub(crate) places: Vec<Place>,
    /// Only open tickets
    #[arg(long, conflicts_with = "closed", help_heading = "Which tickets")]
    open: bool,
    /// Only tickets that are not open
    #[arg(long, help_heading = "Which tickets")]
    closed: bool,
    /// Only these steps: backlog, todo, in_progress, in_review, blocked, done, canceled
    #[arg(long, value_name = "STEP", value_delimiter = ',', value_parser = category, help_heading = "Which tickets")]
    category: Vec<StatusCategory>,
    /// Only these states of the platform's, by name or id
    #[arg(long, value_name = "NAME", help_heading = "Which tickets")]
    status: Vec<String>,
    /// Only tickets of this person: a name, @me or @none; may be repeated
    #[arg(long, value_name = "WHO", help_heading = "Which tickets")]
    assignee: Vec<String>,
    /// Only tickets that this person reported
    #[arg(long, value_name = "WHO", help_heading = "Which tickets")]
    reporter: Vec<String>,
    /// Only tickets with this label; repeated: with all of them
    #[arg(long, value_name = "LABEL", help_heading = "Which tickets")]
    label: Vec<String>,
    /// Only these projects
    #[arg(long, value_name = "KEY", help_heading = "Which tickets")]
    project: Vec<String>,
    /// Only in this board, list, sprint, cycle, milestone or queue
    #[arg(long, value_name = "NAME", help_heading = "Which tickets")]
    container: Vec<String>,
    /// Only of this type: bug, feature, task, … or the platform's own word
    #[arg(long = "type", value_name = "TYPE", help_heading = "Which tickets")]
    types: Vec<String>,
    /// Only of these priorities: urgent, high, medium, low, lowest, none
    #[arg(long, value_name = "LEVEL", value_delimiter = ',', value_parser = priority, help_heading = "Which tickets")]
    priority: Vec<PriorityLevel>,
    /// Only with these words in title or description
    #[arg(long, value_name = "WORDS", help_heading = "Which tickets")]
    text: Option<String>,
    /// Only made at or after: a day, a time, or an age such as `7d`
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Which tickets")]
    created_after: Option<Time>,
    /// Only made before
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Which tickets")]
    created_before: Option<Time>,
    /// Only changed at or after
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Which tickets")]
    updated_after: Option<Time>,
    /// Only changed before
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Which tickets")]
    updated_before: Option<Time>,
    /// In which order; the first is the smallest, unless `--reverse`
    #[arg(long, value_name = "FIELD")]
    sort: Option<SortBy>,
    /// Turn the order around
    #[arg(long, requires = "sort")]
    reverse: bool,
    /// How many tickets at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = limit)]
    limit: u64,
    /// Every ticket there is
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Which parts of each ticket: `all`, or a list (default: `none`; for JSON `body`)
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    include: Vec<Part>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortBy {
    Created,
    Updated,
    Priority,
    Key,
}

impl Filter {
    /// Returns how many tickets are wanted at most; nothing means all.
    pub(crate) fn limit(&self) -> Option<u64> {
        (!self.all).then_some(self.limit)
    }

    /// Returns how much of each ticket is wanted.
    pub(crate) fn include(&self, default: Include) -> Include {
        include(&self.include, default)
    }

    /// Returns the filter as adapters know it.
    pub(crate) fn criteria(&self) -> Criteria {
        let is_open = (self.open || self.closed).then_some(self.open);
        let (levels, names): (Vec<String>, Vec<String>) =
            self.types.iter().cloned().partition(|word| !TypeLevel::from_word(word).is_unknown());
        let projects = self.project.iter().chain(self.places.iter().filter_map(|place| place.project.as_ref()));
        let sort = self.sort.map(|by| {
            let sort = Sort::by(match by {
                SortBy::Created => SortField::Created,
                SortBy::Updated => SortField::Updated,
                SortBy::Priority => SortField::Priority,
                SortBy::Key => SortField::Key,
            });
            if self.reverse { sort.descending() } else { sort }
        });
        Criteria::default()
            .with_is_open(is_open)
            .with_status_category(self.category.clone())
            .with_status(self.status.clone())
            .with_assignee(self.assignee.clone())
            .with_reporter(self.reporter.clone())
            .with_labels(self.label.clone())
            .with_project(projects.cloned().collect::<Vec<_>>())
            .with_containers(self.container.clone())
            .with_type_level(levels.iter().map(|word| TypeLevel::from_word(word)).collect::<Vec<_>>())
            .with_type_name(names)
            .with_priority(self.priority.clone())
            .with_text(self.text.clone())
            .with_created(TimeRange::new(self.created_after, self.created_before))
            .with_updated(TimeRange::new(self.updated_after, self.updated_before))
            .with_sort(sort)
            .with_limit(self.limit())
    }
}

fn category(word: &str) -> Result<StatusCategory, String> {
    known(word, StatusCategory::from_word(word), StatusCategory::ALL, StatusCategory::is_unknown)
}

fn priority(word: &str) -> Result<PriorityLevel, String> {
    known(word, PriorityLevel::from_word(word), PriorityLevel::ALL, PriorityLevel::is_unknown)
}

fn limit(text: &str) -> Result<u64, String> {
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    limit.ok_or_else(|| "expected a number from 1 upwards; `--all` has no limit".to_owned())
}

fn known<T: std::fmt::Display>(word: &str, value: T, all: &[T], is_unknown: impl Fn(&T) -> bool) -> Result<T, String> {
    if word == "unknown" || !is_unknown(&value) {
        return Ok(value);
    }
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    Err(format!("expected one of {}, unknown", words.join(", ")))
}

/// Reads a time: with a zone, a day (its midnight in UTC), or an age.
fn time(text: &str) -> Result<Time, String> {
    if let Ok(age) = humantime::parse_duration(text) {
        return ago(age).ok_or_else(|| format!("`{text}` is too long ago"));
    }
    let with_zone = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Time::parse(&with_zone)
        .map_err(|_| "expected a day (2026-11-21), a time with a zone (2026-11-21T03:07:00Z) or an age (7d)".to_owned())
}

fn ago(age: Duration) -> Option<Time> {
    let then = std::time::SystemTime::now().checked_sub(age)?;
    let since = then.duration_since(std::time::UNIX_EPOCH).ok()?;
    Time::from_unix_seconds(i64::try_from(since.as_secs()).ok()?)
}

/// Reads how long something may take.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "expected a number with its unit, such as 500ms, 5s or 2m".to_owned())
}

/// Reads a day or a time with a zone.
pub(crate) fn due(text: &str) -> Result<Due, String> {
    Due::parse(text).map_err(|_| "expected a day (2026-11-21) or a time with a zone (2026-11-21T03:07:00Z)".to_owned())
}

/// Reads how much work something is.
pub(crate) fn estimate(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "expected a number, such as 3 or 0.5".to_owned())
}

/// A custom field and its value: JSON if it is JSON, else text.
pub(crate) fn field(text: &str) -> Result<(String, Json), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    if name.is_empty() {
        return Err("expected NAME=VALUE".to_owned());
    }
    let value = Json::parse(value).or_else(|_| Json::of(value)).map_err(|error: Error| error.message().to_owned())?;
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_a_point_or_an_age() {
        assert_eq!(time("2026-11-21").unwrap().to_string(), "2026-11-21T00:00:00Z");
        assert_eq!(time("2026-11-21T03:00:00+01:00").unwrap().to_string(), "2026-11-21T02:00:00Z");
        assert!(time("7d").unwrap() < time("1h").unwrap());
        assert!(time("yesterday").unwrap_err().contains("7d"));
    }

    #[test]
    fn what_is_no_number_no_time_and_no_day_is_refused_with_examples() {
        let reasons = [
            (limit("0").unwrap_err(), "--all"),
            (limit("-3").unwrap_err(), "from 1 upwards"),
            (duration("5").unwrap_err(), "5s"),
            (due("soon").unwrap_err(), "2026-11-21"),
            (estimate("much").unwrap_err(), "0.5"),
            (estimate("inf").unwrap_err(), "0.5"),
        ];
        for (reason, expected) in reasons {
            assert!(reason.starts_with("expected ") && reason.contains(expected), "{reason}");
        }
        assert_eq!((limit("7"), estimate("0.5")), (Ok(7), Ok(0.5)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
    }

    #[test]
    fn a_place_is_a_connection_and_perhaps_a_project() {
        let place: Place = "work:SHOP".parse().unwrap();
        assert_eq!((place.connection.as_str(), place.project.as_deref()), ("work", Some("SHOP")));
        assert!(":SHOP".parse::<Place>().is_err() && "work:".parse::<Place>().is_err());
    }

    #[test]
    fn a_field_is_json_or_text() {
        assert_eq!(field("n=3").unwrap().1.as_str(), "3");
        assert_eq!(field("n=three = 3").unwrap().1.as_str(), "\"three = 3\"");
        assert!(field("n").is_err() && field("=3").is_err());
    }
}
