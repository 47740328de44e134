//! Lists: pages into tickets, several connections into one answer, and an honest word about what is missing.
//!
//! Each connection is asked at the same time as the others and hands its tickets over as they come; the answer
//! has them in the order of the connections. What is not read yet is not held: a full channel stops its pages.

use std::{
    borrow::Cow,
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Instant,
};

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::task::AbortOnDropHandle;
use usher_adapter_manifest::Operation as ManifestOperation;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, Cursor, Include, ME, PageHead, Query},
    model::{CutReason, User},
    wire,
};

use super::{AnswerFacts, Failure, Outcome, Service, filter, seen::Seen, session::Session, splice::Peek};
use crate::transport::Deadline;

/// An empty page is not the end of a list, but a list of nothing but empty pages has none.
const MOST_EMPTY_PAGES: u32 = 100;

/// How many pages are asked for at once where an adapter names several.
const SIDE_BY_SIDE: usize = 8;

/// How many tickets are handed over at once: each time wakes whoever reads them.
const BATCH: usize = 32;

/// How many batches may wait to be read.
const MOST_BATCHES: usize = 4;

/// How many pages may be announced and not yet asked for.
const MOST_CURSORS: usize = 100_000;

/// What is asked.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// Words or a query of the platform's, for a search.
    pub query: Option<Query>,
    /// Which tickets.
    pub criteria: Criteria,
    /// How much of each.
    pub include: Include,
}

/// How one connection's part of the list ended.
#[derive(Debug, Clone)]
pub struct ListOutcome {
    /// The connection.
    pub connection: String,
    /// How many tickets there are, if the platform said so.
    pub total: Option<u64>,
    /// Where it would go on, or at which page it was cut.
    pub next: Option<Cursor>,
    /// Why it is not whole, if it is not.
    pub cut: Option<CutReason>,
    /// What went wrong with single tickets, and with the list itself.
    pub errors: Vec<Failure>,
}

/// What a list hands over.
pub enum ListItem {
    /// Tickets of a page, each a line of JSON, and how the page was obtained.
    Tickets(Vec<Vec<u8>>, Arc<AnswerFacts>),
    /// The end of this connection's part.
    End(Box<ListOutcome>),
}

/// The parts of a list, one for each connection, in their order.
pub struct Listing {
    parts: VecDeque<(String, Receiver<ListItem>)>,
}

impl Listing {
    /// Returns the next tickets or the next end of a part; nothing when every part has ended.
    pub async fn next(&mut self) -> Option<ListItem> {
        let (connection, receiver) = self.parts.front_mut()?;
        let item = receiver.recv().await.unwrap_or_else(|| {
            let error = Error::new(ErrorKind::ServiceClosed, "the list ended early");
            ListItem::End(Box::new(ended(connection, vec![error])))
        });
        if matches!(item, ListItem::End(_)) {
            self.parts.pop_front();
        }
        Some(item)
    }

    /// Gives up what has not been read, and returns the connections whose parts are not whole.
    pub fn stop(self) -> Vec<String> {
        self.parts.into_iter().map(|(connection, _)| connection).collect()
    }
}

fn ended(connection: &str, errors: Vec<Error>) -> ListOutcome {
    let cut = (!errors.is_empty()).then_some(CutReason::Error);
    let failure = |error| Failure { error, operation: Some("list"), connection: Some(connection.to_owned()) };
    ListOutcome {
        connection: connection.to_owned(),
        total: None,
        next: None,
        cut,
        errors: errors.into_iter().map(failure).collect(),
    }
}

impl Service {
    /// Starts a list over connections. It is an error only if no connection could be asked at all.
    pub fn list(self: &Arc<Self>, connections: &[String], request: &ListRequest) -> Listing {
        let parts = connections.iter().map(|connection| {
            let (sender, receiver) = mpsc::channel(MOST_BATCHES);
            let (service, name, request) = (self.clone(), connection.clone(), request.clone());
            self.runtime.spawn(async move { service.list_one(&name, request, &sender).await });
            (connection.clone(), receiver)
        });
        Listing { parts: parts.collect() }
    }

    async fn list_one(&self, connection: &str, request: ListRequest, sender: &Sender<ListItem>) {
        let opened = self.at(connection, async |session: Arc<Session>| Ok(session)).await;
        let outcome = match opened {
            Ok(session) => Part::new(self, session, request, sender).run().await,
            Err(failure) => ended(connection, vec![failure.error]),
        };
        // Nobody reads any more if the list was stopped.
        let _ = sender.send(ListItem::End(Box::new(outcome))).await;
    }
}

/// One connection's part of a list, while it is being made.
struct Part<'a> {
    service: &'a Service,
    session: Arc<Session>,
    request: ListRequest,
    /// What the adapter is asked: without what the operator's own levels decide.
    asked: Arc<ListRequest>,
    sender: &'a Sender<ListItem>,
    me: Option<User>,
    /// Tickets that the adapter gave so far.
    loaded: u64,
    sent: u64,
    total: Option<u64>,
    errors: Vec<Error>,
    /// Native ids that were seen, once there is a page more: while a list is read, a ticket may move from one to the next.
    seen: Option<Seen>,
    cursors: HashSet<Cursor>,
    /// The first cut that a page has told of, and which page it was.
    told: Option<(CutReason, Option<Cursor>)>,
    /// Pages without a ticket, one after the other.
    empty_pages: u32,
    /// Tickets that wait to be sorted, since the adapter did not.
    unsorted: Option<Vec<(Vec<u8>, Arc<AnswerFacts>)>>,
    /// How many pages may be asked for at once.
    width: usize,
}

/// The pages of a part that are still to come, in their order.
struct Pages {
    /// Asked for and not yet taken.
    asked: VecDeque<(Option<Cursor>, AbortOnDropHandle<Result<Answered>>)>,
    waiting: VecDeque<Option<Cursor>>,
}

impl Pages {
    fn from_the_start() -> Self {
        Self { asked: VecDeque::new(), waiting: VecDeque::from([None]) }
    }

    /// Returns the answer to the first page that was asked for; nothing if none was.
    async fn next(&mut self) -> Option<(Option<Cursor>, Result<Answered>)> {
        let (_, answer) = self.asked.front_mut()?;
        let answer = answer.await.unwrap_or_else(|error| {
            Err(Error::new(ErrorKind::ServiceClosed, format!("a page of the list was given up: {error}")))
        });
        self.asked.pop_front().map(|(cursor, _)| (cursor, answer))
    }

    fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.waiting.is_empty()
    }

    /// Returns where the list would go on.
    fn first(self) -> Option<Cursor> {
        let asked = self.asked.into_iter().map(|(cursor, _)| cursor);
        asked.chain(self.waiting).flatten().next()
    }
}

/// A page as the adapter gave it.
struct Answered {
    head: PageHead,
    body: Vec<u8>,
    facts: Arc<AnswerFacts>,
}

/// Asks for a page. It is a task of its own, so that it goes on while pages before it are handed over.
async fn ask(
    session: Arc<Session>,
    asked: Arc<ListRequest>,
    cursor: Option<Cursor>,
    deadline: Deadline,
) -> Result<Answered> {
    let ListRequest { query, criteria, include } = &*asked;
    let (include, cursor) = (*include, cursor.as_ref().map(Cow::Borrowed));
    let start = Instant::now();
    let (head, body, asked) = match query {
        Some(query) => {
            session.supports(ManifestOperation::Search)?;
            let args = wire::SearchArgs { query: Cow::Borrowed(query), include, cursor };
            let answer = session.call::<wire::Search>(args, deadline).await?;
            (answer.head, answer.body, answer.asked)
        }
        None => {
            session.supports(ManifestOperation::Fetch)?;
            let args = wire::FetchArgs { criteria: Cow::Borrowed(criteria), include, cursor };
            let answer = session.call::<wire::Fetch>(args, deadline).await?;
            (answer.head, answer.body, answer.asked)
        }
    };
    let facts = Arc::new(AnswerFacts::direct(&session.target.name, start.elapsed(), asked));
    Ok(Answered { head, body, facts })
}

/// Whether a part goes on.
enum Flow {
    On,
    Stopped(CutReason),
    Closed,
}

impl<'a> Part<'a> {
    fn new(service: &'a Service, session: Arc<Session>, request: ListRequest, sender: &'a Sender<ListItem>) -> Self {
        let mut asked = request.clone();
        let levels = &session.target.levels;
        if !levels.status.is_empty() {
            asked.criteria.status_category.clear();
            asked.criteria.is_open = None;
        }
        if !levels.types.is_empty() {
            asked.criteria.type_level.clear();
        }
        if !levels.priority.is_empty() {
            asked.criteria.priority.clear();
        }
        // One more than is wanted tells that there are more, also where an adapter ends its list at the limit.
        asked.criteria.limit = asked.criteria.limit.map(|limit| limit.saturating_add(1));
        // What the host may have to look into must be there.
        asked.include.body |= asked.criteria.text.is_some();
        if let Some(query) = &mut asked.query {
            query.criteria = asked.criteria.clone();
        }
        Self {
            service,
            session,
            request,
            asked: Arc::new(asked),
            sender,
            me: None,
            loaded: 0,
            sent: 0,
            total: None,
            errors: Vec::new(),
            seen: None,
            cursors: HashSet::new(),
            told: None,
            empty_pages: 0,
            unsorted: None,
            width: SIDE_BY_SIDE,
        }
    }

    async fn run(mut self) -> ListOutcome {
        let mut pages = Pages::from_the_start();
        let (mut cut, mut broken_off) = (None, None);
        loop {
            self.ask(&mut pages);
            let Some((cursor, answer)) = pages.next().await else { break };
            match self.page(&cursor, answer, &mut pages).await {
                Ok(Flow::On) => {}
                Ok(Flow::Stopped(reason)) => {
                    cut = Some(reason);
                    break;
                }
                Ok(Flow::Closed) => break,
                Err(error) => {
                    // What was read is kept, and where it broke off is said.
                    broken_off = cursor;
                    let kind = error.kind();
                    self.errors.push(error);
                    cut = Some(if kind == ErrorKind::Permission { CutReason::Permission } else { CutReason::Error });
                    break;
                }
            }
        }
        if let Err(error) = self.send_sorted().await {
            self.errors.push(error);
            cut = Some(CutReason::Error);
        }
        let (told, told_at) = self.told.unzip();
        let mut outcome = ended(&self.session.target.name, self.errors);
        outcome.total = self.total;
        // A limit that was reached hides no cut: what is missing may have stood before it.
        outcome.cut = cut.filter(|reason| *reason != CutReason::Limit || told.is_none()).or(told).or(outcome.cut);
        outcome.next = broken_off.or_else(|| pages.first()).or(told_at.flatten());
        outcome
    }

    /// Asks for as many of the pages that wait as may be asked for side by side.
    fn ask(&self, pages: &mut Pages) {
        while pages.asked.len() < self.width
            && let Some(cursor) = pages.waiting.pop_front()
        {
            let deadline = self.service.deadline(&self.session.target);
            let answer = ask(self.session.clone(), self.asked.clone(), cursor.clone(), deadline);
            pages.asked.push_back((cursor, AbortOnDropHandle::new(self.service.runtime.spawn(answer))));
        }
    }

    /// Takes a page as it was answered: hands its tickets over, and notes where it goes on.
    ///
    /// A page that says that it is cut ends its own chain, and no other.
    async fn page(&mut self, cursor: &Option<Cursor>, page: Result<Answered>, pages: &mut Pages) -> Result<Flow> {
        let Answered { head, body, facts: answer } = page?;
        self.total = head.total.or(self.total);
        let left = self.left(&head.pushed_down);
        if left.iter().any(|part| matches!(part, Criterion::Assignee | Criterion::Reporter)) {
            self.find_me().await?;
        }
        if left.contains(&Criterion::Sort) && self.unsorted.is_none() {
            self.unsorted = Some(Vec::new());
        }
        if !head.next.is_empty() && self.seen.is_none() {
            self.seen = Some(Seen::new());
        }
        self.count(&head, &body)?;
        self.note_next(&head, pages)?;
        if self.limit().is_none() {
            // What comes next is on its way while this page is handed over.
            self.ask(pages);
        }
        self.loaded += head.count;
        self.service.settings.progress.listed(&self.session.target.name, self.loaded, self.total);
        if let Flow::Closed = self.tickets(&body, &left, &answer).await? {
            return Ok(Flow::Closed);
        }
        self.errors.extend(head.errors);
        if let Some(cut) = head.cut {
            self.told.get_or_insert_with(|| (cut.reason, cursor.clone()));
        }
        self.width = self.width_after(head.count);
        let is_enough = self.width == 0 && !pages.is_empty();
        Ok(if is_enough { Flow::Stopped(CutReason::Limit) } else { Flow::On })
    }

    /// Notes where a page goes on.
    fn note_next(&mut self, head: &PageHead, pages: &mut Pages) -> Result<()> {
        self.empty_pages = if head.count == 0 { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > MOST_EMPTY_PAGES && !head.next.is_empty() {
            return Err(broken(format!("the adapter gave {MOST_EMPTY_PAGES} pages in a row without a ticket")));
        }
        if pages.waiting.len() + head.next.len() > MOST_CURSORS {
            return Err(broken(format!("the adapter announces more than {MOST_CURSORS} pages at once")));
        }
        for next in &head.next {
            if !self.cursors.insert(next.clone()) {
                return Err(broken(format!("the adapter's pages go in a circle at the cursor `{}`", next.as_str())));
            }
            pages.waiting.push_back(Some(next.clone()));
        }
        Ok(())
    }

    /// Returns how many tickets are wanted, where the order they come in is the order that is asked for.
    fn limit(&self) -> Option<u64> {
        self.request.criteria.limit.filter(|_| self.unsorted.is_none())
    }

    /// Returns how many pages may be asked for at once after a page of this many tickets: no more than the limit
    /// needs, and none once it is reached.
    fn width_after(&self, count: u64) -> usize {
        let Some(limit) = self.limit() else { return SIDE_BY_SIDE };
        let wanted = limit.saturating_sub(self.sent).div_ceil(count.max(1));
        usize::try_from(wanted).map_or(SIDE_BY_SIDE, |wanted| wanted.min(SIDE_BY_SIDE))
    }

    /// Returns what is left to the host: what was not applied, and what was not even asked.
    fn left(&self, pushed_down: &[Criterion]) -> Vec<Criterion> {
        let asked = self.asked.criteria.asked();
        let applied: Vec<Criterion> = pushed_down.iter().filter(|part| asked.contains(part)).cloned().collect();
        filter::left(&self.request.criteria, &applied)
    }

    /// A page that says that it holds more or fewer tickets than it does has lost some on the way.
    fn count(&self, head: &PageHead, body: &[u8]) -> Result<()> {
        let there = lines(body).count() as u64;
        if there == head.count {
            return Ok(());
        }
        Err(broken(format!("the adapter's page says that it holds {} tickets and holds {there}", head.count)))
    }

    /// Hands the tickets of a page over, also those before one that cannot be read.
    async fn tickets(&mut self, body: &[u8], left: &[Criterion], answer: &Arc<AnswerFacts>) -> Result<Flow> {
        let mut lines = lines(body);
        loop {
            let (batch, outcome) = self.batch(&mut lines, left, answer);
            let is_last = batch.len() < BATCH;
            if let Flow::Closed = self.send(batch, answer.clone()).await {
                return Ok(Flow::Closed);
            }
            outcome?;
            if is_last {
                return Ok(Flow::On);
            }
        }
    }

    /// Returns the next tickets that fit, and whether the one after them could be read.
    fn batch<'l>(
        &mut self,
        lines: &mut impl Iterator<Item = &'l [u8]>,
        left: &[Criterion],
        answer: &Arc<AnswerFacts>,
    ) -> (Vec<Vec<u8>>, Result<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(line) = lines.next()
        {
            match self.ticket(line, left) {
                Ok(None) => {}
                Ok(Some(ticket)) => match &mut self.unsorted {
                    Some(unsorted) => unsorted.push((ticket, answer.clone())),
                    None => batch.push(ticket),
                },
                Err(error) => return (batch, Err(error)),
            }
        }
        (batch, Ok(()))
    }

    /// Returns the ticket with the host's words in front, if it was not there before and fits.
    fn ticket(&mut self, line: &[u8], left: &[Criterion]) -> Result<Option<Vec<u8>>> {
        let peek = Peek::read(line)?;
        if let Some(seen) = &mut self.seen {
            let id = peek.native_id.as_ref().unwrap_or(&peek.key);
            if !seen.insert(id) {
                return Ok(None);
            }
        }
        let ticket = self.session.splice.with_key(line, &peek.key, None)?;
        let fits = filter::fits(&ticket, &self.request.criteria, left, self.me.as_ref())?;
        Ok(fits.then_some(ticket))
    }

    async fn send(&mut self, tickets: Vec<Vec<u8>>, answer: Arc<AnswerFacts>) -> Flow {
        if tickets.is_empty() {
            return Flow::On;
        }
        self.sent += tickets.len() as u64;
        match self.sender.send(ListItem::Tickets(tickets, answer)).await {
            Ok(()) => Flow::On,
            Err(_) => Flow::Closed,
        }
    }

    async fn send_sorted(&mut self) -> Result<()> {
        let (Some(unsorted), Some(sort)) = (self.unsorted.take(), &self.request.criteria.sort) else { return Ok(()) };
        for (ticket, answer) in filter::sort(unsorted, sort)? {
            if let Flow::Closed = self.send(vec![ticket], answer).await {
                break;
            }
        }
        Ok(())
    }

    /// Finds out who `@me` is, if it is asked and the adapter left it to the host.
    async fn find_me(&mut self) -> Result<()> {
        let criteria = &self.request.criteria;
        let asks = criteria.assignee.iter().chain(&criteria.reporter).any(|name| name == ME);
        if !asks || self.me.is_some() {
            return Ok(());
        }
        self.session.supports(ManifestOperation::Check)?;
        let deadline = self.service.deadline(&self.session.target);
        let identity = self.session.call::<wire::Check>(wire::CheckArgs {}, deadline).await?.head;
        self.me = Some(identity.user.ok_or_else(|| {
            let name = &self.session.target.name;
            Error::validation(format!("connection `{name}` cannot say who `{ME}` is")).with_hint("Name the person.")
        })?);
        Ok(())
    }
}

fn lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn broken(message: String) -> Error {
    Error::new(ErrorKind::ResponseParse, message).with_hint("This is a defect of the adapter.")
}

/// Says that a list was asked of nobody.
pub(super) fn nobody_to_ask(service: &Service) -> Failure {
    Failure::new(
        Error::new(ErrorKind::Configuration, "there is no connection to ask")
            .with_hint(service.connections.configured()),
    )
}

impl Service {
    /// Returns the connections that a list without `--in` asks: every one that can list, or an error if there
    /// is none.
    pub fn all_for_list(&self, search: bool) -> Outcome<Vec<String>> {
        let operation = if search { ManifestOperation::Search } else { ManifestOperation::Fetch };
        let asked: Vec<String> = self.connections.asked_for(operation).map(str::to_owned).collect();
        if asked.is_empty() { Err(nobody_to_ask(self)) } else { Ok(asked) }
    }
}
