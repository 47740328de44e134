//! The program that shows what is longer than the screen.

use std::process::{Child, Command, Stdio};

use super::stdout;

/// What long results are shown with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PagerChoice {
    /// `PAGER` of the environment, else `less`.
    #[default]
    Preferred,
    /// This command line.
    Command(String),
    /// Nothing: long results scroll by.
    Off,
}

impl PagerChoice {
    /// Returns the words of the command to start, or nothing if there shall be no pager.
    ///
    /// No shell is asked: it would start even where the pager cannot, and the output would be lost with it.
    pub(super) fn words(&self, environment: Option<&str>) -> Option<Vec<String>> {
        let line = match self {
            Self::Off => return None,
            Self::Command(line) => line.as_str(),
            Self::Preferred => environment.unwrap_or("less -FRX"),
        };
        let words = shlex::split(line)?;
        // `cat` and an empty word are how people say that they want none.
        words.first().is_some_and(|program| !program.is_empty() && program != "cat").then_some(words)
    }
}

/// Starts a pager that reads what is written to its stdin.
///
/// `LESS` and `LV` are set as git sets them, so that `PAGER=less` shows colours and leaves short output alone.
pub(super) fn start(words: &[String]) -> std::io::Result<Child> {
    let (program, arguments) = words.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(stdout::for_child()?);
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    command.spawn()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_wins_over_the_environment_and_the_environment_over_less() {
        let words = |choice: &PagerChoice, environment| {
            choice.words(environment).map(|words| words.join("|")).unwrap_or_default()
        };
        let own = PagerChoice::Command("moar --style 'a b'".to_owned());
        assert_eq!(words(&own, Some("more")), "moar|--style|a b");
        assert_eq!(words(&PagerChoice::Preferred, Some("more -d")), "more|-d");
        assert_eq!(words(&PagerChoice::Preferred, None), "less|-FRX");
        for nothing in ["", "  ", "cat", "''"] {
            assert_eq!(words(&PagerChoice::Preferred, Some(nothing)), "", "{nothing:?}");
        }
        assert_eq!(words(&PagerChoice::Off, Some("less")), "");
    }
}
