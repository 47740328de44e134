//! What is known of a site's fields: their names, what they hold, and which of them play a part of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::decode::Text;

use super::words::same;
use crate::api;

/// The part that a custom field plays for every issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The sprints that an issue is or was in.
    Sprint,
    /// The epic that it belongs to, where that is not the parent.
    EpicLink,
    /// Its estimate in points.
    StoryPoints,
}

/// The types of custom fields that play a part, by the end of their name.
const ROLES: &[(&str, Role)] =
    &[(":gh-epic-link", Role::EpicLink), (":gh-sprint", Role::Sprint), (":jsw-story-points", Role::StoryPoints)];

/// What people call the number field that holds points on sites that made it themselves.
const POINTS: &[&str] = &["story point estimate", "story points"];

/// Returns the part that a field plays.
pub(super) fn role(name: Option<&str>, schema: Option<&api::FieldSchema<'_>>) -> Option<Role> {
    let schema = schema?;
    let custom = schema.custom.as_deref()?;
    let by_type = ROLES.iter().find(|(end, _)| custom.ends_with(end)).map(|(_, role)| *role);
    by_type.or_else(|| {
        let is_points = POINTS.iter().any(|points| name.is_some_and(|name| same(name, points)));
        (is_points && schema.kind.as_deref() == Some("number")).then_some(Role::StoryPoints)
    })
}

/// The fields of a site, by id.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Catalogue(BTreeMap<String, KnownField>);

/// What is known of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct KnownField {
    pub name: Option<String>,
    kind: Option<String>,
    items: Option<String>,
    custom: Option<String>,
}

impl Catalogue {
    /// Returns the catalogue of fields that a site has listed.
    pub(crate) fn of(fields: &[api::Field<'_>]) -> Self {
        let owned = |text: &Option<Text<'_>>| text.as_deref().map(str::to_owned);
        let known = |field: &api::Field<'_>| {
            let schema = field.schema.as_ref();
            let known = KnownField {
                name: owned(&field.name),
                kind: schema.and_then(|schema| owned(&schema.kind)),
                items: schema.and_then(|schema| owned(&schema.items)),
                custom: schema.and_then(|schema| owned(&schema.custom)),
            };
            (field.id.to_string(), known)
        };
        Self(fields.iter().map(known).collect())
    }

    /// Returns only the fields that play a part: few enough to be remembered.
    pub(crate) fn with_roles(&self) -> Self {
        let with_role = |(_, field): &(&String, &KnownField)| field.role().is_some();
        let fields = self.0.iter().filter(with_role);
        Self(fields.map(|(id, field)| (id.clone(), field.clone())).collect())
    }

    /// Returns a field by its id.
    pub(crate) fn get(&self, id: &str) -> Option<&KnownField> {
        self.0.get(id)
    }

    /// Returns the ids of all fields that play that part.
    pub(crate) fn ids_of(&self, role: Role) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, field)| field.role() == Some(role)).map(|(id, _)| id.as_str())
    }

    /// Returns the ids of all fields that play a part.
    pub(crate) fn role_ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, field)| field.role().is_some()).map(|(id, _)| id.as_str())
    }
}

impl KnownField {
    /// Returns the part that it plays.
    pub(crate) fn role(&self) -> Option<Role> {
        role(self.name.as_deref(), Some(&self.schema()))
    }

    /// Returns what it holds.
    pub(super) fn schema(&self) -> api::FieldSchema<'_> {
        let text = |text: &'_ Option<String>| text.clone().map(Text::from);
        api::FieldSchema { kind: text(&self.kind), items: text(&self.items), custom: text(&self.custom), system: None }
    }
}
