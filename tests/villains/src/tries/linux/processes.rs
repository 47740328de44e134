//! Other processes: to make one, to become one, to reach the parent.

use std::{
    ffi::{CStr, CString, c_int, c_long},
    ptr,
};

use super::{
    errors::{number, tried},
    sockets::close,
    system_call::{NONE, NOWHERE, child_that_ends, system_call},
};
use crate::{descriptors::own_library, tries::Tried};

/// Calls that make a process, with their first argument. All but the last two make one beside this one; these two
/// make a thread of this process that would live in another world.
const CHILDREN: &[(&str, c_long, c_int)] = &[
    #[cfg(target_arch = "x86_64")]
    ("fork", libc::SYS_fork, 0),
    #[cfg(target_arch = "x86_64")]
    ("vfork", libc::SYS_vfork, 0),
    ("clone", libc::SYS_clone, libc::SIGCHLD),
    ("clone_vfork", libc::SYS_clone, libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD),
    ("clone_sharing", libc::SYS_clone, libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_FILES | libc::SIGCHLD),
    ("clone_newuser", libc::SYS_clone, libc::CLONE_NEWUSER | libc::SIGCHLD),
    ("clone_newnet", libc::SYS_clone, libc::CLONE_NEWNET | libc::SIGCHLD),
    ("clone_thread_newns", libc::SYS_clone, THREAD | libc::CLONE_NEWNS),
    ("clone_thread_newuser", libc::SYS_clone, THREAD | libc::CLONE_NEWUSER),
];

/// What makes a thread of a new process.
const THREAD: c_int = libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_THREAD;

/// Makes processes in every way there is; each that comes to be ends at once.
pub fn forks() -> Vec<Tried> {
    let mut all: Vec<Tried> = CHILDREN
        .iter()
        .map(|(name, call, flags)| {
            let answer = child_that_ends(*call, [*flags as usize, 0, 0, 0, 0]);
            if flags & libc::CLONE_THREAD == 0 {
                wait(&answer);
            }
            tried(name, answer)
        })
        .collect();

    // The fields are flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size and tls.
    let arguments = [0, 0, 0, 0, libc::SIGCHLD as u64, 0, 0, 0_u64];
    let size = size_of_val(&arguments);
    let answer = child_that_ends(libc::SYS_clone3, [arguments.as_ptr() as usize, size, 0, 0, 0]);
    wait(&answer);
    all.push(tried("clone3", answer));

    // SAFETY: the child does nothing but end.
    let answer = match unsafe { libc::fork() } {
        // SAFETY: as above; `_exit` runs no handler of this process.
        0 => unsafe { libc::_exit(0) },
        -1 => Err(number(&std::io::Error::last_os_error())),
        child => Ok(child),
    };
    wait(&answer);
    all.push(tried("libc_fork", answer));
    all
}

/// Takes a child's end, so that no zombie is left.
fn wait(child: &Result<i32, i32>) {
    if let Ok(child) = child {
        // SAFETY: no status is asked for.
        unsafe { libc::waitpid(*child, ptr::null_mut(), libc::__WALL) };
    }
}

/// Turns this process into another program; the arguments are none, so that it fails once the program was opened.
pub fn execs() -> Vec<Tried> {
    let shell = c"/bin/sh".as_ptr() as usize;
    let here = libc::AT_FDCWD as usize;
    let mut all = vec![
        tried("execve_sh", system_call(libc::SYS_execve, [shell, NOWHERE, 0])),
        tried("execve_self", system_call(libc::SYS_execve, [c"/proc/self/exe".as_ptr() as usize, NOWHERE, 0])),
        tried("execveat_sh", system_call(libc::SYS_execveat, [here, shell, NOWHERE, 0, 0])),
    ];
    if let Some(library) = own_library() {
        all.push(tried("execve_own_library", system_call(libc::SYS_execve, [address(&library), NOWHERE, 0])));
    }
    let shell = std::process::Command::new("/bin/sh").args(["-c", "exit 0"]).status();
    all.push(tried("command", shell.map_err(|error| number(&error))));
    all
}

/// Reaches the parent process in every way there is: signals are number 0, and what is attached is let go at once.
pub fn traces_parent() -> Vec<Tried> {
    let (mut all, parent) = parent();
    let info = signal_of_nobody();
    let word = [0_usize; 1];
    // A vector of one word of ours, and one of the address 1 of the other process, where nothing can be.
    let (ours, theirs) = ([word.as_ptr() as usize, size_of_val(&word)], [NOWHERE, size_of_val(&word)]);
    let (ours, theirs) = (ours.as_ptr() as usize, theirs.as_ptr() as usize);
    let limits = [0_u64; 2];
    let itself = std::process::id() as usize;

    let attached = system_call(libc::SYS_ptrace, [libc::PTRACE_ATTACH as usize, parent, 0, 0]);
    detach(&attached, parent);
    all.push(tried("ptrace_attach", attached));
    let seized = system_call(libc::SYS_ptrace, [libc::PTRACE_SEIZE as usize, parent, 0, 0]);
    if seized.is_ok() {
        // A process that runs cannot be let go; it is stopped for that moment.
        let stopped = system_call(libc::SYS_ptrace, [libc::PTRACE_INTERRUPT as usize, parent, 0, 0]);
        detach(&stopped, parent);
    }
    all.push(tried("ptrace_seize", seized));

    let opened = system_call(libc::SYS_pidfd_open, [parent, 0]);
    let descriptor = opened.unwrap_or(NONE);
    all.push(tried("pidfd_open", opened));
    all.push(tried("pidfd_getfd", system_call(libc::SYS_pidfd_getfd, [descriptor, 0, 0]).map(close)));
    all.push(tried("pidfd_send_signal", system_call(libc::SYS_pidfd_send_signal, [descriptor, 0, 0, 0])));
    if opened.is_ok() {
        close(descriptor);
    }

    let calls: &[(&str, c_long, [usize; 6])] = &[
        ("process_vm_readv", libc::SYS_process_vm_readv, [parent, ours, 1, theirs, 1, 0]),
        ("process_vm_writev", libc::SYS_process_vm_writev, [parent, ours, 1, theirs, 1, 0]),
        ("kill", libc::SYS_kill, [parent, 0, 0, 0, 0, 0]),
        ("kill_group", libc::SYS_kill, [0, 0, 0, 0, 0, 0]),
        ("kill_everything", libc::SYS_kill, [NONE, 0, 0, 0, 0, 0]),
        ("tkill", libc::SYS_tkill, [parent, 0, 0, 0, 0, 0]),
        ("tgkill", libc::SYS_tgkill, [parent, parent, 0, 0, 0, 0]),
        ("rt_sigqueueinfo", libc::SYS_rt_sigqueueinfo, [parent, 0, info.as_ptr() as usize, 0, 0, 0]),
        ("rt_tgsigqueueinfo", libc::SYS_rt_tgsigqueueinfo, [parent, parent, 0, info.as_ptr() as usize, 0, 0]),
        ("kcmp", libc::SYS_kcmp, [parent, itself, 0, 0, 0, 0]),
        ("prlimit64", libc::SYS_prlimit64, [parent, libc::RLIMIT_CORE as usize, 0, limits.as_ptr() as usize, 0, 0]),
        // No processor at all is what no kernel sets.
        ("sched_setaffinity", libc::SYS_sched_setaffinity, [parent, 0, NOWHERE, 0, 0, 0]),
    ];
    all.extend(calls.iter().map(|(name, call, arguments)| tried(name, system_call(*call, *arguments))));
    all
}

/// Returns the parent's number, or that of the first process where the parent's is not told.
fn parent() -> (Vec<Tried>, usize) {
    match system_call::<0>(libc::SYS_getppid, []) {
        Ok(0) => (vec![Tried::refused("getppid", "unknown")], 1),
        // That there is a parent is no secret.
        Ok(parent) => (vec![Tried::refused("getppid", "known")], parent),
        Err(number) => (vec![tried::<()>("getppid", Err(number))], 1),
    }
}

/// Lets a process go that was stopped, after it has stopped.
fn detach(stopped: &Result<usize, i32>, process: usize) {
    if stopped.is_ok() {
        // SAFETY: no status is asked for.
        unsafe { libc::waitpid(process as i32, ptr::null_mut(), libc::__WALL) };
        // Where this fails the process has ended, and there is nothing left to let go.
        system_call(libc::SYS_ptrace, [libc::PTRACE_DETACH as usize, process, 0, 0]).ok();
    }
}

/// Returns a `siginfo_t` as a program may send one: its code says that it was queued.
fn signal_of_nobody() -> [i32; 32] {
    let mut info = [0; 32];
    info[2] = libc::SI_QUEUE;
    info
}

/// Returns the address of a text.
pub(super) fn address(text: &CString) -> usize {
    CStr::as_ptr(text) as usize
}
