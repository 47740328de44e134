//! What may be watched of a run: log lines, metrics, recordings. Arguments on top, what they set up below.

use std::{fmt, io, path::PathBuf, sync::Arc};

use clap::{Args, ValueEnum};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};
use usher_adapter_sdk::{Error, ErrorKind};

use super::{output::sanitized_text, progress::ProgressLine};
use crate::{
    config::{Environment, Folders, ProcessEnvironment},
    redact,
    service::HttpSettings,
    telemetry::Metrics,
    whole_file::WholeFile,
};

/// What may be watched of a run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Watching")]
pub(crate) struct Observe {
    /// Show the headers and bodies of requests, secrets by name as stars
    #[arg(long, global = true)]
    trace_http: bool,
    /// How log lines look
    #[arg(long, global = true, value_name = "FORM", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Name the job for which this runs in log lines, in place of USHER_JOB_ID
    #[arg(long, global = true, value_name = "ID")]
    job_id: Option<String>,
    /// Write the run's metrics into a file at its end, as Prometheus reads them
    #[arg(long, global = true, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// Record all requests and answers into an empty folder, without credentials, in place of USHER_RECORD
    #[arg(long, global = true, value_name = "FOLDER", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer all requests from such a folder, without network and credentials, in place of USHER_REPLAY
    #[arg(long, global = true, value_name = "FOLDER")]
    replay: Option<PathBuf>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Sentences for people
    Text,
    /// One JSON object a line
    Json,
}

impl Observe {
    /// Says whether log lines are JSON.
    pub(super) fn is_json(&self) -> bool {
        self.log_format == LogFormat::Json
    }

    /// Begins to write log lines: warnings and errors always, more as it was asked.
    pub(super) fn begin_log(&self, verbose: u8, progress: &Arc<ProgressLine>) {
        let level = match verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        };
        let wire = if self.trace_http { LevelFilter::TRACE } else { LevelFilter::OFF };
        // Everything of this program and nothing of the libraries below it, which know no secrets' names.
        let filter = Targets::new().with_target("usher", level).with_target("usher::wire", wire);
        let progress = progress.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || Aside(progress.clone()));
        let begun = match self.log_format {
            LogFormat::Json => {
                let lines = lines.json().flatten_event(true).with_span_list(false);
                tracing_subscriber::registry().with(lines.with_filter(filter)).try_init()
            }
            LogFormat::Text => {
                tracing_subscriber::registry().with(lines.event_format(Plain).with_filter(filter)).try_init()
            }
        };
        // Only where something else writes them already.
        let _ = begun;
    }

    /// Begins to count, if the metrics are wanted.
    pub(super) fn begin_metrics(&self) -> Option<Metrics> {
        self.metrics.as_ref().and_then(|_| Metrics::install())
    }

    /// Writes the metrics into the file.
    pub(super) fn write_metrics(&self, metrics: &Metrics) -> Result<(), Error> {
        let Some(file) = &self.metrics else { return Ok(()) };
        // Whoever collects metrics is another user and may look at any time; they hold no secrets.
        WholeFile::default().for_everybody().write(file, metrics.render().as_bytes()).map_err(|error| {
            let message = format!("the metrics cannot be written into {}: {error}", file.display());
            Error::new(ErrorKind::Configuration, message).with_hint("Name a file in a folder that may be written.")
        })
    }

    /// Says whether requests are answered from a recording.
    pub(super) fn is_replay(&self, environment: &dyn Environment) -> bool {
        self.folders(environment).1.is_some()
    }

    /// Returns what the HTTP of all connections has in common.
    pub(super) fn http(&self, environment: &dyn Environment, cache: Option<PathBuf>) -> Result<HttpSettings, Error> {
        let mut shared = HttpSettings::default().with_redactor(|text| redact::text(text).into_owned());
        let job_id = environment.variable("USHER_JOB_ID").and_then(|id| id.into_string().ok());
        if let Some(job_id) = self.job_id.clone().or(job_id.filter(|id| !id.is_empty())) {
            shared = shared.with_job_id(&job_id);
        }
        if let Some(cache) = cache {
            shared = shared.with_cache(cache);
        }
        match self.folders(environment) {
            (Some(_), Some(_)) => {
                Err(Error::new(ErrorKind::Configuration, "requests cannot be recorded and replayed at once")
                    .with_hint("Unset USHER_RECORD or USHER_REPLAY."))
            }
            (Some(folder), None) => shared.recording(&folder),
            (None, Some(folder)) => shared.replaying(&folder),
            (None, None) => Ok(shared),
        }
    }

    /// Returns the folders to record into and to replay from; a flag takes the place of both variables.
    fn folders(&self, environment: &dyn Environment) -> (Option<PathBuf>, Option<PathBuf>) {
        if self.record.is_some() || self.replay.is_some() {
            return (self.record.clone(), self.replay.clone());
        }
        let folder = |name| environment.variable(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
        (folder("USHER_RECORD"), folder("USHER_REPLAY"))
    }
}

/// Stderr, with what is drawn there meanwhile out of the way.
struct Aside(Arc<ProgressLine>);

impl io::Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.aside(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Log lines for people: the sentence, after the level where it is a bad one.
struct Plain;

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut sentence = Sentence(String::new());
        event.record(&mut sentence);
        let level = match *event.metadata().level() {
            Level::ERROR => "error: ",
            Level::WARN => "warning: ",
            _ => "",
        };
        // What a platform has sent must not move the cursor.
        writeln!(writer, "{level}{}", sanitized_text(&sentence.0))
    }
}

/// The sentence of an event.
struct Sentence(String);

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

/// The environment of a process that replays: it needs no secrets.
#[derive(Debug)]
pub(super) struct WithoutSecrets;

impl Environment for WithoutSecrets {
    fn variable(&self, name: &str) -> Option<std::ffi::OsString> {
        ProcessEnvironment.variable(name)
    }

    fn folders(&self) -> Option<Folders> {
        ProcessEnvironment.folders()
    }

    fn needs_secrets(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PinnedEnvironment;

    fn observe() -> Observe {
        Observe {
            trace_http: false,
            log_format: LogFormat::Text,
            job_id: None,
            metrics: None,
            record: None,
            replay: None,
        }
    }

    #[test]
    fn a_flag_takes_the_place_of_both_variables() {
        let environment = PinnedEnvironment::new("/home/ada").with("USHER_RECORD", "a").with("USHER_REPLAY", "");
        assert_eq!(observe().folders(&environment), (Some("a".into()), None));
        let replay = Observe { replay: Some("b".into()), ..observe() };
        assert_eq!(replay.folders(&environment), (None, Some("b".into())));
    }

    #[test]
    fn recording_and_replaying_at_once_is_refused() {
        let environment = PinnedEnvironment::new("/home/ada").with("USHER_RECORD", "a").with("USHER_REPLAY", "b");
        let Err(error) = observe().http(&environment, None) else { panic!("both were taken") };
        assert_eq!(error.hint(), Some("Unset USHER_RECORD or USHER_REPLAY."));
    }
}
