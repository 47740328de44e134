//! Which tickets are wanted, decided on the front matter before a ticket is made of it.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, ME, NOBODY, Sort, SortField},
    model::{PriorityLevel, StatusCategory, Time},
};

use crate::{
    error::Fault,
    file::TicketFile,
    front_matter::{FrontMatter, Text},
    key::Project,
    mapping, words,
};

/// Criteria, ready to be held against a hundred thousand files.
pub(crate) struct Filter<'a> {
    criteria: &'a Criteria,
    assignees: Vec<Person>,
    reporters: Vec<Person>,
    /// Words that title or body must hold.
    words: Vec<String>,
    /// Words that title, body or notes must hold.
    searched: Vec<String>,
}

/// Whom a filter names.
#[derive(PartialEq)]
enum Person {
    Nobody,
    Named(String),
}

impl<'a> Filter<'a> {
    /// Returns the filter of criteria, and of a search's words if it is one.
    pub(crate) fn new(criteria: &'a Criteria, searched: &str, me: Option<&str>) -> Result<Self> {
        let people = |names: &[String]| names.iter().map(|name| person(name, me)).collect::<Result<Vec<_>>>();
        Ok(Self {
            criteria,
            assignees: people(&criteria.assignee)?,
            reporters: people(&criteria.reporter)?,
            words: lower_words(criteria.text.as_deref().unwrap_or_default()),
            searched: lower_words(searched),
        })
    }

    /// Returns the projects that are wanted, if not all; a word that cannot be a project names none.
    pub(crate) fn projects(&self) -> Option<Vec<Project>> {
        let named = &self.criteria.project;
        (!named.is_empty()).then(|| named.iter().filter_map(|word| Project::named(word).ok()).collect())
    }

    /// Says whether nothing but projects is asked for.
    pub(crate) fn takes_all(&self) -> bool {
        let asked = self.criteria.asked();
        let other = |name| !matches!(name, Criterion::Project | Criterion::Sort);
        self.searched.is_empty() && !asked.into_iter().any(other)
    }

    /// Says whether a ticket is wanted; what is cheap to decide is decided first.
    pub(crate) fn admits(&self, front: &FrontMatter<'_>, file: &TicketFile<'_>) -> Result<bool, Fault> {
        let criteria = self.criteria;
        let facts = self.admits_words(front)
            && self.admits_people(front)
            && criteria.created.contains(front.created)
            && criteria.updated.contains(front.updated);
        Ok(facts && self.admits_text(front, file)?)
    }

    fn admits_words(&self, front: &FrontMatter<'_>) -> bool {
        let criteria = self.criteria;
        let category = || front.status.as_ref().map_or(StatusCategory::UNKNOWN, |word| words::status(&word.0));
        let level = || front.ticket_type.as_ref().map(|word| words::ticket_type(&word.0)).unwrap_or_default();
        let priority = || priority(front);
        any_of(&criteria.status_category, || criteria.status_category.contains(&category()))
            && criteria.is_open.is_none_or(|open| category().is_open() == Some(open))
            && any_of(&criteria.status, || one_of(front.status.as_ref(), &criteria.status))
            && any_of(&criteria.type_level, || criteria.type_level.contains(&level()))
            && any_of(&criteria.type_name, || one_of(front.ticket_type.as_ref(), &criteria.type_name))
            && any_of(&criteria.priority, || criteria.priority.contains(&priority()))
            && any_of(&criteria.containers, || one_of(front.milestone.as_ref(), &criteria.containers))
            && criteria.labels.iter().all(|label| front.labels.0.iter().any(|own| same(&own.0, label)))
    }

    fn admits_people(&self, front: &FrontMatter<'_>) -> bool {
        let reporter = front.reporter.as_slice();
        any_of(&self.assignees, || is_any(&self.assignees, &front.assignees.0))
            && any_of(&self.reporters, || is_any(&self.reporters, reporter))
    }

    fn admits_text(&self, front: &FrontMatter<'_>, file: &TicketFile<'_>) -> Result<bool, Fault> {
        if self.words.is_empty() && self.searched.is_empty() {
            return Ok(true);
        }
        let mut text = front.title.0.to_lowercase();
        text.push('\n');
        text.push_str(&file.body().unwrap_or_default().to_lowercase());
        if !self.words.iter().all(|word| text.contains(word)) {
            return Ok(false);
        }
        if self.searched.iter().all(|word| text.contains(word)) {
            return Ok(true);
        }
        for note in file.notes()? {
            text.push('\n');
            text.push_str(&note.body.to_lowercase());
        }
        Ok(self.searched.iter().all(|word| text.contains(word)))
    }
}

/// Returns what a list is sorted by; a ticket that does not say it comes last, whichever way the order goes.
pub(crate) fn sort_value(sort: &Sort, front: &FrontMatter<'_>) -> i64 {
    let nanos = |time: Time| i64::try_from(time.unix_nanos()).unwrap_or(i64::MAX - 1);
    let value = match sort.by {
        SortField::Created => front.created.map(nanos),
        SortField::Updated => front.updated.map(nanos),
        SortField::Priority => rank(&priority(front)),
        _ => Some(0),
    };
    value.unwrap_or(if sort.descending { i64::MIN } else { i64::MAX })
}

/// Returns a priority's place in the model's order, the most urgent first, if it is known.
fn rank(level: &PriorityLevel) -> Option<i64> {
    let place = PriorityLevel::ALL.iter().position(|known| known == level)?;
    i64::try_from(place).ok()
}

fn priority(front: &FrontMatter<'_>) -> PriorityLevel {
    front.priority.as_ref().map(|word| words::priority(&word.0)).unwrap_or_default()
}

fn person(name: &str, me: Option<&str>) -> Result<Person> {
    match name {
        NOBODY => Ok(Person::Nobody),
        ME => Ok(Person::Named(my_name(me)?.to_owned())),
        name => Ok(Person::Named(name.to_owned())),
    }
}

/// Returns who `@me` is, or says where to write it.
pub(crate) fn my_name(me: Option<&str>) -> Result<&str> {
    me.ok_or_else(|| {
        Error::new(ErrorKind::Configuration, "the connection does not say who `@me` is")
            .with_hint("Set `me` in the connection's options to your name as the files spell it.")
    })
}

fn is_any(wanted: &[Person], people: &[Text<'_>]) -> bool {
    (people.is_empty() && wanted.contains(&Person::Nobody)) || people.iter().any(|name| is_one(wanted, &name.0))
}

fn is_one(wanted: &[Person], name: &str) -> bool {
    let is_named = |person: &Person| match person {
        Person::Named(wanted) => is_called(name, wanted),
        Person::Nobody => false,
    };
    wanted.iter().any(is_named)
}

/// Says whether somebody in a file is called so: as the file spells it, or by name or mail address alone.
pub(crate) fn is_called(name: &str, wanted: &str) -> bool {
    if same(name, wanted) || !name.contains('<') {
        return same(name, wanted);
    }
    let user = mapping::user(name);
    let names = [Some(&user.id), user.display_name.as_ref(), user.email.as_ref()];
    names.iter().flatten().any(|name| same(name, wanted))
}

/// Says whether a part of the criteria holds: it is not asked for, or it does.
fn any_of<T>(asked: &[T], holds: impl FnOnce() -> bool) -> bool {
    asked.is_empty() || holds()
}

fn one_of(word: Option<&Text<'_>>, wanted: &[String]) -> bool {
    word.is_some_and(|word| wanted.iter().any(|wanted| same(&word.0, wanted)))
}

/// Says whether two names are the same in any case.
fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || (!left.is_ascii() && left.to_lowercase() == right.to_lowercase())
}

fn lower_words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::{message::TimeRange, model::TypeLevel};

    use super::*;

    const TEXT: &str = "---\ntitle: Über-Checkout is dead\ntype: bug\nstatus: in progress\npriority: high\n\
        labels: [Checkout, safari]\nassignees: [mara, Tom <tom@shop.example>]\nreporter: eve\nmilestone: Spring\n\
        created: 2026-03-02T09:14:00Z\n---\n\nThe button does nothing.\n\n<!-- note id=1 -->\nSeen again.\n";

    fn admits(criteria: &Criteria, searched: &str) -> bool {
        let file = TicketFile::new(TEXT).unwrap();
        Filter::new(criteria, searched, Some("mara")).unwrap().admits(&file.front_matter().unwrap(), &file).unwrap()
    }

    #[test]
    fn each_part_of_the_criteria_is_decided() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let noon = Time::parse("2026-03-02T09:14:00Z").unwrap();
        let all = Criteria::default();
        for (criteria, expected) in [
            (all.clone().with_status_category([StatusCategory::Done, StatusCategory::InProgress]), true),
            (all.clone().with_status_category([StatusCategory::Done]), false),
            (all.clone().with_is_open(true), true),
            (all.clone().with_is_open(false), false),
            (all.clone().with_status(words(&["In Progress"])), true),
            (all.clone().with_assignee(words(&[ME])), true),
            (all.clone().with_assignee(words(&["tom@shop.example"])), true),
            (all.clone().with_assignee(words(&["TOM"])), true),
            (all.clone().with_assignee(words(&[NOBODY, "eve"])), false),
            (all.clone().with_reporter(words(&["eve"])), true),
            (all.clone().with_reporter(words(&[NOBODY])), false),
            (all.clone().with_labels(words(&["safari", "checkout"])), true),
            (all.clone().with_labels(words(&["safari", "other"])), false),
            (all.clone().with_containers(words(&["spring"])), true),
            (all.clone().with_type_level([TypeLevel::Bug]), true),
            (all.clone().with_type_level([TypeLevel::Bug]).with_type_name(words(&["story"])), false),
            (all.clone().with_priority([PriorityLevel::Low]), false),
            (all.clone().with_text("NOTHING über".to_owned()), true),
            (all.clone().with_text("again".to_owned()), false),
            (all.clone().with_created(TimeRange::new(Some(noon), None)), true),
            (all.clone().with_created(TimeRange::new(None, Some(noon))), false),
            (all.clone().with_updated(TimeRange::new(None, Some(noon))), false),
        ] {
            assert_eq!(admits(&criteria, ""), expected, "{criteria:?}");
        }
    }

    #[test]
    fn a_search_looks_into_notes_and_wants_every_word() {
        assert!(admits(&Criteria::default(), "again BUTTON"));
        assert!(!admits(&Criteria::default(), "again yesterday"));
        assert!(!admits(&Criteria::default(), "id=1"));
    }

    #[test]
    fn who_is_meant_by_me_must_be_configured() {
        let criteria = Criteria::default().with_assignee(vec![ME.to_owned()]);
        let error = Filter::new(&criteria, "", None).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}
