//! The ways from one status to another, and the fields that stand in the way.

use serde_json::{Map, Value, json};

use super::{
    change::{self, Screen},
    issues::members,
    meta, place,
    render::Site,
    reply::{Refusal, Reply},
    service::Call,
    state::{Issue, State, Transition},
};

pub(super) fn list(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let with_fields =
        call.query.get("expand").is_some_and(|expand| expand.split(',').any(|part| part == "transitions.fields"));
    let wanted = call.query.get("transitionId");
    let mut transitions = call.site.transitions(state, &state.issues[&id], with_fields);
    transitions.retain(|transition| wanted.is_none_or(|wanted| transition["id"] == wanted.as_str()));
    Ok(Reply::read(&json!({ "expand": "transitions", "transitions": transitions })))
}

pub(super) fn perform(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let id = place::issue(state, call)?;
    let wanted = call.body["transition"]["id"].as_str().unwrap_or_default();
    let mut issue = state.issues[&id].clone();
    let transition = open_ways(state, &issue).find(|way| way.id.to_string() == wanted).cloned();
    let message = format!("Transition id '{wanted}' is not valid for this issue.");
    let transition = transition.ok_or_else(|| Refusal::new(400, message))?;
    let screen = Screen::new(&transition.fields);
    change::apply(state, call, &mut issue, &screen, &members(&call.body["fields"]), &members(&call.body["update"]))?;
    let done = state.statuses[transition.to].category == "done";
    let now = place::changing(state, id).updated;
    (issue.status, issue.updated) = (transition.to, now);
    issue.resolved = done.then_some(now);
    issue.resolution = if done { issue.resolution.or(Some(0)) } else { None };
    state.issues.insert(id, issue);
    Ok(Reply::done(204))
}

impl Site {
    /// Returns the ways that are open to an issue.
    pub(super) fn transitions(&self, state: &State, issue: &Issue, with_fields: bool) -> Vec<Value> {
        let json = |way: &Transition| {
            let mut json = json!({
                "id": way.id.to_string(),
                "name": way.name,
                "to": self.status(&state.statuses[way.to]),
                "hasScreen": !way.fields.is_empty(),
                "isGlobal": way.from.is_none(),
                "isInitial": false,
                "isConditional": false,
            });
            if self.cloud {
                json["isAvailable"] = json!(true);
                json["looped"] = json!(false);
            }
            if with_fields {
                let fields = way
                    .fields
                    .iter()
                    .map(|(id, required)| (id.clone(), meta::field(self, state, issue.project, id, *required)));
                json["fields"] = Value::Object(fields.collect::<Map<_, _>>());
            }
            json
        };
        open_ways(state, issue).map(json).collect()
    }
}

fn open_ways<'a>(state: &'a State, issue: &Issue) -> impl Iterator<Item = &'a Transition> {
    let status = issue.status;
    let ways = state.projects[issue.project].transitions.iter();
    ways.filter(move |way| way.from.as_ref().is_none_or(|from| from.contains(&status)))
}
