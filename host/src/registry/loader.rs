//! Opens a library and shakes hands with it. The host's one address of unsafe code.
//!
//! A library is opened once, kept for ever, and asked for nothing before the layouts of both sides are known
//! to fit. Everything above this file speaks safe types.
#![allow(unsafe_code, reason = "opening a library is a promise that no compiler can check")]

use std::{
    fs::File,
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
};

use libloading::Library as Opened;
use usher_adapter_abi::{
    AdapterModuleRef,
    abi_stable::{
        StableAbi,
        abi_stability::abi_checking::{CheckingGlobals, check_layout_compatibility_with_globals},
        library::{AbiHeaderRef, IsLayoutChecked, LibHeader},
        type_layout::TypeLayout,
    },
};
use usher_adapter_sdk::{Error, ErrorKind, Result};

/// What a refusal begins with for which the file need not be to blame: a library that it needs may be missing today.
pub const CANNOT_BE_OPENED: &str = "cannot be opened";

/// A file that is about to be a library: what is checked is what is opened, whatever happens to its path.
pub struct Library {
    file: File,
    path: PathBuf,
}

impl Library {
    /// Opens the file, and nothing more.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, path: path.to_owned() })
    }

    /// Returns the open file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Loads the library and returns its module.
    ///
    /// `symbol` and `record` are what the file said without being run; what its running code says must agree.
    pub fn load(&self, symbol: &str, record: &[u8]) -> Result<AdapterModuleRef> {
        let library = ManuallyDrop::new(open_library(&self.way()?)?);
        let header = header(&library, symbol)?;
        check_layout(header)?;
        // SAFETY: the layout that the library was built with was found to fit `AdapterModuleRef` just above, and
        // the library is never closed.
        let module = unsafe { header.init_root_module_with_unchecked_layout::<AdapterModuleRef>() }
            .map_err(|error| refused(format!("could not be initialised: {error}")))?;
        let said = module.records()().into_vec();
        if !contains_record(&said, record) {
            return Err(refused("its manifest says something else than its code"));
        }
        Ok(module)
    }

    /// Returns a path that leads to the open file itself.
    ///
    /// The system's loader knows libraries by their path, so the number in it must not be used again: the descriptor
    /// stays open as long as the library, for ever.
    #[cfg(target_os = "linux")]
    fn way(&self) -> Result<PathBuf> {
        use std::os::fd::IntoRawFd;
        let kept = self.file.try_clone().map_err(|error| refused(format!("cannot be kept open: {error}")))?;
        let way = PathBuf::from(format!("/proc/self/fd/{}", kept.into_raw_fd()));
        // Without `/proc` the path has to do, to a copy that nobody writes to.
        Ok(if way.exists() { way } else { self.path.clone() })
    }

    /// Elsewhere a file can only be named.
    #[cfg(not(target_os = "linux"))]
    fn way(&self) -> Result<PathBuf> {
        Ok(self.path.clone())
    }
}

#[cfg(unix)]
fn open_library(path: &Path) -> Result<Opened> {
    use libloading::os::unix::{Library as UnixLibrary, RTLD_LOCAL, RTLD_NOW};
    // Not in libloading: once opened, a library stays. Closing Rust code with thread-locals is unsound.
    const RTLD_NODELETE: libc::c_int = libc::RTLD_NODELETE;
    // SAFETY: opening runs the library's initialisers. The operator has put the file into a folder that this
    // host was told to trust, and its bytes are those of a copy that nobody writes to.
    let library = unsafe { UnixLibrary::open(Some(path), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) };
    library.map(Opened::from).map_err(|error| refused(format!("{CANNOT_BE_OPENED}: {error}")))
}

#[cfg(not(unix))]
fn open_library(path: &Path) -> Result<Opened> {
    // SAFETY: see above.
    let library = unsafe { Opened::new(path) };
    library.map_err(|error| refused(format!("{CANNOT_BE_OPENED}: {error}")))
}

/// Finds the header behind the entry symbol and checks that it speaks this abi_stable.
fn header(library: &Opened, symbol: &str) -> Result<&'static LibHeader> {
    // SAFETY: a symbol of that name is, by the SDK's `adapter!` macro, a static `LibHeader`, whose address is
    // what an `AbiHeaderRef` is. `upgrade` checks its magic number before it reads more.
    let header = unsafe { library.get::<AbiHeaderRef>(symbol) }.map(|header| *header);
    let header = header.map_err(|error| refused(format!("lacks its entry symbol: {error}")))?;
    header.upgrade().map_err(|_| refused("was built with another version of the ABI's foundation (abi_stable)"))
}

/// Checks the layouts of every type at the boundary, in both directions: a newer side may know more fields
/// behind the ones that the older one knows.
fn check_layout(header: &LibHeader) -> Result<()> {
    let ours = <AdapterModuleRef as StableAbi>::LAYOUT;
    let IsLayoutChecked::Yes(theirs) = header.root_mod_consts().layout() else {
        return Err(refused("does not say how its types are laid out"));
    };
    if fits(ours, theirs) || fits(theirs, ours) {
        return Ok(());
    }
    Err(refused(
        "was built with an SDK whose types are laid out differently: build it with a released usher-adapter-sdk 1.x",
    ))
}

fn fits(interface: &'static TypeLayout, implementation: &'static TypeLayout) -> bool {
    // What one library has left in shared globals must not decide about the next.
    let globals = CheckingGlobals::new();
    check_layout_compatibility_with_globals(interface, implementation, &globals).is_ok()
}

fn contains_record(said: &[u8], record: &[u8]) -> bool {
    !record.is_empty() && said.windows(record.len()).any(|window| window == record)
}

fn refused(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::AdapterRefused, reason)
}

/// Ends the process at once, without running what libraries have registered for its end.
///
/// For a process that has loaded foreign code; whatever must be written has been flushed before.
pub fn exit_without_cleanup(code: u8) -> ! {
    // SAFETY: `_exit` has no preconditions; it only ends the process.
    unsafe { libc::_exit(i32::from(code)) }
}
