//! The system calls that a worker may make: tables by name, of x86_64 and aarch64.
//!
//! A call that stands in no row answers `ENOSYS`, as if the kernel did not have it: what a program does without on an
//! old kernel it does without here. Several rows of one call are alternatives. How rows become a filter is not here.

use libc::c_long;

/// A call, and what its arguments must be; with none they may be anything.
pub(super) type Row = (c_long, &'static [Argument]);

/// What an argument must be; arguments are counted from nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// This number.
    Is(u8, u32),
    /// A number whose masked bits are these.
    Bits(u8, u32, u32),
    /// The number of this process.
    OwnProcess(u8),
    /// No pointer.
    Null(u8),
}

use Argument::{Bits, Is, Null, OwnProcess};

const ANY: &[Argument] = &[];

/// Flags of `open` that write, or that change a file without being able to write to it.
const OPEN_WRITES: u32 = (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC) as u32;
const ACCESS_MODE: u32 = libc::O_ACCMODE as u32;
const TRUNCATES: u32 = libc::O_TRUNC as u32;
const WRITE_ONLY: u32 = libc::O_WRONLY as u32;
const READ_AND_WRITE: u32 = libc::O_RDWR as u32;

/// What `clone` must set, so that it makes a thread of this process.
const THREAD: u32 = (libc::CLONE_THREAD | libc::CLONE_VM | libc::CLONE_SIGHAND) as u32;
/// What it must not set: spaces of names of its own, and other relations than that of a thread.
const NO_THREAD: u32 = libc::CLONE_NEWCGROUP as u32
    | libc::CLONE_NEWIPC as u32
    | libc::CLONE_NEWNET as u32
    | libc::CLONE_NEWNS as u32
    | libc::CLONE_NEWPID as u32
    | libc::CLONE_NEWUSER as u32
    | libc::CLONE_NEWUTS as u32
    | libc::CLONE_PARENT as u32
    | libc::CLONE_PTRACE as u32
    | libc::CLONE_VFORK as u32;

/// What every worker needs: memory, threads, time, its connection to the host, and reading.
pub(super) const ALWAYS: &[Row] = &[
    // Memory.
    (libc::SYS_brk, ANY),
    (libc::SYS_madvise, ANY),
    (libc::SYS_mmap, ANY),
    (libc::SYS_mprotect, ANY),
    (libc::SYS_mremap, ANY),
    (libc::SYS_munmap, ANY),
    // Threads. `clone3` hides its flags behind a pointer, where a filter cannot look: libraries then use `clone`.
    (libc::SYS_clone, &[Bits(0, THREAD | NO_THREAD, THREAD)]),
    (libc::SYS_exit, ANY),
    (libc::SYS_exit_group, ANY),
    (libc::SYS_futex, ANY),
    (libc::SYS_getpid, ANY),
    (libc::SYS_getppid, ANY),
    (libc::SYS_gettid, ANY),
    (libc::SYS_prctl, &[Is(0, libc::PR_GET_NAME as u32)]),
    (libc::SYS_prctl, &[Is(0, libc::PR_SET_NAME as u32)]),
    // A question about one's own limits, which `pthread_getattr_np` asks; to set one is refused.
    (libc::SYS_prlimit64, &[Is(0, 0), Null(2)]),
    (libc::SYS_rseq, ANY),
    (libc::SYS_sched_getaffinity, ANY),
    (libc::SYS_sched_yield, ANY),
    (libc::SYS_set_robust_list, ANY),
    // Signals. `abort` sends one to the own thread; `tkill` does not say to whose.
    (libc::SYS_kill, &[OwnProcess(0)]),
    (libc::SYS_restart_syscall, ANY),
    (libc::SYS_rt_sigaction, ANY),
    (libc::SYS_rt_sigprocmask, ANY),
    (libc::SYS_rt_sigreturn, ANY),
    (libc::SYS_sigaltstack, ANY),
    (libc::SYS_tgkill, &[OwnProcess(0)]),
    // Time, and numbers at random.
    (libc::SYS_clock_getres, ANY),
    (libc::SYS_clock_gettime, ANY),
    (libc::SYS_clock_nanosleep, ANY),
    (libc::SYS_getrandom, ANY),
    (libc::SYS_gettimeofday, ANY),
    (libc::SYS_nanosleep, ANY),
    // Who one is: the C library asks before it trusts the environment.
    (libc::SYS_getegid, ANY),
    (libc::SYS_geteuid, ANY),
    (libc::SYS_getgid, ANY),
    (libc::SYS_getuid, ANY),
    // A runtime that waits for its descriptors.
    (libc::SYS_epoll_create1, ANY),
    (libc::SYS_epoll_ctl, ANY),
    (libc::SYS_epoll_pwait, ANY),
    (libc::SYS_eventfd2, ANY),
    // Descriptors that are open. `fcntl` can also make the kernel send any signal to any process, so by its commands.
    (libc::SYS_close, ANY),
    (libc::SYS_close_range, ANY),
    (libc::SYS_fcntl, &[Is(1, libc::F_DUPFD_CLOEXEC as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_GETFD as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_GETFL as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_SETFD as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_SETFL as u32)]),
    (libc::SYS_fstat, ANY),
    (libc::SYS_lseek, ANY),
    (libc::SYS_pread64, ANY),
    (libc::SYS_preadv, ANY),
    (libc::SYS_read, ANY),
    (libc::SYS_readv, ANY),
    (libc::SYS_write, ANY),
    (libc::SYS_writev, ANY),
    // What std calls to read from and write to a connected socket; any other flag reaches rarer code in the kernel.
    (libc::SYS_recvfrom, &[Is(3, 0), Null(4)]),
    (libc::SYS_sendto, &[Is(3, libc::MSG_NOSIGNAL as u32), Null(4)]),
    // Files, to be read. Which ones is Landlock's to say.
    (libc::SYS_faccessat, ANY),
    (libc::SYS_faccessat2, ANY),
    (libc::SYS_getcwd, ANY),
    (libc::SYS_getdents64, ANY),
    (libc::SYS_newfstatat, ANY),
    (libc::SYS_openat, &[Bits(2, OPEN_WRITES, 0)]),
    (libc::SYS_readlinkat, ANY),
    (libc::SYS_statx, ANY),
    // Calls that aarch64 never had.
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_access, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_epoll_wait, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_lstat, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, &[Bits(1, OPEN_WRITES, 0)]),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_readlink, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_stat, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_time, ANY),
];

/// What a worker needs besides when a path was granted for writing.
///
/// No modes, owners, times, attributes or symbolic links: Landlock watches none of the first four, so that they could
/// be changed on whatever can be read.
pub(super) const WRITING: &[Row] = &[
    (libc::SYS_copy_file_range, ANY),
    (libc::SYS_fallocate, ANY),
    (libc::SYS_fcntl, &[Is(1, libc::F_GETLK as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_OFD_GETLK as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_OFD_SETLK as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_OFD_SETLKW as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_SETLK as u32)]),
    (libc::SYS_fcntl, &[Is(1, libc::F_SETLKW as u32)]),
    (libc::SYS_fdatasync, ANY),
    (libc::SYS_flock, ANY),
    (libc::SYS_fsync, ANY),
    (libc::SYS_ftruncate, ANY),
    (libc::SYS_linkat, ANY),
    (libc::SYS_mkdirat, ANY),
    (libc::SYS_msync, ANY),
    // To empty a file is allowed to those who open it for writing: before Linux 6.2 Landlock looks at nothing else.
    (libc::SYS_openat, &[Bits(2, TRUNCATES, 0)]),
    (libc::SYS_openat, &[Bits(2, ACCESS_MODE, READ_AND_WRITE)]),
    (libc::SYS_openat, &[Bits(2, ACCESS_MODE, WRITE_ONLY)]),
    (libc::SYS_pwrite64, ANY),
    (libc::SYS_pwritev, ANY),
    (libc::SYS_renameat, ANY),
    (libc::SYS_renameat2, ANY),
    (libc::SYS_sendfile, ANY),
    (libc::SYS_unlinkat, ANY),
    // Calls that aarch64 never had.
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mkdir, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, &[Bits(1, TRUNCATES, 0)]),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, &[Bits(1, ACCESS_MODE, READ_AND_WRITE)]),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, &[Bits(1, ACCESS_MODE, WRITE_ONLY)]),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rmdir, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_unlink, ANY),
];

/// The kind of a socket, without the flags that stand beside it.
const KIND: u32 = 0xf;
const INET: u32 = libc::AF_INET as u32;
const INET6: u32 = libc::AF_INET6 as u32;
const STREAM: u32 = libc::SOCK_STREAM as u32;
const DATAGRAM: u32 = libc::SOCK_DGRAM as u32;

/// What a worker needs besides when the operator lets it open sockets: outwards, and to ask for addresses.
pub(super) const NETWORK: &[Row] = &[
    (libc::SYS_connect, ANY),
    (libc::SYS_getpeername, ANY),
    (libc::SYS_getsockname, ANY),
    (libc::SYS_getsockopt, ANY),
    // A time limit for connecting, in std; and how much the name server answered, in the C library.
    (libc::SYS_ioctl, &[Is(1, libc::FIONBIO as u32)]),
    (libc::SYS_ioctl, &[Is(1, libc::FIONREAD as u32)]),
    (libc::SYS_ppoll, ANY),
    (libc::SYS_recvfrom, ANY),
    (libc::SYS_recvmsg, ANY),
    (libc::SYS_sendmmsg, ANY),
    (libc::SYS_sendmsg, ANY),
    (libc::SYS_sendto, ANY),
    (libc::SYS_setsockopt, ANY),
    (libc::SYS_shutdown, ANY),
    (libc::SYS_socket, &[Is(0, INET), Bits(1, KIND, DATAGRAM)]),
    (libc::SYS_socket, &[Is(0, INET), Bits(1, KIND, STREAM)]),
    (libc::SYS_socket, &[Is(0, INET6), Bits(1, KIND, DATAGRAM)]),
    (libc::SYS_socket, &[Is(0, INET6), Bits(1, KIND, STREAM)]),
    // The C library asks for the machine's name when it reads the settings of the name service.
    (libc::SYS_uname, ANY),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_poll, ANY),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_comes_twice() {
        let rows: Vec<&Row> = [ALWAYS, WRITING, NETWORK].into_iter().flatten().collect();
        for (place, row) in rows.iter().enumerate() {
            assert!(!rows[place + 1..].contains(row), "{row:?}");
        }
    }
}
