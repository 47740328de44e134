//! What commands share: the configuration, the service, stdout, and the way out.

use std::{
    cell::{Cell, OnceCell},
    io::{self, IsTerminal, Write},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use tokio::runtime::{Builder, Runtime};
use usher_adapter_sdk::{Error, ErrorKind};

use super::{
    Global,
    log::StderrLogger,
    observe::WithoutSecrets,
    output::{
        ColorChoice, ErrorReport, Fields, Filter, Format, Out, OutSettings, Outcome, PagerChoice, Stop, exit_code,
        stdout,
    },
    progress::{PATIENCE, ProgressLine, has_spectator},
};
use crate::{
    config::{self, Color, Config, Environment, Flags, Pager, ProcessEnvironment},
    registry::{Registry, Search, exit_without_cleanup, trust::LOCK_FILE},
    route::Connections,
    service::{Failure, HttpSettings, Service, Settings},
    telemetry::Metrics,
    transport::Supervision,
};

/// How long adapters may take to end.
const CLOSING: Duration = Duration::from_millis(300);

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody reads stdout any more: that is no failure.
    Closed,
    /// Something failed.
    Report(Box<ErrorReport>),
    /// Something failed and has been said already; this is the exit code.
    Said(u8),
}

/// What a command comes to: an exit code, or why it ended early.
pub(crate) type Done = Result<u8, Trouble>;

impl From<ErrorReport> for Trouble {
    fn from(report: ErrorReport) -> Self {
        Self::Report(Box::new(report))
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Closed => Self::Closed,
            Stop::Failed(report) => Self::Report(report),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        report(&failure).into()
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Failure::new(error).into()
    }
}

/// Returns a failure as users see it.
pub(crate) fn report(failure: &Failure) -> ErrorReport {
    let mut report = ErrorReport::from(&failure.error);
    if let Some(operation) = failure.operation {
        report = report.with_operation(operation);
    }
    if let Some(connection) = &failure.connection {
        report = report.with_connection(connection.as_str());
    }
    report
}

/// What commands share; everything in it is made when it is first needed.
pub(crate) struct App {
    pub(crate) global: Global,
    extent: Extent,
    /// What is printed of JSON, if an expression says so.
    filter: Option<Rc<Filter>>,
    progress: Arc<ProgressLine>,
    environment: Box<dyn Environment>,
    metrics: Option<Metrics>,
    /// Whether something was written on a platform.
    has_written: Cell<bool>,
    config: OnceCell<Config>,
    runtime: OnceCell<Runtime>,
    service: OnceCell<Arc<Service>>,
}

/// How many tickets a command is about, which decides what it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One, or none.
    One,
    /// A list.
    Many,
}

impl Extent {
    fn runtime(self) -> io::Result<Runtime> {
        match self {
            // One ticket is one thread's work: others would only hand it to each other.
            Self::One => Builder::new_current_thread().enable_all().build(),
            // Pages are read while others are asked for and handed over.
            Self::Many => Builder::new_multi_thread().worker_threads(2).enable_all().build(),
        }
    }
}

/// Adapters and connections, without anything that runs.
pub(crate) struct Catalog {
    pub(crate) registry: Registry,
    pub(crate) connections: Connections,
}

impl App {
    pub(crate) fn new(global: Global, extent: Extent) -> Self {
        let looks = has_spectator(io::stderr().is_terminal(), |name| std::env::var(name).ok());
        let color = color_choice(global.color.map_or(Color::Auto, Color::from)).decide_for_stderr();
        let progress = Arc::new(ProgressLine::new(looks && !global.quiet, color));
        global.observe.begin_log(global.verbose, &progress);
        let metrics = global.observe.begin_metrics();
        let environment: Box<dyn Environment> = match global.observe.is_replay(&ProcessEnvironment) {
            true => Box::new(WithoutSecrets),
            false => Box::new(ProcessEnvironment),
        };
        Self {
            global,
            extent,
            filter: None,
            progress,
            environment,
            metrics,
            has_written: Cell::new(false),
            config: OnceCell::new(),
            runtime: OnceCell::new(),
            service: OnceCell::new(),
        }
    }

    /// Reads the expression of `--jq`, before anything is asked of anyone.
    pub(super) fn read_filter(&mut self) -> Result<(), Trouble> {
        self.filter = self.global.jq.as_deref().map(Filter::parse).transpose()?.map(Rc::new);
        Ok(())
    }

    pub(crate) fn environment(&self) -> &dyn Environment {
        &*self.environment
    }

    /// Returns what the flags say about the configuration.
    pub(crate) fn flags(&self) -> Flags {
        Flags {
            config: self.global.config.clone(),
            adapter_path: self.global.adapter_path.clone(),
            color: self.global.color.map(Color::from),
            ..Flags::default()
        }
    }

    /// Returns the configuration.
    pub(crate) fn config(&self) -> Result<&Config, Trouble> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = Config::load(self.environment(), &self.flags()).map_err(|errors| self.say_all(&errors))?;
        Ok(self.config.get_or_init(|| config))
    }

    /// Says each error of the configuration on a line of its own.
    fn say_all(&self, errors: &config::ConfigErrors) -> Trouble {
        let mut out = self.out_with(Color::Auto, &Pager::Off);
        for error in &errors.0 {
            out.error(&config_report(error), self.format().is_json());
        }
        Trouble::Said(exit_code::CONFIGURATION)
    }

    /// Returns adapters and connections, without starting anything.
    pub(crate) fn catalog(&self) -> Result<Catalog, Trouble> {
        let registry = self.registry()?;
        let connections = Connections::new(self.config()?, &registry, self.environment());
        Ok(Catalog { registry, connections })
    }

    fn registry(&self) -> Result<Registry, Trouble> {
        Ok(Registry::discover(&self.search()?)?)
    }

    /// Returns where adapters are looked for, and where what is known about them is kept.
    pub(crate) fn search(&self) -> Result<Search, Trouble> {
        let adapters = &self.config()?.adapters;
        let mut folders = adapters.path.clone();
        // `adapters/` beside the program comes last: whatever was named comes before it.
        let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("adapters")));
        folders.extend(beside.clone().map(|folder| adapters.folder(folder)));
        // Nobody has named these two: they need not be there.
        let own = config::user_data_dir(self.environment()).ok().map(|data| data.join("adapters"));
        let is_unnamed = |folder: &PathBuf| Some(folder) == beside.as_ref() || Some(folder) == own.as_ref();
        folders.retain(|folder| !is_unnamed(&folder.path) || folder.path.exists());
        let store = config::cache_dir(self.environment()).ok().map(|cache| cache.join("adapters"));
        Ok(Search { folders, store, state: self.state_dir(), lock: self.lock_file()? })
    }

    /// Returns the place of the lock file: beside the configuration that is in use, or where one would be.
    fn lock_file(&self) -> Result<Option<PathBuf>, Trouble> {
        let in_use =
            self.config()?.sources.first().map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone()));
        let file = in_use.or_else(|| config::default_path(self.environment()).ok());
        Ok(file.map(|file| file.with_file_name(LOCK_FILE)))
    }

    /// Returns the service.
    pub(crate) fn service(&self) -> Result<&Arc<Service>, Trouble> {
        if let Some(service) = self.service.get() {
            return Ok(service);
        }
        let settings = Settings {
            state: self.state_dir(),
            timeout: self.global.timeout,
            logger: Arc::new(StderrLogger {
                level: 2 + u32::from(self.global.verbose),
                is_json: self.global.observe.is_json(),
                progress: self.progress.clone(),
            }),
            progress: self.progress.clone(),
            program: worker_program()
                .map_err(|error| ErrorReport::failure(format!("this program cannot be found: {error}")))?,
            supervision: Supervision::default(),
            http: self.http()?,
        };
        let registry = self.registry()?;
        stdout::keep().map_err(|error| ErrorReport::failure(format!("stdout cannot be kept: {error}")))?;
        let runtime = self.runtime()?.handle().clone();
        let service = Service::new(registry, self.config()?, self.environment(), settings, runtime);
        Ok(self.service.get_or_init(|| Arc::new(service)))
    }

    /// Returns what the HTTP of all connections has in common.
    fn http(&self) -> Result<HttpSettings, Trouble> {
        let cache = config::cache_dir(self.environment()).ok().map(|folder| folder.join("http"));
        Ok(self.global.observe.http(self.environment(), cache)?)
    }

    fn state_dir(&self) -> Option<PathBuf> {
        config::state_dir(self.environment()).ok()
    }

    /// Returns what runs everything that waits.
    fn runtime(&self) -> Result<&Runtime, Trouble> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = self
            .extent
            .runtime()
            .map_err(|error| ErrorReport::failure(format!("no thread could be started: {error}")))?;
        Ok(self.runtime.get_or_init(|| runtime))
    }

    /// Runs something that asks platforms and changes nothing; Ctrl-C ends it.
    pub(crate) fn read<T>(&self, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        self.run(work, || {
            let report = ErrorReport::failure("interrupted");
            Trouble::from(report).with_code(exit_code::PARTIAL)
        })
    }

    /// Runs something that writes; after Ctrl-C nobody knows whether it did.
    pub(crate) fn write<T>(&self, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        let written = self.run(work, || {
            let error = Error::new(ErrorKind::OutcomeUnknown, "interrupted; whether it was written is not known");
            error.with_hint("Look at the ticket before you repeat this.").into()
        })?;
        self.has_written.set(true);
        Ok(written)
    }

    fn run<T>(
        &self,
        work: impl Future<Output = Result<T, Trouble>>,
        interrupted: impl FnOnce() -> Trouble,
    ) -> Result<T, Trouble> {
        let (runtime, progress) = (self.runtime()?, self.progress.clone());
        progress.begin();
        let shown_later = runtime.spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            progress.show();
        });
        runtime.block_on(async {
            let outcome = tokio::select! {
                biased;
                outcome = work => Some(outcome),
                () = interrupt() => None,
            };
            shown_later.abort();
            self.progress.end();
            outcome.unwrap_or_else(|| Err(interrupted()))
        })
    }

    /// Returns stdout, as the configuration and the flags want it.
    pub(crate) fn out(&self) -> Result<Out, Trouble> {
        let output = &self.config()?.output;
        Ok(self.out_with(output.color, &output.pager))
    }

    /// Returns stdout for what must work whatever the configuration says.
    pub(crate) fn out_plain(&self) -> Out {
        self.out_with(Color::Auto, &Pager::Off)
    }

    fn out_with(&self, color: Color, pager: &Pager) -> Out {
        let color = color_choice(self.global.color.map_or(color, Color::from));
        let pager = match pager {
            Pager::Preferred => PagerChoice::Preferred,
            Pager::Command(command) => PagerChoice::Command(command.clone()),
            Pager::Off => PagerChoice::Off,
        };
        let progress = self.progress.clone();
        let out = Out::stdout(&OutSettings { color, pager }).filtered_by(self.filter.clone());
        out.clearing_the_screen(Arc::new(move || progress.end()))
    }

    /// Returns the form of the answer.
    pub(crate) fn format(&self) -> Format {
        self.global.format()
    }

    /// Returns the fields to show, if some were named.
    pub(crate) fn fields(&self) -> Result<Option<Fields>, Trouble> {
        Ok(self.global.fields.as_deref().map(Fields::parse).transpose()?)
    }

    /// Writes the metrics, if they are wanted; a run that was fine is not any more if that fails, unless it has written: whoever
    /// sees it fail would do it once more.
    fn write_metrics(&self, code: u8) -> u8 {
        let Some(Err(error)) = self.metrics.as_ref().map(|metrics| self.global.observe.write_metrics(metrics)) else {
            return code;
        };
        let report = ErrorReport::from(&error);
        self.out_with(Color::Auto, &Pager::Off).error(&report, self.format().is_json());
        if code == exit_code::DONE && !self.has_written.get() { report.exit_code() } else { code }
    }

    /// Ends the process with what a command came to.
    pub(crate) fn exit(self, outcome: Done) -> ! {
        let mut code = match outcome {
            Ok(code) => code,
            Err(Trouble::Closed) => exit_code::DONE,
            Err(Trouble::Said(code)) => code,
            Err(Trouble::Report(report)) => {
                self.out_with(Color::Auto, &Pager::Off).error(&report, self.format().is_json());
                report.exit_code()
            }
        };
        let closing = self.service.get().zip(self.runtime.get());
        if let Some((service, runtime)) = closing {
            for failure in runtime.block_on(service.close(CLOSING)) {
                // What was asked for has been done; that the end was not clean is said and changes nothing.
                self.out_with(Color::Auto, &Pager::Off).error(&report(&failure), self.format().is_json());
            }
            if let Some(trouble) = service.registry().ledger().trouble() {
                self.out_with(Color::Auto, &Pager::Off)
                    .message(&format!("what is known about adapters cannot be kept: {trouble}"));
            }
        }
        code = self.write_metrics(code);
        if closing.is_some_and(|(service, _)| service.registry().has_loaded_foreign_code()) {
            exit_without_cleanup(code);
        }
        std::process::exit(i32::from(code))
    }
}

fn color_choice(color: Color) -> ColorChoice {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Returns the program that is running, also when its file has been replaced meanwhile.
fn worker_program() -> io::Result<PathBuf> {
    match cfg!(target_os = "linux") {
        true => Ok(PathBuf::from("/proc/self/exe")),
        false => std::env::current_exe(),
    }
}

/// Waits for Ctrl-C.
pub(crate) async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler Ctrl-C ends the process by itself.
        std::future::pending().await
    }
}

impl Trouble {
    fn with_code(self, code: u8) -> Self {
        if let Self::Report(report) = &self {
            // Nobody can be told that stderr is closed.
            let _ = writeln!(io::stderr(), "error: {}", report.message);
        }
        Self::Said(code)
    }
}

/// Returns an error of the configuration as users see it.
pub(crate) fn config_report(error: &config::ConfigError) -> ErrorReport {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}: ", error.file.display()),
        (Some(line), None) => format!("{}:{line}: ", error.file.display()),
        _ => format!("{}: ", error.file.display()),
    };
    let report = ErrorReport::new(usher_adapter_sdk::ErrorKind::Configuration, format!("{place}{}", error.message));
    match &error.hint {
        Some(hint) => report.with_hint(hint.as_str()),
        None => report,
    }
}

/// Shows the answer to a write. Where that fails, the error says what was written all the same: whoever sees no more than a
/// failure would write it once more.
pub(crate) fn show_written(what: impl FnOnce() -> String, show: impl FnOnce() -> Done) -> Done {
    show().map_err(|trouble| match trouble {
        Trouble::Report(report) => {
            let message = format!("{}, but the answer cannot be shown: {report}", what());
            ErrorReport::new(ErrorKind::OutcomeUnknown, message).with_hint("Do not repeat it.").into()
        }
        other => other,
    })
}

/// Ends a command that has written everything.
pub(crate) fn finish(out: Out, code: u8) -> Done {
    match out.finish()? {
        Outcome::Complete | Outcome::Closed => Ok(code),
    }
}
