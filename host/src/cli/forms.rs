//! Which forms of output there are, which exclude each other, and which commands have them.

use clap::error::ErrorKind;

use super::{Command, Global, adapter, attachment, connection, output::Format};

/// What a command prints, as far as forms go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Prints {
    /// One thing, or no data at all.
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
        asked.unwrap_or_default()
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
    if let [first, second, ..] = asked[..] {
        let message = format!("the argument '{first}' cannot be used with '{second}'\n");
        return Some((ErrorKind::ArgumentConflict, message));
    }
    if global.format().is_rows() && prints(command) < Prints::List {
        let message = format!(
            "the argument '{}' is for lists: list, search, get, options, adapter list, connection list, attachment list\n",
            asked.first().copied().unwrap_or_default()
        );
        return Some((ErrorKind::ArgumentConflict, message));
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
        _ => Prints::Thing,
    }
}
