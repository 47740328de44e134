//! Criteria into TicketSQL: what Request Tracker applies exactly, and what narrows a list for the host to make exact.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, Include, ME, NOBODY, TimeRange},
    model::Time,
};

use super::{queues, read};
use crate::{RequestTracker, ticket_sql};

/// A day and a half: dates are read in the account's time zone, which nobody tells.
const ANY_ZONE_SECONDS: i64 = 36 * 60 * 60;

/// The conditions of a list.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub conditions: Vec<String>,
    pub pushed_down: Vec<Criterion>,
}

impl Filter {
    /// Decides what is left to Request Tracker; queues that are not there are an error.
    pub(super) async fn of(tracker: &RequestTracker, criteria: &Criteria, include: &Include) -> Result<Self> {
        check_text(criteria, include)?;
        let mut filter = Self::without_queues(criteria);
        if !criteria.project.is_empty() {
            let all = queues::all(tracker).await?;
            let mut ids = Vec::new();
            for asked in &criteria.project {
                ids.push(queues::find(&all, asked)?.name.clone());
            }
            filter.push(Criterion::Project, ticket_sql::any_of("Queue", ids));
        }
        Ok(filter)
    }

    fn without_queues(criteria: &Criteria) -> Self {
        let mut filter = Self::default();
        if let Some(is_open) = criteria.is_open {
            let word = if is_open { "__Active__" } else { "__Inactive__" };
            filter.push(Criterion::IsOpen, format!("Status = '{word}'"));
        }
        if !criteria.status.is_empty() {
            // States are in lower case.
            let states = criteria.status.iter().map(|state| state.to_lowercase());
            filter.push(Criterion::Status, ticket_sql::any_of("Status", states));
        }
        if let Some(owners) = words(&criteria.assignee) {
            filter.push(Criterion::Assignee, ticket_sql::any_of("Owner", owners));
        }
        // There may be several requestors, of whom the first is the reporter: the host looks who that is.
        if criteria.reporter.iter().all(|name| name == ME) && !criteria.reporter.is_empty() {
            filter.conditions.push("Requestor.id = '__CurrentUser__'".to_owned());
        }
        filter.narrow("Created", &criteria.created);
        filter.narrow("LastUpdated", &criteria.updated);
        filter
    }

    fn push(&mut self, criterion: Criterion, condition: String) {
        self.conditions.push(condition);
        self.pushed_down.push(criterion);
    }

    fn narrow(&mut self, field: &str, range: &TimeRange) {
        let moved = |time: Time, by: i64| Time::from_unix_seconds(time.unix_seconds() + by);
        let from = range.from.and_then(|from| moved(from, -ANY_ZONE_SECONDS));
        let to = range.to.and_then(|to| moved(to, ANY_ZONE_SECONDS));
        self.conditions.extend(from.map(|from| format!("{field} > '{}'", date(from))));
        self.conditions.extend(to.map(|to| format!("{field} < '{}'", date(to))));
    }
}

/// Refuses words where nobody could tell whether all that hold them are listed. Without full-text search Request Tracker takes
/// a condition on `Content` for one that nothing fits, it does not say whether it has that search, and a list has no
/// descriptions which the host could look into. Where every message is read anyway they are the host's.
fn check_text(criteria: &Criteria, include: &Include) -> Result<()> {
    let has_words = criteria.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if !has_words || (include.body && read::wants_messages(include)) {
        return Ok(());
    }
    let message = "Request Tracker cannot list by words: it does not tell whether it looks into descriptions";
    Err(Error::new(ErrorKind::Unsupported, message).with_hint(
        "Search for them: that finds titles, and messages where the server's full-text search is on. Or list with \
         `--include notes`, which reads all messages of every ticket.",
    ))
}

/// Returns a time as TicketSQL writes it, without a zone.
fn date(time: Time) -> String {
    time.to_string().replace('T', " ").trim_end_matches('Z').split('.').next().unwrap_or_default().to_owned()
}

/// Returns our words for people as Request Tracker's, if there are no others: a name may be one of several people's.
fn words(people: &[String]) -> Option<Vec<&'static str>> {
    let word = |name: &String| match name.as_str() {
        ME => Some("__CurrentUser__"),
        NOBODY => Some("Nobody"),
        _ => None,
    };
    let words: Option<Vec<&str>> = people.iter().map(word).collect();
    words.filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exact_is_pushed_down_and_what_only_narrows_is_left_to_the_host_too() {
        let at = |text: &str| Time::parse(text).ok();
        let criteria = Criteria::default()
            .with_is_open(true)
            .with_status(vec!["Open".to_owned(), "it's".to_owned()])
            .with_assignee(vec![ME.to_owned(), NOBODY.to_owned()])
            .with_reporter(vec![ME.to_owned()])
            .with_updated(TimeRange::new(at("2026-03-10T12:00:00.5Z"), at("2026-03-11T12:00:00Z")));
        let filter = Filter::without_queues(&criteria);
        assert_eq!(
            filter.conditions,
            [
                "Status = '__Active__'",
                r"(Status = 'open' OR Status = 'it\'s')",
                "(Owner = '__CurrentUser__' OR Owner = 'Nobody')",
                "Requestor.id = '__CurrentUser__'",
                "LastUpdated > '2026-03-09 00:00:00'",
                "LastUpdated < '2026-03-13 00:00:00'",
            ]
        );
        assert_eq!(filter.pushed_down, [Criterion::IsOpen, Criterion::Status, Criterion::Assignee]);
    }

    #[test]
    fn words_are_refused_where_no_description_is_read_and_are_the_host_s_where_all_are() {
        let words = Criteria::default().with_text("printer".to_owned());
        for include in [Include::SUMMARY, Include::SUMMARY.with_body(true)] {
            let error = check_text(&words, &include).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
        assert!(check_text(&words, &Include::SUMMARY.with_body(true).with_notes(true)).is_ok());
        let filter = Filter::without_queues(&words);
        assert!(filter.conditions.is_empty() && filter.pushed_down.is_empty(), "{filter:?}");
        assert!(check_text(&Criteria::default().with_text(" ".to_owned()), &Include::SUMMARY).is_ok());
    }

    #[test]
    fn people_by_name_are_left_to_the_host() {
        let criteria = Criteria::default().with_assignee(vec![ME.to_owned(), "mara".to_owned()]);
        assert!(Filter::without_queues(&criteria).conditions.is_empty());
    }
}
