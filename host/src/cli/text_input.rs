//! Texts that users give: on the line, in a file, through a pipe or in their editor.

use std::{
    env, fs,
    io::{self, Read},
    path::Path,
    process::Command,
};

use super::{
    app::Trouble,
    output::{ErrorReport, stdout},
};

/// The greatest text that is taken.
const LARGEST: u64 = 16 << 20;

/// Returns the text that an argument means: itself, `@file`, or `-` for stdin. `@@…` is a text that begins with `@`.
pub(crate) fn text(argument: &str) -> Result<String, Trouble> {
    match argument {
        "-" => read("stdin", io::stdin().lock()),
        _ => match argument.strip_prefix('@') {
            Some(escaped) if escaped.starts_with('@') => Ok(escaped.to_owned()),
            Some(path) => {
                let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
                read(path, file)
            }
            None => Ok(argument.to_owned()),
        },
    }
}

fn read(name: &str, source: impl Read) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(ErrorReport::usage(format!("{name} is longer than 16 MiB, which is no text of a ticket")).into());
    }
    String::from_utf8(bytes).map_err(|_| {
        ErrorReport::usage(format!("{name} is not text in UTF-8"))
            .with_hint("Attach it with `usher attachment add` if it is a file.")
            .into()
    })
}

fn unreadable(name: &str, error: &io::Error) -> Trouble {
    ErrorReport::usage(format!("{name} cannot be read: {error}"))
        .with_hint("`@FILE` reads a file, `-` reads stdin, `@@…` is a text that begins with `@`.")
        .into()
}

/// Opens the user's editor on a text, and returns what they made of it.
pub(crate) fn edit(text: &str) -> Result<String, Trouble> {
    let failed = |error: &io::Error| Trouble::from(ErrorReport::failure(format!("the editor's file: {error}")));
    let file = tempfile::Builder::new().prefix("usher-").suffix(".md").tempfile().map_err(|error| failed(&error))?;
    fs::write(file.path(), text).map_err(|error| failed(&error))?;
    run_editor(file.path())?;
    fs::read_to_string(file.path()).map_err(|error| failed(&error))
}

fn run_editor(path: &Path) -> Result<(), Trouble> {
    let named =
        ["VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()));
    let command = named.unwrap_or_else(|| if cfg!(windows) { "notepad".to_owned() } else { "vi".to_owned() });
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let run = |stdout| Command::new(program).args(words).arg(path).stdout(stdout).status();
    let status = stdout::for_child().and_then(run).map_err(|error| {
        ErrorReport::failure(format!("the editor `{command}` could not be started: {error}"))
            .with_hint("Set EDITOR, or give the text as an argument.")
    })?;
    if !status.success() {
        return Err(
            ErrorReport::failure(format!("the editor `{command}` ended with {status}; nothing was done")).into()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_itself_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("body.md");
        fs::write(&file, "from a file").unwrap();
        assert_eq!(text("plain").unwrap(), "plain");
        assert_eq!(text("@@home").unwrap(), "@home");
        assert_eq!(text(&format!("@{}", file.display())).unwrap(), "from a file");
        assert!(matches!(text("@/no/such/file"), Err(Trouble::Report(_))));
        fs::write(&file, b"\xff\xfe").unwrap();
        assert!(matches!(text(&format!("@{}", file.display())), Err(Trouble::Report(_))));
    }
}
