//! A URL taken apart and decoded, once for all rows.

use crate::encoding::{percent_decode, percent_decode_fully};
use crate::tables::{Decoding, UrlPattern};
use std::cell::OnceCell;
use url::Url;

/// A URL taken apart, and the connections that it may belong to.
pub(super) struct Link<'a> {
    url: &'a Url,
    host: Option<String>,
    connections: &'a [Url],
    once: OnceCell<Option<Vec<String>>>,
    fully: OnceCell<Option<Vec<String>>>,
}

/// Connections that a link may belong to, all with an address of so many segments.
pub(super) struct Base {
    pub(super) depth: usize,
    pub(super) connections: Vec<usize>,
}

impl<'a> Link<'a> {
    pub(super) fn new(url: &'a Url, connections: &'a [Url]) -> Self {
        Self { url, host: host(url), connections, once: OnceCell::new(), fully: OnceCell::new() }
    }

    /// Returns the host in lower case without a trailing dot.
    pub(super) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns the port if it is not the scheme's own.
    pub(super) fn port(&self) -> Option<u16> {
        self.url.port()
    }

    /// Returns the decoded segments; nothing if one of them is not text.
    pub(super) fn segments(&self, decoding: Decoding) -> Option<&[String]> {
        let (cell, decode) = match decoding {
            Decoding::Once => (&self.once, percent_decode as fn(&str) -> Option<String>),
            Decoding::Fully => (&self.fully, percent_decode_fully as _),
        };
        cell.get_or_init(|| segments(self.url, decode)).as_deref()
    }

    /// Returns the decoded value of the first parameter of this name.
    pub(super) fn parameter(&self, name: &str, row: &UrlPattern) -> Option<String> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            text_only(match row.decode {
                Decoding::Once => percent_decode(&spaced),
                Decoding::Fully => percent_decode_fully(&spaced),
            })
        };
        let pairs = self.url.query()?.split(|at| row.separators.contains(at));
        let mut values = pairs.filter_map(|pair| {
            let (given, value) = pair.split_once('=').unwrap_or((pair, ""));
            let given = decode(given)?;
            super::same(name, &given, row.ignore_case).then_some(value)
        });
        decode(values.next()?)
    }

    /// Returns the decoded fragment.
    pub(super) fn fragment(&self) -> Option<String> {
        text_only(percent_decode(self.url.fragment()?))
    }

    /// Returns the connections below whose addresses the link lies, the longest path first.
    ///
    /// A link beside an address belongs to somebody else: one host may hold several instances.
    pub(super) fn connections(&self) -> Vec<Base> {
        let Some(segments) = self.segments(Decoding::Once) else {
            return Vec::new();
        };
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (place, base) in self.connections.iter().enumerate() {
            if host(base) != self.host || base.port() != self.port() || self.host.is_none() {
                continue;
            }
            let prefix = self::segments(base, percent_decode);
            places.extend(prefix.filter(|prefix| segments.starts_with(prefix)).map(|prefix| (prefix.len(), place)));
        }
        places.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
        let groups = places.chunk_by(|left, right| left.0 == right.0);
        groups
            .map(|group| Base { depth: group[0].0, connections: group.iter().map(|(_, place)| *place).collect() })
            .collect()
    }
}

fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// Returns the segments of the path without the empty one behind a trailing slash.
fn segments(url: &Url, decode: fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let decoded = url.path_segments()?.map(|raw| text_only(decode(raw)));
    let mut segments: Vec<String> = decoded.collect::<Option<_>>()?;
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    Some(segments)
}

/// Refuses text with control characters, which no platform puts into a link.
fn text_only(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.contains(char::is_control))
}
