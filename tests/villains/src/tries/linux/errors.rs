//! What an error number says of a try.

use std::io;

use crate::tries::Tried;

/// What a confinement answers. Any other number is the kernel's word to whom it listens: `EFAULT`, `EINVAL`, `EBADF`.
const REFUSALS: &[i32] = &[libc::EACCES, libc::ENOSYS, libc::EPERM];

/// Returns what came of a call: an error that is no refusal got through.
pub(super) fn tried<T>(name: &str, answer: Result<T, i32>) -> Tried {
    tried_or(name, &[], answer)
}

/// The same, with more numbers that refuse.
pub(super) fn tried_or<T>(name: &str, refusals: &[i32], answer: Result<T, i32>) -> Tried {
    match answer {
        Ok(_) => Tried::through(name, "ok"),
        Err(number) if REFUSALS.contains(&number) || refusals.contains(&number) => Tried::refused(name, &word(number)),
        Err(number) => Tried::through(name, &word(number)),
    }
}

/// Returns what came of reading something: whatever the error, nothing was read.
pub(super) fn read<T>(name: &str, answer: io::Result<T>) -> Tried {
    match answer {
        Ok(_) => Tried::through(name, "ok"),
        Err(error) => Tried::refused(name, &error.raw_os_error().map_or_else(|| error.to_string(), word)),
    }
}

/// Returns the number of an error of the standard library; those that are not the system's have none.
pub(super) fn number(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(0)
}

/// Returns the name of an error number, as the system's manual has it.
pub(super) fn word(number: i32) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == number);
    known.map_or_else(|| format!("errno-{number}"), |(_, name)| (*name).to_owned())
}

macro_rules! names {
    ($($name:ident)+) => {
        const NAMES: &[(i32, &str)] = &[$( (libc::$name, stringify!($name)), )+];
    };
}

names! {
    E2BIG EACCES EAFNOSUPPORT EAGAIN EBADF EBUSY ECHILD ECONNREFUSED EEXIST EFAULT EFBIG EINTR EINVAL EIO EISDIR ELOOP
    EMFILE ENAMETOOLONG ENETUNREACH ENFILE ENODEV ENOENT ENOEXEC ENOKEY ENOMEM ENOSPC ENOSYS ENOTCONN ENOTDIR ENOTSOCK
    ENOTTY ENXIO EOPNOTSUPP EOVERFLOW EPERM EPIPE EPROTONOSUPPORT EPROTOTYPE EROFS ESOCKTNOSUPPORT ESPIPE ESRCH
    ETIMEDOUT EXDEV
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_error_numbers_are_sorted() {
        assert!(NAMES.is_sorted_by_key(|(_, name)| name));
    }

    #[test]
    fn error_that_is_no_refusal_got_through() {
        assert!(tried::<()>("mount", Err(libc::EPERM)).refused);
        assert!(!tried::<()>("bpf", Err(libc::EFAULT)).refused);
    }
}
