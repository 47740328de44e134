//! The descriptors of the process, and the file that the villain itself lies in.
//!
//! What is done with them is the villains' business. Beyond Unix there are none.

#![cfg(unix)]
#![allow(unsafe_code, reason = "a villain takes descriptors that are not its own")]

use std::{
    ffi::{CStr, CString, c_int, c_void},
    mem, ptr,
};

/// How far villains look for descriptors.
pub const MOST: c_int = 1024;

/// Returns the descriptors from 0 on that are open.
pub fn open() -> impl Iterator<Item = c_int> {
    (0..MOST).filter(|descriptor| status(*descriptor).is_some())
}

/// Returns the descriptors that are sockets.
pub fn sockets() -> Vec<c_int> {
    (0..MOST).filter(|descriptor| is(*descriptor, libc::S_IFSOCK)).collect()
}

/// Returns the descriptors that are regular files and no libraries: one that was opened for loading is no secret.
pub fn files() -> Vec<c_int> {
    (0..MOST).filter(|descriptor| is(*descriptor, libc::S_IFREG) && !is_library(*descriptor)).collect()
}

/// Writes bytes to a descriptor, whoever it belongs to, and says whether all were taken.
pub fn write(descriptor: c_int, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        // SAFETY: the bytes are alive.
        let written = unsafe { libc::write(descriptor, bytes.as_ptr().cast::<c_void>(), bytes.len()) };
        match usize::try_from(written) {
            Ok(0) => return false,
            Ok(written) => bytes = &bytes[written..],
            Err(_) if std::io::Error::last_os_error().kind() == std::io::ErrorKind::WouldBlock => wait(descriptor),
            Err(_) => return false,
        }
    }
    true
}

/// Writes what is taken at once.
pub fn write_once(descriptor: c_int, bytes: &[u8]) -> bool {
    // SAFETY: the bytes are alive.
    unsafe { libc::write(descriptor, bytes.as_ptr().cast::<c_void>(), bytes.len()) > 0 }
}

/// Closes a descriptor, whoever it belongs to, and says whether it was open.
pub fn close(descriptor: c_int) -> bool {
    // SAFETY: there is none in this; that is what makes it a villain. Who owned it finds it closed, or another file.
    unsafe { libc::close(descriptor) == 0 }
}

/// Returns the path under which the villain's own file was opened.
pub fn own_library() -> Option<CString> {
    // SAFETY: an all-zero value of these pointers and numbers is one.
    let mut info: libc::Dl_info = unsafe { mem::zeroed() };
    let here: fn() -> Option<CString> = own_library;
    // SAFETY: the loader looks for the address among its files and writes to a value that is alive.
    let found = unsafe { libc::dladdr(here as *const c_void, &mut info) } != 0;
    // SAFETY: the loader's name of a file ends with a nul and stays as long as the file.
    (found && !info.dli_fname.is_null()).then(|| unsafe { CStr::from_ptr(info.dli_fname) }.to_owned())
}

/// Waits until a descriptor takes more: a host that reads slowly is no reason to leave a frame unfinished.
fn wait(descriptor: c_int) {
    let mut ready = libc::pollfd { fd: descriptor, events: libc::POLLOUT, revents: 0 };
    // SAFETY: one value, which is alive. Where the call is refused the writer tries again at once.
    unsafe { libc::poll(&mut ready, 1, 1000) };
}

fn status(descriptor: c_int) -> Option<libc::stat> {
    // SAFETY: an all-zero value of these numbers is one, and it is alive while it is written to.
    let mut status: libc::stat = unsafe { mem::zeroed() };
    // SAFETY: as above.
    (unsafe { libc::fstat(descriptor, &mut status) } == 0).then_some(status)
}

fn is(descriptor: c_int, kind: libc::mode_t) -> bool {
    status(descriptor).is_some_and(|status| status.st_mode & libc::S_IFMT == kind)
}

/// Says whether a file begins as libraries do, without moving the place where it is read.
fn is_library(descriptor: c_int) -> bool {
    let mut first = [0_u8; 4];
    // SAFETY: the bytes are alive and as many as are asked for.
    let read = unsafe { libc::pread(descriptor, ptr::from_mut(&mut first).cast::<c_void>(), first.len(), 0) };
    read == 4 && first == *b"\x7fELF"
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read,
        os::{fd::AsRawFd, unix::net::UnixStream},
    };

    use super::*;

    #[test]
    fn socket_is_found_among_the_descriptors_and_written_to() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        assert!(sockets().contains(&ours.as_raw_fd()));
        assert!(open().any(|descriptor| descriptor == ours.as_raw_fd()));
        assert!(write(ours.as_raw_fd(), b"garbage"));
        drop(ours);
        let mut text = String::new();
        theirs.read_to_string(&mut text).unwrap();
        assert_eq!(text, "garbage");
    }

    #[test]
    fn own_library_is_the_file_that_runs() {
        let path = own_library().unwrap().into_string().unwrap();
        assert!(path.contains("usher_villains"), "{path}");
    }
}
