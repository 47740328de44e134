//! Which adapters exist, and how one is loaded.
//!
//! Listing and detection read manifests only: no foreign code runs until a request needs its adapter.

mod built_in;
mod image;
mod ledger;
mod loader;
mod scan;
mod select;
mod stamp;
mod store;
pub mod trust;
mod unwritten;

use std::{
    collections::BTreeMap,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;
use usher_adapter_abi::AdapterModuleRef;
use usher_adapter_manifest::{Manifest, detect::Detector, record::Record};
use usher_adapter_sdk::{Error, ErrorKind, Result};

pub use built_in::BUILT_IN;
pub use image::{Image, ImageError};
pub use ledger::{FailurePolicy, Ledger, Standing};
pub use loader::{CANNOT_BE_OPENED, Library, exit_without_cleanup};
pub use scan::{Pending, Refused};
pub use select::{Selection, Shadow};
pub use stamp::Stamp;
pub(crate) use store::hex;
pub use store::{CopyError, Store, Stored};

use crate::{
    config::AdapterFolder,
    transport::{Deadline, Lane},
};
use trust::{Approval, LockFile, Request, Seal};

/// How long a library may take to be opened.
const OPENING: Duration = Duration::from_secs(10);

/// Why a file is not opened that is another one than a moment ago.
const CHANGED: &str = "it changed while it was being loaded; try again";

/// Where an adapter's code is.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Linked into this program.
    BuiltIn,
    /// In a file.
    DropIn {
        /// The file as it was found.
        file: PathBuf,
        /// The entry symbol that it exports.
        symbol: String,
    },
}

/// An adapter that can be used.
pub struct Adapter {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its manifest record, as it stands in the file.
    pub record: Vec<u8>,
    /// The version of its package.
    pub version: String,
    /// The version of the SDK that it was built with.
    pub sdk_version: String,
    /// Where its code is.
    pub origin: Origin,
    /// What was established about its file when it was found.
    pub seal: Seal,
    /// Its link and id tables, ready to use.
    pub detector: Detector,
}

impl Adapter {
    /// Returns the adapter of a manifest record, whose text is read and checked.
    fn from_record(record: &Record<'_>, bytes: Vec<u8>, origin: Origin) -> Result<Self, String> {
        let manifest = Manifest::parse(record.toml).map_err(|error| format!("its manifest is wrong: {error}"))?;
        Ok(Self::new(manifest, record, bytes, origin))
    }

    fn new(manifest: Manifest, record: &Record<'_>, bytes: Vec<u8>, origin: Origin) -> Self {
        Self {
            detector: Detector::new(&manifest.detect),
            manifest,
            record: bytes,
            version: record.version.to_owned(),
            sdk_version: record.sdk_version.to_owned(),
            seal: Seal::default(),
            origin,
        }
    }

    /// Returns the adapter's id.
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Returns its file and the entry symbol in it, or an error about one that is linked in.
    fn drop_in(&self) -> Result<(&Path, &str)> {
        match &self.origin {
            Origin::DropIn { file, symbol } => Ok((file, symbol)),
            Origin::BuiltIn => {
                Err(Error::new(ErrorKind::AdapterRefused, format!("the adapter `{}` is no file", self.id())))
            }
        }
    }

    /// Returns its file, unless it is linked in.
    pub fn file(&self) -> Option<&Path> {
        match &self.origin {
            Origin::DropIn { file, .. } => Some(file),
            Origin::BuiltIn => None,
        }
    }

    /// Says in a word where it comes from.
    pub fn origin_name(&self) -> &'static str {
        match self.origin {
            Origin::BuiltIn => "built-in",
            Origin::DropIn { .. } => "drop-in",
        }
    }
}

/// The load of a library: done once, and remembered even if it hangs.
type Load = OnceCell<Result<Arc<Loaded>>>;

/// Every adapter that this host can use, and every file that it cannot.
pub struct Registry {
    adapters: BTreeMap<String, Arc<Adapter>>,
    shadows: Vec<Shadow>,
    pending: Vec<Pending>,
    refused: Vec<Refused>,
    store: Option<Store>,
    ledger: Arc<Ledger>,
    lock: LockFile,
    /// The folders that were searched.
    folders: Vec<AdapterFolder>,
    loaded: Mutex<BTreeMap<String, Arc<Load>>>,
}

/// Where adapters are looked for, and where what is known about them is kept.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The folders; earlier ones come first.
    pub folders: Vec<AdapterFolder>,
    /// Where libraries are copied before they are opened; without it none can be.
    pub store: Option<PathBuf>,
    /// The state folder; without it nothing is known about files from one run to the next.
    pub state: Option<PathBuf>,
    /// The lock file; without it nothing is approved.
    pub lock: Option<PathBuf>,
}

/// The code of a drop-in in this process, ready to make an adapter.
pub struct Loaded {
    /// What its library offers.
    pub module: AdapterModuleRef,
    /// The thread that it runs on.
    pub lane: Arc<Lane>,
}

impl Registry {
    /// Looks for adapters in this program and in the folders, in that order. A lock file that cannot be read is an error:
    /// without it nobody knows what may be loaded.
    pub fn discover(search: &Search) -> Result<Self> {
        let (built_in, mut refused) = built_in::adapters();
        let store = search.store.as_deref().map(Store::new);
        let lock = LockFile::read(search.lock.as_deref())?;
        let found = scan::folders(&search.folders, &scan::Judge { store: store.as_ref(), lock: &lock });
        refused.extend(found.refused);
        let Selection { adapters, shadows, refused: clashes } =
            select::choose(built_in, found.adapters, store.as_ref());
        refused.extend(clashes);
        let (pending, ledger) = (found.pending, Arc::new(Ledger::new(search.state.as_deref())));
        let folders = search.folders.clone();
        Ok(Self { adapters, shadows, pending, refused, store, ledger, lock, folders, loaded: Mutex::default() })
    }

    /// Takes another ledger, such as one with another policy.
    #[must_use]
    pub fn with_ledger(self, ledger: Ledger) -> Self {
        Self { ledger: Arc::new(ledger), ..self }
    }

    /// Returns adapters of these manifests, without any code: enough to resolve references.
    #[cfg(test)]
    pub(crate) fn of_manifests<'a>(manifests: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of_manifests_from(&Origin::BuiltIn, manifests)
    }

    /// Returns a registry of adapters without code, which have these manifests and come from there.
    #[cfg(test)]
    pub(crate) fn of_manifests_from<'a>(origin: &Origin, manifests: impl IntoIterator<Item = &'a str>) -> Self {
        use usher_adapter_manifest::record;
        let adapter = |toml| {
            let bytes = record::encode("test", "test", "1.0.0", "1.0.0", toml);
            let record = record::records(&bytes).next().and_then(|record| record.ok());
            let record = record.unwrap_or_else(|| panic!("a record that was just made"));
            Adapter::from_record(&record, Vec::new(), origin.clone()).unwrap_or_else(|reason| panic!("{reason}"))
        };
        let adapters = manifests.into_iter().map(adapter).map(|adapter| (adapter.id().to_owned(), Arc::new(adapter)));
        Self {
            adapters: adapters.collect(),
            shadows: Vec::new(),
            pending: Vec::new(),
            refused: Vec::new(),
            store: None,
            ledger: Arc::new(Ledger::new(None)),
            lock: LockFile::default(),
            folders: Vec::new(),
            loaded: Mutex::default(),
        }
    }

    /// Returns every adapter in the order of their ids.
    pub fn adapters(&self) -> impl Iterator<Item = &Arc<Adapter>> {
        self.adapters.values()
    }

    /// Returns the adapter with that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Adapter>> {
        self.adapters.get(id)
    }

    /// Returns the adapter with that id, or an error that lists what would have worked.
    pub fn require(&self, id: &str) -> Result<&Arc<Adapter>> {
        self.get(id).ok_or_else(|| {
            if let Some(pending) = self.pending.iter().find(|pending| pending.adapter.id() == id) {
                return Error::new(ErrorKind::AdapterRefused, format!("the adapter `{id}` is pending: {pending}"))
                    .with_hint(format!("`usher adapter approve {id}` shows what it asks for, and asks you."));
            }
            let refused = self.refused.iter().filter(|refused| refused.adapter.as_deref() == Some(id));
            let reasons: Vec<String> = refused.map(ToString::to_string).collect();
            let message = match reasons.first() {
                Some(reason) => format!("the adapter `{id}` cannot be used: {reason}"),
                None => format!("there is no adapter `{id}`"),
            };
            Error::new(ErrorKind::PlatformNotSupported, message).with_hint(self.installed())
        })
    }

    /// Says in one sentence which adapters are installed.
    pub fn installed(&self) -> String {
        let ids: Vec<&str> = self.adapters.keys().map(String::as_str).collect();
        let installed = match ids[..] {
            [] => "No adapter is installed: name a folder with drop-ins with `--adapter-path`.".to_owned(),
            _ => format!("Installed: {}.", ids.join(", ")),
        };
        match self.refused.len() + self.pending.len() {
            0 => installed,
            count => format!("{installed} Not used: {count} (see `usher adapter list`)."),
        }
    }

    /// Returns the adapters that exist and are not used, since another of the same id is.
    pub fn shadows(&self) -> &[Shadow] {
        &self.shadows
    }

    /// Returns the adapters that wait until the operator approves their file.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Returns the files that are not used, each with its reason.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// Returns a drop-in as its file is now, if that may be used.
    pub fn look_again(&self, adapter: &Adapter) -> Result<Arc<Adapter>> {
        let (file, _) = adapter.drop_in()?;
        let folder = self.folders.iter().find(|folder| file.parent() == Some(folder.path.as_path()));
        let folder = folder.ok_or_else(|| refused(file, "its folder is not searched any more"))?;
        let found = scan::file(folder, file, &scan::Judge { store: self.store.as_ref(), lock: &self.lock });
        if let Some(pending) = found.pending.iter().find(|pending| pending.adapter.id() == adapter.id()) {
            return Err(refused(file, &pending.to_string()));
        }
        let same = found.adapters.into_iter().find(|found| found.id() == adapter.id());
        match (same, found.refused.first()) {
            (Some(adapter), _) => Ok(Arc::new(adapter)),
            (None, Some(reason)) => Err(Error::new(ErrorKind::AdapterRefused, reason.to_string())),
            (None, None) => Err(refused(file, &format!("it holds no adapter `{}` any more", adapter.id()))),
        }
    }

    /// Returns a drop-in's library, ready to be opened: a copy that nobody changes.
    pub fn prepare(&self, adapter: &Adapter) -> Result<Prepared> {
        let (file, symbol) = adapter.drop_in()?;
        let store = self
            .store
            .as_ref()
            .ok_or_else(|| refused(file, "there is no cache folder to open it from; set `XDG_CACHE_HOME` or `HOME`"))?;
        let Stored { path, sha256 } = store.copy(file).map_err(|error| uncopied(file, &error))?;
        self.admit(adapter, &sha256)?;
        // What is opened must be what was listed: the file may have changed in between.
        let image = Image::read(&path).map_err(|error| refused(file, &error.to_string()))?;
        if !image.records().iter().any(|record| record.bytes == adapter.record) {
            return Err(refused(file, CHANGED));
        }
        let (file, symbol, record) = (file.to_owned(), symbol.to_owned(), adapter.record.clone());
        Ok(Prepared { file, path, sha256, symbol, record })
    }

    /// Makes a copy again that is not what was copied.
    pub fn copy_again(&self, adapter: &Adapter, library: &Prepared) -> Result<()> {
        let store = self.store.as_ref();
        store.map_or(Ok(()), |store| store.forget(&library.sha256)).map_err(|error| library.refused(&error))?;
        match self.prepare(adapter)?.sha256 == library.sha256 {
            true => Ok(()),
            false => Err(library.refused(CHANGED)),
        }
    }

    /// Returns what is known about files.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Returns what the operator has approved.
    pub fn lock(&self) -> &LockFile {
        &self.lock
    }

    /// Returns where libraries are copied.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// Returns the digest of a file; one that has not changed is not read again.
    pub fn digest(&self, file: &Path) -> std::result::Result<String, String> {
        trust::digest(self.store.as_ref(), file)
    }

    /// Returns what the operator has approved for an adapter in exactly the file with that digest.
    pub fn approval(&self, adapter: &Adapter, sha256: &str) -> Option<&Approval> {
        self.lock.approval(adapter.id(), sha256)
    }

    /// Returns what the operator has approved that an adapter in the file with that digest may have.
    pub fn approved(&self, adapter: &Adapter, sha256: &str) -> Option<&Request> {
        trust::approved(adapter, sha256, &self.lock)
    }

    /// Says whether the copy of a drop-in with that digest may be opened: it is of the file that was judged when it was found,
    /// and nothing is known that speaks against it.
    pub fn admit(&self, adapter: &Adapter, sha256: &str) -> Result<()> {
        let file = adapter.drop_in()?.0.display();
        let refused = |reason: String| Error::new(ErrorKind::AdapterRefused, format!("{file}: {reason}"));
        if adapter.seal.sha256.as_ref().is_some_and(|judged| judged != sha256) {
            return Err(refused(CHANGED.to_owned()));
        }
        match self.ledger.standing(sha256) {
            Standing::Unknown | Standing::Ready { .. } => Ok(()),
            Standing::Refused { reason } => {
                Err(refused(reason).with_hint("`usher adapter list` shows every adapter and why a file is not used."))
            }
            Standing::Quarantined { reason, since } => {
                Err(refused(format!("it is quarantined since {since}: {reason}"))
                    .with_hint(format!("`usher adapter unquarantine {}` lets it be tried again.", adapter.id())))
            }
        }
    }

    /// Returns the code of an adapter that is linked in.
    pub fn linked(&self, adapter: &Adapter) -> Result<AdapterModuleRef> {
        built_in::module(adapter)
    }

    /// Returns the code of a drop-in; its library is opened in this process at the first request for it.
    pub async fn load(&self, adapter: &Adapter, library: &Prepared, deadline: Deadline) -> Result<Arc<Loaded>> {
        let cell = {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            loaded.entry(adapter.id().to_owned()).or_default().clone()
        };
        let loading = cell.get_or_try_init(|| async {
            match open(adapter.id(), library, deadline).await {
                // A library that hangs holds a thread for ever: one is enough.
                Err(error) if error.kind() == ErrorKind::AdapterHung => Ok(Err(error)),
                opened => opened.map(|loaded| Ok(Arc::new(loaded))),
            }
        });
        loading.await?.clone()
    }

    /// Says whether foreign code was loaded into this process.
    pub fn has_loaded_foreign_code(&self) -> bool {
        // A load that failed has run the library's initialisers, too.
        !self.loaded.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

/// A library that can be opened.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The file as it was found.
    pub file: PathBuf,
    /// Its copy in the store.
    pub path: PathBuf,
    /// The digest of both.
    pub sha256: String,
    /// The entry symbol of the adapter.
    pub symbol: String,
    /// The adapter's manifest record.
    pub record: Vec<u8>,
}

impl Prepared {
    /// Returns an error about this file, for a reason that the library gave or the host found.
    pub fn refused(&self, reason: &str) -> Error {
        refused(&self.file, reason)
    }
}

impl Library {
    /// Checks that the open file is still the one with that digest.
    pub fn check(&self, sha256: &str) -> Result<()> {
        let mut file = self.file();
        match file.seek(SeekFrom::Start(0)).and_then(|_| store::sha256_of(file)) {
            Ok(digest) if digest == sha256 => Ok(()),
            // Whoever asked for it has a new copy made, once.
            Ok(_) => Err(Error::new(ErrorKind::Conflict, "its copy in the store is not what was copied")),
            Err(error) => {
                Err(Error::new(ErrorKind::AdapterRefused, format!("its copy in the store cannot be read: {error}")))
            }
        }
    }
}

/// Opens a library on a lane of its own.
async fn open(id: &str, prepared: &Prepared, deadline: Deadline) -> Result<Loaded> {
    let lane = Lane::start(id)?;
    let library = Library::open(&prepared.path).map_err(|error| prepared.refused(&format!("its copy: {error}")))?;
    let Prepared { sha256, symbol, record, .. } = prepared.clone();
    let load = move || {
        library.check(&sha256)?;
        library.load(&symbol, &record)
    };
    let module = lane.run("loading", deadline.min(Deadline::after(OPENING)), load).await;
    let module = module.map_err(|error| match error.kind() {
        ErrorKind::AdapterRefused => prepared.refused(error.message()),
        _ => error,
    })?;
    Ok(Loaded { module, lane })
}

/// Returns the error of a file that has no copy: what is wrong with the place of the copies is nothing against the file.
fn uncopied(file: &Path, error: &CopyError) -> Error {
    match error {
        CopyError::Unreadable(_) | CopyError::Changed => refused(file, &error.to_string()),
        CopyError::Unwritten { error: reason, .. } => Error::new(
            ErrorKind::Configuration,
            format!("{} {error}", file.display()),
        )
        .with_hint(format!(
            "A drop-in is opened from a copy, so nothing was opened. {} Another place is used with `XDG_CACHE_HOME`.",
            unwritten::help(reason)
        )),
    }
}

fn refused(file: &Path, reason: &str) -> Error {
    Error::new(ErrorKind::AdapterRefused, format!("{}: {reason}", file.display()))
        .with_hint("`usher adapter list` shows every adapter and why a file is not used.")
}
