//! Which issues a query finds.

use std::{borrow::Cow, collections::HashSet};

use jiff::tz::TimeZone;

use super::{
    dates::instant,
    fields::{Content, Field},
    parser::{Clause, Operand, Operator, Query},
};
use crate::servers::{
    jira::{
        index::Index,
        state::{Issue, State},
    },
    query::Condition,
};

/// A search by somebody.
pub(in super::super) struct Search<'a> {
    pub(in super::super) state: &'a State,
    pub(in super::super) index: &'a Index,
    /// The place of who asks.
    pub(in super::super) user: Option<usize>,
    /// Where dates of the query are read.
    pub(in super::super) zone: TimeZone,
    pub(in super::super) cloud: bool,
}

impl<'a> Search<'a> {
    /// Returns a search by somebody, in their own time zone.
    pub(in super::super) fn new(state: &'a State, index: &'a Index, user: Option<usize>, cloud: bool) -> Self {
        let zone = user.map_or("UTC0", |user| &state.users[user].time_zone);
        // The zone data of the machine is not asked: tests must not depend on it.
        let zone = TimeZone::posix(zone).expect("users of the fake have POSIX time zones");
        Self { state, index, user, zone, cloud }
    }

    /// Returns whether who asks may see a project.
    pub(in super::super) fn may_see(&self, project: usize) -> bool {
        let members = &self.state.projects[project].members;
        self.user.is_some_and(|user| members.as_ref().is_none_or(|members| members.contains(&user)))
    }

    /// Returns the issues that a query finds among some, in its order.
    pub(in super::super) fn find<'b>(
        &self,
        query: &Query,
        issues: impl Iterator<Item = &'b Issue>,
    ) -> Result<Vec<&'b Issue>, String> {
        if let Some(condition) = &query.condition {
            // What is not there is refused even if no issue is looked at.
            condition.check(&|clause| self.check_clause(clause))?;
        }
        let mut found = Vec::new();
        let among = query.condition.as_ref().and_then(|condition| self.among(condition));
        let issues = issues.filter(|issue| among.as_ref().is_none_or(|ids| ids.contains(&issue.id)));
        for issue in issues.filter(|issue| self.may_see(issue.project)) {
            let fits = query.condition.as_ref().map(|condition| condition.holds(&|clause| self.clause(issue, clause)));
            if fits.unwrap_or(Ok(true))? {
                found.push(issue);
            }
        }
        let order = self.order(query)?;
        found.sort_by_cached_key(|issue| order.key(self, issue));
        Ok(found)
    }

    /// Returns the ids of the only issues that can fit, where a condition names them: long lists of ids are asked about, and
    /// not every issue is compared with all of them.
    fn among(&self, condition: &Condition<Clause>) -> Option<HashSet<u64>> {
        match condition {
            Condition::And(parts) => parts.iter().find_map(|part| self.among(part)),
            Condition::Clause(Clause { field, operator: Operator::Equal | Operator::In, operands })
                if Field::named(self, field) == Ok(Field::Key) =>
            {
                let id = |operand: &Operand| match operand {
                    Operand::Value(text, _) => self.id(text),
                    Operand::Empty | Operand::Function(_) => None,
                };
                Some(operands.iter().filter_map(id).collect())
            }
            Condition::Clause(_) | Condition::Or(_) | Condition::Not(_) => None,
        }
    }

    /// Returns the id that a query names by itself or by a key.
    fn id(&self, text: &str) -> Option<u64> {
        text.parse().ok().or_else(|| self.state.find_issue(text))
    }

    fn check_clause(&self, clause: &Clause) -> Result<(), String> {
        let field = Field::named(self, &clause.field)?;
        let name = &clause.field;
        let wrong = |why: &str| Err(format!("The operator '{:?}' {why} the '{name}' field.", clause.operator));
        let ordered = matches!(
            field,
            Field::Created
                | Field::Updated
                | Field::Resolved
                | Field::Due
                | Field::Key
                | Field::Priority
                | Field::Custom(_)
        );
        let textual =
            matches!(field, Field::Summary | Field::Description | Field::Comment | Field::Text | Field::Custom(_));
        let only_textual = matches!(field, Field::Summary | Field::Description | Field::Comment | Field::Text);
        match clause.operator {
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual if !ordered => {
                return wrong("is not supported by");
            }
            Operator::Contains | Operator::ContainsNot if !textual => return wrong("is not supported by"),
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn if only_textual => {
                return wrong("is not supported by");
            }
            _ => {}
        }
        for operand in &clause.operands {
            self.check_operand(clause, &field, operand)?;
        }
        Ok(())
    }

    fn check_operand(&self, clause: &Clause, field: &Field, operand: &Operand) -> Result<(), String> {
        let name = &clause.field;
        let value = match operand {
            Operand::Empty => return Ok(()),
            Operand::Function(function) => return self.function(field, function).map(|_| ()),
            Operand::Value(text, quoted) => {
                if matches!(field, Field::Created | Field::Updated | Field::Resolved | Field::Due) {
                    let read = instant(text, *quoted, &self.zone, self.state.clock);
                    let formats = "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.";
                    return read
                        .map(|_| ())
                        .ok_or_else(|| format!("Date value '{text}' for field '{name}' is invalid. {formats}"));
                }
                text
            }
        };
        if *field == Field::Key {
            let relational =
                !matches!(clause.operator, Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn);
            let visible = self.state.find_issue(value).filter(|id| self.may_see(self.state.issues[id].project));
            let readable = key(value).is_some();
            if relational && readable || visible.is_some() {
                return Ok(());
            }
            return Err(format!("An issue with key '{value}' does not exist for field '{name}'."));
        }
        let known = self.known_names(field);
        let fits = known.is_none_or(|known| known.iter().flatten().any(|known| *known == value.to_lowercase()));
        if fits { Ok(()) } else { Err(format!("The value '{value}' does not exist for the field '{name}'.")) }
    }

    fn clause(&self, issue: &Issue, clause: &Clause) -> Result<bool, String> {
        let field = Field::named(self, &clause.field)?;
        let content = self.content(issue, &field);
        let empty = content.is_empty();
        let among = || {
            let mut operands = clause.operands.iter();
            operands
                .try_fold(false, |so_far, operand| Ok::<_, String>(self.equals(&field, &content, operand)? || so_far))
        };
        Ok(match clause.operator {
            Operator::Is => empty,
            Operator::IsNot => !empty,
            Operator::Equal | Operator::In => among()?,
            // What has nothing in the field is not found by saying what it is not: the trap of `!=` and `NOT IN`.
            Operator::NotEqual | Operator::NotIn => !empty && !among()?,
            Operator::Contains => content.contains(&clause.operands),
            Operator::ContainsNot => !content.contains(&clause.operands),
            Operator::Less => self.compares(&field, &content, clause, std::cmp::Ordering::is_lt)?,
            Operator::LessOrEqual => self.compares(&field, &content, clause, std::cmp::Ordering::is_le)?,
            Operator::Greater => self.compares(&field, &content, clause, std::cmp::Ordering::is_gt)?,
            Operator::GreaterOrEqual => self.compares(&field, &content, clause, std::cmp::Ordering::is_ge)?,
        })
    }

    fn equals(&self, field: &Field, content: &Content, operand: &Operand) -> Result<bool, String> {
        let (text, quoted) = match operand {
            Operand::Empty => return Ok(content.is_empty()),
            Operand::Function(name) => (Cow::Owned(self.function(field, name)?), true),
            Operand::Value(text, quoted) => (text.as_str().into(), *quoted),
        };
        Ok(match content {
            Content::Names(things) if *field == Field::Labels => things.iter().flatten().any(|name| **name == *text),
            Content::Names(things) if *field == Field::Resolution && text.eq_ignore_ascii_case("unresolved") => {
                things.is_empty()
            }
            Content::Names(things) => things.iter().flatten().any(|name| *name == text.to_lowercase()),
            Content::Texts(texts) => texts.iter().any(|known| **known == *text),
            Content::Number(number) => number.is_some_and(|number| text.parse() == Ok(number)),
            Content::Time(time) => *time == instant(&text, quoted, &self.zone, self.state.clock),
            Content::Key { id, .. } => self.id(&text) == Some(*id),
        })
    }

    fn compares(
        &self,
        field: &Field,
        content: &Content,
        clause: &Clause,
        fits: fn(std::cmp::Ordering) -> bool,
    ) -> Result<bool, String> {
        let Some(Operand::Value(text, quoted)) = clause.operands.first() else {
            return Err(format!("The operand of '{}' must be a value.", clause.field));
        };
        let order = match content {
            Content::Time(time) => {
                time.and_then(|time| Some(time.cmp(&instant(text, *quoted, &self.zone, self.state.clock)?)))
            }
            Content::Number(number) => number.and_then(|number| number.partial_cmp(&text.parse().ok()?)),
            Content::Key { id, project, number } => match key(text) {
                Some(Key::Id(wanted)) => Some(id.cmp(&wanted)),
                Some(Key::Key(of, wanted)) => project.eq_ignore_ascii_case(&of).then(|| number.cmp(&wanted)),
                None => None,
            },
            Content::Names(_) if *field == Field::Priority => self.priority_order(content, text),
            Content::Names(_) | Content::Texts(_) => None,
        };
        Ok(order.is_some_and(fits))
    }

    /// A more urgent priority is a greater one, and stands further in front.
    fn priority_order(&self, content: &Content, wanted: &str) -> Option<std::cmp::Ordering> {
        let place = |name: &str| self.state.priorities.iter().position(|known| known.name.eq_ignore_ascii_case(name));
        let Content::Names(things) = content else { return None };
        Some(place(wanted)?.cmp(&place(things.first()?.first()?)?))
    }

    fn function(&self, field: &Field, name: &str) -> Result<String, String> {
        let known = name.eq_ignore_ascii_case("currentUser") && matches!(field, Field::Assignee | Field::Reporter);
        if !known {
            return Err(format!("Unable to find JQL function '{name}()'."));
        }
        let user = self.user.ok_or_else(|| "The function 'currentUser' needs somebody who is logged in.".to_owned())?;
        Ok(self.user_names(user).swap_remove(0))
    }
}

impl Content {
    fn is_empty(&self) -> bool {
        match self {
            Self::Names(things) => things.is_empty(),
            Self::Texts(texts) => texts.iter().all(|text| text.is_empty()),
            Self::Time(time) => time.is_none(),
            Self::Number(number) => number.is_none(),
            Self::Key { .. } => false,
        }
    }

    /// Returns whether every word of the operand is in the texts; in quotes within quotes they must stand together. A sign
    /// behind a backslash is that sign and no syntax.
    fn contains(&self, operands: &[Operand]) -> bool {
        let (Self::Texts(texts), Some(Operand::Value(wanted, _))) = (self, operands.first()) else { return false };
        let all = texts.join(" ").to_lowercase();
        let wanted = wanted.to_lowercase();
        match wanted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(phrase) => all.contains(&phrase.replace('\\', "")),
            None => wanted.split_whitespace().all(|word| all.contains(&word.trim_end_matches('*').replace('\\', ""))),
        }
    }
}

/// An issue as a comparison names it.
enum Key {
    Id(u64),
    Key(String, u64),
}

fn key(text: &str) -> Option<Key> {
    if let Ok(id) = text.parse() {
        return Some(Key::Id(id));
    }
    let (project, number) = text.rsplit_once('-')?;
    Some(Key::Key(project.to_owned(), number.parse().ok()?))
}
