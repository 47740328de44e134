//! Custom fields of a board, and what of a card has no other place: start, position, votes, where it is, and checklists.

use std::fmt::Write as _;

use usher_adapter_sdk::{
    Result,
    model::{CustomField, FieldType},
};

use crate::api;

/// The name of the field that says when work begins.
pub(crate) const START: &str = "start";
/// The name of the field that says where on its list a card is.
pub(crate) const POSITION: &str = "pos";

/// Types of custom fields, sorted.
const TYPES: &[(&str, FieldType)] = &[
    ("checkbox", FieldType::Boolean),
    ("date", FieldType::DateTime),
    ("list", FieldType::Choice),
    ("number", FieldType::Number),
    ("text", FieldType::Text),
];

/// Returns the type of a custom field.
pub(crate) fn field_type(kind: Option<&str>) -> FieldType {
    let Some(kind) = kind else { return FieldType::UNKNOWN };
    let place = TYPES.binary_search_by(|(known, _)| (*known).cmp(kind));
    place.map_or(FieldType::UNKNOWN, |place| TYPES[place].1.clone())
}

/// Returns the fields of a card: those of the board, the card's own, and a field for each checklist.
pub(super) fn of(card: &api::Card<'_>, board: Option<&api::Board>) -> Result<Vec<CustomField>> {
    let mut fields = Vec::new();
    for item in card.custom_field_items.iter().flatten() {
        fields.extend(custom(item, board)?);
    }
    fields.extend(own(card)?);
    let mut checklists: Vec<&api::Checklist<'_>> = card.checklists.iter().flatten().collect();
    checklists.sort_by(|one, other| by_position(one.pos, other.pos));
    for checklist in checklists {
        let field = CustomField::new(&*checklist.id, FieldType::RichText, &lines(checklist))?;
        fields.push(match checklist.name.as_deref() {
            Some(name) => field.with_name(name),
            None => field,
        });
    }
    Ok(fields)
}

/// Returns what a card has beside its board's fields.
fn own(card: &api::Card<'_>) -> Result<Vec<CustomField>> {
    let mut fields = Vec::new();
    if let Some(start) = card.start {
        fields.push(CustomField::new(START, FieldType::DateTime, &start)?.with_name("Start"));
    }
    if let Some(pos) = card.pos {
        fields.push(CustomField::new(POSITION, FieldType::Number, &pos)?.with_name("Position"));
    }
    if let Some(votes) = card.badges.and_then(|badges| badges.votes).filter(|votes| *votes > 0) {
        fields.push(CustomField::new("votes", FieldType::Number, &votes)?.with_name("Votes"));
    }
    for (id, name, value) in [("address", "Address", &card.address), ("locationName", "Location", &card.location_name)]
    {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            fields.push(CustomField::new(id, FieldType::Text, value)?.with_name(name));
        }
    }
    if let Some(coordinates) = &card.coordinates {
        fields.push(CustomField::new("coordinates", FieldType::UNKNOWN, coordinates)?.with_name("Coordinates"));
    }
    Ok(fields)
}

/// Returns the value of a field. All values are strings; one that is not what its kind says stays the string.
fn custom(item: &api::CustomFieldItem<'_>, board: Option<&api::Board>) -> Result<Option<CustomField>> {
    let id = &*item.id_custom_field;
    let defined = board.and_then(|board| board.custom_fields.iter().find(|field| field.id == id));
    let named = |field: CustomField| match defined.and_then(|field| field.name.as_deref()) {
        Some(name) => field.with_name(name),
        None => field,
    };
    if let Some(choice) = item.id_value.as_deref().filter(|choice| !choice.is_empty()) {
        let options = defined.map_or(&[][..], |field| &field.options);
        let name = options.iter().find(|option| option.id == choice).and_then(|option| option.value.text.as_deref());
        return CustomField::new(id, FieldType::Choice, name.unwrap_or(choice)).map(named).map(Some);
    }
    let Some(value) = &item.value else { return Ok(None) };
    let text = |kind: FieldType, text: &str| CustomField::new(id, kind, text);
    let field = if let Some(number) = value.number.as_deref() {
        match number.parse::<f64>().ok().filter(|number| number.is_finite()) {
            Some(number) => CustomField::new(id, FieldType::Number, &number)?,
            None => text(FieldType::UNKNOWN, number)?,
        }
    } else if let Some(checked) = value.checked.as_deref() {
        match checked.parse::<bool>() {
            Ok(checked) => CustomField::new(id, FieldType::Boolean, &checked)?,
            Err(_) => text(FieldType::UNKNOWN, checked)?,
        }
    } else if let Some(date) = value.date.as_deref() {
        text(FieldType::DateTime, date)?
    } else if let Some(words) = value.text.as_deref() {
        text(FieldType::Text, words)?
    } else {
        return Ok(None);
    };
    Ok(Some(named(field)))
}

/// Returns a checklist as a task list of Markdown.
fn lines(checklist: &api::Checklist<'_>) -> String {
    let mut items: Vec<&api::CheckItem<'_>> = checklist.check_items.iter().collect();
    items.sort_by(|one, other| by_position(one.pos, other.pos));
    let mut lines = String::new();
    for item in items {
        let mark = if item.state.as_deref() == Some("complete") { 'x' } else { ' ' };
        let name = item.name.as_deref().unwrap_or_default();
        let due = item.due.map_or_else(String::new, |due| format!(" (due {due})"));
        // A string takes everything.
        let _ = writeln!(lines, "- [{mark}] {name}{due}");
    }
    lines
}

fn by_position(one: Option<f64>, other: Option<f64>) -> std::cmp::Ordering {
    one.unwrap_or(f64::MAX).total_cmp(&other.unwrap_or(f64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_and_another_one_is_unknown() {
        assert!(TYPES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(field_type(Some("checkbox")), FieldType::Boolean);
        assert!(field_type(Some("formula")).is_unknown() && field_type(None).is_unknown());
    }
}
