//! The one place that writes to stdout.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::{Child, ChildStdin};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use usher_adapter_sdk::model::Time;

use super::csv::Csv;
use super::error::{ErrorReport, render_error};
use super::facts::Facts;
use super::format::Format;
use super::jq::{Filter, FilterEnd, Printed};
use super::markdown;
use super::pager::{self, PagerChoice};
use super::sanitize;
use super::stdout;
use super::style::{ColorChoice, ColorEnvironment, View};
use super::table::Table;
use super::width;

type Writer = Box<dyn Write + Send>;

/// How the user wants output to look, after flags, settings and defaults are settled.
#[derive(Debug, Clone, Default)]
pub struct OutSettings {
    /// When colours are used.
    pub color: ColorChoice,
    /// What long results are shown with.
    pub pager: PagerChoice,
}

/// How writing ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was written.
    Complete,
    /// The reader went away (`| head`, a pager that was quit): nobody wants the rest, and that is no failure.
    Closed,
}

/// Why a command stops writing.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// The reader went away: stop quietly.
    Closed,
    /// Something failed.
    Failed(Box<ErrorReport>),
}

impl Stop {
    /// Returns the normal end that a reader's going away is, or the error.
    pub fn outcome(self) -> Result<Outcome, ErrorReport> {
        match self {
            Self::Closed => Ok(Outcome::Closed),
            Self::Failed(report) => Err(*report),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the reader of the output went away"),
            Self::Failed(report) => report.fmt(f),
        }
    }
}

impl std::error::Error for Stop {}

impl From<ErrorReport> for Stop {
    fn from(report: ErrorReport) -> Self {
        Self::Failed(Box::new(report))
    }
}

impl From<usher_adapter_sdk::Error> for Stop {
    fn from(error: usher_adapter_sdk::Error) -> Self {
        ErrorReport::from(&error).into()
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or(&text);
        ErrorReport::failure(format!("cannot write output: {reason}")).into()
    }
}

/// Standard output, buffered, with what is known about its reader; and the lines for stderr beside it.
///
/// Every command ends with [`Out::finish`], which says whether all of it arrived. On a terminal, output is
/// held until it is longer than the screen, and then goes to the pager; lines for stderr wait until then.
pub struct Out {
    sink: Sink,
    messages: Writer,
    waiting: Vec<u8>,
    view: View,
    message_color: bool,
    pager: Vec<String>,
    filter: Option<Rc<Filter>>,
    /// Frees the screen from what else is drawn on it.
    clear_screen: Option<Arc<dyn Fn() + Send + Sync>>,
}

enum Sink {
    /// Straight on.
    Direct(BufWriter<Writer>),
    /// Not yet more than a screen: perhaps for the pager.
    Held { bytes: Vec<u8>, lines: usize, to: Writer },
    /// To the pager.
    Paged { child: Child, stdin: BufWriter<ChildStdin>, to: Writer },
    /// Nowhere any more.
    Ended(Stop),
}

impl Out {
    /// Returns the process's own stdout and stderr.
    pub fn stdout(settings: &OutSettings) -> Self {
        let environment = ColorEnvironment::of_process();
        let terminal = stdout::is_terminal();
        let size = terminal.then(|| match stdout::size() {
            Some((columns, lines)) => (usize::from(columns.0), usize::from(lines.0)),
            None => (80, 24),
        });
        let view = View {
            width: size.map(|(columns, _)| columns.max(1)),
            height: size.map(|(_, lines)| lines.max(1)),
            color: settings.color.decide(terminal, environment),
            now: now(),
        };
        let mut out = Self::with_writers(stdout::writer(), io::stderr(), view);
        out.message_color = settings.color.decide(io::stderr().is_terminal(), environment);
        let preferred = std::env::var("PAGER").ok();
        let pager = settings.pager.words(preferred.as_deref());
        match pager.filter(|_| terminal && environment.capable) {
            Some(words) => out.paged_by(words),
            None => out,
        }
    }

    /// Returns an output to anything that can be written, without a pager.
    pub fn with_writers(out: impl Write + Send + 'static, messages: impl Write + Send + 'static, view: View) -> Self {
        Self {
            sink: Sink::Direct(BufWriter::with_capacity(BUFFER, Box::new(out))),
            messages: Box::new(messages),
            waiting: Vec::new(),
            view,
            message_color: view.color,
            pager: Vec::new(),
            filter: None,
            clear_screen: None,
        }
    }

    /// Prints what the filter makes of each JSON document, in place of the document.
    #[must_use]
    pub fn filtered_by(mut self, filter: Option<Rc<Filter>>) -> Self {
        self.filter = filter;
        self
    }

    /// Holds output until it is longer than the screen, and shows it with that command then.
    fn paged_by(mut self, pager: Vec<String>) -> Self {
        self.pager = pager;
        self.sink = match self.replace_sink() {
            // Nothing has been written yet, so the buffer is empty.
            Sink::Direct(buffer) => {
                let (to, _) = buffer.into_parts();
                Sink::Held { bytes: Vec::new(), lines: 0, to }
            }
            other => other,
        };
        self
    }

    /// Does this before the screen is written to: progress must not stand between the lines.
    #[must_use]
    pub fn clearing_the_screen(mut self, clear: Arc<dyn Fn() + Send + Sync>) -> Self {
        self.clear_screen = Some(clear);
        self
    }

    fn clear_screen(&self) {
        if let Some(clear) = &self.clear_screen {
            clear();
        }
    }

    /// Returns what is known about the reader.
    pub fn view(&self) -> View {
        self.view
    }

    /// Says whether a pager has the screen; progress should not be drawn then.
    pub fn is_paging(&self) -> bool {
        matches!(self.sink, Sink::Paged { .. })
    }

    /// Writes bytes as they are; whoever calls has made them safe for a terminal.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if self.view.is_terminal() && matches!(self.sink, Sink::Direct(_)) {
            self.clear_screen();
        }
        let result = match &mut self.sink {
            Sink::Direct(to) => to.write_all(bytes),
            Sink::Paged { stdin, .. } => stdin.write_all(bytes),
            Sink::Ended(stop) => return Err(stop.clone()),
            Sink::Held { bytes: held, lines, .. } => {
                held.extend_from_slice(bytes);
                *lines += screen_lines(bytes, self.view.width);
                // The prompt needs a line too.
                match *lines >= self.view.height.unwrap_or(usize::MAX) {
                    true => self.start_pager(),
                    false => Ok(()),
                }
            }
        };
        result.map_err(|error| self.end(error))
    }

    /// Writes a line of text from anywhere.
    pub fn line(&mut self, text: &str) -> Result<(), Stop> {
        let line = format!("{}\n", sanitize::line(text));
        self.write(line.as_bytes())
    }

    /// Writes a text of several lines from anywhere, such as a rendered template.
    pub fn text(&mut self, text: &str) -> Result<(), Stop> {
        self.write(sanitize::text(text).as_bytes())
    }

    /// Writes a table.
    pub fn table(&mut self, table: &Table) -> Result<(), Stop> {
        let text = table.render(&self.view);
        self.write(text.as_bytes())
    }

    /// Writes a small list in the form that was asked for: a table, or rows for programs and documents.
    pub fn list(&mut self, format: Format, table: &Table) -> Result<(), Stop> {
        match format {
            Format::Csv => {
                let mut csv = Csv::new(self.view.is_terminal());
                let headings: Vec<String> =
                    table.headings().map(|name| name.to_lowercase().replace(' ', "_")).collect();
                let headings = csv.headings(headings.iter().map(String::as_str))?;
                self.write(&headings)?;
                self.write(&csv.records(table.rows())?)?;
                self.csv_warning(&csv);
                Ok(())
            }
            Format::Markdown => {
                let mut text = String::new();
                markdown::headings(table.headings(), &mut text);
                markdown::lines(table.rows(), &mut text);
                self.write(text.as_bytes())
            }
            _ => self.table(table),
        }
    }

    /// Says what whoever opens the rows in a spreadsheet should know.
    pub(super) fn csv_warning(&mut self, csv: &Csv) {
        if let Some(warning) = csv.warning() {
            self.message(&warning);
        }
    }

    /// Writes aligned facts.
    pub fn facts(&mut self, facts: &Facts) -> Result<(), Stop> {
        let text = facts.render(&self.view);
        self.write(text.as_bytes())
    }

    /// Writes a value as JSON: spread over lines on a terminal, in one line everywhere else.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let written = match self.view.is_terminal() && !self.has_filter() {
            true => serde_json::to_vec_pretty(value),
            false => serde_json::to_vec(value),
        };
        self.json_document(&written.map_err(unwritable)?, || None)
    }

    /// Writes a value as JSON in one line, in a pipe and on a terminal alike: one record of `--jsonl`.
    pub fn json_record<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.json_document(&serde_json::to_vec(value).map_err(unwritable)?, || None)
    }

    /// Writes JSON that exists already, or what the filter makes of it; `name` says what it is about.
    pub(super) fn json_document(&mut self, json: &[u8], name: impl FnOnce() -> Option<String>) -> Result<(), Stop> {
        let Some(filter) = self.filter.clone() else {
            self.json_part(json)?;
            return self.write(b"\n");
        };
        let end = filter.run(json, |printed| {
            match printed {
                Printed::Json(json) => self.json_part(&json)?,
                Printed::Text(text) if self.view.is_terminal() => {
                    self.write(sanitize::text(&String::from_utf8_lossy(&text)).as_bytes())?;
                }
                Printed::Text(text) => self.write(&text)?,
            }
            self.write(b"\n")
        });
        end.map_err(|end| match end {
            FilterEnd::Stopped(stop) => stop,
            FilterEnd::Failed(reason) => {
                let on = name().map(|name| format!(" on {name}")).unwrap_or_default();
                ErrorReport::failure(format!("the expression of `--jq` failed{on}: {reason}")).into()
            }
        })
    }

    /// Says whether JSON goes through a filter, which needs whole documents.
    pub(super) fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// Writes a piece of JSON that exists already: untouched, except that a terminal gets dangerous
    /// characters as JSON's own escapes.
    pub(super) fn json_part(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match self.view.is_terminal() {
            true => self.write(&sanitize::json(bytes)),
            false => self.write(bytes),
        }
    }

    /// Puts a line for people on stderr; while the screen belongs to the output it waits for its end.
    pub fn message(&mut self, text: &str) {
        self.put_message(format!("{}\n", sanitize::text(text)).as_bytes());
    }

    /// Puts a record for programs on stderr.
    pub(super) fn message_record<T: Serialize>(&mut self, record: &T) {
        if let Ok(mut bytes) = serde_json::to_vec(record) {
            bytes.push(b'\n');
            self.put_message(&sanitize::json(&bytes));
        }
    }

    /// Puts an error on stderr.
    pub fn error(&mut self, report: &ErrorReport, json: bool) {
        let text = render_error(report, json, self.message_color);
        self.put_message(text.as_bytes());
    }

    /// Whether lines on stderr are coloured.
    pub(super) fn message_color(&self) -> bool {
        self.message_color
    }

    /// Puts bytes on stderr that are safe for a terminal. When stderr is gone there is nowhere to say so.
    pub(super) fn put_message(&mut self, bytes: &[u8]) {
        self.clear_screen();
        match &mut self.sink {
            Sink::Held { .. } | Sink::Paged { .. } => self.waiting.extend_from_slice(bytes),
            Sink::Direct(to) => {
                // A failure here is kept by the buffer and comes back from the next write or the end.
                if self.view.is_terminal() {
                    let _ = to.flush();
                }
                let _ = self.messages.write_all(bytes);
            }
            Sink::Ended(_) => {
                let _ = self.messages.write_all(bytes);
            }
        }
    }

    /// Sends on what is buffered, so that a slow listing is seen as it comes. What is held because it may
    /// still go to the pager stays held.
    pub fn flush(&mut self) -> Result<(), Stop> {
        let result = match &mut self.sink {
            Sink::Direct(to) => to.flush(),
            Sink::Paged { stdin, .. } => stdin.flush(),
            Sink::Held { .. } => Ok(()),
            Sink::Ended(stop) => return Err(stop.clone()),
        };
        result.map_err(|error| self.end(error))
    }

    /// Ends the output: sends everything on, waits until the pager is quit, and says whether all arrived.
    pub fn finish(mut self) -> Result<Outcome, ErrorReport> {
        match self.settle() {
            Ok(()) => Ok(Outcome::Complete),
            Err(stop) => stop.outcome(),
        }
    }

    /// Sends everything on and gives the screen back; then the lines for stderr that waited.
    fn settle(&mut self) -> Result<(), Stop> {
        self.clear_screen();
        let result = match self.replace_sink() {
            Sink::Direct(to) => self.direct(to, &[]),
            Sink::Held { bytes, to, .. } => self.direct(BufWriter::with_capacity(BUFFER, to), &bytes),
            Sink::Paged { child, mut stdin, to } => {
                let flushed = stdin.flush();
                close(child, stdin);
                self.sink = Sink::Direct(BufWriter::with_capacity(BUFFER, to));
                flushed
            }
            Sink::Ended(stop) => {
                self.sink = Sink::Ended(stop.clone());
                self.release_messages();
                return Err(stop);
            }
        };
        let result = result.map_err(|error| self.end(error));
        self.release_messages();
        result
    }

    /// Writes straight on from here.
    fn direct(&mut self, mut to: BufWriter<Writer>, bytes: &[u8]) -> io::Result<()> {
        let result = to.write_all(bytes).and_then(|()| to.flush());
        self.sink = Sink::Direct(to);
        result
    }

    /// Hands what is held to the pager; where it cannot start, everything goes straight on.
    fn start_pager(&mut self) -> io::Result<()> {
        self.clear_screen();
        let (bytes, to) = match self.replace_sink() {
            Sink::Held { bytes, to, .. } => (bytes, to),
            other => {
                self.sink = other;
                return Ok(());
            }
        };
        let started = pager::start(&self.pager).ok().and_then(|mut child| {
            let stdin = child.stdin.take()?;
            Some((child, BufWriter::with_capacity(BUFFER, stdin)))
        });
        let Some((child, mut stdin)) = started else {
            return self.direct(BufWriter::with_capacity(BUFFER, to), &bytes);
        };
        let result = stdin.write_all(&bytes);
        self.sink = Sink::Paged { child, stdin, to };
        result
    }

    /// Remembers that nothing can be written any more, and why.
    fn end(&mut self, error: io::Error) -> Stop {
        let stop = Stop::from(error);
        match std::mem::replace(&mut self.sink, Sink::Ended(stop.clone())) {
            Sink::Paged { child, stdin, .. } => close(child, stdin),
            // Taken apart, so that the buffer does not try again when it is dropped.
            Sink::Direct(to) => drop(to.into_parts()),
            Sink::Held { .. } | Sink::Ended(_) => {}
        }
        stop
    }

    /// Takes the sink out for a moment.
    fn replace_sink(&mut self) -> Sink {
        std::mem::replace(&mut self.sink, Sink::Ended(Stop::Closed))
    }

    fn release_messages(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let _ = self.messages.write_all(&waiting);
        let _ = self.messages.flush();
    }
}

/// The output of a command that forgot to finish, or failed, is still sent on; its errors have no reader.
impl Drop for Out {
    fn drop(&mut self) {
        let _ = self.settle();
    }
}

impl fmt::Debug for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out").field("view", &self.view).finish_non_exhaustive()
    }
}

fn unwritable(error: serde_json::Error) -> ErrorReport {
    ErrorReport::failure(format!("the result cannot be written as JSON: {error}"))
}

/// How many bytes are collected before they are sent on.
const BUFFER: usize = 64 * 1024;

/// Tells the pager that this was all, and waits until it is quit.
fn close(mut child: Child, stdin: BufWriter<ChildStdin>) {
    drop(stdin.into_parts());
    // Whatever the pager says about its end, the output has been shown.
    let _ = child.wait();
}

/// Returns how many lines of the screen the bytes take, roughly: `less -F` decides in the end.
fn screen_lines(bytes: &[u8], columns: Option<usize>) -> usize {
    let columns = columns.unwrap_or(usize::MAX);
    let text = String::from_utf8_lossy(bytes);
    text.split_inclusive('\n')
        .map(|line| {
            let wrapped = width::of(line.trim_end_matches('\n')).saturating_sub(1) / columns;
            wrapped + usize::from(line.ends_with('\n'))
        })
        .sum()
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_unix_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
