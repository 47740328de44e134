//! System calls by number: the safe wrappers do not offer what a hostile library does.
#![allow(unsafe_code, reason = "the tests make the calls that no safe wrapper makes")]

use std::{ffi::c_long, io};

/// Makes a call with up to six arguments.
pub(crate) fn call(number: c_long, arguments: &[c_long]) -> Result<c_long, io::Error> {
    let argument = |index: usize| arguments.get(index).copied().unwrap_or(0);
    // SAFETY: every call of these tests is to be refused before the kernel reads an argument; those that are not only
    // take numbers. A call that makes a process is given a way out below.
    let answer =
        unsafe { libc::syscall(number, argument(0), argument(1), argument(2), argument(3), argument(4), argument(5)) };
    match answer {
        -1 => Err(io::Error::last_os_error()),
        answer => Ok(answer),
    }
}

/// Makes a call that makes a process, and ends that process at once should there be one.
pub(crate) fn call_that_forks(number: c_long, arguments: &[c_long]) -> Result<c_long, io::Error> {
    let answer = call(number, arguments);
    if matches!(answer, Ok(0)) {
        // SAFETY: it ends this process, without running anything else in it.
        unsafe { libc::_exit(0) }
    }
    answer
}

/// Says whether a call answers as if the kernel did not have it.
pub(crate) fn is_refused(answer: &Result<c_long, io::Error>) -> bool {
    matches!(answer, Err(error) if error.raw_os_error() == Some(libc::ENOSYS))
}

/// Opens a library and asks it for the cosine of nought.
pub(crate) fn cosine_of_nought(library: &str) -> Result<f64, libloading::Error> {
    // SAFETY: the library is the mathematical library of this machine, in which `cos` has this type.
    unsafe {
        let library = libloading::Library::new(library)?;
        let cosine: libloading::Symbol<'_, extern "C" fn(f64) -> f64> = library.get(b"cos")?;
        Ok(cosine(0.0))
    }
}

/// Returns the version of Landlock that the kernel has, if any.
pub(crate) fn landlock() -> Option<c_long> {
    const VERSION: c_long = 1;
    call(libc::SYS_landlock_create_ruleset, &[0, 0, VERSION]).ok()
}
