//! `adapter.toml` as it is written: the types that the TOML reader fills, with places for later complaints.

use crate::auth::AuthFieldSource;
use crate::config::{FieldType, Value};
use crate::environment::FromVariables;
use crate::grants::{Folder, HostGrant, Network};
use crate::limits::Limit;
use crate::manifest::{Markers, NoteKinds, Operation};
use crate::pattern::{HostPattern, PathPattern, Pattern};
use crate::tables::{Decoding, Needs};
use crate::template::Template;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A table whose keys have places.
pub(crate) type Named<T> = BTreeMap<Spanned<String>, T>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestSource {
    // Checked before the rest is read.
    #[serde(rename = "manifest")]
    pub(crate) _version: i64,
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<String>,
    pub(crate) description: Option<String>,
    pub(crate) documentation: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) anonymous: bool,
    pub(crate) operations: Spanned<Vec<Spanned<Operation>>>,
    pub(crate) base_url: Option<Spanned<BaseUrlSource>>,
    #[serde(default)]
    pub(crate) config: Named<ConfigSource>,
    #[serde(default)]
    pub(crate) auth: Vec<Spanned<AuthSource>>,
    #[serde(default)]
    pub(crate) environment: Vec<Spanned<EnvironmentSource>>,
    #[serde(default)]
    pub(crate) grants: GrantsSource,
    #[serde(default)]
    pub(crate) notes: NoteKinds,
    #[serde(default)]
    pub(crate) markers: Markers,
    #[serde(default)]
    pub(crate) detect: DetectSource,
    #[serde(default)]
    pub(crate) limits: Vec<Spanned<Limit>>,
    #[serde(default)]
    pub(crate) answers: AnswersSource,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswersSource {
    #[serde(default)]
    pub(crate) secrets: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BaseUrlSource {
    pub(crate) default: Option<Spanned<String>>,
    pub(crate) api_suffix: Option<Spanned<String>>,
    pub(crate) web_option: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) help: Option<String>,
    pub(crate) example: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigSource {
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) default: Option<Spanned<Value>>,
    #[serde(default)]
    pub(crate) choices: Vec<String>,
    pub(crate) help: Option<String>,
    pub(crate) example: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthSource {
    pub(crate) scheme: Spanned<String>,
    pub(crate) help: Option<String>,
    pub(crate) fields: Named<AuthFieldSource>,
    #[serde(default)]
    pub(crate) values: Named<Spanned<Template>>,
    #[serde(default)]
    pub(crate) headers: Named<Spanned<Template>>,
    #[serde(default)]
    pub(crate) query: Named<Spanned<Template>>,
    pub(crate) hosts: Option<Vec<Spanned<HostGrant>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvironmentSource {
    pub(crate) scheme: Option<Spanned<String>>,
    pub(crate) base_url: Option<Spanned<FromVariables>>,
    pub(crate) default_project: Option<FromVariables>,
    #[serde(default)]
    pub(crate) auth: Named<FromVariables>,
    #[serde(default)]
    pub(crate) options: Named<FromVariables>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct GrantsSource {
    pub(crate) hosts: Vec<Spanned<HostGrant>>,
    pub(crate) filesystem: Vec<Spanned<Folder>>,
    pub(crate) network: Network,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DetectSource {
    pub(crate) url: Vec<UrlSource>,
    pub(crate) id: Vec<IdSource>,
    pub(crate) captures: Named<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UrlSource {
    pub(crate) hosts: Spanned<Vec<HostPattern>>,
    pub(crate) schemes: Option<Spanned<Vec<String>>>,
    pub(crate) path: Spanned<PathPattern>,
    #[serde(default)]
    pub(crate) ignore_case: bool,
    #[serde(default)]
    pub(crate) decode: Decoding,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Pattern>,
    #[serde(default)]
    pub(crate) query_hint: BTreeMap<String, Pattern>,
    pub(crate) separators: Option<Spanned<String>>,
    pub(crate) fragment: Option<Pattern>,
    pub(crate) key: Spanned<Template>,
    pub(crate) project: Option<Spanned<Template>>,
    #[serde(default)]
    pub(crate) native: bool,
    pub(crate) needs: Option<Spanned<Needs>>,
    #[serde(default)]
    pub(crate) requires: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdSource {
    pub(crate) pattern: Spanned<Pattern>,
    pub(crate) length: Option<usize>,
    pub(crate) key: Spanned<Template>,
    pub(crate) project: Option<Spanned<Template>>,
    #[serde(default)]
    pub(crate) native: bool,
    pub(crate) needs: Option<Spanned<Needs>>,
    #[serde(default)]
    pub(crate) requires: Vec<Spanned<String>>,
}
