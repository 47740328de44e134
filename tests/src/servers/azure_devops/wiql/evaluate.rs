//! Which work items a query finds.

use std::cmp::Ordering;

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::Value as Json;

use super::{
    parser::{Clause, Of, Operator, Query, Value},
    refusal,
};
use crate::servers::azure_devops::{
    fields::{self, Kind, Known},
    patch::person,
    place,
    render::PARENT,
    reply::Refusal,
    state::{Field, State, Target, WorkItem},
};

/// A search by somebody.
pub(in super::super) struct Search<'a> {
    pub(in super::super) state: &'a State,
    /// The place of who asks.
    pub(in super::super) user: usize,
    /// What `@project` stands for. It narrows nothing by itself.
    pub(in super::super) project: Option<usize>,
    /// Whether times are compared to the moment; else only days are, and a time of day is refused.
    pub(in super::super) precise: bool,
}

/// What a work item has in a field.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Content {
    Absent,
    Number(f64),
    Time(Timestamp),
    Text(String),
}

impl Search<'_> {
    /// Returns the numbers of the work items that a query finds, in its order.
    pub(in super::super) fn find(&self, query: &Query) -> Result<Vec<u64>, Refusal> {
        self.check_fields(query)?;
        if let Some(condition) = &query.condition {
            // What cannot be is refused even if no work item is looked at.
            condition.check(&|clause| match clause.of {
                Of::Item => self.check_clause(clause),
                _ => Err(refusal("only a query for links has a source and a target")),
            })?;
        }
        let mut found = Vec::new();
        for item in self.visible() {
            let fits = query.condition.as_ref().map(|condition| condition.holds(&|clause| self.clause(item, clause)));
            if fits.unwrap_or(Ok(true))? {
                found.push(item);
            }
        }
        found.sort_by(|one, other| self.order(query, one, other));
        Ok(found.into_iter().map(|item| item.id).collect())
    }

    /// Refuses a query that selects or sorts by a field that is none.
    pub(super) fn check_fields(&self, query: &Query) -> Result<(), Refusal> {
        let names = query.columns.iter().chain(query.order.iter().map(|(name, _)| name));
        names.into_iter().try_for_each(|name| self.field(name).map(drop))
    }

    /// Returns the work items that the account may see.
    pub(super) fn visible(&self) -> impl Iterator<Item = &WorkItem> {
        self.state.items.values().filter(|item| place::is_visible(self.state, self.user, item.id))
    }

    fn field(&self, name: &str) -> Result<&'static Known, Refusal> {
        let message =
            format!("TF51005: The query references a field that does not exist. The error is caused by «[{name}]».");
        fields::known(name).ok_or_else(|| Refusal::new(400, "WorkItemTrackingQueryException", message))
    }

    pub(super) fn check_clause(&self, clause: &Clause) -> Result<(), Refusal> {
        let field = self.field(&clause.field)?;
        let wrong =
            || Err(refusal(format!("the operator {:?} cannot be used with [{}]", clause.operator, clause.field)));
        let long = [Kind::Html, Kind::History].contains(&field.kind);
        match clause.operator {
            Operator::Under if field.kind != Kind::TreePath => return wrong(),
            Operator::ContainsWords
                if ![Kind::Html, Kind::History, Kind::PlainText, Kind::String].contains(&field.kind) =>
            {
                return wrong();
            }
            Operator::Equal | Operator::In | Operator::Less | Operator::Greater if long => return wrong(),
            _ => {}
        }
        clause.values.iter().try_for_each(|value| self.operand(field, value).map(|_| ()))
    }

    pub(super) fn clause(&self, item: &WorkItem, clause: &Clause) -> Result<bool, Refusal> {
        let field = self.field(&clause.field)?;
        let content = self.content(item, field);
        if clause.operator == Operator::IsEmpty {
            return Ok(content == Content::Absent);
        }
        let mut orders = Vec::new();
        for value in &clause.values {
            let operand = self.operand(field, value)?;
            if let Some(answer) = self.textual(item, field, clause.operator, &content, &operand) {
                return Ok(answer);
            }
            orders.push(self.compared(&content, &operand));
        }
        let order = orders[0];
        Ok(match clause.operator {
            Operator::Equal | Operator::In => orders.contains(&Some(Ordering::Equal)),
            Operator::NotEqual => order != Some(Ordering::Equal),
            // What is absent is neither less nor more than anything.
            _ if content == Content::Absent => false,
            Operator::Less => order == Some(Ordering::Less),
            Operator::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Operator::Contains | Operator::ContainsWords | Operator::IsEmpty | Operator::Under => {
                unreachable!("{:?} was answered before", clause.operator)
            }
        })
    }

    /// Answers operators that look into texts.
    fn textual(
        &self,
        item: &WorkItem,
        field: &Known,
        operator: Operator,
        content: &Content,
        operand: &Content,
    ) -> Option<bool> {
        let wanted = match operand {
            Content::Text(text) => text.to_lowercase(),
            _ => String::new(),
        };
        let text = match content {
            Content::Text(text) => text.to_lowercase(),
            _ => String::new(),
        };
        match operator {
            Operator::Under => Some(text == wanted || text.starts_with(&format!("{wanted}\\"))),
            // A tag is found whole.
            Operator::Contains if field.reference == "System.Tags" => {
                Some(item.tags().iter().any(|tag| tag.to_lowercase() == wanted))
            }
            Operator::Contains => Some(!wanted.is_empty() && text.contains(&wanted)),
            Operator::ContainsWords => Some(has_words(&text, &wanted)),
            _ => None,
        }
    }

    fn compared(&self, content: &Content, operand: &Content) -> Option<Ordering> {
        match (content, operand) {
            (Content::Absent, Content::Text(text)) if text.is_empty() => Some(Ordering::Equal),
            (Content::Text(one), Content::Text(other)) => Some(one.to_lowercase().cmp(&other.to_lowercase())),
            (Content::Time(one), Content::Time(other)) if !self.precise => Some(day(*one).cmp(&day(*other))),
            (one, other) => {
                one.partial_cmp(other).filter(|_| std::mem::discriminant(one) == std::mem::discriminant(other))
            }
        }
    }

    /// Returns what a value of a query stands for in a field.
    fn operand(&self, field: &Known, value: &Value) -> Result<Content, Refusal> {
        let text = match value {
            Value::Literal(text) => text.clone(),
            Value::Me if field.kind == Kind::Identity => self.state.users[self.user].unique_name.clone(),
            Value::Me => return Err(refusal("@me stands for somebody")),
            Value::Project => {
                let project = self.project.ok_or_else(|| refusal("@project needs a project in the path"))?;
                self.state.projects[project].name.clone()
            }
            Value::Today(days) => {
                let today = day(self.state.clock).checked_add(days.days()).map_err(refusal)?;
                return Ok(Content::Time(midnight(today)));
            }
        };
        match field.kind {
            Kind::DateTime => self.time(&text),
            Kind::Integer | Kind::Double => text
                .parse()
                .map(Content::Number)
                .map_err(|_| refusal(format!("'{text}' is no number for [{}]", field.name))),
            Kind::Identity => match person(self.state, &text) {
                Some(user) => Ok(Content::Text(self.state.users[user].unique_name.clone())),
                None => Ok(Content::Text(text)),
            },
            _ => Ok(Content::Text(text)),
        }
    }

    fn time(&self, text: &str) -> Result<Content, Refusal> {
        let wrong = || refusal(format!("'{text}' is no date"));
        let time = match text.parse::<Date>() {
            Ok(day) if text.len() == 10 => midnight(day),
            _ => text.parse().map_err(|_| wrong())?,
        };
        if !self.precise && time != midnight(day(time)) {
            let message = format!(
                "You cannot supply a time with the date when running a query using date precision. The error is caused by «'{text}'»."
            );
            return Err(Refusal::new(400, "WorkItemTrackingQueryException", message));
        }
        Ok(Content::Time(time))
    }

    fn content(&self, item: &WorkItem, field: &Known) -> Content {
        let number =
            |number: u64| u32::try_from(number).map_or(Content::Absent, |number| Content::Number(number.into()));
        match field.reference {
            "System.Id" => number(item.id),
            "System.Rev" => number(item.rev),
            "System.TeamProject" => Content::Text(self.state.projects[item.project].name.clone()),
            "System.CommentCount" => number(item.comments.len() as u64),
            "System.Parent" => {
                let parent = item.relations.iter().find(|relation| relation.rel == PARENT);
                match parent.map(|relation| &relation.target) {
                    Some(Target::Item(id)) => number(*id),
                    _ => Content::Absent,
                }
            }
            "System.History" => {
                let texts: Vec<_> = item.comments.iter().map(|comment| comment.text.as_str()).collect();
                if texts.is_empty() { Content::Absent } else { Content::Text(texts.join(" ")) }
            }
            reference => match item.fields.get(reference) {
                None => Content::Absent,
                Some(Field::Person(user)) => Content::Text(self.state.users[*user].unique_name.clone()),
                Some(Field::Time(time)) => Content::Time(*time),
                Some(Field::Value(Json::Number(number))) => number.as_f64().map_or(Content::Absent, Content::Number),
                Some(Field::Value(Json::String(text))) => Content::Text(text.clone()),
                Some(Field::Value(other)) => Content::Text(other.to_string()),
            },
        }
    }

    pub(super) fn order(&self, query: &Query, one: &WorkItem, other: &WorkItem) -> Ordering {
        let compared = query.order.iter().filter_map(|(name, descending)| {
            let field = fields::known(name)?;
            let order = self.content(one, field).partial_cmp(&self.content(other, field))?;
            Some(if *descending { order.reverse() } else { order })
        });
        let asked = compared.into_iter().find(|order| order.is_ne());
        asked.unwrap_or_else(|| one.id.cmp(&other.id))
    }
}

/// Returns whether every word is there; one with a star at its end may go on.
fn has_words(text: &str, wanted: &str) -> bool {
    let plain = text.replace(['<', '>'], " ");
    let mut there = plain.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<_> = there.by_ref().filter(|word| !word.is_empty()).collect();
    wanted.split_whitespace().all(|wanted| match wanted.strip_suffix('*') {
        Some(start) => words.iter().any(|word| word.starts_with(start)),
        None => {
            let parts: Vec<_> =
                wanted.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
            !parts.is_empty() && words.windows(parts.len()).any(|window| window == parts)
        }
    })
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).expect("every day of UTC has a midnight").timestamp()
}
