//! How far a folder of drop-ins is trusted: the level, the keys whose signatures count, and the folder with both. How a file
//! is judged by them is the registry's.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use minisign_verify::PublicKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::located::Located;
use super::paths::{self, Environment};

/// What a file in a folder needs before it may be loaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Trust {
    /// Nothing: that it lies in the folder is enough.
    #[default]
    Open,
    /// An entry with its sha256 in the lock file, which `usher adapter approve` writes.
    Pinned,
    /// A minisign signature beside it, by one of the folder's keys.
    Signed,
}

impl Trust {
    /// Returns the word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Trust::Open => "open",
            Trust::Pinned => "pinned",
            Trust::Signed => "signed",
        }
    }
}

/// A minisign public key whose signatures count.
#[derive(Clone, PartialEq, Eq)]
pub struct SignerKey {
    text: String,
    id: String,
    key: PublicKey,
}

impl SignerKey {
    /// Reads the base64 line of a public key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |_| {
            format!(
                "`{text}` is not a minisign public key\nwrite its base64 line, which begins with RW, or `file:PATH` of a .pub file"
            )
        };
        let text = text.trim();
        let key = PublicKey::from_base64(text).map_err(wrong)?;
        let bytes = BASE64_STANDARD.decode(text).unwrap_or_default();
        Ok(SignerKey { text: text.to_owned(), id: key_id(&bytes), key })
    }

    /// Returns the key's id, as minisign prints it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the base64 line.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns what verifies signatures.
    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Reads what the file says: a key, or `file:` and where one lies.
    fn resolve(written: &str, folder: &Path, environment: &dyn Environment) -> Result<Self, String> {
        let Some(path) = written.strip_prefix("file:") else { return SignerKey::parse(written) };
        let path = paths::resolve(path, folder, environment);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{} cannot be read: {error}\nname a .pub file of minisign", path.display()))?;
        // Two lines: a comment that nobody has signed, and the key.
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        SignerKey::parse(line).map_err(|_| {
            format!("{} does not hold a minisign public key\nname a .pub file of minisign", path.display())
        })
    }
}

/// A public key is no secret, and its id is what people compare.
impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({})", self.id)
    }
}

/// Returns the id of a key or of a signature's key: behind the two letters of the algorithm, as a little-endian number.
pub(crate) fn key_id(decoded: &[u8]) -> String {
    let bytes = decoded.get(2..10).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    format!("{:016X}", u64::from_le_bytes(bytes))
}

/// A folder with drop-ins, and how far it is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterFolder {
    /// The folder.
    pub path: PathBuf,
    /// What a file in it needs.
    pub trust: Trust,
    /// The keys whose signatures count there.
    pub keys: Vec<SignerKey>,
}

impl AdapterFolder {
    /// Returns a folder in which every file may be loaded.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        AdapterFolder { path: path.into(), trust: Trust::Open, keys: Vec::new() }
    }
}

/// Reads a list of keys, with a problem for each that is none.
pub(super) fn keys(
    written: &[Located<String>],
    folder: &Path,
    environment: &dyn Environment,
) -> (Vec<SignerKey>, Vec<Problem>) {
    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    for Located { offset, value } in written {
        match SignerKey::resolve(value, folder, environment) {
            Ok(key) => keys.push(key),
            Err(text) => {
                let problem = <Problem as serde::de::Error>::custom(text);
                problems.push(problem.at(*offset).under("keys"));
            }
        }
    }
    (keys, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of minisign's own documentation.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn a_key_has_the_id_that_minisign_prints() {
        assert_eq!(SignerKey::parse(KEY).unwrap().id(), "E7620F1842B4E81F");
    }

    #[test]
    fn what_is_no_key_is_refused_with_what_to_write() {
        for wrong in ["", "RWQ", "untrusted comment: minisign public key", &KEY[1..]] {
            assert!(SignerKey::parse(wrong).unwrap_err().contains("not a minisign public key"), "{wrong}");
        }
    }
}
