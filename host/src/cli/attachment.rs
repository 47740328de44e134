//! `usher attachment`

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use usher_adapter_sdk::{message::NewAttachment, model};

use super::{
    app::{App, Done, Trouble, finish, show_written},
    dry_run::{self, DryRun},
    output::{Cell, ErrorReport, Facts, Table, exit_code, stdout},
};
use crate::{service::Attempt, whole_file::is_device};

/// List, fetch and add attachments
#[derive(Debug, Subcommand)]
pub(crate) enum Attachment {
    List(List),
    Get(Get),
    Add(Add),
}

/// List a ticket's attachments
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    ticket: Ticket,
}

/// Save an attachment to a file
#[derive(Debug, Args)]
pub(crate) struct Get {
    #[command(flatten)]
    ticket: Ticket,
    /// The attachment's id, as `attachment list` shows it
    attachment: String,
    /// The file to make, or - for stdout (default: the attachment's own name, here)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

/// Attach a file to a ticket
#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    ticket: Ticket,
    /// The file
    file: PathBuf,
    /// The name to give it (default: its own)
    #[arg(long)]
    name: Option<String>,
    /// The media type, if the platform cannot tell
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,
    #[command(flatten)]
    dry_run: DryRun,
}

/// A ticket, and where to look for it.
#[derive(Debug, Args)]
struct Ticket {
    /// The ticket's link or id
    #[arg(value_name = "REF")]
    reference: String,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
}

impl Attachment {
    pub(super) fn run(self, app: &App) -> Done {
        match self {
            Self::List(command) => command.run(app),
            Self::Get(command) => command.run(app),
            Self::Add(command) => command.run(app),
        }
    }
}

impl List {
    fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.ticket.reference, self.ticket.within.as_deref())?;
        let attachments = app.read(async { Ok(service.attachments(&ticket).await?) })?;
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&attachments)?;
            return finish(out, exit_code::DONE);
        }
        let mut table = Table::new(["ID", "NAME", "BYTES", "TYPE"]);
        for attachment in &attachments {
            table.push([
                Cell::new(&attachment.id),
                Cell::new(&attachment.name),
                attachment.size.map_or(Cell::absent(), |size| Cell::new(size.to_string())),
                attachment.media_type.as_ref().map_or(Cell::absent(), Cell::new),
            ]);
        }
        out.list(app.format(), &table)?;
        if attachments.is_empty() {
            out.message("no attachments");
        }
        finish(out, exit_code::DONE)
    }
}

impl Get {
    fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.ticket.reference, self.ticket.within.as_deref())?;
        if self.output.as_deref() == Some(Path::new("-")) {
            app.read(async { Ok(service.download(&ticket, &self.attachment, stdout::writer()).await?) })?;
            return Ok(exit_code::DONE);
        }
        if let Some(device) = self.output.as_deref().filter(|output| is_device(output)) {
            let opened = File::options().write(true).open(device);
            let sink =
                opened.map_err(|error| ErrorReport::failure(format!("cannot write {}: {error}", device.display())))?;
            app.read(async { Ok(service.download(&ticket, &self.attachment, sink).await?) })?;
            return Ok(exit_code::DONE);
        }
        // The bytes go beside the file first: whoever looks finds the whole file or none.
        let folder = self.output.as_deref().and_then(Path::parent).filter(|parent| !parent.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_owned();
        let unwritable = |error: io::Error| {
            Trouble::from(ErrorReport::failure(format!("cannot write into {}: {error}", folder.display())))
        };
        let temporary = like_any_file().tempfile_in(&folder).map_err(unwritable)?;
        let sink = temporary.reopen().map_err(unwritable)?;
        let attachment = app.read(async { Ok(service.download(&ticket, &self.attachment, sink).await?) })?;
        let target = match self.output {
            Some(output) => output,
            None => PathBuf::from(file_name(&attachment)?),
        };
        let size = save(temporary, &target, self.force)?;
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&attachment)?;
        } else {
            out.facts(&Facts::new().with("saved", target.display().to_string()).with("bytes", size.to_string()))?;
        }
        finish(out, exit_code::DONE)
    }
}

/// Returns the name under which an attachment is saved here: a plain name, whatever the platform says.
fn file_name(attachment: &model::Attachment) -> Result<String, Trouble> {
    let name = attachment.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = !name.is_empty() && name != "." && name != ".." && !name.contains(char::is_control);
    if is_plain {
        return Ok(name.to_owned());
    }
    Err(ErrorReport::failure("the attachment's name cannot be the name of a file here")
        .with_hint("Name one with `--output`.")
        .into())
}

fn save(temporary: tempfile::NamedTempFile, target: &Path, force: bool) -> Result<u64, Trouble> {
    let failed = |error: io::Error| ErrorReport::failure(format!("cannot write {}: {error}", target.display()));
    let size = temporary.as_file().metadata().map_err(failed)?.len();
    let persisted = match force {
        true => temporary.persist(target).map_err(|error| error.error),
        false => temporary.persist_noclobber(target).map_err(|error| error.error),
    };
    match persisted {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(ErrorReport::failure(format!("{} is already there", target.display()))
                .with_hint("Overwrite it with `--force`, or name another with `--output`.")
                .into());
        }
        Err(error) => return Err(failed(error).into()),
    }
    Ok(size)
}

/// Returns how a file is begun that may be read by whoever the user's mask lets read it; a temporary one would be for its owner alone.
fn like_any_file() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

impl Add {
    fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.ticket.reference, self.ticket.within.as_deref())?;
        ticket.require_connection()?;
        let unreadable =
            |reason: String| ErrorReport::usage(format!("{} cannot be attached: {reason}", self.file.display()));
        let metadata = fs::metadata(&self.file).map_err(|error| unreadable(error.to_string()))?;
        if !metadata.is_file() {
            return Err(unreadable("it is not a file".to_owned()).into());
        }
        let own_name = self.file.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let name = self.name.clone().or(own_name);
        let name = name.ok_or_else(|| unreadable("its name is not valid UTF-8; give one with `--name`".to_owned()))?;
        let source = File::open(&self.file).map_err(|error| unreadable(error.to_string()))?;
        let file = NewAttachment::new(name).with_size(Some(metadata.len())).with_media_type(self.media_type.clone());
        let mode = self.dry_run.mode();
        let attempt = self.dry_run.run(app, async { Ok(service.attach(&ticket, &file, source, mode).await?) })?;
        let written = match attempt {
            Attempt::Done(written) => written,
            Attempt::HeldBack(held) => return dry_run::show(app, &held),
            Attempt::NothingToWrite(_) => return dry_run::show_nothing(app, &[], &[]),
        };
        let (name, attachment) = (format!("{}:{}", written.connection, ticket.key), written.answer);
        show_written(|| format!("{name} has the file {}", attachment.id), || show(app, &name, &attachment))
    }
}

fn show(app: &App, name: &str, attachment: &model::Attachment) -> Done {
    let mut out = app.out()?;
    match app.format().is_json() {
        true => out.json(attachment)?,
        false => {
            let facts = Facts::new().with("attached", name);
            out.facts(&facts.with("id", &attachment.id).with("name", &attachment.name))?;
        }
    }
    finish(out, exit_code::DONE)
}
