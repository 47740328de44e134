//! Detached minisign signatures: `FILE.minisig` beside the file, by one of the folder's keys.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use minisign_verify::Signature;

use super::super::store::{self, Store};
use crate::{
    config::{SignerKey, key_id},
    whole_file::WholeFile,
};

/// The greatest size of a signature file; a real one has about 300 bytes.
const LARGEST: u64 = 64 << 10;

/// A file whose signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    /// The digest of the bytes that were verified.
    pub(super) sha256: String,
    /// The id of the key that has signed them.
    pub(super) signer: String,
}

/// Verifies the signature of a file, or says in words that follow the file's name why it does not count.
///
/// Verifying takes longer than opening. So it is remembered beside the copies, under a digest of the file's digest, the
/// signature and the key: if one of the three is another, it is verified anew.
pub(super) fn verify(file: &Path, keys: &[SignerKey], store: Option<&Store>) -> Result<Signed, String> {
    let detached = Detached::beside(file)?;
    let known = detached.known(keys)?;
    if let Some(signed) = store.and_then(|store| remembered(store, file, &detached, &known)) {
        return Ok(signed);
    }
    let bytes = fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    let signed = verify_bytes(&bytes, &detached, &known)?;
    if let (Some(store), Some(key)) = (store, known.iter().find(|key| key.id() == signed.signer)) {
        let note = detached.note(store, &signed.sha256, key);
        // Without the note it is verified again, and nothing is lost.
        let _ = fs::create_dir_all(store.folder())
            .and_then(|()| WholeFile::default().write(&note, signed.signer.as_bytes()));
    }
    Ok(signed)
}

/// Verifies the signature beside a file over bytes that were read from it.
pub(super) fn verify_read(file: &Path, bytes: &[u8], keys: &[SignerKey]) -> Result<Signed, String> {
    let detached = Detached::beside(file)?;
    verify_bytes(bytes, &detached, &detached.known(keys)?)
}

fn verify_bytes(bytes: &[u8], detached: &Detached, known: &[&SignerKey]) -> Result<Signed, String> {
    // Signatures of minisign before 0.10 are over the bytes themselves: longer to make, and no weaker.
    let is_right = |key: &&&SignerKey| key.key().verify(bytes, &detached.signature, true).is_ok();
    match known.iter().find(is_right) {
        Some(key) => Ok(Signed { sha256: store::digest(bytes), signer: key.id().to_owned() }),
        None => Err(format!(
            "does not fit its signature by {}: the file or the signature has been changed since",
            detached.key_id
        )),
    }
}

fn remembered(store: &Store, file: &Path, detached: &Detached, known: &[&SignerKey]) -> Option<Signed> {
    let sha256 = store.digest(file).ok()?;
    let key = known.iter().find(|key| detached.note(store, &sha256, key).exists())?;
    Some(Signed { sha256, signer: key.id().to_owned() })
}

/// A signature as it stands beside its file.
struct Detached {
    text: String,
    signature: Signature,
    /// The id of the key that it names, which is a claim until it is verified.
    key_id: String,
}

impl Detached {
    fn beside(file: &Path) -> Result<Self, String> {
        let place = place(file);
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = match read(&place) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(format!("has no signature, which this folder requires: {name} is not beside it"));
            }
            Err(error) => return Err(format!("has a signature that cannot be read: {name}: {error}")),
        };
        let signature = Signature::decode(&text)
            .map_err(|error| format!("has a signature that is none of minisign's: {name}: {error}"))?;
        let line = text.lines().nth(1).unwrap_or_default();
        let key_id = key_id(&BASE64_STANDARD.decode(line.trim()).unwrap_or_default());
        Ok(Self { text, signature, key_id })
    }

    /// Returns the keys that it may be by.
    fn known<'a>(&self, keys: &'a [SignerKey]) -> Result<Vec<&'a SignerKey>, String> {
        let known: Vec<&SignerKey> = keys.iter().filter(|key| key.id() == self.key_id).collect();
        if !known.is_empty() {
            return Ok(known);
        }
        let ids: Vec<&str> = keys.iter().map(SignerKey::id).collect();
        Err(format!(
            "is signed with the key {}, which is none of those that count in this folder ({})",
            self.key_id,
            ids.join(", ")
        ))
    }

    /// Returns the name of the note that says that it was verified.
    fn note(&self, store: &Store, sha256: &str, key: &SignerKey) -> PathBuf {
        let all = [sha256, self.text.as_str(), key.as_str()].join("\0");
        store.folder().join(format!("{}.signed", store::digest(all.as_bytes())))
    }
}

fn place(file: &Path) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(".minisig");
    PathBuf::from(name)
}

fn read(place: &Path) -> io::Result<String> {
    let metadata = fs::metadata(place)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(io::Error::other("it is no regular file of less than 64 KiB"));
    }
    let mut text = String::new();
    File::open(place)?.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From minisign's own tests: the key, and its signature of the four bytes `test`.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
";
    /// The same with another id.
    const OTHER_KEY: &str = "RWQfvbRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    fn file(bytes: &str, signature: Option<&str>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.so");
        fs::write(&file, bytes).unwrap();
        if let Some(signature) = signature {
            fs::write(folder.path().join("a.so.minisig"), signature).unwrap();
        }
        (folder, file)
    }

    fn keys(texts: &[&str]) -> Vec<SignerKey> {
        texts.iter().map(|text| SignerKey::parse(text).unwrap()).collect()
    }

    #[test]
    fn a_signature_by_one_of_the_keys_counts_and_is_remembered_for_these_bytes_only() {
        let (folder, file) = file("test", Some(SIGNATURE));
        let store = Store::new(&folder.path().join("store"));
        let notes = || {
            let files = fs::read_dir(store.folder()).unwrap().map(|file| file.unwrap().path());
            files.filter(|file| file.extension().is_some_and(|ending| ending == "signed")).count()
        };
        let expected = Signed { sha256: store::digest(b"test"), signer: "E7620F1842B4E81F".to_owned() };
        for _ in 0..2 {
            assert_eq!(verify(&file, &keys(&[KEY]), Some(&store)), Ok(expected.clone()));
            assert_eq!(notes(), 1);
        }
        fs::write(&file, "tests").unwrap();
        assert!(verify(&file, &keys(&[KEY]), Some(&store)).is_err());
        assert_eq!(verify_read(&file, b"test", &keys(&[KEY])), Ok(expected));
    }

    #[test]
    fn each_way_to_be_wrong_has_its_sentence() {
        let cases = [
            ("test", None, KEY, "has no signature, which this folder requires: a.so.minisig is not beside it"),
            ("test", Some("not a signature"), KEY, "has a signature that is none of minisign's: a.so.minisig"),
            ("best", Some(SIGNATURE), KEY, "does not fit its signature by E7620F1842B4E81F"),
            ("test", Some(SIGNATURE), OTHER_KEY, "is signed with the key E7620F1842B4E81F, which is none of those"),
        ];
        for (bytes, signature, key, expected) in cases {
            let (_folder, file) = file(bytes, signature);
            let reason = verify(&file, &keys(&[key]), None).unwrap_err();
            assert!(reason.starts_with(expected), "{reason}");
        }
    }

    #[test]
    fn a_key_with_the_id_of_another_does_not_count() {
        let mut bytes = BASE64_STANDARD.decode(KEY).unwrap();
        bytes[20] ^= 1;
        let forged = BASE64_STANDARD.encode(bytes);
        let (_folder, file) = file("test", Some(SIGNATURE));
        assert!(verify(&file, &keys(&[&forged]), None).unwrap_err().starts_with("does not fit its signature"));
    }
}
