//! The folder of kept answers: bounded, private, and shared by all processes of the user.
//!
//! It is parted into shards, each with its share of the room. Whoever writes looks through one shard only, so a large
//! folder stays fast, and the bound holds without anything that processes would have to agree on.
//! Nothing here is an error to whoever asks: what cannot be read is not there, what cannot be written is said once.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use sha2::{Digest, Sha256};
use tokio::{sync::Mutex, task::JoinHandle};

use super::Entry;
use crate::{private_folder, registry::hex, whole_file::WholeFile};

/// How many shards there are: with 10,000 answers a shard has 160, which are looked through in well under a millisecond.
const SHARDS: u8 = 64;

/// The greatest size of a shard: 256 MiB in all, a few hundred pages of a list and tens of thousands of tickets.
const SHARD_BYTES: u64 = 4 << 20;

/// The greatest file: a page of 100 long tickets has 1 MiB, and a file may not push out a whole shard.
const ENTRY_BYTES: u64 = 2 << 20;

/// The name of an answer: who asked what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    shard: u8,
    name: String,
}

impl Key {
    /// Returns the name for these parts; nobody can tell the parts from it.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            // With their lengths, so that no two lists of parts run together.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let digest = digest.finalize();
        Self { shard: digest[0] % SHARDS, name: hex(&digest) }
    }
}

/// A folder of kept answers.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    shard_bytes: u64,
    entry_bytes: u64,
    has_warned: AtomicBool,
    /// Whose turn it is in each shard: what is done to an answer is done in the order in which it was asked.
    turns: Vec<Arc<Mutex<()>>>,
}

impl Store {
    /// Returns the store in that folder, which is made when the first answer is kept.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let turns = (0..SHARDS).map(|_| Arc::default()).collect();
        Self { folder, shard_bytes: SHARD_BYTES, entry_bytes: ENTRY_BYTES, has_warned: AtomicBool::new(false), turns }
    }

    /// Returns a kept answer.
    pub(crate) async fn kept(self: &Arc<Self>, key: &Key) -> Option<Entry> {
        self.in_turn(key, Self::read).await.await.ok().flatten()
    }

    /// Keeps an answer; the file is written while its reader goes on.
    pub(crate) async fn keep(self: &Arc<Self>, key: &Key, entry: Entry) {
        drop(self.in_turn(key, move |store, key| store.write(key, &entry)).await);
    }

    /// Lets an answer go.
    pub(crate) async fn let_go(self: &Arc<Self>, key: &Key) {
        // It is not done only if the process is about to end.
        let _ = self.in_turn(key, Self::remove).await.await;
    }

    /// Waits until the files that are being written are there.
    pub(crate) async fn settle(&self) {
        for turn in &self.turns {
            drop(turn.lock().await);
        }
    }

    /// Does file work where it holds up nobody, after what was asked of the same shard before.
    async fn in_turn<T: Send + 'static>(
        self: &Arc<Self>,
        key: &Key,
        work: impl FnOnce(&Self, &Key) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let turn = self.turns[usize::from(key.shard)].clone().lock_owned().await;
        let (store, key) = (self.clone(), key.clone());
        tokio::task::spawn_blocking(move || {
            let done = work(&store, &key);
            drop(turn);
            done
        })
    }

    /// Returns a kept answer. One that is broken is removed.
    fn read(&self, key: &Key) -> Option<Entry> {
        let path = self.path(key);
        let bytes = match read(&path, self.entry_bytes) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                self.warn("read", &path, &error);
                return None;
            }
        };
        let entry = Entry::from_bytes(bytes);
        if entry.is_none() {
            self.remove(key);
        }
        entry
    }

    /// Keeps an answer, and lets those go that were used longest ago, if there is no room.
    fn write(&self, key: &Key, entry: &Entry) {
        let bytes = entry.to_bytes();
        if bytes.len() as u64 > self.entry_bytes {
            // What is there has just been replaced by something that is too long.
            return self.remove(key);
        }
        let path = self.path(key);
        if let Err(error) = self.try_write(&path, &bytes) {
            self.warn("write", &path, &error);
        }
    }

    /// Lets an answer go.
    fn remove(&self, key: &Key) {
        let path = self.path(key);
        if let Err(error) = remove(&path) {
            self.warn("remove", &path, &error);
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{:02x}", key.shard)).join(&key.name)
    }

    fn try_write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let shard = path.parent().unwrap_or(&self.folder);
        private_folder::make(shard)?;
        self.make_room(shard, bytes.len() as u64)?;
        // It is made readable for its owner only. A crash may leave one behind, which then ages like the others.
        match WholeFile::default().write(path, bytes) {
            // Another process was in need of the room.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            written => written,
        }
    }

    /// Removes what was used longest ago until there is room.
    fn make_room(&self, shard: &Path, needed: u64) -> io::Result<()> {
        let mut files = files(shard)?;
        let mut total: u64 = files.iter().map(|file| file.size).sum();
        if total + needed <= self.shard_bytes {
            return Ok(());
        }
        // A little more than is needed, so that not every answer in a full shard pushes out another.
        let most = (self.shard_bytes - self.shard_bytes / 8).saturating_sub(needed);
        files.sort_by_key(|file| file.used);
        for file in files {
            if total <= most {
                break;
            }
            remove(&file.path)?;
            total -= file.size;
        }
        Ok(())
    }

    /// Says once that the folder is of no use: requests work without it.
    fn warn(&self, doing: &str, path: &Path, error: &io::Error) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            let path = path.display();
            tracing::warn!("cannot {doing} {path}: {error}; answers of platforms are not kept, and more is asked anew");
        }
    }
}

/// A file of a shard.
struct Kept {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

fn files(shard: &Path) -> io::Result<Vec<Kept>> {
    let mut files = Vec::new();
    for found in fs::read_dir(shard)? {
        let found = found?;
        match found.metadata() {
            Ok(metadata) if metadata.is_file() => {
                files.push(Kept { path: found.path(), size: metadata.len(), used: metadata.modified()? });
            }
            Ok(_) => {}
            // Another process was faster.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// Reads a file and notes that it was used.
fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    // Where that is not possible, files go by their age.
    let _ = file.set_modified(SystemTime::now());
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(most) as usize);
    Read::by_ref(&mut file).take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes a file, unless another process was faster.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;
    use crate::http::testing::{answer, get};

    fn entry(body: &str) -> Entry {
        Entry::of(&get("https://tickets.example/"), &answer(200, &[("etag", "\"a\"")], body)).unwrap()
    }

    /// Returns a name in the first shard.
    fn key(number: u32) -> Key {
        Key { shard: 0, ..Key::of(&[&number.to_le_bytes()]) }
    }

    fn small(folder: &Path) -> Store {
        let size = entry("").to_bytes().len() as u64;
        Store { shard_bytes: 10 * (size + 100), entry_bytes: size + 200, ..Store::new(folder.to_owned()) }
    }

    #[test]
    fn names_differ_wherever_a_part_does() {
        assert_eq!(Key::of(&[b"a", b"b"]), Key::of(&[b"a", b"b"]));
        assert_ne!(Key::of(&[b"a", b"b"]), Key::of(&[b"ab", b""]));
        assert_ne!(Key::of(&[b"a", b"b"]), Key::of(&[b"b", b"a"]));
    }

    #[cfg(unix)]
    #[test]
    fn an_answer_is_kept_where_only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("http"));
        assert_eq!(store.read(&key(1)), None);
        store.write(&key(1), &entry("kept"));
        assert_eq!(store.read(&key(1)), Some(entry("kept")));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = store.path(&key(1));
        assert_eq!((mode(&path), mode(path.parent().unwrap()), mode(&store.folder)), (0o600, 0o700, 0o700));
        store.remove(&key(1));
        store.remove(&key(1));
        assert_eq!(store.read(&key(1)), None);
    }

    #[tokio::test]
    async fn what_is_asked_of_an_answer_is_done_in_order_and_is_done_once_the_store_has_settled() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::new(folder.path().to_owned()));
        for body in ["first", "second"] {
            store.keep(&key(1), entry(body)).await;
        }
        assert_eq!(store.kept(&key(1)).await, Some(entry("second")));
        store.keep(&key(1), entry("third")).await;
        store.let_go(&key(1)).await;
        store.keep(&key(2), entry("other")).await;
        store.settle().await;
        assert_eq!((store.path(&key(1)).exists(), store.path(&key(2)).exists()), (false, true));
    }

    #[test]
    fn a_broken_answer_is_not_there_and_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        store.write(&key(1), &entry("kept"));
        let path = store.path(&key(1));
        fs::write(&path, "half of").unwrap();
        assert_eq!(store.read(&key(1)), None);
        assert!(!path.exists());
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = small(folder.path());
        let body = "x".repeat(100);
        for number in 0..10 {
            store.write(&key(number), &entry(&body));
            let file = File::options().write(true).open(store.path(&key(number))).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(1000 - u64::from(number))).unwrap();
        }
        assert!(store.read(&key(0)).is_some(), "which is then used last");
        store.write(&key(10), &entry(&body));
        let left: Vec<u32> = (0..=10).filter(|number| store.path(&key(*number)).exists()).collect();
        assert_eq!(left, [0, 4, 5, 6, 7, 8, 9, 10], "room for one, and a little more");
    }

    #[test]
    fn an_answer_that_is_too_long_replaces_the_kept_one_by_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = small(folder.path());
        store.write(&key(1), &entry("short"));
        store.write(&key(1), &entry(&"x".repeat(300)));
        assert_eq!(store.read(&key(1)), None);
    }

    #[test]
    fn a_folder_that_cannot_be_used_fails_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let store = Store::new(file.join("below-a-file"));
        store.write(&key(1), &entry("kept"));
        assert_eq!(store.read(&key(1)), None);
        store.remove(&key(1));
        assert!(store.has_warned.load(Ordering::Relaxed));
    }

    #[test]
    fn several_at_once_never_read_half_an_answer() {
        let folder = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for writer in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    let store = small(folder);
                    for round in 0..50 {
                        let number = (round + writer) % 15;
                        store.write(&key(number), &entry(&number.to_string().repeat(50)));
                        let found = store.read(&key(number));
                        assert!(found.is_none_or(|found| found == entry(&number.to_string().repeat(50))));
                    }
                    assert!(!store.has_warned.load(Ordering::Relaxed));
                });
            }
        });
        let size: u64 = files(&folder.path().join("00")).unwrap().iter().map(|file| file.size).sum();
        assert!(size <= small(folder.path()).shard_bytes + 4 * small(folder.path()).entry_bytes);
    }
}
