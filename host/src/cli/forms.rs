//! Which forms of output there are, which exclude each other, and which commands have them.

use clap::error::ErrorKind;

use super::{Command, Global, adapter, attachment, config, connection, output::Format};

/// What a command prints, as far as forms go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Prints {
    /// No JSON, whatever the flags say.
    NoJson,
    /// One thing.
    Thing,
    /// A list of something.
    List,
    /// Tickets.
    Tickets,
}

impl Global {
    /// Returns the form of the answer.
    pub(super) fn format(&self) -> Format {
        let asked = self.asked_forms().into_iter().find_map(|(is_asked, _, format)| is_asked.then_some(format));
        asked.unwrap_or(if self.jq.is_some() { Format::Json } else { Format::Table })
    }

    /// Returns every form that can be asked for: whether it is, its flag, and the form.
    fn asked_forms(&self) -> [(bool, &'static str, Format); 4] {
        [
            (self.json, "--json", Format::Json),
            (self.jsonl, "--jsonl", Format::Jsonl),
            (self.csv, "--csv", Format::Csv),
            (self.markdown, "--markdown", Format::Markdown),
        ]
    }
}

/// Returns what is wrong with the flags together.
///
/// clap compares global flags only where they stand on the same side of the command, so this is said here.
pub(super) fn conflict(global: &Global, command: &Command) -> Option<(ErrorKind, String)> {
    let asked: Vec<&str> =
        global.asked_forms().into_iter().filter_map(|(is_asked, flag, _)| is_asked.then_some(flag)).collect();
    let refused = |message: String| Some((ErrorKind::ArgumentConflict, message));
    if let [first, second, ..] = asked[..] {
        return refused(format!("the argument '{first}' cannot be used with '{second}'"));
    }
    let (form, prints) = (asked.first().copied().unwrap_or_default(), prints(command));
    let format = global.format();
    if format.is_rows() && global.jq.is_some() {
        return refused(format!("the argument '--jq' cannot be used with '{form}'"));
    }
    if format.is_rows() && prints < Prints::List {
        return refused(format!(
            "the argument '{form}' is for lists: list, search, get, options, adapter list, connection list, attachment list"
        ));
    }
    if global.jq.is_some() && prints == Prints::NoJson {
        return refused("the argument '--jq' cannot be used with a command that prints no JSON".to_owned());
    }
    if global.envelope && prints < Prints::Tickets {
        return refused("the argument '--envelope' is for tickets: get, list, search".to_owned());
    }
    if global.envelope && !format.is_json() {
        return refused("the argument '--envelope' needs '--json', '--jsonl' or '--jq'".to_owned());
    }
    None
}

fn prints(command: &Command) -> Prints {
    match command {
        Command::Get(_) | Command::List(_) | Command::Search(_) => Prints::Tickets,
        Command::Options(_)
        | Command::Adapter(adapter::Adapter::List(_))
        | Command::Attachment(attachment::Attachment::List(_))
        | Command::Connection(connection::Connection::List(_)) => Prints::List,
        Command::Completions(_) | Command::Man(_) | Command::Config(config::Config::Init(_)) => Prints::NoJson,
        _ => Prints::Thing,
    }
}
