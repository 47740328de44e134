//! What a rendering knows about its reader, and which colours say what.

use anstyle::{AnsiColor, Style};
use usher_adapter_sdk::model::{StatusCategory, Time};

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal that can show them, unless the environment says otherwise.
    #[default]
    Auto,
    /// Everywhere, in files and pipes too.
    Always,
    /// Nowhere.
    Never,
}

/// What the environment says about colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct ColorEnvironment {
    /// `NO_COLOR` is set.
    pub(super) forbidden: bool,
    /// `CLICOLOR_FORCE` is set.
    pub(super) forced: bool,
    /// `CLICOLOR` says yes or no.
    pub(super) wished: Option<bool>,
    /// `TERM` is not `dumb`.
    pub(super) capable: bool,
}

impl ColorEnvironment {
    /// Reads the process's environment, and lets an old Windows console understand colours.
    ///
    /// The crate anstyle-query knows the conventions. Its larger sister anstream would take escapes out of
    /// finished bytes again; here they are only put in where they are wanted.
    pub(super) fn of_process() -> Self {
        #[cfg(windows)]
        let _ = anstyle_query::windows::enable_ansi_colors();
        Self {
            forbidden: anstyle_query::no_color(),
            forced: anstyle_query::clicolor_force(),
            wished: anstyle_query::clicolor(),
            capable: anstyle_query::term_supports_ansi_color(),
        }
    }
}

impl ColorChoice {
    /// Decides for stderr, in the environment of the process.
    pub(crate) fn decide_for_stderr(self) -> bool {
        self.decide(std::io::IsTerminal::is_terminal(&std::io::stderr()), ColorEnvironment::of_process())
    }

    /// Decides for one stream: a flag or setting first, then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR=0`,
    /// and then whether a terminal that can show colours is there.
    pub(super) fn decide(self, terminal: bool, environment: ColorEnvironment) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if environment.forbidden => false,
            Self::Auto if environment.forced => true,
            Self::Auto => terminal && environment.capable && environment.wished != Some(false),
        }
    }
}

/// What a rendering knows about its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The columns of the terminal; absent where it is no terminal, and nothing is cut or wrapped.
    pub width: Option<usize>,
    /// The lines of the terminal; absent where it is no terminal.
    pub height: Option<usize>,
    /// Whether colours are used.
    pub color: bool,
    /// The time that `3d ago` counts from.
    pub now: Time,
}

impl View {
    /// Returns the view of a pipe or a file: no width, no colours.
    pub fn plain(now: Time) -> Self {
        Self { width: None, height: None, color: false, now }
    }

    /// Says whether a person looks at a terminal.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// Returns the sanitised text between the codes of a style, where colours are used.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        paint(self.color, style, text)
    }
}

/// Returns the sanitised text between the codes of a style, if colours are used.
pub(super) fn paint(color: bool, style: Style, text: &str) -> String {
    match color && !style.is_plain() && !text.is_empty() {
        true => format!("{style}{text}{style:#}"),
        false => text.to_owned(),
    }
}

/// Headings and keys.
pub(super) const STRONG: Style = Style::new().bold();
/// Labels, and what matters less.
pub(super) const QUIET: Style = Style::new().dimmed();
/// What is hidden from the reporter.
pub(super) const INTERNAL: Style = AnsiColor::Magenta.on_default().bold();
/// The word `error`.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word `hint`.
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// What is not whole.
pub(super) const CUT: Style = AnsiColor::Yellow.on_default();

/// Returns the colour of a status.
pub(super) fn of_status(category: &StatusCategory) -> Style {
    match category {
        StatusCategory::Todo => AnsiColor::Blue.on_default(),
        StatusCategory::InProgress => AnsiColor::Yellow.on_default(),
        StatusCategory::InReview => AnsiColor::Cyan.on_default(),
        StatusCategory::Blocked => AnsiColor::Red.on_default(),
        StatusCategory::Done => AnsiColor::Green.on_default(),
        StatusCategory::Backlog | StatusCategory::Canceled => QUIET,
        _ => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: ColorEnvironment = ColorEnvironment { forbidden: false, forced: false, wished: None, capable: true };

    #[test]
    fn automatic_colours_need_a_terminal_that_can_show_them() {
        assert!(ColorChoice::Auto.decide(true, USUAL));
        assert!(!ColorChoice::Auto.decide(false, USUAL));
        assert!(!ColorChoice::Auto.decide(true, ColorEnvironment { capable: false, ..USUAL }));
        assert!(!ColorChoice::Auto.decide(true, ColorEnvironment { wished: Some(false), ..USUAL }));
    }

    #[test]
    fn no_color_wins_over_force_and_a_flag_wins_over_both() {
        let forced = ColorEnvironment { forced: true, ..USUAL };
        let both = ColorEnvironment { forbidden: true, ..forced };
        assert!(ColorChoice::Auto.decide(false, forced));
        assert!(!ColorChoice::Auto.decide(true, both));
        assert!(ColorChoice::Always.decide(false, both));
        assert!(!ColorChoice::Never.decide(true, forced));
    }

    #[test]
    fn nothing_is_painted_without_colours() {
        assert_eq!(paint(false, STRONG, "x"), "x");
        assert_eq!(paint(true, STRONG, "x"), "\x1b[1mx\x1b[0m");
        assert_eq!(paint(true, STRONG, ""), "");
    }
}
