//! How far long work has come, on stderr while it lasts.
//!
//! Only where a person looks: never in a pipe, in CI or with `--quiet`. It is gone before anything else is
//! written to the screen.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::{grouped, sanitized_line};
use crate::service::{Progress, Waiting};

/// How long work may take before its progress is shown.
pub(super) const PATIENCE: Duration = Duration::from_millis(400);

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(100);

/// A line on stderr that says what is being done.
pub(super) struct ProgressLine {
    is_wanted: bool,
    color: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_running: bool,
    bar: Option<ProgressBar>,
    extent: Extent,
    waiting: Option<String>,
}

/// How many tickets each connection has given, and how many it has if it says so.
#[derive(Default)]
struct Extent(BTreeMap<String, (u64, Option<u64>)>);

impl ProgressLine {
    /// Returns a line that is shown where that is wanted.
    pub(super) fn new(is_wanted: bool, color: bool) -> Self {
        Self { is_wanted, color, state: Mutex::default() }
    }

    /// Begins work; nothing is shown yet.
    pub(super) fn begin(&self) {
        *self.state() = State { is_running: true, ..State::default() };
    }

    /// Shows the line, if the work still goes on.
    pub(super) fn show(&self) {
        let mut state = self.state();
        if self.is_wanted && state.is_running && state.bar.is_none() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.enable_steady_tick(TICK);
            state.bar = Some(bar);
            self.draw(&state);
        }
    }

    /// Takes the line away; it does not come back before the next work.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.is_running = false;
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Does something with the line out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let bar = self.state().bar.clone();
        match bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    fn draw(&self, state: &State) {
        let Some(bar) = &state.bar else { return };
        let total = state.extent.total();
        bar.set_style(style(total.is_some() && state.waiting.is_none(), self.color));
        if let Some(total) = total {
            bar.set_length(total);
            bar.set_position(state.extent.loaded());
        }
        bar.set_message(state.words());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for ProgressLine {
    fn listed(&self, connection: &str, loaded: u64, total: Option<u64>) {
        let mut state = self.state();
        state.waiting = None;
        state.extent.0.insert(connection.to_owned(), (loaded, total));
        self.draw(&state);
    }

    fn waiting(&self, connection: &str, wait: &Waiting<'_>) {
        // Milliseconds are nothing to be patient for.
        if wait.wait.is_some_and(|wait| wait < PATIENCE) {
            return;
        }
        self.state().waiting = Some(waiting(connection, wait));
        self.show();
        let state = self.state();
        self.draw(&state);
    }
}

impl State {
    fn words(&self) -> String {
        match &self.waiting {
            Some(waiting) => waiting.clone(),
            None => self.extent.words(),
        }
    }
}

impl Extent {
    fn loaded(&self) -> u64 {
        self.0.values().map(|(loaded, _)| loaded).sum()
    }

    /// Returns how many there are, if every connection says so and has not given more already.
    fn total(&self) -> Option<u64> {
        let totals = self.0.values().map(|(loaded, total)| total.filter(|total| total >= loaded));
        totals.sum::<Option<u64>>().filter(|_| !self.0.is_empty())
    }

    fn words(&self) -> String {
        match (self.loaded(), self.total()) {
            (_, None) if self.0.is_empty() => "waiting for an answer".to_owned(),
            (loaded, Some(total)) => format!("{} of {} tickets", grouped(loaded), grouped(total)),
            (1, None) => "1 ticket".to_owned(),
            (loaded, None) => format!("{} tickets", grouped(loaded)),
        }
    }
}

fn waiting(connection: &str, wait: &Waiting<'_>) -> String {
    // Both may hold words of an adapter's.
    format!("{}: {}", sanitized_line(connection), sanitized_line(&wait.to_string()))
}

fn style(has_total: bool, color: bool) -> ProgressStyle {
    // A test reads every template.
    ProgressStyle::with_template(template(has_total, color)).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn template(has_total: bool, color: bool) -> &'static str {
    match (has_total, color) {
        (true, true) => "{spinner:.cyan} {bar:24.cyan/dim} {msg}",
        (true, false) => "{spinner} {bar:24} {msg}",
        (false, true) => "{spinner:.cyan} {msg}",
        (false, false) => "{spinner} {msg}",
    }
}

/// Says whether somebody looks at stderr: a terminal that can move its cursor, and not a CI's record of one.
pub(super) fn has_spectator(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty() && value != "false");
    is_terminal && !is_set("CI") && variable("TERM").is_none_or(|kind| kind != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(lists: &[(&str, u64, Option<u64>)]) -> Extent {
        Extent(lists.iter().map(|(name, loaded, total)| ((*name).to_owned(), (*loaded, *total))).collect())
    }

    fn a_wait(limit: &str, milliseconds: u64) -> Waiting<'_> {
        Waiting { limit, wait: Some(Duration::from_millis(milliseconds)) }
    }

    #[test]
    fn the_line_says_how_much_is_here_and_how_much_there_is_if_that_is_known() {
        for (lists, words) in [
            (&[][..], "waiting for an answer"),
            (&[("a", 1, None)], "1 ticket"),
            (&[("a", 1200, Some(4200))], "1 200 of 4 200 tickets"),
            (&[("a", 10, Some(20)), ("b", 5, Some(5))], "15 of 25 tickets"),
            (&[("a", 10, Some(20)), ("b", 5, None)], "15 tickets"),
            (&[("a", 30, Some(20))], "30 tickets"),
        ] {
            assert_eq!(listed(lists).words(), words);
        }
    }

    #[test]
    fn a_wait_is_told_with_its_reason() {
        let words = waiting("work", &a_wait("GitHub's search\x1b limit", 11_200));
        assert_eq!(words, "work: waiting 12 s for GitHub's search␛ limit");
    }

    #[test]
    fn every_template_can_be_read() {
        for (has_total, color) in [(true, true), (true, false), (false, true), (false, false)] {
            assert!(ProgressStyle::with_template(template(has_total, color)).is_ok(), "{has_total} {color}");
        }
    }

    #[test]
    fn nobody_looks_at_a_pipe_at_ci_or_at_a_dumb_terminal() {
        let with =
            |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.to_owned());
        assert!(has_spectator(true, with("TERM", "xterm")));
        assert!(has_spectator(true, with("CI", "false")));
        assert!(!has_spectator(false, with("TERM", "xterm")));
        assert!(!has_spectator(true, with("CI", "true")));
        assert!(!has_spectator(true, with("TERM", "dumb")));
    }

    #[test]
    fn a_line_that_is_not_wanted_and_one_that_has_ended_are_not_drawn() {
        let line = ProgressLine::new(false, false);
        line.begin();
        line.show();
        assert!(line.state().bar.is_none());
        let line = ProgressLine::new(true, false);
        line.begin();
        line.end();
        line.show();
        line.waiting("work", &a_wait("a limit", 5_000));
        assert!(line.state().bar.is_none());
        line.begin();
        line.show();
        assert!(line.state().bar.is_some());
        line.end();
        assert!(line.state().bar.is_none());
    }
}
