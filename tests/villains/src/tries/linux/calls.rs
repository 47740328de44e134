//! System calls that no adapter has a use for.
//!
//! Where a row gets through it does nothing: its descriptor, address or number is none, or it sets what is set.

use std::{
    ffi::{CString, c_long},
    fs,
    os::unix::fs::PermissionsExt,
};

use super::{
    errors::tried,
    processes::address,
    sockets::close,
    system_call::{NONE, NOWHERE, system_call},
};
use crate::{descriptors::own_library, tries::Tried};

type Row = (&'static str, c_long, [usize; 6]);

/// Rows whose arguments are numbers; `NONE` is no descriptor and `NOWHERE` no address.
const ROWS: &[Row] = &[
    // Other ways to do input and output, past every rule for files and sockets.
    ("io_uring_setup", libc::SYS_io_uring_setup, [1, NOWHERE, 0, 0, 0, 0]),
    ("io_uring_enter", libc::SYS_io_uring_enter, [NONE, 0, 0, 0, 0, 0]),
    ("io_uring_register", libc::SYS_io_uring_register, [NONE, 0, 0, 0, 0, 0]),
    ("io_setup", libc::SYS_io_setup, [1, NOWHERE, 0, 0, 0, 0]),
    // What the file system looks like.
    ("mount", libc::SYS_mount, [NOWHERE, NOWHERE, NOWHERE, 0, 0, 0]),
    ("umount2", libc::SYS_umount2, [NOWHERE, 0, 0, 0, 0, 0]),
    ("open_tree", libc::SYS_open_tree, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("move_mount", libc::SYS_move_mount, [NONE, NOWHERE, NONE, NOWHERE, 0, 0]),
    ("fsopen", libc::SYS_fsopen, [NOWHERE, 0, 0, 0, 0, 0]),
    ("fspick", libc::SYS_fspick, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("mount_setattr", libc::SYS_mount_setattr, [NONE, NOWHERE, 0, NOWHERE, 32, 0]),
    ("chroot", libc::SYS_chroot, [NOWHERE, 0, 0, 0, 0, 0]),
    ("pivot_root", libc::SYS_pivot_root, [NOWHERE, NOWHERE, 0, 0, 0, 0]),
    ("unshare", libc::SYS_unshare, [0, 0, 0, 0, 0, 0]),
    ("setns", libc::SYS_setns, [NONE, 0, 0, 0, 0, 0]),
    ("quotactl", libc::SYS_quotactl, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("swapon", libc::SYS_swapon, [NOWHERE, 0, 0, 0, 0, 0]),
    ("swapoff", libc::SYS_swapoff, [NOWHERE, 0, 0, 0, 0, 0]),
    ("fanotify_init", libc::SYS_fanotify_init, [NONE, NONE, 0, 0, 0, 0]),
    // Files by another name than their path, and what stands beside their content.
    ("name_to_handle_at", libc::SYS_name_to_handle_at, [NONE, NOWHERE, NOWHERE, NOWHERE, 0, 0]),
    ("open_by_handle_at", libc::SYS_open_by_handle_at, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("mknodat", libc::SYS_mknodat, [NONE, NOWHERE, 0o010_600, 0, 0, 0]),
    ("setxattr", libc::SYS_setxattr, [NOWHERE, NOWHERE, NOWHERE, 0, 0, 0]),
    ("fsetxattr", libc::SYS_fsetxattr, [NONE, NOWHERE, NOWHERE, 0, 0, 0]),
    ("removexattr", libc::SYS_removexattr, [NOWHERE, NOWHERE, 0, 0, 0, 0]),
    ("fchmod", libc::SYS_fchmod, [NONE, 0o600, 0, 0, 0, 0]),
    ("fchown", libc::SYS_fchown, [NONE, NONE, NONE, 0, 0, 0]),
    // The kernel's own machinery.
    ("keyctl", libc::SYS_keyctl, [0, -2_isize as usize, 0, 0, 0, 0]),
    ("add_key", libc::SYS_add_key, [NOWHERE, NOWHERE, 0, 0, NONE, 0]),
    ("request_key", libc::SYS_request_key, [NOWHERE, NOWHERE, 0, NONE, 0, 0]),
    ("bpf", libc::SYS_bpf, [5, NOWHERE, 48, 0, 0, 0]),
    ("perf_event_open", libc::SYS_perf_event_open, [NOWHERE, 0, NONE, NONE, 0, 0]),
    ("init_module", libc::SYS_init_module, [NOWHERE, 0, NOWHERE, 0, 0, 0]),
    ("finit_module", libc::SYS_finit_module, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("delete_module", libc::SYS_delete_module, [NOWHERE, 0, 0, 0, 0, 0]),
    // More segments than there may be: none at all would throw away the kernel that is loaded.
    ("kexec_load", libc::SYS_kexec_load, [0, 1000, NOWHERE, 0, 0, 0]),
    ("reboot", libc::SYS_reboot, [0, 0, 0, 0, 0, 0]),
    ("acct", libc::SYS_acct, [NOWHERE, 0, 0, 0, 0, 0]),
    ("syslog", libc::SYS_syslog, [10, 0, 0, 0, 0, 0]),
    ("sethostname", libc::SYS_sethostname, [NOWHERE, NONE, 0, 0, 0, 0]),
    ("setdomainname", libc::SYS_setdomainname, [NOWHERE, NONE, 0, 0, 0, 0]),
    ("settimeofday", libc::SYS_settimeofday, [NOWHERE, 0, 0, 0, 0, 0]),
    ("clock_settime", libc::SYS_clock_settime, [0, NOWHERE, 0, 0, 0, 0]),
    ("clock_adjtime", libc::SYS_clock_adjtime, [0, NOWHERE, 0, 0, 0, 0]),
    // The process itself: what it is, who it is, where it belongs.
    ("personality", libc::SYS_personality, [0xffff_ffff, 0, 0, 0, 0, 0]),
    ("setpgid", libc::SYS_setpgid, [0, NONE, 0, 0, 0, 0]),
    ("setgroups", libc::SYS_setgroups, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("capset", libc::SYS_capset, [NOWHERE, NOWHERE, 0, 0, 0, 0]),
    ("setpriority", libc::SYS_setpriority, [99, 0, 0, 0, 0, 0]),
    ("sched_setscheduler", libc::SYS_sched_setscheduler, [0, NONE, NOWHERE, 0, 0, 0]),
    ("process_madvise", libc::SYS_process_madvise, [NONE, NOWHERE, 0, 0, 0, 0]),
    ("process_mrelease", libc::SYS_process_mrelease, [NONE, 0, 0, 0, 0, 0]),
    ("seccomp", libc::SYS_seccomp, [1, 0, NOWHERE, 0, 0, 0]),
    // Memory and queues that processes share. Key 7 is nobody's, and nothing is made.
    ("shmget", libc::SYS_shmget, [7, 0, 0, 0, 0, 0]),
    ("msgget", libc::SYS_msgget, [7, 0, 0, 0, 0, 0]),
    ("semget", libc::SYS_semget, [7, 0, 0, 0, 0, 0]),
    ("mq_open", libc::SYS_mq_open, [NOWHERE, 0, 0, 0, 0, 0]),
    // The terminal's input, and its console's.
    ("tiocsti_0", libc::SYS_ioctl, [0, TIOCSTI, NOWHERE, 0, 0, 0]),
    ("tiocsti_1", libc::SYS_ioctl, [1, TIOCSTI, NOWHERE, 0, 0, 0]),
    ("tiocsti_2", libc::SYS_ioctl, [2, TIOCSTI, NOWHERE, 0, 0, 0]),
    // The same with an upper half that the kernel does not see, but a filter may.
    ("tiocsti_upper_half", libc::SYS_ioctl, [0, TIOCSTI | 1 << 32, NOWHERE, 0, 0, 0]),
    ("tioclinux", libc::SYS_ioctl, [0, TIOCLINUX, NOWHERE, 0, 0, 0]),
];

const TIOCSTI: usize = libc::TIOCSTI as usize;
const TIOCLINUX: usize = 0x541c;

/// Rows that only this processor's kernels have.
#[cfg(target_arch = "x86_64")]
const ROWS_OF_PROCESSOR: &[Row] = &[
    ("modify_ldt", libc::SYS_modify_ldt, [0, NOWHERE, 0, 0, 0, 0]),
    ("iopl", libc::SYS_iopl, [99, 0, 0, 0, 0, 0]),
    ("ioperm", libc::SYS_ioperm, [NONE, NONE, 0, 0, 0, 0]),
    ("mknod", libc::SYS_mknod, [NOWHERE, 0o010_600, 0, 0, 0, 0]),
    ("kexec_file_load", libc::SYS_kexec_file_load, [NONE, NONE, 0, 0, NONE, 0]),
    ("utimes", libc::SYS_utimes, [NOWHERE, 0, 0, 0, 0, 0]),
    // Calls by the numbers of the x32 ABI, which a filter that compares only known numbers lets through.
    ("x32_getpid", X32 | libc::SYS_getpid, [0; 6]),
    ("x32_socket", X32 | libc::SYS_socket, [1, 1, 0, 0, 0, 0]),
    ("x32_chmod", X32 | libc::SYS_chmod, [NOWHERE, 0, 0, 0, 0, 0]),
    ("x32_execve", X32 | 520, [NOWHERE, 0, 0, 0, 0, 0]),
    ("x32_ptrace", X32 | 521, [NONE, NONE, 0, 0, 0, 0]),
];

#[cfg(target_arch = "x86_64")]
const X32: c_long = 0x4000_0000;

#[cfg(target_arch = "aarch64")]
const ROWS_OF_PROCESSOR: &[Row] = &[];

/// Makes system calls that are none of an adapter's business.
pub fn calls_forbidden() -> Vec<Tried> {
    let rows = ROWS.iter().chain(ROWS_OF_PROCESSOR);
    let mut all: Vec<Tried> = rows.map(|(name, call, arguments)| tried(name, system_call(*call, *arguments))).collect();
    all.extend(descriptors());
    all.extend(attributes());
    all.extend(limits());
    all
}

/// Makes calls with the numbers of programs of 32 bits. Where these are no programs at all the process ends by a signal.
pub fn calls_of_32_bits() -> Vec<Tried> {
    #[cfg(target_arch = "x86_64")]
    let tries = vec![tried("getpid_of_32_bits", super::system_call::getpid_of_32_bits())];
    // On this processor a program cannot change between the two while it runs.
    #[cfg(target_arch = "aarch64")]
    let tries = vec![Tried::refused("getpid_of_32_bits", "absent")];
    tries
}

/// Makes descriptors for what has no path.
fn descriptors() -> Vec<Tried> {
    const USER_MODE_ONLY: usize = 1;
    let name = c"usher-villain".as_ptr() as usize;
    let memory = system_call(libc::SYS_memfd_create, [name, 0]);
    let descriptor = memory.unwrap_or(NONE);
    let empty = c"".as_ptr() as usize;
    let executed = system_call(libc::SYS_execveat, [descriptor, empty, NOWHERE, 0, libc::AT_EMPTY_PATH as usize]);
    if memory.is_ok() {
        close(descriptor);
    }
    vec![
        tried("memfd_create", memory),
        tried("execveat_memfd", executed),
        tried("memfd_secret", system_call(libc::SYS_memfd_secret, [0]).map(close)),
        tried("userfaultfd", system_call(libc::SYS_userfaultfd, [USER_MODE_ONLY]).map(close)),
        tried("inotify_init1", system_call(libc::SYS_inotify_init1, [0]).map(close)),
    ]
}

/// Changes mode, owner and times of its own file and of the shell, to what they are.
fn attributes() -> Vec<Tried> {
    const FCHMODAT2: c_long = 452;
    let here = libc::AT_FDCWD as usize;
    let own = own_library().unwrap_or_default();
    let shell = CString::from(c"/bin/sh");
    let as_they_are = [libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_OMIT }; 2];
    let times = as_they_are.as_ptr() as usize;
    let mut all = Vec::new();
    for (whose, path) in [("own_library", &own), ("sh", &shell)] {
        let (path, mode) = as_it_is(path);
        let rows = [
            ("fchmodat", libc::SYS_fchmodat, [here, path, mode, 0]),
            ("fchmodat2", FCHMODAT2, [here, path, mode, 0]),
            #[cfg(target_arch = "x86_64")]
            ("chmod", libc::SYS_chmod, [path, mode, 0, 0]),
        ];
        all.extend(
            rows.into_iter()
                .map(|(name, call, arguments)| tried(&format!("{name}_{whose}"), system_call(call, arguments))),
        );
    }
    let path = address(&own);
    all.push(tried("fchownat_own_library", system_call(libc::SYS_fchownat, [here, path, NONE, NONE, 0])));
    #[cfg(target_arch = "x86_64")]
    all.push(tried("chown_own_library", system_call(libc::SYS_chown, [path, NONE, NONE])));
    all.push(tried("utimensat_own_library", system_call(libc::SYS_utimensat, [here, path, times, 0])));
    all
}

/// Returns path and mode of a file; the mode of one that cannot be looked at is not set.
fn as_it_is(path: &CString) -> (usize, usize) {
    match fs::metadata(path.to_string_lossy().as_ref()) {
        Ok(metadata) => (address(path), (metadata.permissions().mode() & 0o7777) as usize),
        Err(_) => (NOWHERE, 0),
    }
}

/// Sets limits of the process and its being looked at, to what they are.
fn limits() -> Vec<Tried> {
    let limits = [0_u64; 2];
    let (resource, now) = (libc::RLIMIT_CORE as usize, limits.as_ptr() as usize);
    let mut all = Vec::new();
    // Unknown limits are not set; `NOWHERE` is not looked at either by whoever refuses.
    let known = system_call(libc::SYS_prlimit64, [0, resource, 0, now]).map_or(NOWHERE, |_| now);
    all.push(tried("prlimit64", system_call(libc::SYS_prlimit64, [0, resource, known, 0])));
    all.push(tried("setrlimit", system_call(libc::SYS_setrlimit, [resource, known])));
    let dumpable = system_call(libc::SYS_prctl, [libc::PR_GET_DUMPABLE as usize, 0, 0, 0, 0]).unwrap_or(NONE);
    all.push(tried(
        "prctl_dumpable",
        system_call(libc::SYS_prctl, [libc::PR_SET_DUMPABLE as usize, dumpable, 0, 0, 0]),
    ));
    // No signal has this number: who may say which one comes with the parent's death could also say none.
    all.push(tried("prctl_pdeathsig", system_call(libc::SYS_prctl, [libc::PR_SET_PDEATHSIG as usize, 9999, 0, 0, 0])));
    all.push(tried("prctl_ptracer", system_call(libc::SYS_prctl, [libc::PR_SET_PTRACER as usize, 0, 0, 0, 0])));
    all.push(tried(
        "prctl_securebits",
        system_call(libc::SYS_prctl, [libc::PR_SET_SECUREBITS as usize, NONE, 0, 0, 0]),
    ));
    all
}
