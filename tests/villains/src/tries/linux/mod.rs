//! The tries on Linux, x86_64 and aarch64.
//!
//! `system_call` is the one way into the kernel past the C library; the lists are in the files beside it. A row that
//! could do harm has arguments that no kernel accepts, so that it fails where it gets through, with another number.

#![allow(unsafe_code, reason = "a villain calls the kernel as no library would")]

mod calls;
mod errors;
mod files;
mod processes;
mod sockets;
mod system_call;

pub use calls::{calls_forbidden, calls_of_32_bits};
pub use files::reads_secrets;
pub use processes::{execs, forks, traces_parent};
pub use sockets::opens_sockets;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tries::Tried;

    /// Returns the endings of the tries with these names.
    fn endings(tried: Vec<Tried>, names: &[&str]) -> Vec<String> {
        let of = |name: &&str| tried.iter().find(|tried| tried.name == *name).map(|tried| tried.ending.clone());
        names.iter().map(|name| of(name).unwrap_or_else(|| panic!("nothing was tried as `{name}`"))).collect()
    }

    #[test]
    fn forks_get_through_where_nothing_confines_them() {
        assert_eq!(endings(forks(), &["clone", "libc_fork"]), ["ok"; 2]);
    }

    #[test]
    fn sockets_get_through_where_nothing_confines_them() {
        assert_eq!(endings(opens_sockets(), &["unix_stream", "unix_dgram", "socketpair"]), ["ok"; 3]);
    }

    #[test]
    fn program_is_found_but_not_run_where_nothing_confines_it() {
        assert_eq!(endings(execs(), &["execve_sh", "execveat_sh", "command"]), ["EFAULT", "EFAULT", "ok"]);
    }

    #[test]
    fn files_are_read_where_nothing_confines_it() {
        assert_eq!(endings(reads_secrets(), &["read:/etc/passwd", "list:/"]), ["ok"; 2]);
    }

    #[test]
    fn calls_that_need_no_right_get_through_where_nothing_confines_them() {
        let names = ["memfd_create", "fchmodat_own_library", "prctl_dumpable", "shmget"];
        assert_eq!(endings(calls_forbidden(), &names), ["ok", "ok", "ok", "ENOENT"]);
    }

    #[test]
    fn parent_is_reached_by_signal_zero_where_nothing_confines_it() {
        assert_eq!(endings(traces_parent(), &["getppid", "kill"]), ["known", "ok"]);
    }
}
