//! Puts another file in the place of its own in `get`, in a folder that an operator was careless enough to grant: with key 1 by
//! a rename, with key 2 in place, and with key 3 it tries to change the file that it was opened from.
//!
//! The host must go on with what it has checked, take the new file for the unknown one that it is, and refuse key 3. The
//! title says what came of it. Other keys are answered.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use usher_villains::raw::{Call, Reply};

fn own_file(folder: &Path) -> PathBuf {
    folder.join(format!("{DLL_PREFIX}swaps_its_file{DLL_SUFFIX}"))
}

/// Another file that does the same.
fn replace(folder: &Path) -> io::Result<()> {
    let mut other = fs::read(own_file(folder))?;
    other.push(0);
    fs::write(folder.join("other"), other)?;
    fs::rename(folder.join("other"), own_file(folder))
}

fn lengthen(file: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).open(file)?.write_all(&[0])
}

/// The file that was opened is a copy elsewhere.
#[cfg(unix)]
fn change_copy() -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let way = usher_villains::descriptors::own_library().ok_or(io::ErrorKind::NotFound)?;
    let way = Path::new(std::ffi::OsStr::from_bytes(way.as_bytes()));
    let copy = fs::read_link(way)?;
    let tried = [lengthen(way), lengthen(&copy), fs::remove_file(&copy), fs::rename(&copy, copy.with_extension("old"))];
    // Whichever works is what it wanted.
    tried.into_iter().reduce(Result::or).unwrap_or(Ok(()))
}

#[cfg(not(unix))]
fn change_copy() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let folder = PathBuf::from(&call.path);
    let outcome = match call.number_of_key() {
        1 => replace(&folder),
        2 => lengthen(&own_file(&folder)),
        3 => change_copy(),
        _ => return call.honest(),
    };
    match outcome {
        Ok(()) => call.titled("changed"),
        Err(error) => call.titled(&format!("refused: {error}")),
    }
}

usher_villains::raw_villain!("swaps_its_file/adapter.toml", answer);
