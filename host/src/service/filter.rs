//! The criteria that an adapter did not apply, applied by the host.

use std::cmp::Ordering;

use usher_adapter_sdk::{
    Result, decode,
    message::{Criteria, Criterion, ME, NOBODY, Sort, SortField},
    model::{Named, PriorityLevel, Ticket, User},
};

/// Returns the parts of the criteria that are left to the host.
pub(super) fn left(criteria: &Criteria, pushed_down: &[Criterion]) -> Vec<Criterion> {
    criteria.asked().into_iter().filter(|asked| !pushed_down.contains(asked)).collect()
}

/// Says whether a ticket fits those parts of the criteria. Sorting is not a matter of one ticket.
pub(super) fn fits(line: &[u8], criteria: &Criteria, left: &[Criterion], me: Option<&User>) -> Result<bool> {
    if left.iter().all(|part| *part == Criterion::Sort) {
        return Ok(true);
    }
    let ticket: Ticket = decode::json(line)?;
    Ok(left.iter().all(|part| fits_part(&ticket, criteria, part, me)))
}

fn fits_part(ticket: &Ticket, criteria: &Criteria, part: &Criterion, me: Option<&User>) -> bool {
    match part {
        Criterion::StatusCategory => criteria.status_category.contains(&ticket.status.category),
        Criterion::IsOpen => ticket.status.is_open == criteria.is_open,
        Criterion::Status => criteria.status.iter().any(|status| is_named(&ticket.status.native, status)),
        Criterion::Assignee => is_among(&ticket.assignees, &criteria.assignee, me),
        Criterion::Reporter => is_among(ticket.reporter.as_slice(), &criteria.reporter, me),
        Criterion::Labels => criteria.labels.iter().all(|label| ticket.labels.iter().any(|own| same(own, label))),
        Criterion::Project => {
            let project = ticket.project.as_ref();
            project.is_some_and(|project| criteria.project.iter().any(|key| same(&project.key, key)))
        }
        Criterion::Containers => criteria
            .containers
            .iter()
            .any(|name| ticket.containers.iter().any(|own| same(&own.name, name) || own.id.as_ref() == Some(name))),
        Criterion::Type => {
            let native = ticket.ticket_type.native.as_ref();
            (criteria.type_level.is_empty() || criteria.type_level.contains(&ticket.ticket_type.level))
                && (criteria.type_name.is_empty()
                    || native.is_some_and(|native| criteria.type_name.iter().any(|name| is_named(native, name))))
        }
        Criterion::Priority => criteria.priority.contains(&ticket.priority.level),
        Criterion::Text => criteria.text.as_deref().is_none_or(|text| holds(ticket, text)),
        Criterion::Created => criteria.created.contains(ticket.created_at),
        Criterion::Updated => criteria.updated.contains(ticket.updated_at),
        // An order is no filter, and a part that this version does not know was not asked by it.
        _ => true,
    }
}

fn is_named(native: &Named, name: &str) -> bool {
    same(&native.name, name) || native.id.as_deref() == Some(name)
}

fn is_among(people: &[User], asked: &[String], me: Option<&User>) -> bool {
    asked.iter().any(|asked| match asked.as_str() {
        NOBODY => people.is_empty(),
        ME => me.is_some_and(|me| people.iter().any(|person| person.id == me.id)),
        name => people.iter().any(|person| {
            let names = [Some(&person.id), person.handle.as_ref(), person.email.as_ref(), person.display_name.as_ref()];
            names.into_iter().flatten().any(|own| same(own, name))
        }),
    })
}

fn holds(ticket: &Ticket, text: &str) -> bool {
    let body = ticket.body.as_ref().map_or("", |body| &body.markdown);
    let (title, body) = (ticket.title.to_lowercase(), body.to_lowercase());
    text.to_lowercase().split_whitespace().all(|word| title.contains(word) || body.contains(word))
}

fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// Sorts the lines of tickets. What has no value comes last, whichever way the order goes.
pub(super) fn sort<T>(lines: Vec<(Vec<u8>, T)>, sort: &Sort) -> Result<Vec<(Vec<u8>, T)>> {
    let mut keyed = Vec::with_capacity(lines.len());
    for line in lines {
        let ticket: Ticket = decode::json(&line.0)?;
        keyed.push((order(&ticket, &sort.by), line));
    }
    keyed.sort_by(|(one, _), (other, _)| match (one, other) {
        (Order::Missing, Order::Missing) => Ordering::Equal,
        (Order::Missing, _) => Ordering::Greater,
        (_, Order::Missing) => Ordering::Less,
        _ if sort.descending => other.cmp(one),
        _ => one.cmp(other),
    });
    Ok(keyed.into_iter().map(|(_, line)| line).collect())
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Number(i128),
    Key(Vec<(String, u64)>),
    Missing,
}

fn order(ticket: &Ticket, by: &SortField) -> Order {
    let time = match by {
        SortField::Created => ticket.created_at,
        SortField::Updated => ticket.updated_at,
        SortField::Priority => return priority(&ticket.priority.level),
        _ => return Order::Key(natural(ticket.key.as_str())),
    };
    time.map_or(Order::Missing, |time| Order::Number(time.unix_nanos()))
}

/// The most urgent first.
fn priority(level: &PriorityLevel) -> Order {
    let place = PriorityLevel::ALL.iter().position(|known| known == level);
    place.map_or(Order::Missing, |place| Order::Number(place as i128))
}

/// Takes a key apart into words and numbers, so that 9 comes before 10.
fn natural(key: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = key;
    while !rest.is_empty() {
        let word_end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, numbered) = rest.split_at(word_end);
        let number_end = numbered.find(|c: char| !c.is_ascii_digit()).unwrap_or(numbered.len());
        let (number, after) = numbered.split_at(number_end);
        parts.push((word.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::{
        message::TimeRange,
        model::{Status, StatusCategory, Time},
        wire,
    };

    use super::*;

    fn line(ticket: &Ticket) -> Vec<u8> {
        let mut line = Vec::new();
        wire::write_ticket(&mut line, ticket).unwrap();
        line
    }

    #[test]
    fn what_was_pushed_down_is_not_asked_again() {
        let criteria = Criteria::default().with_status(vec!["Open".to_owned()]).with_text("x".to_owned());
        assert_eq!(left(&criteria, &[Criterion::Text]), [Criterion::Status]);
        let ticket = line(&Ticket::new("A-1", "no such word").with_status(Status::new(StatusCategory::Todo, "open")));
        assert!(fits(&ticket, &criteria, &[Criterion::Status], None).unwrap());
        assert!(!fits(&ticket, &criteria, &[Criterion::Status, Criterion::Text], None).unwrap());
    }

    #[test]
    fn people_are_found_by_any_of_their_names_and_nobody_is_nobody() {
        let mara = User::new("17").with_handle("mara".to_owned());
        let ticket = line(&Ticket::new("A-1", "t").with_assignees(vec![mara.clone()]));
        let asks = |name: &str, me: Option<&User>| {
            let criteria = Criteria::default().with_assignee(vec![name.to_owned()]);
            fits(&ticket, &criteria, &criteria.asked(), me).unwrap()
        };
        assert!(asks("MARA", None) && asks("17", None) && asks(ME, Some(&mara)));
        assert!(!asks("tom", None) && !asks(NOBODY, None) && !asks(ME, None));
    }

    #[test]
    fn a_range_includes_its_start_and_not_its_end() {
        let time = |text: &str| Some(Time::parse(text).unwrap());
        let ticket = Ticket::new("A-1", "t").with_created_at(time("2026-01-02T00:00:00Z"));
        let asks = |from, to| {
            let criteria = Criteria::default().with_created(TimeRange::new(from, to));
            fits(&line(&ticket), &criteria, &criteria.asked(), None).unwrap()
        };
        assert!(asks(time("2026-01-02T00:00:00Z"), None));
        assert!(!asks(None, time("2026-01-02T00:00:00Z")));
    }

    #[test]
    fn keys_are_sorted_as_people_count() {
        let lines = ["B-2", "A-10", "A-9"].map(|key| (line(&Ticket::new(key, "t")), ())).to_vec();
        let keys = |sorted: Vec<(Vec<u8>, ())>| -> Vec<String> {
            sorted.iter().map(|(line, ())| decode::json::<Ticket>(line).unwrap().key.to_string()).collect()
        };
        assert_eq!(keys(sort(lines.clone(), &Sort::by(SortField::Key)).unwrap()), ["A-9", "A-10", "B-2"]);
        assert_eq!(keys(sort(lines, &Sort::by(SortField::Key).descending()).unwrap()), ["B-2", "A-10", "A-9"]);
    }
}
