//! From an operation's name to the trait's method.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use serde::{Serialize, de::DeserializeOwned};
use usher_adapter_abi::{
    Adapter, Reply,
    abi_stable::std_types::{RStr, RVec},
    async_ffi::{FfiFuture, FutureExt},
};

use super::{CurrentCall, Guarded, catch, reply_of, reply_ok, with_call};
use crate::{
    Error, Result, TicketSystemAdapter, decode,
    host::{FileSink, FileSource, Host},
    message::{Include, Page, Raw, Source},
    model::TicketKey,
    wire::{
        self, AddNote, AddNoteArgs, Attach, AttachArgs, Attachments, AttachmentsArgs, CallHeader, Check, CheckArgs,
        Create, CreateArgs, Download, DownloadArgs, Fetch, FetchArgs, FindByMarker, FindByMarkerArgs, Get, GetArgs,
        GetOptions, Normalize, NormalizeArgs, Notes, NotesArgs, Operation, OptionsArgs, Search, SearchArgs, TicketHead,
        Update, UpdateArgs,
    },
};

/// An adapter behind the boundary.
pub(super) struct Instance<A> {
    adapter: Mutex<Option<Arc<A>>>,
    host: Host,
}

impl<A: TicketSystemAdapter> Instance<A> {
    pub(super) fn new(adapter: Arc<A>, host: Host) -> Self {
        Self { adapter: Mutex::new(Some(adapter)), host }
    }
}

impl<A> Instance<A> {
    fn adapter(&self) -> MutexGuard<'_, Option<Arc<A>>> {
        self.adapter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the adapter; the calls that are still running keep it until they are over.
    fn end(&self) -> Result<()> {
        let adapter = self.adapter().take();
        catch("drop", || drop(adapter))
    }
}

impl<A> Drop for Instance<A> {
    fn drop(&mut self) {
        // Whoever drops the adapter without a shutdown has nobody left to tell.
        let _ = self.end();
    }
}

/// What an operation answers: a header and a body.
type Answer = (Vec<u8>, Vec<u8>);

impl<A: TicketSystemAdapter> Adapter for Instance<A> {
    fn invoke(&self, operation: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply> {
        let started = catch("starting an operation", || self.start(operation.as_str(), &header, body));
        started.and_then(|future| future).unwrap_or_else(|error| refused(&error))
    }

    fn shutdown(&self) -> FfiFuture<Reply> {
        let reply = self.end().map_or_else(|error| reply_of(&error), |()| reply_ok(b"{}".to_vec(), Vec::new()));
        std::future::ready(reply).into_ffi()
    }
}

impl<A: TicketSystemAdapter> Instance<A> {
    fn start(&self, name: &str, header: &[u8], body: RVec<u8>) -> Result<FfiFuture<Reply>> {
        let Some(adapter) = self.adapter().clone() else { return Err(Error::unsupported("a call after the end")) };
        let host = self.host.clone();
        Ok(match name {
            Get::NAME => run::<Get, _, _, _>(header, async move |args: GetArgs| {
                let raw = adapter.get(&args.key, &args.include).await?;
                normalized(&*adapter, Some(&args.key), &raw, &Source::Direct, args.include)
            })?,
            Normalize::NAME => run::<Normalize, _, _, _>(header, async move |args: NormalizeArgs| {
                let raw = args.documents.split(&body)?;
                normalized(&*adapter, args.key.as_deref(), &raw, &args.source, args.include)
            })?,
            Fetch::NAME => run::<Fetch, _, _, _>(header, async move |args: FetchArgs| {
                page(adapter.fetch(&args.criteria, &args.include, args.cursor.as_deref()).await)
            })?,
            Search::NAME => run::<Search, _, _, _>(header, async move |args: SearchArgs| {
                page(adapter.search(&args.query, &args.include, args.cursor.as_deref()).await)
            })?,
            Create::NAME => {
                run::<Create, _, _, _>(header, async move |args: CreateArgs| json(adapter.create(&args.draft).await))?
            }
            Update::NAME => run::<Update, _, _, _>(header, async move |args: UpdateArgs| {
                json(adapter.update(&args.key, &args.change).await)
            })?,
            AddNote::NAME => run::<AddNote, _, _, _>(header, async move |args: AddNoteArgs| {
                json(adapter.add_note(&args.key, &args.note).await)
            })?,
            Notes::NAME => run::<Notes, _, _, _>(header, async move |args: NotesArgs| {
                json(adapter.notes(&args.key, args.cursor.as_deref()).await)
            })?,
            GetOptions::NAME => run::<GetOptions, _, _, _>(header, async move |args: OptionsArgs| {
                json(adapter.options(&args.scope).await)
            })?,
            Attachments::NAME => run::<Attachments, _, _, _>(header, async move |args: AttachmentsArgs| {
                json(adapter.attachments(&args.key).await)
            })?,
            Download::NAME => run::<Download, _, _, _>(header, async move |args: DownloadArgs| {
                let sink = FileSink::new(host, args.sink);
                json(adapter.download(&args.key, &args.attachment_id, &sink).await)
            })?,
            Attach::NAME => run::<Attach, _, _, _>(header, async move |args: AttachArgs| {
                let source = FileSource::new(host, args.source);
                json(adapter.attach(&args.key, &args.file, &source).await)
            })?,
            FindByMarker::NAME => run::<FindByMarker, _, _, _>(header, async move |args: FindByMarkerArgs| {
                json(adapter.find_by_marker(&args.kind, &args.marker, args.key.as_deref()).await)
            })?,
            Check::NAME => run::<Check, _, _, _>(header, async move |_: CheckArgs| json(adapter.check().await))?,
            unknown => return Err(Error::unsupported(format_args!("the operation `{unknown}`"))),
        })
    }
}

/// Reads the arguments and starts the operation with them.
fn run<O, T, F, R>(header: &[u8], operation: F) -> Result<FfiFuture<Reply>>
where
    O: Operation,
    T: DeserializeOwned,
    F: FnOnce(T) -> R,
    R: Future<Output = Result<Answer>> + Send + 'static,
{
    let CallHeader::<T> { call, deadline_ms, args } =
        decode::json(header).map_err(|error| error.context(format_args!("arguments of `{}`", O::NAME)))?;
    let call = CurrentCall { id: call, deadline_ms };
    let future = with_call(call, || operation(args));
    Ok(InCall { call, future: Guarded::new(O::NAME, future) }.into_ffi())
}

fn refused(error: &Error) -> FfiFuture<Reply> {
    std::future::ready(reply_of(error)).into_ffi()
}

/// An operation whose host calls know whose they are.
struct InCall<F> {
    call: CurrentCall,
    future: Guarded<F>,
}

impl<F: Future<Output = Result<Answer>>> Future for InCall<F> {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let call = self.call;
        let outcome = with_call(call, || Pin::new(&mut self.future).poll(context));
        outcome.map(|outcome| match outcome {
            Ok((header, body)) => reply_ok(header, body),
            Err(error) => reply_of(&error),
        })
    }
}

fn normalized<A: TicketSystemAdapter>(
    adapter: &A,
    key: Option<&TicketKey>,
    raw: &Raw,
    source: &Source,
    include: Include,
) -> Result<Answer> {
    let mut ticket = adapter.normalize(key, raw, source)?;
    // `normalize` does not know what was asked, so that it can be used for any answer.
    ticket.keep(&include);
    if include.raw {
        ticket.attach_raw(raw)?;
    }
    let head = TicketHead { etag: raw.revision().map(str::to_owned) };
    let mut body = Vec::with_capacity(2048);
    wire::write_ticket(&mut body, &ticket)?;
    Ok((wire::to_json(&head), body))
}

fn page(page: Result<Page>) -> Result<Answer> {
    let Page { lines, head } = page?;
    Ok((wire::to_json(&head), lines))
}

fn json<T: Serialize>(value: Result<T>) -> Result<Answer> {
    Ok((wire::to_json(&value?), Vec::new()))
}
