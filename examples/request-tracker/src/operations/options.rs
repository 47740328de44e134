//! What can be chosen in a queue, and what a ticket can become.

use futures_util::{StreamExt, TryStreamExt, stream};
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Level,
    message::{FieldOption, Options, OptionsScope, StateOption, Transition},
    model::{Named, Priority, Project},
};

use super::{queues, read};
use crate::{
    RequestTracker,
    api::{self, Beside, FieldRecord},
    key::Key,
    mapping::words,
};

/// The lifecycle whose states are known; those of others Request Tracker does not tell.
const DEFAULT_LIFECYCLE: &str = "default";
/// Types of fields whose values are a list.
const WITH_VALUES: &[&str] = &["Autocomplete", "Combobox", "Select"];
const AT_ONCE: usize = 6;

/// Returns queues, states, priorities and fields; for a ticket also what it can become.
pub(crate) async fn options(tracker: &RequestTracker, scope: &OptionsScope) -> Result<Options> {
    let all = queues::all(tracker).await?;
    let projects = all.iter().map(|queue| Project::new(queue.name.clone()).with_id(queue.id.0.clone()));
    let mut options = Options::default().with_projects(projects.collect::<Vec<_>>()).with_priorities(priorities());
    let mut asked = scope.project.clone();
    if let Some(key) = &scope.ticket {
        let answer = read::ticket(tracker, Key::parse(key)?).await?;
        let ticket: api::Ticket<'_> = answer.decode()?;
        asked = ticket.queue.as_ref().and_then(Beside::seen).map(|queue| queue.id.0.clone());
        options = options.with_transitions(transitions(&ticket));
    }
    let asked = asked.or_else(|| tracker.host.connection().default_project.clone());
    let Some(asked) = asked else { return Ok(options) };
    let queue = queues::find(&all, &asked)?;
    if queue.lifecycle == DEFAULT_LIFECYCLE {
        let state = |(name, category): &(&str, _)| StateOption::new(*name, Clone::clone(category));
        options = options.with_states(words::STATES.iter().map(state).collect::<Vec<_>>());
    }
    Ok(options.with_fields(fields(tracker, &queue.id.0).await?))
}

fn priorities() -> Vec<Priority> {
    let one = |(number, level): &(i64, _)| Priority::new(Clone::clone(level), number.to_string());
    words::PRIORITIES.iter().map(one).collect()
}

fn transitions(ticket: &api::Ticket<'_>) -> Vec<Transition> {
    let links = ticket.hyperlinks.iter().flatten().filter(|link| link.kind.as_deref() == Some("lifecycle"));
    let transition = |link: &api::Hyperlink<'_>| {
        let to = link.to.as_deref()?;
        let named = Transition::new(link.label.as_deref().unwrap_or(to));
        Some(named.with_to(StateOption::new(to, words::category(to))))
    };
    links.filter_map(transition).collect()
}

/// Returns the custom fields of a queue, or none where the account may not see them.
async fn fields(tracker: &RequestTracker, queue: &str) -> Result<Option<Vec<FieldOption>>> {
    let request = tracker.get(["queue", queue, "customfields"])?;
    let records = tracker.all(request.query("fields", "Name,Type,MaxValues,Pattern"), &"the custom fields").await;
    let records: Vec<FieldRecord> = match records {
        Ok(records) => records,
        Err(error) if matches!(error.kind(), ErrorKind::Permission | ErrorKind::NotFound) => {
            tracker.host.log(Level::Warning, &format!("the custom fields are left out: {error}"));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let fields = stream::iter(records).map(async |record: FieldRecord| field(tracker, record).await);
    fields.buffered(AT_ONCE).try_collect().await.map(Some)
}

async fn field(tracker: &RequestTracker, record: FieldRecord) -> Result<FieldOption> {
    let is_single = record.max_values.as_ref().is_some_and(|most| most.0 == "1");
    let value_type = words::field_type(&record.kind, is_single);
    let mut field = FieldOption::new(record.id.0.clone(), record.name, value_type);
    if !record.pattern.is_empty() {
        field = field.with_pattern(record.pattern);
    }
    if !WITH_VALUES.contains(&record.kind.as_str()) {
        return Ok(field);
    }
    match tracker.send(tracker.get(["customfield", &record.id.0])?, &"a custom field").await {
        Ok(answer) => {
            let values = answer.decode::<api::FieldValues>()?.values;
            let choices = values.and_then(|values| match values {
                Beside::Seen(values) => Some(values.into_iter().map(Named::new).collect::<Vec<_>>()),
                Beside::Hidden(_) => None,
            });
            Ok(field.with_choices(choices))
        }
        // Its values are for those with more rights.
        Err(error) if error.kind() == ErrorKind::Permission => Ok(field),
        Err(error) => Err(error),
    }
}
