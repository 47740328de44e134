//! Which files a worker may open, held by Landlock.
//!
//! Here live the places that every worker reads and how a grant becomes rights. What may be done without opening a
//! file is the neighbour's: Landlock knows nothing of modes, owners, other processes or most sockets.

use std::{os::fd::OwnedFd, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, PathFdError, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, make_bitflags,
};
use rustix::{
    fs::{CWD, Mode, OFlags, ResolveFlags, openat2},
    io::Errno,
};

use super::{ConfineError, PathGrant, Plan};

/// The newest rights that are asked for; a kernel that knows fewer holds those that it knows.
const ABI: ABI = ABI::V10;

const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});
const LOAD: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir | Execute});
const PRINT: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | WriteFile});
/// Everything but the making of links, device nodes, sockets and pipes: such a thing could lead others astray.
const WRITE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
});

/// What every worker reads, where it exists.
const PLACES: &[(&str, BitFlags<AccessFs>)] = &[
    ("/dev/null", PRINT),
    ("/dev/urandom", READ),
    ("/etc/ld.so.cache", READ),
    ("/lib", LOAD),
    ("/lib64", LOAD),
    ("/nix/store", LOAD),
    ("/usr/lib", LOAD),
    ("/usr/lib64", LOAD),
    ("/usr/local/lib", LOAD),
    ("/usr/share/zoneinfo", READ),
];

/// What a worker reads besides that may open sockets: names become addresses, and certificates are checked.
const NETWORK_PLACES: &[(&str, BitFlags<AccessFs>)] = &[
    ("/etc/gai.conf", READ),
    ("/etc/hosts", READ),
    ("/etc/nsswitch.conf", READ),
    ("/etc/pki", READ),
    ("/etc/resolv.conf", READ),
    ("/etc/ssl", READ),
    ("/run/systemd/resolve", READ),
    ("/usr/share/ca-certificates", READ),
];

/// Holds this process to the plan's files; the inner error says why the kernel does not.
pub(super) fn restrict(plan: &Plan) -> Result<Result<(), String>, ConfineError> {
    // What must be there is opened before the kernel is asked, so that an error does not depend on the kernel.
    let library = rule(&plan.library, LOAD)
        .map_err(|error| ConfineError::Library { path: plan.library.clone(), source: reason(error) })?;
    let mut grants = Vec::new();
    for PathGrant { path, write } in &plan.grants {
        let rights = if *write { WRITE } else { READ };
        grants.push(PathBeneath::new(open_granted(path)?, rights));
    }
    Ok(enforce(plan, library, grants))
}

/// Opens what was granted. Its path was free of links when that was decided: one that is there now leads to what nobody
/// has decided about.
fn open_granted(path: &Path) -> Result<OwnedFd, ConfineError> {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let opened = match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        Err(Errno::LOOP) => return Err(ConfineError::Link { path: path.to_owned() }),
        // A kernel or a container without this call has no Landlock either: the rule will not be asked for.
        Err(Errno::NOSYS | Errno::PERM) => rustix::fs::open(path, flags, Mode::empty()),
        opened => opened,
    };
    opened.map_err(|error| ConfineError::Grant { path: path.to_owned(), source: error.into() })
}

/// Returns whether the kernel has Landlock.
pub(super) fn is_available() -> bool {
    // A ruleset that is made and not used changes nothing.
    let made = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(landlock::ABI::V1))
        .and_then(Ruleset::create);
    made.is_ok()
}

fn enforce(plan: &Plan, library: PathBeneath<PathFd>, grants: Vec<PathBeneath<OwnedFd>>) -> Result<(), String> {
    let places = if plan.network { [PLACES, NETWORK_PLACES] } else { [PLACES, &[]] };
    let places = places.into_iter().flatten();
    // A place that cannot be opened cannot be read either, so nothing is lost that the worker would have had.
    let places = places.filter_map(|&(path, rights)| rule(Path::new(path), rights).ok());
    let enforced = ruleset(plan)
        .and_then(|ruleset| ruleset.add_rules(grants.into_iter().map(Ok::<_, RulesetError>)))
        .and_then(|ruleset| ruleset.add_rules(places.chain([library]).map(Ok::<_, RulesetError>)))
        .and_then(RulesetCreated::restrict_self);
    match enforced {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Ok(()),
        Ok(status) => Err(format!("the kernel has no Landlock ({:?}): files are not confined", status.landlock)),
        Err(error) => Err(format!("Landlock refused its rules ({error}): files are not confined")),
    }
}

fn ruleset(plan: &Plan) -> Result<RulesetCreated, RulesetError> {
    // Whoever may open sockets may reach any port; waiting for others is for nobody.
    let network = if plan.network { AccessNet::BindTcp.into() } else { AccessNet::from_all(ABI) };
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI))?
        .handle_access(network)?
        .scope(Scope::from_all(ABI))?
        .create()
}

fn rule(path: &Path, rights: BitFlags<AccessFs>) -> Result<PathBeneath<PathFd>, PathFdError> {
    // On what is no folder the crate leaves out the rights that only folders have.
    PathFd::new(path).map(|opened| PathBeneath::new(opened, rights))
}

fn reason(error: PathFdError) -> std::io::Error {
    match error {
        PathFdError::OpenCall { source, .. } => source,
        other => std::io::Error::other(other),
    }
}
