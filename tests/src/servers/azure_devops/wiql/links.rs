//! Which pairs of work items a query for links finds.
//!
//! <https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax#queries-for-links-between-work-items>

use super::{
    evaluate::Search,
    parser::{Clause, Mode, Of, Operator, Query, Value},
    refusal,
};
use crate::servers::{
    azure_devops::{
        reply::Refusal,
        state::{Target, WorkItem},
    },
    query::Condition,
};

/// What a clause calls the kind of a link.
const LINK_TYPE: &str = "System.Links.LinkType";

/// A work item that was found, or one that a link leads to from it.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Pair {
    /// The kind of the link and where it begins; a work item that was found itself has none.
    pub(in super::super) link: Option<(String, u64)>,
    pub(in super::super) target: u64,
}

/// Two work items, and the link from the one to the other.
struct Linked<'a> {
    source: &'a WorkItem,
    rel: &'a str,
    target: &'a WorkItem,
}

impl Search<'_> {
    /// Returns each source that a query finds, and behind it its links; sources in the query's order.
    pub(in super::super) fn pairs(&self, query: &Query, mode: Mode) -> Result<Vec<Pair>, Refusal> {
        self.check_fields(query)?;
        let parts = parts(query.condition.as_ref());
        for part in &parts {
            part.check(&|clause| self.check_of_links(clause))?;
        }
        let (of_source, of_link): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| is_of_source(part));
        let mut found = Vec::new();
        for source in self.sources(query, &of_source)? {
            let links = self.links(source, &of_link)?;
            let is_found = match mode {
                Mode::Must => !links.is_empty(),
                Mode::May => true,
                Mode::MustNot => links.is_empty(),
            };
            if is_found {
                found.push(Pair { link: None, target: source.id });
                found.extend(links);
            }
        }
        Ok(found)
    }

    /// Returns the work items for which everything holds that is asked of a source.
    fn sources(&self, query: &Query, conditions: &[&Condition<Clause>]) -> Result<Vec<&WorkItem>, Refusal> {
        let mut sources = Vec::new();
        for source in self.visible() {
            let clause = |clause: &Clause| self.clause(source, clause);
            if all(conditions, &clause)? {
                sources.push(source);
            }
        }
        sources.sort_by(|one, other| self.order(query, one, other));
        Ok(sources)
    }

    /// Returns the links of a work item for which everything holds.
    fn links(&self, source: &WorkItem, conditions: &[&Condition<Clause>]) -> Result<Vec<Pair>, Refusal> {
        let mut links = Vec::new();
        for relation in &source.relations {
            let Target::Item(id) = relation.target else { continue };
            let Some(target) = self.visible().find(|item| item.id == id) else { continue };
            let linked = Linked { source, rel: &relation.rel, target };
            if all(conditions, &|clause: &Clause| self.clause_of_links(&linked, clause))? {
                links.push(Pair { link: Some((relation.rel.clone(), source.id)), target: id });
            }
        }
        Ok(links)
    }

    fn check_of_links(&self, clause: &Clause) -> Result<(), Refusal> {
        if clause.of != Of::Item {
            return self.check_clause(clause);
        }
        let is_comparison = matches!(clause.operator, Operator::Equal | Operator::NotEqual | Operator::In);
        let is_link_type = clause.field.eq_ignore_ascii_case(LINK_TYPE) && is_comparison;
        if is_link_type && clause.values.iter().all(|value| matches!(value, Value::Literal(_))) {
            return Ok(());
        }
        Err(refusal(format!("[{}] is neither of the source nor of the target", clause.field)))
    }

    fn clause_of_links(&self, linked: &Linked<'_>, clause: &Clause) -> Result<bool, Refusal> {
        match clause.of {
            Of::Source => self.clause(linked.source, clause),
            Of::Target => self.clause(linked.target, clause),
            Of::Item => {
                let is_it =
                    |value: &Value| matches!(value, Value::Literal(kind) if kind.eq_ignore_ascii_case(linked.rel));
                Ok(clause.values.iter().any(is_it) != (clause.operator == Operator::NotEqual))
            }
        }
    }
}

/// Returns the conditions that must all hold.
fn parts(condition: Option<&Condition<Clause>>) -> Vec<&Condition<Clause>> {
    match condition {
        None => Vec::new(),
        Some(Condition::And(parts)) => parts.iter().flat_map(|part| self::parts(Some(part))).collect(),
        Some(other) => vec![other],
    }
}

fn is_of_source(condition: &Condition<Clause>) -> bool {
    condition.check(&|clause: &Clause| if clause.of == Of::Source { Ok(()) } else { Err(()) }).is_ok()
}

fn all(conditions: &[&Condition<Clause>], clause: &impl Fn(&Clause) -> Result<bool, Refusal>) -> Result<bool, Refusal> {
    for condition in conditions {
        if !condition.holds(clause)? {
            return Ok(false);
        }
    }
    Ok(true)
}
