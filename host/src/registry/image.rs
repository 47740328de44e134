//! What a library file says of itself, read without running it.

use std::{fmt, fs::File, path::Path};

use object::{
    Architecture, BinaryFormat, Object, ObjectSection, ReadCache, ReadRef,
    read::{File as ObjectFile, FileKind, NameOrOrdinal},
};
use usher_adapter_abi::{ABI_MAJOR, ENTRY_SYMBOL_PREFIX};
use usher_adapter_manifest::record::{self, Record};

/// Where the manifest records stand: in ELF and PE files, and in Mach-O files.
const SECTIONS: &[&str] = &[".usher", "__usher"];

/// The greatest size of that section.
const LARGEST_SECTION: u64 = 4 << 20;

/// A file's manifest records and entry symbols.
#[derive(Debug, Clone)]
pub struct Image {
    records: Vec<OwnedRecord>,
}

/// One record of a file.
#[derive(Debug, Clone)]
pub struct OwnedRecord {
    /// The record with its frame.
    pub bytes: Vec<u8>,
    /// The entry symbol under which its adapter is exported.
    pub symbol: String,
}

impl OwnedRecord {
    /// Reads the record.
    pub fn record(&self) -> Option<Record<'_>> {
        record::records(&self.bytes).next()?.ok()
    }
}

/// Why a file is no adapter for this host, in words that follow the file's name.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageError(String);

impl ImageError {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ImageError {}

impl Image {
    /// Reads what a file says of itself; of a large file only the parts that matter are read.
    pub fn read(path: &Path) -> Result<Self, ImageError> {
        let file = File::open(path).map_err(|error| ImageError::new(format!("cannot be read: {error}")))?;
        let size = file.metadata().map_err(|error| ImageError::new(format!("cannot be read: {error}")))?.len();
        Self::parse(&ReadCache::new(file), size)
    }

    /// Reads what bytes say that were read from a file.
    pub fn of(bytes: &[u8]) -> Result<Self, ImageError> {
        Self::parse(bytes, bytes.len() as u64)
    }

    /// Returns the manifest records in the order of the file.
    pub fn records(&self) -> &[OwnedRecord] {
        &self.records
    }

    fn parse<'data, R: ReadRef<'data>>(data: R, size: u64) -> Result<Self, ImageError> {
        if size == 0 {
            return Err(ImageError::new("is empty"));
        }
        let kind = FileKind::parse(data).map_err(|_| ImageError::new("is not a shared library"))?;
        if let FileKind::Archive | FileKind::Coff | FileKind::CoffBig | FileKind::MachOFat32 | FileKind::MachOFat64 =
            kind
        {
            return Err(ImageError::new("is not a shared library for this machine alone"));
        }
        let damaged = |error: object::Error| ImageError::new(format!("is damaged or truncated: {error}"));
        let file = ObjectFile::parse(data).map_err(damaged)?;
        check_platform(file.format(), file.architecture())?;
        check_length(&file, size)?;
        let section = SECTIONS
            .iter()
            .find_map(|name| file.section_by_name(name))
            .ok_or_else(|| ImageError::new("has no adapter manifest: it was not built with usher-adapter-sdk"))?;
        if section.size() > LARGEST_SECTION {
            return Err(ImageError::new("has an adapter manifest of more than 4 MiB"));
        }
        let bytes = section.data().map_err(damaged)?;
        let exports = exported(&file).map_err(damaged)?;
        let records = records(bytes, &exports)?;
        if records.is_empty() {
            return Err(ImageError::new("has an empty adapter manifest"));
        }
        Ok(Self { records })
    }
}

/// Refuses what this machine could not run.
fn check_platform(format: BinaryFormat, architecture: Architecture) -> Result<(), ImageError> {
    const HERE: (BinaryFormat, &str) = if cfg!(target_vendor = "apple") {
        (BinaryFormat::MachO, "Mach-O")
    } else if cfg!(windows) {
        (BinaryFormat::Pe, "PE")
    } else {
        (BinaryFormat::Elf, "ELF")
    };
    if format != HERE.0 {
        return Err(ImageError::new(format!("is a {format:?} file; this host loads {} files", HERE.1)));
    }
    let here = match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        // The loader decides on other machines.
        _ => return Ok(()),
    };
    if architecture != here {
        return Err(ImageError::new(format!(
            "was built for {}; this host runs on {}",
            architecture_name(architecture),
            std::env::consts::ARCH
        )));
    }
    Ok(())
}

fn architecture_name(architecture: Architecture) -> String {
    match architecture {
        Architecture::Aarch64 => "aarch64".to_owned(),
        Architecture::X86_64 => "x86_64".to_owned(),
        Architecture::I386 => "x86".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Refuses a file that ends before its last section does: the loader would map what is not there.
fn check_length<'data, R: ReadRef<'data>>(file: &ObjectFile<'data, R>, size: u64) -> Result<(), ImageError> {
    let sections = file.sections().filter_map(|section| section.file_range());
    let end = sections.map(|(offset, length)| offset.saturating_add(length)).max().unwrap_or(0);
    if end > size {
        return Err(ImageError::new(format!("is truncated: it has {size} bytes of {end}")));
    }
    Ok(())
}

/// Returns the names of the exported entry symbols, of any ABI.
fn exported<'data, R: ReadRef<'data>>(file: &ObjectFile<'data, R>) -> object::Result<Vec<String>> {
    let mut names = Vec::new();
    for export in file.exports()? {
        let export = export?;
        let NameOrOrdinal::Name(name) = export.name() else { continue };
        let Ok(name) = std::str::from_utf8(name) else { continue };
        // Mach-O puts an underscore in front of every name.
        let name = name.strip_prefix('_').filter(|name| name.starts_with("usher_abi")).unwrap_or(name);
        if name.starts_with("usher_abi") {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Reads the records and finds each one's entry symbol.
fn records(section: &[u8], exports: &[String]) -> Result<Vec<OwnedRecord>, ImageError> {
    let mut found = Vec::new();
    for record in record::records(section) {
        let record = record.map_err(|error| ImageError::new(format!("has a broken adapter manifest: {error}")))?;
        check_names(&record)?;
        let symbol = format!("{ENTRY_SYMBOL_PREFIX}{}", record.crate_name);
        if !exports.contains(&symbol) {
            return Err(ImageError::new(without_entry(&record, exports)));
        }
        let bytes = record::encode(record.crate_name, record.package, record.version, record.sdk_version, record.toml);
        found.push(OwnedRecord { bytes, symbol });
    }
    Ok(found)
}

/// Refuses names that Cargo would not have let through, before anything is made of them.
fn check_names(record: &Record<'_>) -> Result<(), ImageError> {
    let is_word = |text: &str, extra: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    let checks = [
        ("crate name", is_word(record.crate_name, "_")),
        ("package name", is_word(record.package, "_-")),
        ("version", is_word(record.version, ".-+")),
        ("SDK version", is_word(record.sdk_version, ".-+")),
    ];
    match checks.into_iter().find(|(_, is_right)| !is_right) {
        Some((what, _)) => Err(ImageError::new(format!("has an adapter manifest with a wrong {what}"))),
        None => Ok(()),
    }
}

fn without_entry(record: &Record<'_>, exports: &[String]) -> String {
    let other_abi = exports.iter().find_map(|name| {
        let (major, crate_name) = name.strip_prefix("usher_abi")?.split_once('_')?;
        (crate_name == record.crate_name).then_some(major)
    });
    match other_abi {
        Some(major) => format!("was built for ABI {major} of usher; this host speaks ABI {ABI_MAJOR}"),
        None => format!(
            "has the manifest of `{}` and not its entry symbol `{ENTRY_SYMBOL_PREFIX}{}`",
            record.package, record.crate_name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_library_is_refused_in_one_sentence() {
        for (bytes, expected) in [
            (&b""[..], "is empty"),
            (b"#!/bin/sh\necho hello\n", "is not a shared library"),
            (b"\x7fELF\x02\x01\x01\0", "is not a shared library"),
        ] {
            let error = Image::parse(bytes, bytes.len() as u64).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}
