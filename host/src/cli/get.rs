//! `usher get`

use std::sync::Arc;

use clap::Args;
use usher_adapter_sdk::message::Include;

use super::{
    app::{App, Done, Extent, finish, report},
    arguments::{self, Part},
    output::{self, ErrorReport, ListWriter, exit_code},
};
use crate::service::{Answered, Outcome, Service};

/// Show tickets
#[derive(Debug, Args)]
pub(crate) struct Get {
    /// Links or ids of tickets
    #[arg(value_name = "REF", required = true)]
    references: Vec<String>,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
    /// Which parts of the ticket: `all` (the default), or a list
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    include: Vec<Part>,
}

impl Get {
    pub(super) fn extent(&self) -> Extent {
        if self.references.len() == 1 { Extent::One } else { Extent::Many }
    }

    pub(super) fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let fields = app.fields()?;
        let include = arguments::include(&self.include, Include::EVERYTHING);
        let include = arguments::include_for(include, fields.as_ref());
        match &self.references[..] {
            [reference] => {
                let answered = app.read(async { Ok(self.one(&service, reference, include).await?) })?;
                let mut out = app.out()?;
                let answer = app.global.envelope.then_some(&answered.answer);
                output::write_ticket(app.format(), fields.as_ref(), &answered.ticket, answer, &mut out)?;
                finish(out, exit_code::DONE)
            }
            _ => self.several(app, &service, include),
        }
    }

    async fn one(&self, service: &Service, reference: &str, include: Include) -> Outcome<Answered> {
        let resolved = service.resolve(reference, self.within.as_deref())?;
        service.get(&resolved, include).await
    }

    /// Gets several tickets side by side, and shows them in the order in which they were named.
    fn several(&self, app: &App, service: &Arc<Service>, include: Include) -> Done {
        let (outcomes, code) = app.read(async {
            let mut running = Vec::new();
            for reference in &self.references {
                running.push(self.one(service, reference, include));
            }
            Ok((join_all(running).await, exit_code::DONE))
        })?;
        let mut errors: Vec<ErrorReport> = Vec::new();
        let mut code = code;
        let mut out = app.out()?;
        let mut list = ListWriter::new(app.format(), app.fields()?, &mut out).in_full();
        for (reference, outcome) in self.references.iter().zip(outcomes) {
            match outcome {
                Ok(answered) => {
                    let answer = app.global.envelope.then_some(&answered.answer);
                    list.answered(&answered.ticket, answer)?;
                }
                Err(failure) => {
                    let mut report = report(&failure);
                    report.message = format!("{reference}: {}", report.message);
                    code = worse(code, report.exit_code());
                    errors.push(report);
                }
            }
        }
        list.finish(&[], &errors)?;
        finish(out, code)
    }
}

/// Several failures of one kind keep their code; different ones are a plain failure.
fn worse(before: u8, now: u8) -> u8 {
    if before == exit_code::DONE || before == now { now } else { exit_code::FAILURE }
}

/// Runs futures side by side and returns what each came to, in their order.
async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut is_done = true;
        for (future, output) in futures.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(ready) => *output = Some(ready),
                std::task::Poll::Pending => is_done = false,
            }
        }
        if is_done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    futures.into_iter().filter_map(|(_, output)| output).collect()
}
