//! The journal: rows of `sys_journal_field`, or the text in which a record shows them all.

use usher_adapter_sdk::model::{Note, User, Visibility};

use super::{plain, utc};
use crate::api::Record;

/// Returns a row of the journal as a note.
pub(crate) fn note(row: &Record<'_>) -> Note {
    let author = row.filled("sys_created_by").map(|name| User::new(&*name.value).with_handle(name.value.to_string()));
    Note::new(row.value("sys_id"), plain(row.value("value")))
        .with_author(author)
        .with_visibility(visibility(row.value("element")))
        .with_created_at(utc(row.value("sys_created_on")))
}

/// Returns the entries of a journal column as its label shows them, oldest first.
///
/// Each begins with a line such as `2026-11-21 03:07:00 - Ada Lovelace (Work notes)`. That time is in the time zone, and in
/// the way of writing, of whoever asks, and is not read; the line as a whole is the entry's id.
pub(crate) fn of_display(column: &str, text: &str) -> Vec<Note> {
    let mut notes: Vec<(String, Option<User>, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let id = || format!("{column}: {line}");
        match (heading(line), notes.last_mut()) {
            (Some(name), _) => {
                let author = User::new(name).with_display_name(name.to_owned());
                notes.push((id(), Some(author), Vec::new()));
            }
            (None, Some((.., lines))) => lines.push(line),
            (None, None) => notes.push((id(), None, vec![line])),
        }
    }
    let notes = notes.into_iter().rev().map(|(id, author, lines)| {
        Note::new(id, plain(lines.join("\n").trim())).with_author(author).with_visibility(visibility(column))
    });
    notes.filter(|note| !note.body.markdown.is_empty()).collect()
}

fn visibility(column: &str) -> Visibility {
    match column {
        "comments" => Visibility::Public,
        "work_notes" => Visibility::Internal,
        _ => Visibility::UNKNOWN,
    }
}

/// Returns the name in the line that an entry begins with.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim_end();
    let (time, rest) = line.split_once(" - ")?;
    let is_time = time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':');
    let (name, label) = rest.strip_suffix(')')?.rsplit_once(" (")?;
    (is_time && !name.is_empty() && !label.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_apart_by_their_first_lines_and_come_oldest_first() {
        let text = "2026-11-21 03:07:00 - Ada Lovelace (Work notes)\nSecond\n\n- a list\n\n\
                    20.11.2026 09:00 - Tom (x) (Arbeitsnotizen)\nFirst\n\n";
        let notes = of_display("work_notes", text);
        let read: Vec<_> =
            notes.iter().map(|note| (note.author.as_ref().unwrap().label(), &*note.body.markdown)).collect();
        assert_eq!(read, [("Tom (x)", "First"), ("Ada Lovelace", "Second\n\n- a list")]);
        assert!(notes.iter().all(|note| note.visibility == Visibility::Internal && note.created_at.is_none()));
    }

    #[test]
    fn what_has_no_heading_is_one_note_and_nothing_is_none() {
        assert_eq!(of_display("comments", "just\ntext")[0].body.markdown, "just\ntext");
        assert_eq!(of_display("comments", ""), []);
    }
}
