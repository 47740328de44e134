//! Writes: what is made of them, and what is passed over in silence.

use serde_json::Value;

use super::{Asked, Instance, Row, TASKS, time};

/// Choices of the tables, by table, column, value and label.
const CHOICES: &[(&str, &str, &str, &str)] = &[
    ("incident", "state", "1", "New"),
    ("incident", "state", "2", "In Progress"),
    ("incident", "state", "3", "On Hold"),
    ("incident", "state", "6", "Resolved"),
    ("incident", "state", "7", "Closed"),
    ("incident", "state", "8", "Canceled"),
    ("problem", "state", "101", "New"),
    ("problem", "state", "107", "Closed"),
    ("task", "state", "1", "Open"),
    ("task", "state", "2", "Work in Progress"),
    ("task", "state", "3", "Closed Complete"),
    ("task", "priority", "1", "1 - Critical"),
    ("task", "priority", "2", "2 - High"),
    ("task", "priority", "3", "3 - Moderate"),
    ("task", "priority", "4", "4 - Low"),
    ("task", "priority", "5", "5 - Planning"),
    ("incident", "close_code", "Solved (Permanently)", "Solved (Permanently)"),
    ("incident", "close_code", "Not Solved (Not Reproducible)", "Not Solved (Not Reproducible)"),
    ("incident", "category", "network", "Network"),
    ("incident", "category", "inquiry", "Inquiry / Help"),
];

/// Columns as the dictionary has them: column, label, type.
const DICTIONARY: &[(&str, &str, &str)] = &[
    ("short_description", "Short description", "string"),
    ("state", "State", "integer"),
    ("u_site", "Site", "string"),
    ("comments", "Additional comments", "journal_input"),
];

/// The most characters of a title; what is longer is cut without a word.
const LONGEST_TITLE: usize = 160;

impl Instance {
    pub(super) fn add_choices(&mut self) {
        for (place, &(table, column, value, label)) in CHOICES.iter().enumerate() {
            let sequence = format!("{place:03}");
            self.add(
                "sys_choice",
                &[
                    ("name", table),
                    ("element", column),
                    ("value", value),
                    ("label", label),
                    ("inactive", "false"),
                    ("sequence", &sequence),
                ],
            );
        }
        for &(column, label, kind) in DICTIONARY {
            self.add(
                "sys_dictionary",
                &[
                    ("name", "task"),
                    ("element", column),
                    ("column_label", label),
                    ("internal_type", kind),
                    ("active", "true"),
                    ("mandatory", "false"),
                    ("max_length", "160"),
                    ("read_only", "false"),
                ],
            );
        }
    }

    /// Makes a ticket, and returns its id.
    pub(super) fn create(&mut self, table: &str, user: &str, columns: &[(String, String)]) -> String {
        let prefix = TASKS.iter().find(|(known, ..)| *known == table).map_or("TASK", |(_, prefix, _)| *prefix);
        let number = 10_001 + self.tables.get(table).map_or(0, Vec::len);
        let (number, opened_by) = (format!("{prefix}{number:07}"), self.id_of(user));
        let state = match table {
            "problem" => "101",
            "change_request" => "-5",
            _ => "1",
        };
        let now = time::text(self.clock + 1);
        let sys_id = self.add(
            table,
            &[
                ("number", &number),
                ("sys_class_name", table),
                ("state", state),
                ("active", "true"),
                ("impact", "3"),
                ("urgency", "3"),
                ("priority", "5"),
                ("opened_by", &opened_by),
                ("opened_at", &now),
                ("sys_mod_count", "-1"),
                ("sys_created_by", user),
                ("sys_created_on", &now),
            ],
        );
        self.write(&sys_id, user, columns);
        sys_id
    }

    /// Writes columns; those that are not there or may not be written are passed over.
    pub(super) fn write(&mut self, sys_id: &str, user: &str, columns: &[(String, String)]) {
        self.clock += 1;
        let now = time::text(self.clock);
        let table = self.row(sys_id).map(|row| row["sys_class_name"].clone()).unwrap_or_default();
        let known = self.columns_of(&table);
        for (column, value) in columns {
            let is_fixed = column.starts_with("sys_")
                || self.fixed_columns.contains(column)
                || self.hidden_columns.contains(column);
            if !known.contains(column) || is_fixed || !self.refers(column, value) {
                continue;
            }
            match column.as_str() {
                "comments" | "work_notes" if value.trim().is_empty() => {}
                "comments" | "work_notes" => {
                    self.add(
                        "sys_journal_field",
                        &[
                            ("element_id", sys_id),
                            ("element", column),
                            ("name", &table),
                            ("value", value),
                            ("sys_created_by", user),
                            ("sys_created_on", &now),
                        ],
                    );
                }
                "short_description" => self.set(sys_id, column, &value.chars().take(LONGEST_TITLE).collect::<String>()),
                _ => self.set(sys_id, column, value),
            }
        }
        self.settle(sys_id, user, &now);
    }

    /// Says whether a data policy forbids a write: an incident is not resolved or closed without code and notes.
    pub(super) fn refusal(&self, table: &str, sys_id: Option<&str>, columns: &[(String, String)]) -> bool {
        let written = |name: &str| columns.iter().find(|(column, _)| column == name).map(|(_, value)| value.as_str());
        let closes = table == "incident" && matches!(written("state"), Some("6" | "7"));
        let is_there = |name: &str| {
            let own = sys_id.and_then(|sys_id| self.row(sys_id)?.get(name)).map(String::as_str);
            written(name).or(own).is_some_and(|value| !value.is_empty())
        };
        closes && !(is_there("close_code") && is_there("close_notes"))
    }

    fn set(&mut self, sys_id: &str, column: &str, value: &str) {
        if let Some(row) = self.row_mut(sys_id) {
            row.insert(column.to_owned(), value.to_owned());
        }
    }

    /// Does what business rules do after a write.
    fn settle(&mut self, sys_id: &str, user: &str, now: &str) {
        let Some(row) = self.row_mut(sys_id) else { return };
        let value = |row: &Row, column: &str| row.get(column).cloned().unwrap_or_default();
        let (table, state) = (value(row, "sys_class_name"), value(row, "state"));
        if matches!(&*table, "incident" | "problem") {
            let sum =
                value(row, "impact").parse::<i32>().unwrap_or(3) + value(row, "urgency").parse::<i32>().unwrap_or(3);
            row.insert("priority".to_owned(), i32::max(1, sum - 1).to_string());
        }
        let closed = match &*table {
            "incident" => matches!(&*state, "7" | "8"),
            "problem" => state == "107",
            "change_request" => matches!(&*state, "3" | "4"),
            _ => matches!(&*state, "3" | "4" | "7"),
        };
        row.insert("active".to_owned(), (!closed).to_string());
        if closed && value(row, "closed_at").is_empty() {
            row.insert("closed_at".to_owned(), now.to_owned());
        }
        let count = value(row, "sys_mod_count").parse::<i64>().unwrap_or_default() + 1;
        row.insert("sys_mod_count".to_owned(), count.to_string());
        row.insert("sys_updated_on".to_owned(), now.to_owned());
        row.insert("sys_updated_by".to_owned(), user.to_owned());
    }
}

/// Reads the columns of a request: an object of texts.
pub(super) fn columns(asked: &Asked<'_>) -> Result<Vec<(String, String)>, String> {
    if asked.content_type.is_none_or(|kind| !kind.starts_with("application/json")) {
        return Err("the body is no JSON".to_owned());
    }
    let body: Value = serde_json::from_slice(asked.body).map_err(|error| error.to_string())?;
    let columns = body.as_object().ok_or("the body is no object")?;
    let column = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok((name.clone(), text.clone())),
        other => Err(format!("`{name}` is no text: {other}")),
    };
    columns.iter().map(column).collect()
}
