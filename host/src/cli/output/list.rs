//! Tickets written as they come, in any form, with flat memory.

use serde::Serialize;
use usher_adapter_sdk::ErrorKind;
use usher_adapter_sdk::model::Ticket;

use super::columns::{Column, Layout};
use super::completeness::ListCompleteness;
use super::csv::Csv;
use super::error::ErrorReport;
use super::facts::Facts;
use super::fields::Fields;
use super::format::Format;
use super::out::{Out, Stop};
use super::style::{CUT, View, paint};
use super::table::Cell;
use super::{details, markdown, sanitize, select, ticket};
use crate::service::AnswerFacts;

/// How many rows are laid out together; the first of them settle the widths of all.
const BATCH: usize = 200;

/// A list of tickets on its way out.
///
/// Tickets are one JSON object each, as the host keeps them: valid, without a line break inside. JSON forms
/// pass these bytes on; only `--fields` and the forms for people look into them. The end of the list,
/// [`ListWriter::finish`], says how whole it is, on stdout for `--json` and on stderr otherwise.
#[derive(Debug)]
pub struct ListWriter<'o> {
    out: &'o mut Out,
    format: Format,
    fields: Option<Fields>,
    several_connections: bool,
    in_full: bool,
    is_quiet: bool,
    rows: Rows,
    count: u64,
    scratch: Vec<u8>,
    /// What a filter gets at the end: it sees the whole document.
    document: Vec<u8>,
}

/// Rows that wait for their batch to be full.
#[derive(Debug, Default)]
struct Rows {
    columns: Vec<Column>,
    layout: Option<Layout>,
    csv: Csv,
    waiting: Vec<Vec<Cell>>,
}

impl<'o> ListWriter<'o> {
    /// Returns a list in that form, of these fields or of what the form shows by itself.
    pub fn new(format: Format, fields: Option<Fields>, out: &'o mut Out) -> Self {
        let rows = Rows { csv: Csv::new(out.view().is_terminal()), ..Rows::default() };
        let (scratch, document) = (Vec::new(), Vec::new());
        Self {
            out,
            format,
            fields,
            several_connections: false,
            in_full: false,
            is_quiet: false,
            rows,
            count: 0,
            scratch,
            document,
        }
    }

    /// Says that tickets of several connections come, so that people see which is whose.
    #[must_use]
    pub fn several_connections(mut self, several: bool) -> Self {
        self.several_connections = several;
        self
    }

    /// Shows people each ticket in full and not as a row: `get` with several references.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        self.in_full = true;
        self
    }

    /// Says nothing about parts of the list that are whole.
    #[must_use]
    pub fn quiet(mut self, is_quiet: bool) -> Self {
        self.is_quiet = is_quiet;
        self
    }

    /// Writes one ticket.
    ///
    /// A ticket that cannot be read is an error of the kind `response_parse`; nothing of it is written, and
    /// the list can go on.
    pub fn ticket(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.answered(bytes, None)
    }

    /// Writes one ticket; in JSON with what is known of the answer beside it, where that is given.
    pub fn answered(&mut self, bytes: &[u8], answer: Option<&AnswerFacts>) -> Result<(), Stop> {
        let bytes = bytes.trim_ascii_end();
        match self.format {
            Format::Json => self.json_ticket(bytes, answer)?,
            Format::Jsonl => self.json_line(bytes, answer)?,
            Format::Table if self.in_full => self.details(bytes)?,
            Format::Table | Format::Csv | Format::Markdown => self.row(bytes)?,
        }
        self.count += 1;
        Ok(())
    }

    /// Shows what has come so far, at the end of a page: rows that wait for their batch, bytes in buffers.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.batch()?;
        self.out.flush()
    }

    /// Ends the list, and says how whole it is and what went wrong beside it.
    pub fn finish(mut self, completeness: &[ListCompleteness], errors: &[ErrorReport]) -> Result<(), Stop> {
        match self.format {
            Format::Json => self.json_end(completeness, errors),
            Format::Jsonl => {
                self.out.flush()?;
                for completeness in completeness {
                    self.out.message_record(&CompletenessRecord { completeness });
                }
                errors.iter().for_each(|error| self.out.error(error, true));
                Ok(())
            }
            Format::Table | Format::Csv | Format::Markdown => {
                if self.format.is_rows() {
                    self.headings()?;
                }
                self.flush()?;
                self.out.csv_warning(&self.rows.csv);
                errors.iter().for_each(|error| self.out.error(error, false));
                self.summaries(completeness);
                Ok(())
            }
        }
    }

    fn json_ticket(&mut self, bytes: &[u8], answer: Option<&AnswerFacts>) -> Result<(), Stop> {
        let before: &[u8] = if self.count == 0 { b"{\"tickets\":[\n" } else { b",\n" };
        let shown = shown(bytes, self.fields.as_ref(), answer, &mut self.scratch)?;
        if self.out.has_filter() {
            self.document.extend_from_slice(before);
            self.document.extend_from_slice(shown);
            return Ok(());
        }
        self.out.write(before)?;
        self.out.json_part(shown)
    }

    fn json_line(&mut self, bytes: &[u8], answer: Option<&AnswerFacts>) -> Result<(), Stop> {
        let shown = shown(bytes, self.fields.as_ref(), answer, &mut self.scratch)?;
        self.out.json_document(shown, || name(bytes))
    }

    fn json_end(&mut self, completeness: &[ListCompleteness], errors: &[ErrorReport]) -> Result<(), Stop> {
        let mut end = if self.count == 0 { b"{\"tickets\":[".to_vec() } else { b"\n".to_vec() };
        end.extend_from_slice(b"],");
        let written = serde_json::to_vec(&End { completeness, errors })
            .map_err(|error| ErrorReport::failure(format!("the end of the list cannot be written: {error}")))?;
        // The object's own opening brace stands at the list's beginning.
        end.extend_from_slice(written.strip_prefix(b"{").unwrap_or(&written));
        if self.out.has_filter() {
            self.document.extend_from_slice(&end);
            end = std::mem::take(&mut self.document);
        }
        self.out.json_document(&end, || None)?;
        self.out.flush()
    }

    fn details(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let text = for_people(bytes, self.fields.as_ref(), self.out)?;
        if self.count > 0 {
            self.out.write(b"\n")?;
        }
        self.out.write(text.as_bytes())
    }

    fn row(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let view = self.row_view();
        let cells = match &self.fields {
            Some(fields) => field_cells(bytes, fields)?,
            None => {
                let row: ticket::Row<'_> = serde_json::from_slice(bytes).map_err(unreadable)?;
                row.cells(self.several_connections, &view)
            }
        };
        self.rows.waiting.push(cells);
        match self.rows.waiting.len() < BATCH {
            true => Ok(()),
            false => self.batch(),
        }
    }

    /// Returns what rows are made for: times are in full where no person reads them on a screen.
    fn row_view(&self) -> View {
        let view = self.out.view();
        if self.format.is_rows() { View::plain(view.now) } else { view }
    }

    /// Writes the rows that wait.
    fn batch(&mut self) -> Result<(), Stop> {
        if self.rows.waiting.is_empty() {
            return Ok(());
        }
        self.headings()?;
        let rows = &mut self.rows;
        let waiting = std::mem::take(&mut rows.waiting);
        match self.format {
            Format::Csv => self.out.write(&rows.csv.records(&waiting)?),
            Format::Markdown => {
                let mut text = String::new();
                markdown::lines(&waiting, &mut text);
                self.out.write(text.as_bytes())
            }
            _ => self.laid_out(&waiting),
        }
    }

    /// Writes rows below each other; the first of them settle the widths of all.
    fn laid_out(&mut self, waiting: &[Vec<Cell>]) -> Result<(), Stop> {
        let view = self.out.view();
        let rows = &mut self.rows;
        let mut text = String::new();
        let layout = rows.layout.get_or_insert_with(|| {
            let layout = Layout::of(&rows.columns, waiting, &view);
            layout.headings(&rows.columns, &view, &mut text);
            layout
        });
        waiting.iter().for_each(|cells| layout.row(&rows.columns, cells, &view, &mut text));
        self.out.write(text.as_bytes())
    }

    /// Settles the columns, before the first row; rows that no screen lays out have their headings there.
    fn headings(&mut self) -> Result<(), Stop> {
        if !self.rows.columns.is_empty() {
            return Ok(());
        }
        self.rows.columns = match &self.fields {
            Some(fields) => fields.names().map(|name| Column::flexible(name.to_uppercase())).collect(),
            None => ticket::columns(self.several_connections),
        };
        let headings = self.rows.columns.iter().map(|column| column.heading.as_str());
        match self.format {
            Format::Csv => {
                // A field has the name by which it was asked for.
                let names: Vec<String> = match &self.fields {
                    Some(fields) => fields.names().collect(),
                    None => headings.map(str::to_lowercase).collect(),
                };
                self.out.write(&self.rows.csv.headings(names.iter().map(String::as_str))?)
            }
            Format::Markdown => {
                let mut text = String::new();
                markdown::headings(headings, &mut text);
                self.out.write(text.as_bytes())
            }
            _ => Ok(()),
        }
    }

    fn summaries(&mut self, completeness: &[ListCompleteness]) {
        for list in completeness.iter().filter(|list| !self.is_quiet || list.reason.is_some()) {
            let summary = match completeness.len() {
                1 => list.summary(),
                _ => format!("{}: {}", sanitize::line(&list.connection), list.summary()),
            };
            let summary = match list.is_partial() {
                true => paint(self.out.message_color(), CUT, &summary),
                false => summary,
            };
            self.out.put_message(format!("{summary}\n").as_bytes());
        }
    }
}

/// Writes one ticket by itself: the object in JSON forms, with what is known of the answer beside it where that is
/// given; everything that is known of it for people.
pub fn write_ticket(
    format: Format,
    fields: Option<&Fields>,
    bytes: &[u8],
    answer: Option<&AnswerFacts>,
    out: &mut Out,
) -> Result<(), Stop> {
    if format.is_rows() {
        let mut list = ListWriter::new(format, fields.cloned(), out);
        list.ticket(bytes)?;
        return list.finish(&[], &[]);
    }
    let bytes = bytes.trim_ascii_end();
    if format.is_json() {
        let mut scratch = Vec::new();
        let shown = shown(bytes, fields, answer, &mut scratch)?;
        return out.json_document(shown, || name(bytes));
    }
    let text = for_people(bytes, fields, out)?;
    out.write(text.as_bytes())
}

/// Returns what JSON forms show of a ticket, before anything of it is written: its own bytes, unless fields were named
/// or the answer stands beside it.
fn shown<'b>(
    bytes: &'b [u8],
    fields: Option<&Fields>,
    answer: Option<&AnswerFacts>,
    scratch: &'b mut Vec<u8>,
) -> Result<&'b [u8], Stop> {
    if fields.is_none() && answer.is_none() {
        return Ok(bytes);
    }
    scratch.clear();
    if answer.is_some() {
        scratch.extend_from_slice(b"{\"ticket\":");
    }
    match fields {
        Some(fields) => select_into(bytes, fields, scratch)?,
        None => scratch.extend_from_slice(bytes),
    }
    if let Some(answer) = answer {
        scratch.extend_from_slice(b",\"answer\":");
        serde_json::to_writer(&mut *scratch, answer).map_err(unreadable)?;
        scratch.push(b'}');
    }
    Ok(scratch)
}

/// Returns what a ticket is called in an error.
fn name(bytes: &[u8]) -> Option<String> {
    let json = select::checked(bytes).ok()?;
    let uid = select::text(json, &["uid".to_owned()]).ok()?;
    (!uid.is_empty()).then_some(uid)
}

#[derive(Serialize)]
struct CompletenessRecord<'a> {
    completeness: &'a ListCompleteness,
}

#[derive(Serialize)]
struct End<'a> {
    completeness: &'a [ListCompleteness],
    errors: &'a [ErrorReport],
}

fn for_people(bytes: &[u8], fields: Option<&Fields>, out: &Out) -> Result<String, Stop> {
    match fields {
        None => {
            let ticket: Ticket = usher_adapter_sdk::decode::json(bytes)?;
            Ok(details::render(&ticket, &out.view()))
        }
        Some(fields) => {
            let mut facts = Facts::new();
            for (name, cell) in fields.names().zip(field_cells(bytes, fields)?) {
                facts.push(name, cell);
            }
            Ok(facts.render(&out.view()))
        }
    }
}

fn select_into(bytes: &[u8], fields: &Fields, out: &mut Vec<u8>) -> Result<(), Stop> {
    let json = select::checked(bytes).map_err(unreadable)?;
    select::object(json, fields.tree(), out).map_err(unreadable)
}

fn field_cells(bytes: &[u8], fields: &Fields) -> Result<Vec<Cell>, Stop> {
    let json = select::checked(bytes).map_err(unreadable)?;
    let texts = fields.paths().iter().map(|path| select::text(json, path).map(Cell::new));
    texts.collect::<Result<_, _>>().map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> Stop {
    ErrorReport::new(ErrorKind::ResponseParse, format!("a ticket cannot be read: {error}")).into()
}

#[cfg(test)]
mod tests;
