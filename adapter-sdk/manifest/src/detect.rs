//! Evaluation of the detection tables: from a link or an id to the ticket it means.
//!
//! Only parsed and decoded parts of a URL are compared, each as a whole. Patterns are compiled when a row first gets
//! as far as needing them, so that a cold start pays for the rows of one host.

mod link;

use crate::manifest::BaseUrl;
use crate::pattern::{HostPattern, Label, PathPattern, Pattern, Segment};
use crate::tables::{Detect, IdPattern, Needs, UrlPattern};
use crate::template::Template;
use link::Link;
use regex_lite::Regex;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use url::Url;

/// The name of the capture that becomes [`Reference::note`].
const NOTE: &str = "note";

/// The detection tables of one adapter, ready for use from many threads.
#[derive(Debug)]
pub struct Detector {
    urls: Vec<UrlRow>,
    ids: Vec<IdRow>,
    captures: BTreeMap<String, Lazy>,
}

/// How the host of a URL was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HostFit {
    /// The manifest names it.
    Named,
    /// A connection's base URL is there.
    Connection,
    /// Any host would have done: only the shape was recognised.
    Any,
}

/// A ticket that a link or an id means, as far as the tables can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The key.
    pub key: String,
    /// Whether the key is provisional: a native id for which the adapter must ask for the real key.
    pub native: bool,
    /// The project to which the ticket belongs.
    pub project: Option<String>,
    /// The note that the link points to.
    pub note: Option<String>,
    /// Everything that was captured.
    pub captures: BTreeMap<String, String>,
    /// What must be configured before this counts.
    pub needs: Needs,
    /// Captures that must be equal to the connection's options of the same name.
    pub requires: Vec<String>,
    /// How the host was recognised; nothing for a bare id.
    pub host: Option<HostFit>,
    /// The captures that stand in the host's name: which of many sites of the platform it is.
    pub site: Vec<String>,
    /// With [`HostFit::Connection`] and [`HostFit::Any`], the places of the connections' addresses that the link lies
    /// below, in the list that was given.
    pub connections: Vec<usize>,
}

impl Detector {
    /// Returns the tables, ready for use; nothing is compiled yet.
    pub fn new(detect: &Detect) -> Self {
        let captures = detect.captures.iter();
        Self {
            urls: detect.urls.iter().map(UrlRow::new).collect(),
            ids: detect.ids.iter().map(IdRow::new).collect(),
            captures: captures.map(|(name, pattern)| (name.clone(), Lazy::new(pattern))).collect(),
        }
    }

    /// Returns the ticket that a URL means; rows for any host count only when no other row fits.
    ///
    /// `addresses` are those of the connections, see [`BaseUrl::addresses`].
    pub fn url(&self, url: &Url, addresses: &[Url]) -> Option<Reference> {
        if has_userinfo(url) {
            return None;
        }
        let link = Link::new(url, addresses);
        let rows = || {
            let fitting = self.urls.iter();
            fitting.filter(|row| row.row.schemes.iter().any(|scheme| scheme == url.scheme()))
        };
        rows().find_map(|row| self.row(row, &link, false)).or_else(|| rows().find_map(|row| self.row(row, &link, true)))
    }

    /// Returns what the host of an address captures, if a row names that host: which site of the platform it is.
    pub fn site(&self, address: &Url) -> Option<BTreeMap<String, String>> {
        let link = Link::new(address, &[]);
        let rows = self.urls.iter().filter(|row| row.row.schemes.iter().any(|scheme| scheme == address.scheme()));
        rows.flat_map(|row| &row.row.hosts).find_map(|host| match host {
            HostPattern::Named(labels) => self.labels(labels, &link),
            _ => None,
        })
    }

    /// Returns the tickets that a bare id may mean, one for each row that fits.
    pub fn id(&self, text: &str, default_project: Option<&str>) -> Vec<Reference> {
        let text = text.trim();
        let rows = self.ids.iter();
        rows.filter_map(|row| row.fit(text, default_project)).collect()
    }

    /// Returns what a row says of a link, by its rules for any host or by its other ones.
    fn row(&self, row: &UrlRow, link: &Link<'_>, any: bool) -> Option<Reference> {
        let hosts = row.row.hosts.iter();
        hosts.filter(|host| host.is_any() == any).find_map(|host| self.host(row, host, link))
    }

    fn host(&self, row: &UrlRow, host: &HostPattern, link: &Link<'_>) -> Option<Reference> {
        match host {
            HostPattern::Any | HostPattern::AnyCaptured(_) => {
                let mut captures = Captures::new();
                for name in host.captures() {
                    self.capture(name, link.host()?, &mut captures)?;
                }
                let connections =
                    link.host().map(|_| link.connections())?.into_iter().flat_map(|base| base.connections);
                self.below(row, link, 0, captures, HostFit::Any, connections.collect())
            }
            HostPattern::None if link.host().is_none() => {
                self.below(row, link, 0, Captures::new(), HostFit::Named, Vec::new())
            }
            HostPattern::None => None,
            HostPattern::Named(labels) => {
                let captures = self.labels(labels, link)?;
                self.below(row, link, 0, captures, HostFit::Named, Vec::new())
            }
            HostPattern::Connection => link.connections().into_iter().find_map(|base| {
                let fit = HostFit::Connection;
                self.below(row, link, base.depth, Captures::new(), fit, base.connections)
            }),
        }
    }

    /// Matches a host name label by label. A port makes it another host.
    fn labels(&self, labels: &[Label], link: &Link<'_>) -> Option<Captures> {
        let host = link.host().filter(|_| link.port().is_none())?;
        let parts: Vec<&str> = host.split('.').collect();
        if parts.len() != labels.len() {
            return None;
        }
        let mut captures = Captures::new();
        for (label, part) in labels.iter().zip(parts) {
            match label {
                Label::Literal(text) if text == part => {}
                Label::Literal(_) => return None,
                Label::Capture(name) => self.capture(name, part, &mut captures)?,
            }
        }
        Some(captures)
    }

    /// Matches path and query below the first `depth` segments, and fills the templates.
    fn below(
        &self,
        row: &UrlRow,
        link: &Link<'_>,
        depth: usize,
        mut captures: Captures,
        fit: HostFit,
        connections: Vec<usize>,
    ) -> Option<Reference> {
        let site = captures.keys().cloned().collect();
        let segments = link.segments(row.row.decode)?.get(depth..)?;
        captures.extend(self.path(&row.row.path, segments, row.row.ignore_case)?);
        for (name, pattern) in &row.query {
            let value = link.parameter(name, &row.row)?;
            pattern.whole(&value, &mut captures)?;
        }
        for (name, pattern) in &row.query_hint {
            if let Some(value) = link.parameter(name, &row.row) {
                pattern.hint(&value, &mut captures);
            }
        }
        if let (Some(pattern), Some(fragment)) = (&row.fragment, link.fragment()) {
            pattern.hint(&fragment, &mut captures);
        }
        let UrlPattern { key, project, .. } = &row.row;
        let filled = fill(key, project.as_ref(), captures, None)?;
        Some(Reference {
            native: row.row.native,
            needs: row.row.needs,
            requires: row.row.requires.clone(),
            host: Some(fit),
            site,
            connections,
            ..filled
        })
    }

    /// Matches a path, with the fewest leading segments skipped where any may stand before.
    fn path(&self, path: &PathPattern, segments: &[String], ignore_case: bool) -> Option<Captures> {
        let spare = segments.len().checked_sub(path.segments.len())?;
        let starts = match (path.any_before, path.any_after) {
            (false, false) if spare > 0 => return None,
            (false, _) => 0..=0,
            (true, true) => 0..=spare,
            (true, false) => spare..=spare,
        };
        starts.into_iter().find_map(|start| {
            let mut captures = Captures::new();
            for (pattern, given) in path.segments.iter().zip(&segments[start..]) {
                self.segment(pattern, given, ignore_case, &mut captures)?;
            }
            Some(captures)
        })
    }

    fn segment(&self, pattern: &Segment, given: &str, ignore_case: bool, captures: &mut Captures) -> Option<()> {
        match pattern {
            Segment::Literal(text) if same(text, given, ignore_case) => Some(()),
            Segment::Literal(_) => None,
            Segment::One => (!given.is_empty()).then_some(()),
            Segment::Capture { prefix, name, suffix } => {
                let (start, rest) = given.split_at_checked(prefix.len())?;
                let middle = rest.len().checked_sub(suffix.len())?;
                let (value, end) = rest.split_at_checked(middle)?;
                let framed = same(prefix, start, ignore_case) && same(suffix, end, ignore_case);
                framed.then(|| self.capture(name, value, captures))?
            }
        }
    }

    /// Stores a capture and the named groups of its pattern, if the value is allowed.
    fn capture(&self, name: &str, value: &str, captures: &mut Captures) -> Option<()> {
        match self.captures.get(name) {
            Some(pattern) => pattern.whole(value, captures)?,
            None if matches!(value, "" | "." | "..") || value.contains('/') => return None,
            None => {}
        }
        captures.insert(name.to_owned(), value.to_owned());
        Some(())
    }
}

impl BaseUrl {
    /// Returns the addresses below which a connection's links lie: its base URL, and the pages' part of it.
    pub fn addresses(&self, base: &Url) -> Vec<Url> {
        let path = base.path().trim_end_matches('/');
        let pages = self.api_suffix.as_deref().and_then(|suffix| path.strip_suffix(suffix)).map(|prefix| {
            let mut pages = base.clone();
            pages.set_path(prefix);
            pages
        });
        [base.clone()].into_iter().chain(pages).collect()
    }
}

impl Reference {
    /// Returns whether nothing that was captured contradicts a connection's options.
    ///
    /// `option` answers with the connection's value of a config field, or nothing where it sets none. Captures named
    /// in [`Reference::requires`] must be set and equal, all others equal where they are set; case does not count.
    pub fn agrees_with(&self, option: impl Fn(&str) -> Option<String>) -> bool {
        self.captures.iter().all(|(name, captured)| match option(name) {
            Some(value) => value.to_lowercase() == captured.to_lowercase(),
            None => !self.requires.contains(name),
        })
    }
}

type Captures = BTreeMap<String, String>;

/// A pattern that is compiled when it is first needed.
#[derive(Debug)]
struct Lazy {
    pattern: Pattern,
    regex: OnceLock<Option<Regex>>,
}

#[derive(Debug)]
struct UrlRow {
    row: UrlPattern,
    query: Vec<(String, Lazy)>,
    query_hint: Vec<(String, Lazy)>,
    fragment: Option<Lazy>,
}

#[derive(Debug)]
struct IdRow {
    row: IdPattern,
    pattern: Lazy,
}

impl Lazy {
    fn new(pattern: &Pattern) -> Self {
        Self { pattern: pattern.clone(), regex: OnceLock::new() }
    }

    /// Matches a whole value and stores the named groups.
    fn whole(&self, value: &str, captures: &mut Captures) -> Option<()> {
        let compile = || self.pattern.compile().ok();
        let regex = self.regex.get_or_init(compile).as_ref()?;
        let groups = regex.captures(value)?;
        for name in regex.capture_names().flatten() {
            if let Some(group) = groups.name(name) {
                captures.insert(name.to_owned(), group.as_str().to_owned());
            }
        }
        Some(())
    }

    /// Stores the named groups if the value fits, but never over what is certain.
    fn hint(&self, value: &str, captures: &mut Captures) {
        let mut found = Captures::new();
        if self.whole(value, &mut found).is_some() {
            for (name, value) in found {
                captures.entry(name).or_insert(value);
            }
        }
    }
}

impl UrlRow {
    fn new(row: &UrlPattern) -> Self {
        let lazy = |patterns: &BTreeMap<String, Pattern>| {
            let entries = patterns.iter();
            entries.map(|(name, pattern)| (name.clone(), Lazy::new(pattern))).collect()
        };
        Self {
            query: lazy(&row.query),
            query_hint: lazy(&row.query_hint),
            fragment: row.fragment.as_ref().map(Lazy::new),
            row: row.clone(),
        }
    }
}

impl IdRow {
    fn new(row: &IdPattern) -> Self {
        Self { pattern: Lazy::new(&row.pattern), row: row.clone() }
    }

    fn fit(&self, text: &str, default_project: Option<&str>) -> Option<Reference> {
        let IdPattern { length, key, project, .. } = &self.row;
        if length.is_some_and(|length| text.chars().count() != length) {
            return None;
        }
        let mut captures = Captures::new();
        self.pattern.whole(text, &mut captures)?;
        let filled = fill(key, project.as_ref(), captures, default_project)?;
        Some(Reference {
            native: self.row.native,
            needs: self.row.needs,
            requires: self.row.requires.clone(),
            ..filled
        })
    }
}

/// Returns a reference with key, project, note and captures.
fn fill(
    key: &Template,
    project: Option<&Template>,
    captures: Captures,
    default_project: Option<&str>,
) -> Option<Reference> {
    let value = |name: &str| match captures.get(name) {
        Some(value) => Some(value.clone()),
        None if name == "default_project" => default_project.map(str::to_owned),
        None => None,
    };
    Some(Reference {
        key: key.render(value)?,
        native: false,
        project: project.and_then(|project| project.render(value)),
        note: captures.get(NOTE).cloned(),
        captures,
        needs: Needs::Nothing,
        requires: Vec::new(),
        host: None,
        site: Vec::new(),
        connections: Vec::new(),
    })
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn same(left: &str, right: &str, ignore_case: bool) -> bool {
    left == right || ignore_case && left.eq_ignore_ascii_case(right)
}
