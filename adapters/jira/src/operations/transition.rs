//! Ways out of a state: which one leads where somebody wants an issue to be, and what it asks for.

use usher_adapter_sdk::{
    Error, Result,
    host::Response,
    message::{FieldName, StateOption, Transition},
    model::{Named, StatusCategory},
};

use super::{
    plan::{Plan, Write},
    screen::Screen,
};
use crate::{
    Jira, api,
    key::Key,
    mapping::{self, same},
};

/// A transition that was found for a state.
#[derive(Debug)]
pub(super) struct Way {
    pub id: String,
    /// The state it leads to, where the server says that.
    pub to: Option<Named>,
    pub screen: Screen,
}

/// Asks for the transitions that an issue can make now, with their fields.
pub(super) async fn of_issue(jira: &Jira, key: Key<'_>) -> Result<Response> {
    let request = |api: crate::request::Api<'_>| {
        Ok(api.get(["issue", key.as_str(), "transitions"])?.query("expand", "transitions.fields"))
    };
    jira.send(&key, request).await
}

/// Returns the way to a state; none where the issue is already there. A word that fits none is an error that lists what there is.
///
/// The word is a state's name or id, a transition's, or one of our categories.
pub(super) fn way_to(
    word: &str,
    current: Option<&api::Status<'_>>,
    transitions: &api::Transitions<'_>,
) -> Result<Option<Way>> {
    let is_state = |status: &api::Status<'_>| same(&status.name, word) || status.id.as_deref() == Some(word);
    if current.is_some_and(is_state) {
        return Ok(None);
    }
    let all = &transitions.transitions;
    let by_state: Vec<_> = all.iter().filter(|it| it.to.as_ref().is_some_and(is_state)).collect();
    let by_name: Vec<_> = all.iter().filter(|it| same(&it.name, word) || *it.id == *word).collect();
    let category = StatusCategory::from_word(word);
    let is_in = |status: &api::Status<'_>| !category.is_unknown() && mapping::status(status).category == category;
    if by_state.is_empty() && by_name.is_empty() && current.is_some_and(is_in) {
        return Ok(None);
    }
    let by_category: Vec<_> = all.iter().filter(|it| it.to.as_ref().is_some_and(is_in)).collect();
    for fitting in [by_state, by_name, by_category] {
        match fitting[..] {
            [] => {}
            [one] => return Ok(Some(way(one))),
            // Several ways lead to one state: the one that asks for the least is as good as any.
            [first, ..] if is_one_state(&fitting) => {
                let least = fitting.iter().min_by_key(|it| it.fields.values().filter(|field| field.required).count());
                return Ok(Some(way(least.unwrap_or(&first))));
            }
            _ => return Err(several(word, &fitting)),
        }
    }
    Err(none(word, current, all))
}

impl Way {
    /// Sees that everything is given that the transition asks for.
    pub(super) fn check(&self, plan: &Plan) -> Result<()> {
        let missing = self.screen.fields().iter().filter(|field| {
            field.required && !field.has_default && !plan.writes.iter().any(|write| write.id == field.id)
        });
        let mut missing = missing.peekable();
        if missing.peek().is_none() {
            return Ok(());
        }
        let to = self.to.as_ref().map_or("that state", |to| &to.name);
        let error = Error::validation(format!("the way to `{to}` asks for more than was given"));
        Err(missing.fold(error, |error, field| {
            let choices = field.allowed.as_ref().map(|allowed| {
                let names: Vec<&str> = allowed.iter().map(|choice| choice.name.as_str()).collect();
                format!(", one of: {}", names.join(", "))
            });
            error.with_field(&*field.name, format!("is required{}", choices.unwrap_or_default()))
        }))
    }

    /// Says whether a field is written with the transition, and not by an edit before it.
    pub(super) fn takes(&self, write: &Write, edit: &Screen) -> bool {
        let is_here = self.screen.get(&write.id);
        is_here.is_some_and(|field| field.required || edit.get(&write.id).is_none())
    }

    /// Returns why the issue is not where the way was to lead, if it is not.
    pub(super) fn missed(&self, status: Option<&api::Status<'_>>) -> Option<String> {
        let (to, own) = (self.to.as_ref()?, status?);
        let is_there = to.id.as_deref().is_some_and(|id| own.id.as_deref() == Some(id)) || same(&to.name, &own.name);
        (!is_there).then(|| format!("the issue has come to `{}` and not to `{}`", own.name, to.name))
    }
}

/// Returns the transitions as what can be chosen.
pub(super) fn options(transitions: &api::Transitions<'_>) -> Vec<Transition> {
    let option = |transition: &api::Transition<'_>| {
        let to = transition.to.as_ref().map(mapping::status);
        let fields = Screen::of_transition(transition);
        Transition::new(Named::new(&*transition.name).with_id(transition.id.to_string()))
            .with_to(to.map(|to| StateOption::new(to.native, to.category)))
            .with_fields(fields.fields().iter().map(super::screen::Field::option).collect::<Vec<_>>())
    };
    transitions.transitions.iter().map(option).collect()
}

/// The field that a transition is for.
pub(super) const FIELD: FieldName = FieldName::Status;

fn way(transition: &api::Transition<'_>) -> Way {
    Way {
        id: transition.id.to_string(),
        to: transition.to.as_ref().map(|to| mapping::status(to).native),
        screen: Screen::of_transition(transition),
    }
}

/// Says whether all lead to the same state; where one does not say whither, nobody knows.
fn is_one_state(transitions: &[&api::Transition<'_>]) -> bool {
    let Some(first) = transitions.first().and_then(|it| it.to.as_ref()) else { return false };
    transitions.iter().all(|it| {
        it.to.as_ref().is_some_and(|to| match (&first.id, &to.id) {
            (Some(first), Some(own)) => **first == **own,
            _ => same(&first.name, &to.name),
        })
    })
}

fn described(transitions: &[&api::Transition<'_>]) -> String {
    let described = transitions.iter().map(|it| match &it.to {
        Some(to) if same(&to.name, &it.name) => format!("`{}`", to.name),
        Some(to) => format!("`{}` (by `{}`)", to.name, it.name),
        None => format!("`{}`", it.name),
    });
    described.collect::<Vec<_>>().join(", ")
}

fn several(word: &str, fitting: &[&api::Transition<'_>]) -> Error {
    // Of two states, or of two transitions, of one name only the id tells which is meant.
    let described = fitting.iter().map(|it| match it.to.as_ref().map(|to| (&to.name, to.id.as_deref())) {
        Some((name, Some(id))) => format!("`{name}` (state {id}, by `{}`, transition {})", it.name, it.id),
        Some((name, None)) => format!("`{name}` (by `{}`, transition {})", it.name, it.id),
        None => format!("`{}` (transition {})", it.name, it.id),
    });
    Error::validation(format!("several states are `{word}`"))
        .with_field("status", format!("name one, or its id: {}", described.collect::<Vec<_>>().join(", ")))
}

fn none(word: &str, current: Option<&api::Status<'_>>, all: &[api::Transition<'_>]) -> Error {
    let from = current.map_or_else(String::new, |current| format!(" from `{}`", current.name));
    let all: Vec<_> = all.iter().collect();
    let choices = match all.is_empty() {
        true => "the account can make no transition of this issue".to_owned(),
        false => format!("can become: {}", described(&all)),
    };
    Error::validation(format!("no transition leads{from} to `{word}`")).with_field("status", choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSITIONS: &str = r#"{"transitions":[
        {"id":"11","name":"Start","to":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}},
        {"id":"21","name":"Close","to":{"id":"5","name":"Done","statusCategory":{"key":"done"}},
         "fields":{"resolution":{"required":true,"name":"Resolution","schema":{"type":"resolution"},
                   "allowedValues":[{"id":"1","name":"Fixed"}]}}},
        {"id":"31","name":"Quick close","to":{"id":"5","name":"Done","statusCategory":{"key":"done"}}},
        {"id":"41","name":"Drop","to":{"id":"6","name":"Won't Do","statusCategory":{"key":"done"}}},
        {"id":"51","name":"Old"}]}"#;

    fn found(word: &str) -> Result<Option<String>> {
        let transitions: api::Transitions<'_> = serde_json::from_str(TRANSITIONS).unwrap();
        let current = r#"{"id":"1","name":"To Do","statusCategory":{"key":"new"}}"#;
        let current: api::Status<'_> = serde_json::from_str(current).unwrap();
        Ok(way_to(word, Some(&current), &transitions)?.map(|way| way.id))
    }

    #[test]
    fn a_state_is_found_by_its_name_its_id_its_category_or_the_transitions_own_name() {
        for (word, id) in [
            ("in progress", Some("11")),
            ("3", Some("11")),
            ("in_progress", Some("11")),
            ("Start", Some("11")),
            ("21", Some("21")),
            ("Done", Some("31")),
            ("done", Some("31")),
            ("canceled", Some("41")),
            ("Old", Some("51")),
            ("To Do", None),
            ("todo", None),
        ] {
            assert_eq!(found(word).unwrap().as_deref(), id, "{word}");
        }
    }

    #[test]
    fn transitions_of_one_name_to_several_states_are_an_error_that_names_them() {
        let found = |word: &str| -> Result<Option<String>> {
            let transitions = r#"{"transitions":[
                {"id":"11","name":"Next","to":{"id":"3","name":"Review"}},
                {"id":"21","name":"Next","to":{"id":"4","name":"Testing"}},
                {"id":"31","name":"Close","to":{"id":"5","name":"Done"}},
                {"id":"41","name":"Reject","to":{"id":"6","name":"Done"}},
                {"id":"51","name":"Back","to":{"id":"7","name":"Open"}},
                {"id":"61","name":"Back","to":{"id":"7","name":"Open"}},
                {"id":"71","name":"Old"},{"id":"81","name":"Old"}]}"#;
            let transitions: api::Transitions<'_> = serde_json::from_str(transitions).unwrap();
            Ok(way_to(word, None, &transitions)?.map(|way| way.id))
        };
        for word in ["next", "Done", "Old"] {
            assert!(found(word).unwrap_err().message().contains("several states"), "{word}");
        }
        let choices = found("next").unwrap_err().fields()[0].message.clone();
        assert!(choices.contains("`Testing` (state 4, by `Next`, transition 21)"), "{choices}");
        for (word, id) in [("Review", "11"), ("21", "21"), ("6", "41"), ("81", "81"), ("Back", "51")] {
            assert_eq!(found(word).unwrap().as_deref(), Some(id), "{word}");
        }
    }

    #[test]
    fn a_state_that_cannot_be_reached_is_an_error_that_lists_what_can() {
        let error = found("blocked").unwrap_err();
        let choices = &error.fields()[0].message;
        assert!(choices.contains("`In Progress` (by `Start`)") && choices.contains("`Old`"), "{choices}");
    }

    #[test]
    fn what_a_transition_asks_for_must_be_given() {
        let transitions: api::Transitions<'_> = serde_json::from_str(TRANSITIONS).unwrap();
        let way = way_to("Close", None, &transitions).unwrap().unwrap();
        let error = way.check(&Plan::default()).unwrap_err();
        assert_eq!(error.fields()[0].message, "is required, one of: Fixed");
        let mut plan = Plan::default();
        plan.set(FieldName::Resolution, "resolution", serde_json::json!({"id": "1"}));
        assert!(way.check(&plan).is_ok());
    }
}
