//! Rows as answers show them, in the shapes that `sysparm_display_value` asks for.

use serde_json::{Map, Value, json};

use super::{Asked, Instance, Row, TASKS, parameter, time};

/// Columns that refer to other rows, the table, and the column there that people read.
const REFERENCES: &[(&str, &str, &str)] = &[
    ("assigned_to", "sys_user", "name"),
    ("assignment_group", "sys_user_group", "name"),
    ("caller_id", "sys_user", "name"),
    ("caused_by", "task", "number"),
    ("opened_by", "sys_user", "name"),
    ("parent", "task", "number"),
    ("parent_incident", "task", "number"),
    ("problem_id", "task", "number"),
    ("requested_by", "sys_user", "name"),
    ("rfc", "task", "number"),
];

impl Instance {
    /// Returns a row with the columns that were asked for; one that is not there, or that is hidden, is left out.
    pub(super) fn render(&self, table: &str, row: &Row, asked: &Asked<'_>) -> Value {
        let columns = self.columns_of(table);
        let names: Vec<String> = match parameter(asked, "sysparm_fields") {
            Some(fields) => fields.split(',').map(str::to_owned).collect(),
            None => columns.iter().cloned().collect(),
        };
        let mode = parameter(asked, "sysparm_display_value").unwrap_or("false");
        let excludes = parameter(asked, "sysparm_exclude_reference_link") == Some("true");
        let mut shown = Map::new();
        for name in names {
            let base = name.split('.').next().unwrap_or_default();
            let is_hidden = self.hidden_columns.contains(base) || self.unreadable_columns.contains(base);
            if columns.contains(base) && !is_hidden {
                let (value, display) = self.column(table, row, &name);
                let is_reference = REFERENCES.iter().any(|(column, ..)| *column == name);
                shown.insert(name, shape(mode, &value, &display, is_reference && !excludes, is_reference));
            }
        }
        Value::Object(shown)
    }

    /// Says whether a reference points at something that is there.
    pub(super) fn refers(&self, column: &str, value: &str) -> bool {
        let known = REFERENCES.iter().find(|(known, ..)| *known == column);
        value.is_empty()
            || known.is_none_or(|(_, table, _)| self.rows_of(table).iter().any(|row| row["sys_id"] == value))
    }

    /// Returns value and label of a column, also of one in the row that another one refers to.
    fn column(&self, table: &str, row: &Row, name: &str) -> (String, String) {
        let value = |column: &str| row.get(column).cloned().unwrap_or_default();
        if let Some((base, other)) = name.split_once('.') {
            let text = self.row(&value(base)).and_then(|row| row.get(other).cloned()).unwrap_or_default();
            return (text.clone(), text);
        }
        let own = value(name);
        // The journal reads back empty, and its label is all that was written.
        if matches!((name, table), ("comments" | "work_notes", _)) {
            return (String::new(), self.journal(&value("sys_id"), name));
        }
        let display = match name {
            "sys_class_name" => TASKS.iter().find(|(known, ..)| *known == own).map(|(.., label)| (*label).to_owned()),
            _ => match REFERENCES.iter().find(|(known, ..)| *known == name) {
                Some((_, _, column)) => self.row(&own).and_then(|row| row.get(*column).cloned()),
                None => self
                    .label(table, name, &own)
                    .or_else(|| time::seconds(&own).map(|seconds| time::text(seconds + self.zone_hours * 3_600))),
            },
        };
        (own.clone(), display.unwrap_or(own))
    }

    /// Returns the label of a choice.
    fn label(&self, table: &str, column: &str, value: &str) -> Option<String> {
        let choices = self.tables.get("sys_choice")?;
        let own = |name: &str| {
            choices.iter().find(|row| row["name"] == name && row["element"] == column && row["value"] == value)
        };
        own(table).or_else(|| own("task")).map(|row| row["label"].clone())
    }

    /// Returns the entries of a journal column as people read them, the newest first.
    fn journal(&self, sys_id: &str, column: &str) -> String {
        let label = if column == "comments" { "Additional comments" } else { "Work notes" };
        let rows = self.tables.get("sys_journal_field").into_iter().flatten();
        let own = rows.filter(|row| row["element_id"] == sys_id && row["element"] == column);
        let entries = own.map(|row| {
            let at = time::seconds(&row["sys_created_on"]).unwrap_or_default() + self.zone_hours * 3_600;
            let author = self.tables["sys_user"].iter().find(|user| user["user_name"] == row["sys_created_by"]);
            let author = author.map_or("System", |user| user["name"].as_str());
            format!("{} - {author} ({label})\n{}\n\n", time::text(at), row["value"])
        });
        entries.collect::<Vec<_>>().into_iter().rev().collect()
    }
}

/// Returns a value in the shape that was asked for. An empty reference is an empty string, whatever was asked for.
fn shape(mode: &str, value: &str, display: &str, link: bool, is_reference: bool) -> Value {
    let address = || format!("https://instance.example/api/now/table/x/{value}");
    match (mode, value.is_empty() && is_reference) {
        (_, true) => json!(""),
        ("all", _) if link => json!({ "display_value": display, "value": value, "link": address() }),
        ("all", _) => json!({ "display_value": display, "value": value }),
        ("true", _) => json!(display),
        _ if link => json!({ "value": value, "link": address() }),
        _ => json!(value),
    }
}
