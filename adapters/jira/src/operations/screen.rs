//! Screens: the fields that can be filled when an issue is made, edited or moved on, and what each of them takes.

use std::collections::BTreeMap;

use usher_adapter_sdk::{
    Error, Result,
    message::FieldOption,
    model::{FieldType, Named},
};

use super::paging;
use crate::{
    Jira, api,
    key::Key,
    mapping::{self, same},
};

/// The fields of a screen.
#[derive(Debug, Default)]
pub(super) struct Screen(Vec<Field>);

/// A field of a screen.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub id: String,
    pub name: String,
    pub required: bool,
    pub has_default: bool,
    pub kind: String,
    pub items: String,
    pub value_type: FieldType,
    /// The values that it takes, where they are a list.
    pub allowed: Option<Vec<Named>>,
}

impl Screen {
    /// Returns the fields by which an issue can be edited.
    pub(super) async fn of_edit(jira: &Jira, key: Key<'_>) -> Result<Self> {
        #[derive(serde::Deserialize)]
        struct EditMeta<'a> {
            #[serde(borrow, default)]
            fields: BTreeMap<usher_adapter_sdk::decode::Text<'a>, api::FieldMeta<'a>>,
        }
        let response = jira.send(&key, |api| api.get(["issue", key.as_str(), "editmeta"])).await?;
        let meta: EditMeta<'_> = response.decode()?;
        Ok(Self(meta.fields.iter().map(|(id, field)| Field::of(id, field)).collect()))
    }

    /// Returns the fields that a new issue of a type can have.
    pub(super) async fn of_new(jira: &Jira, project: &str, type_id: &str) -> Result<Self> {
        let path = ["issue", "createmeta", project, "issuetypes", type_id];
        let pages = paging::all(jira, &project, |api| api.get(path)).await?;
        let mut fields = Vec::new();
        for page in &pages {
            let page: api::FieldPage<'_> = page.decode()?;
            fields.extend(page.fields.iter().map(|field| {
                let id = field.field_id.as_deref().or(field.key.as_deref()).unwrap_or_default();
                Field::of(id, field)
            }));
        }
        Ok(Self(fields))
    }

    /// Returns the fields that a transition asks for.
    pub(super) fn of_transition(transition: &api::Transition<'_>) -> Self {
        Self(transition.fields.iter().map(|(id, field)| Field::of(id, field)).collect())
    }

    /// Returns every field.
    pub(super) fn fields(&self) -> &[Field] {
        &self.0
    }

    /// Returns a field by its id.
    pub(super) fn get(&self, id: &str) -> Option<&Field> {
        self.0.iter().find(|field| field.id == id)
    }

    /// Returns a field by its id or its name; two may share a name.
    pub(super) fn find(&self, name: &str) -> Result<Option<&Field>> {
        if let Some(field) = self.get(name) {
            return Ok(Some(field));
        }
        let fitting: Vec<&Field> = self.0.iter().filter(|field| same(&field.name, name)).collect();
        match fitting[..] {
            [] => Ok(None),
            [field] => Ok(Some(field)),
            _ => {
                let ids: Vec<&str> = fitting.iter().map(|field| field.id.as_str()).collect();
                Err(Error::validation(format!("{} fields are called `{name}`", ids.len()))
                    .with_field(name, format!("name it by id: {}", ids.join(", "))))
            }
        }
    }
}

impl Field {
    fn of(id: &str, meta: &api::FieldMeta<'_>) -> Self {
        let schema = meta.schema.as_ref();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let allowed = meta.allowed_values.as_ref();
        Self {
            id: id.to_owned(),
            name: meta.name.as_deref().unwrap_or(id).to_owned(),
            required: meta.required,
            has_default: meta.has_default_value,
            kind: text(schema.and_then(|schema| schema.kind.as_deref())),
            items: text(schema.and_then(|schema| schema.items.as_deref())),
            value_type: schema.map(mapping::field_type).unwrap_or_default(),
            allowed: allowed.map(|values| values.iter().filter_map(|value| mapping::choice_of(value)).collect()),
        }
    }

    /// Returns the choice that a text names, by id or by name.
    pub(super) fn choice(&self, text: &str) -> Option<&Named> {
        let allowed = self.allowed.as_deref().unwrap_or_default();
        let by_name = allowed.iter().find(|choice| same(&choice.name, text));
        by_name.or_else(|| allowed.iter().find(|choice| choice.id.as_deref() == Some(text)))
    }

    /// Returns the error of a value that is none of the choices.
    pub(super) fn no_choice(&self, field: &str, text: &str) -> Error {
        let allowed = self.allowed.as_deref().unwrap_or_default();
        let names: Vec<&str> = allowed.iter().map(|choice| choice.name.as_str()).collect();
        let choices = if names.is_empty() { "there is none".to_owned() } else { names.join(", ") };
        Error::validation(format!("`{text}` is none of the choices of {}", self.name))
            .with_field(field, format!("can be: {choices}"))
    }

    /// Returns it as what can be chosen.
    pub(super) fn option(&self) -> FieldOption {
        FieldOption::new(&*self.id, &*self.name, self.value_type.clone())
            .with_required(self.required && !self.has_default)
            .with_choices(self.allowed.clone())
    }
}
