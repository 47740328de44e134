//! `usher list`

use clap::Args;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Query},
    model::CutReason,
};

use super::{
    app::{App, Done, Trouble, finish, interrupt, report},
    arguments::{self, Filter},
    output::{ErrorReport, ListCompleteness, ListWriter, ReportKind, Stop, exit_code},
};
use crate::service::{AnswerFacts, ListItem, ListOutcome, ListRequest, Listing};

/// List tickets of every connection, or of some
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    filter: Filter,
}

impl List {
    pub(super) fn run(self, app: &App) -> Done {
        run(app, &self.filter, None)
    }
}

/// Lists or searches, and writes what comes as it comes.
pub(super) fn run(app: &App, filter: &Filter, query: Option<Query>) -> Done {
    let service = app.service()?.clone();
    let connections = match filter.places.is_empty() {
        true => service.all_for_list(query.is_some())?,
        false => {
            let mut names: Vec<String> = filter.places.iter().map(|place| place.connection.clone()).collect();
            names.sort();
            names.dedup();
            names
        }
    };
    for name in filter.places.iter().map(|place| &place.connection) {
        service.connections().require(name)?;
    }
    let default = if app.format().is_json() { Include::default() } else { Include::SUMMARY };
    let criteria = filter.criteria();
    let query = query.map(|query| query.with_criteria(criteria.clone()));
    let fields = app.fields()?;
    let include = arguments::include_for(filter.include(default), fields.as_ref());
    let request = ListRequest { query, criteria, include };
    let mut out = app.out()?;
    let mut list = ListWriter::new(app.format(), fields, &mut out)
        .several_connections(connections.len() > 1)
        .quiet(app.global.quiet);
    let mut progress = Progress::new(&connections, filter.limit(), app.global.envelope);
    app.read(async { progress.write(service.list(&connections, &request), &mut list).await })?;
    let Progress { completeness, errors, code, .. } = progress;
    list.finish(&completeness, &errors)?;
    finish(out, code)
}

/// How far a list has come.
struct Progress {
    limit: Option<u64>,
    /// Whether what is known of each answer is shown too.
    envelope: bool,
    /// Tickets of all connections.
    written: u64,
    /// Tickets of the connection that is being read.
    of_this: u64,
    waiting: Vec<String>,
    completeness: Vec<ListCompleteness>,
    errors: Vec<ErrorReport>,
    code: u8,
}

impl Progress {
    fn new(connections: &[String], limit: Option<u64>, envelope: bool) -> Self {
        let waiting = connections.iter().rev().cloned().collect();
        let (completeness, errors) = (Vec::new(), Vec::new());
        Self { limit, envelope, written: 0, of_this: 0, waiting, completeness, errors, code: exit_code::DONE }
    }

    async fn write(&mut self, mut listing: Listing, list: &mut ListWriter<'_>) -> Result<(), Trouble> {
        loop {
            let item = tokio::select! {
                biased;
                () = interrupt() => {
                    self.stop(listing, CutReason::Interrupted);
                    return Ok(());
                }
                item = listing.next() => item,
            };
            match item {
                None => return Ok(()),
                Some(ListItem::End(outcome)) => self.end(*outcome),
                Some(ListItem::Tickets(tickets, answer)) => {
                    for ticket in tickets {
                        if self.limit.is_some_and(|limit| self.written >= limit) {
                            self.stop(listing, CutReason::Limit);
                            return Ok(());
                        }
                        self.ticket(list, &ticket, self.envelope.then_some(&*answer))?;
                    }
                }
            }
        }
    }

    /// Writes a ticket; one that cannot be shown is an error beside the others.
    fn ticket(
        &mut self,
        list: &mut ListWriter<'_>,
        ticket: &[u8],
        answer: Option<&AnswerFacts>,
    ) -> Result<(), Trouble> {
        match list.answered(ticket, answer) {
            Ok(()) => {
                self.written += 1;
                self.of_this += 1;
            }
            Err(Stop::Failed(report)) if report.kind == ReportKind::Error(ErrorKind::ResponseParse) => {
                self.code = exit_code::PARTIAL;
                self.errors.push(*report);
            }
            Err(stop) => return Err(stop.into()),
        }
        Ok(())
    }

    /// Ends the part of one connection.
    fn end(&mut self, outcome: ListOutcome) {
        self.waiting.pop();
        let loaded = std::mem::take(&mut self.of_this);
        // A total that counts what the host has filtered out says nothing to the reader.
        let total = outcome.total.filter(|total| outcome.cut.is_some() || *total == loaded);
        let total = total.or((outcome.cut.is_none()).then_some(loaded));
        let reported = outcome.errors.iter().map(report);
        let before = self.errors.len();
        self.errors.extend(reported);
        let is_cut = outcome.cut.as_ref().is_some_and(|reason| *reason != CutReason::Limit);
        if self.errors.len() > before || is_cut {
            let only = if loaded == 0 { self.errors.get(before).map(ErrorReport::exit_code) } else { None };
            self.worsen(only);
        }
        self.completeness.push(ListCompleteness {
            connection: outcome.connection,
            loaded,
            total,
            next: outcome.next.map(|cursor| cursor.as_str().to_owned()),
            reason: outcome.cut,
        });
    }

    /// What was printed is not all there is; if nothing was, the one error says more.
    fn worsen(&mut self, only: Option<u8>) {
        let nothing_else = self.written == 0 && self.completeness.is_empty() && self.waiting.is_empty();
        self.code = match only {
            Some(code) if nothing_else => code,
            _ => exit_code::PARTIAL,
        };
    }

    /// Gives up the connections that are still to be read.
    fn stop(&mut self, listing: Listing, reason: CutReason) {
        for connection in listing.stop() {
            let loaded = std::mem::take(&mut self.of_this);
            let reason = Some(reason.clone());
            self.completeness.push(ListCompleteness { connection, loaded, total: None, next: None, reason });
        }
        if reason != CutReason::Limit {
            self.code = exit_code::PARTIAL;
        }
    }
}
