//! New tickets: values that Request Tracker does not take it leaves out without a word, so that the ticket is read again.

use serde_json::json;
use usher_adapter_sdk::{
    Result,
    host::Method,
    message::{Clearable, Created, Draft, FieldName, Report},
};

use super::{
    queues,
    settle::{self, Plan, Wanted},
    update,
};
use crate::{RequestTracker, api::Made, key::Key, mapping::words, text};

/// Makes a ticket, and says of every field whether Request Tracker kept it.
pub(crate) async fn create(tracker: &RequestTracker, draft: &Draft) -> Result<Created> {
    let asked = queues::named(tracker, draft.project.as_deref())?;
    let all = queues::all(tracker).await?;
    let queue = queues::find(&all, asked)?.name.clone();
    let mut report = Report::of(draft.asked()).with_gaps(update::GAPS);
    let plan = plan(draft, queue, &mut report)?;
    let request = tracker.request(Method::Post, ["ticket"])?.json(&plan.body)?;
    let answer = tracker.send(request, &format!("a new ticket in `{asked}`")).await?;
    report.wrote();
    let id = answer.decode::<Made>()?.id.0;
    let key = Key::parse(&id.clone().into())?;
    // The message goes with the ticket: there is none without it.
    report.settle(&FieldName::Body, None);
    let said = match update::take(tracker, key, &plan, false).await {
        Ok(said) => said,
        Err(error) => vec![error.to_string()],
    };
    update::finish(tracker, key, &plan, &said, &mut report).await?;
    let url = format!("{}/Ticket/Display.html?id={id}", tracker.host.base_url()?);
    Ok(report.created(key).with_url(url))
}

fn plan(draft: &Draft, queue: String, report: &mut Report) -> Result<Plan> {
    let mut plan = Plan::default();
    plan.want(FieldName::Title, "Subject", draft.title.as_str(), Wanted::Title(draft.title.clone()));
    plan.want(FieldName::Project, "Queue", queue.clone(), Wanted::Queue(queue));
    if let Some(body) = &draft.body {
        report.alter(text::altered(body));
        plan.body.insert("Content".to_owned(), body.markdown.as_str().into());
        plan.body.insert("ContentType".to_owned(), "text/plain".into());
    }
    if let Some(status) = &draft.status {
        let state = words::state(status);
        plan.want(FieldName::Status, "Status", state.clone(), Wanted::Status(state));
    }
    if let Some(asked) = &draft.priority {
        update::priority(&mut plan, asked, report);
    }
    match &draft.assignees[..] {
        [] => {}
        [name] => update::want_owner(&mut plan, name),
        _ => report.refuse(&FieldName::Assignees, "a ticket has one owner: name one alone"),
    }
    if let Some(reporter) = &draft.reporter {
        plan.want(FieldName::Reporter, "Requestor", json!([reporter]), Wanted::Reporter(reporter.clone()));
    }
    if let Some(due) = &draft.due {
        let due = settle::due(due);
        plan.want(FieldName::Due, "Due", due.clone(), Wanted::Due(Some(due)));
    }
    if let Some(asked) = &draft.estimate {
        update::estimate(&mut plan, asked, report);
    }
    if let Some(parent) = &draft.parent {
        let number = Key::parse(parent)?.to_string();
        let has = vec![("MemberOf".to_owned(), number.clone())];
        plan.want(FieldName::Parent, "MemberOf", json!([number]), Wanted::Links { has, lacks: Vec::new() });
    }
    match update::named(&draft.links)? {
        None => report.refuse(&FieldName::Links, update::LINK_KINDS),
        Some(has) if !has.is_empty() => {
            for (name, target) in &has {
                let entry = plan.body.entry(name.clone()).or_insert_with(|| json!([]));
                if let Some(targets) = entry.as_array_mut() {
                    targets.push(json!(target));
                }
            }
            plan.wanted.push((FieldName::Links, Wanted::Links { has, lacks: Vec::new() }));
        }
        Some(_) => {}
    }
    for (name, value) in &draft.fields {
        plan.want_field(name, &Clearable::Set(value.clone()))?;
    }
    Ok(plan)
}
