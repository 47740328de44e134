//! What Linear knows of an issue and the ticket has no place of its own for: custom fields, by Linear's names. Fields that
//! somebody made up do not exist there.

use usher_adapter_sdk::{
    Result,
    model::{CustomField, FieldType},
};

use super::people;
use crate::api;

/// Returns the custom fields of an issue.
pub(super) fn of(issue: &api::Issue<'_>) -> Result<Vec<CustomField>> {
    let mut fields = Fields(Vec::new());
    fields.add("branchName", FieldType::Text, issue.branch_name.as_deref())?;
    fields.add("startedAt", FieldType::DateTime, issue.started_at)?;
    // Of an issue that was both, the ticket shows when it was completed.
    fields.add("canceledAt", FieldType::DateTime, issue.canceled_at.filter(|_| issue.completed_at.is_some()))?;
    fields.add("archivedAt", FieldType::DateTime, issue.archived_at)?;
    fields.add("trashed", FieldType::Boolean, issue.trashed.filter(|is_trashed| *is_trashed))?;
    fields.add("snoozedUntilAt", FieldType::DateTime, issue.snoozed_until_at)?;
    fields.add("integrationSourceType", FieldType::Text, issue.integration_source_type.as_deref())?;
    fields.add("slaType", FieldType::Text, issue.sla_type.as_deref())?;
    fields.add("slaStartedAt", FieldType::DateTime, issue.sla_started_at)?;
    fields.add("slaBreachesAt", FieldType::DateTime, issue.sla_breaches_at)?;
    // `triage` and `backlog`, `canceled` and `duplicate` fall into one step each.
    let kind = issue.state.as_ref().and_then(|state| state.kind.as_deref());
    fields.add("state.type", FieldType::Text, kind)?;
    fields.add("delegate", FieldType::User, issue.delegate.as_ref().map(people::user))?;
    let creator = issue.creator.as_ref().and_then(Option::as_ref);
    let outside = issue.external_user_creator.as_ref();
    // Whoever is not the reporter, because another one is.
    fields.add("externalUserCreator", FieldType::User, outside.filter(|_| creator.is_some()).map(people::external))?;
    let bot = issue.bot_actor.as_ref().filter(|_| creator.is_some() || outside.is_some());
    fields.add("botActor", FieldType::User, bot.map(people::bot))?;
    Ok(fields.0)
}

struct Fields(Vec<CustomField>);

impl Fields {
    fn add<T: serde::Serialize>(&mut self, id: &str, value_type: FieldType, value: Option<T>) -> Result<()> {
        if let Some(value) = value {
            self.0.push(CustomField::new(id, value_type, &value)?);
        }
        Ok(())
    }
}
