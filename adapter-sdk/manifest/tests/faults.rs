//! Every fault of an `adapter.toml` is reported at its line, with the valid choices.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use usher_adapter_manifest::{Manifest, ManifestError};

/// A manifest without fault.
const GOOD: &str = r##"manifest = 1
id = "acme"
name = "Acme"
operations = ["get", "fetch", "add_note"]

[base_url]
default = "https://api.acme.example"

[config.site]
type = "string"

[config.folder]
type = "path"

[config.level]
type = "integer"
default = 3

[config.color]
type = "string"
choices = ["red", "green"]
default = "red"

[[auth]]
scheme = "token"
fields.token = { help = "a token" }
headers.Authorization = "Bearer {token}"

[[environment]]
auth.token = ["ACME_TOKEN"]

[grants]
hosts = ["base_url"]
filesystem = ["{config.folder}:rw"]

[notes]
public = true

[[detect.url]]
hosts = ["{site}.acme.example"]
path = "/t/{number}/**"
key = "{number}"

[[detect.id]]
pattern = '(?<site>[a-z]+)/(?<number>[1-9][0-9]*)'
key = "{number}"
requires = ["site"]

[detect.captures]
number = '[1-9][0-9]*'

[[limits]]
name = "all"
requests = 10
per = "1s"
headers.retry_after = "Retry-After"
[[limits.exceeded]]
status = [429]
wait = ["retry-after"]
"##;

/// What to replace, by what, and the message at the line of the replacement.
const FAULTS: &[(&str, &str, &str)] = &[
    // The file as a whole
    ("manifest = 1", "manifest = 2", "manifest schema 2 is not known here, expected `1`"),
    ("manifest = 1", "manifest = \"1\"", "`manifest` is the number of the schema, expected `1`"),
    ("name = \"Acme\"", "name = \"Acme", "invalid basic string"),
    ("name = \"Acme\"", "name = 7", "invalid type: integer `7`, expected a string"),
    ("name = \"Acme\"", "name = \" \"", "an empty name"),
    ("name = \"Acme\"", "name = \"Acme\"\nid = \"x\"", "duplicate key"),
    ("name = \"Acme\"", "name = \"Acme\"\ndocumentation = \"acme.example\"", "`acme.example` is not a web address"),
    ("id = \"acme\"", "id = \"Acme\"", "`Acme` is not an id, expected `[a-z][a-z0-9-]*` such as `my-tracker`"),
    (
        "[base_url]",
        "[base_url]\napi_suffix = \"api\"",
        "`api` is not the end of a path, expected something like `/api/v3`",
    ),
    ("[base_url]", "[base_url]\nweb_option = \"web\"", "unknown config field `web`"),
    ("[base_url]", "[base_url]\nweb_option = \"site\"", "`site`"),
    // Unknown keys and words
    ("[notes]", "[nots]", "unknown field `nots`, expected one of `manifest`, `id`"),
    (
        "public = true",
        "publik = true",
        "unknown field `publik`, expected `internal` or `public`; did you mean `public`?",
    ),
    ("hosts = [\"{site}", "hots = [\"{site}", "unknown field `hots`, expected one of `hosts`, `schemes`, `path`"),
    ("status = [429]", "statsu = [429]", "; did you mean `status`?"),
    ("headers.retry_after", "headers.retry_aftre", "; did you mean `retry_after`?"),
    (
        "fields.token = { help",
        "fields.token = { hlep",
        "unknown field `hlep`, expected one of `help`, `secret`, `required`; did you mean `help`?",
    ),
    (
        "\"add_note\"]",
        "\"addnote\"]",
        "unknown variant `addnote`, expected one of `get`, `fetch`, `search`, `create`, `update`, `add_note`, `notes`, `options`, `attachments`, `download`, `attach`, `find_by_marker`, `check`; did you mean `add_note`?",
    ),
    ("\"add_note\"]", "\"get\"]", "operation `get` is listed twice"),
    ("[\"get\", \"fetch\", \"add_note\"]", "[]", "no operations, expected some of `get`, `fetch`"),
    (
        "type = \"path\"",
        "type = \"pth\"",
        "unknown variant `pth`, expected one of `string`, `integer`, `boolean`, `path`, `url`, `list`, `map`, `duration`; did you mean `path`?",
    ),
    (
        "[notes]",
        "[answers]\nsecret = []\n[notes]",
        "unknown field `secret`, expected `secrets`; did you mean `secrets`?",
    ),
    (
        "[notes]",
        "[answers]\nsecrets = [\"api key\"]\n[notes]",
        "`api key` is not a name, expected letters, digits and `_`",
    ),
    // Base URL and options
    (
        "default = \"https://api.acme.example\"",
        "default = \"api.acme.example\"",
        "`api.acme.example` is not a web address",
    ),
    (
        "default = 3",
        "default = \"three\"",
        "the default of `level`: the string `three` does not fit the type `integer`",
    ),
    ("default = 3", "default = 3\nrequired = true", "`level` has a default and is not `required`"),
    (
        "default = \"red\"",
        "default = \"blue\"",
        "the default of `color`: unknown choice `blue`, expected one of `red`, `green`",
    ),
    ("default = 3", "default = 3.5", "a text, a whole number, `true` or `false`"),
    ("[config.site]", "[config.\"my site\"]", "`my site` is not a name, expected letters, digits and `_`"),
    // Credentials
    ("\"Bearer {token}\"", "\"Bearer {tokn}\"", "unknown field `tokn`, expected `token`; did you mean `token`?"),
    (
        "\"Bearer {token}\"",
        "\"Bearer {token|base46}\"",
        "unknown filter `base46`, expected one of `base64`, `decode`, `lower`, `upper`; did you mean `base64`?",
    ),
    ("\"Bearer {token}\"", "\"Bearer {token\"", "`{` without `}` in `Bearer {token`"),
    (
        "headers.Authorization = \"Bearer {token}\"",
        "fields.user = {}\nheaders.Authorization = \"Bearer {token}\"",
        "`user` is used by no header or parameter",
    ),
    ("headers.Authorization", "headers.\"My Header\"", "`My Header` is not a header name"),
    ("headers.Authorization", "headers.Connection", "`Connection` is a header of the connection, which is the host's"),
    ("scheme = \"token\"", "scheme = \"My Token\"", "`My Token` is not a scheme name"),
    (
        "[[environment]]",
        "[[auth]]\nscheme = \"token\"\nfields.a = {}\nheaders.a = \"{a}\"\n\n[[environment]]",
        "auth scheme `token` is there twice",
    ),
    (
        "headers.Authorization = \"Bearer {token}\"",
        "headers.Authorization = \"Bearer {token}\"\nhosts = [\"evil.example\"]",
        "credentials go to `evil.example`, which [grants] `hosts` does not list",
    ),
    ("auth.token = [\"ACME", "auth.tokn = [\"ACME", "unknown field `tokn`, expected `token`; did you mean `token`?"),
    ("[\"ACME_TOKEN\"]", "[\"ACME TOKEN\"]", "`ACME TOKEN` is not the name of a variable"),
    (
        "auth.token = [\"ACME",
        "scheme = \"basic\"\nauth.token = [\"ACME",
        "unknown auth scheme `basic`, expected `token`",
    ),
    (
        "auth.token = [\"ACME",
        "options.sight = [\"S\"]\nauth.token = [\"ACME",
        "unknown config field `sight`, expected one of `site`, `folder`, `level`, `color`",
    ),
    // Grants
    (
        "hosts = [\"base_url\"]",
        "hosts = [\"https://base.example\"]",
        "`https://base.example` is not a host, expected `base_url`",
    ),
    (
        "{config.folder}:rw",
        "{config.foldr}:rw",
        "unknown config field `foldr`, expected one of `site`, `folder`, `level`, `color`; did you mean `folder`?",
    ),
    ("{config.folder}:rw", "{config.site}:rw", "config field `site` has the type `string`, expected `path`"),
    ("{config.folder}:rw", "/tmp:rw", "`/tmp:rw` is not a folder, expected `{config.NAME}:ro` or `{config.NAME}:rw`"),
    (
        "hosts = [\"base_url\"]",
        "hosts = [\"base_url\", \"{config.site}\"]",
        "config field `site` has the type `string`, expected `url`",
    ),
    // Detection
    (
        "hosts = [\"{site}.acme.example\"]",
        "hosts = []",
        "empty `hosts`, expected host names or `connection`, `any`, `none`",
    ),
    ("hosts = [\"{site}.acme.example\"]", "hosts = [\"https://acme.example\"]", "`https://acme.example` is not a host"),
    ("hosts = [\"{site}.acme.example\"]", "hosts = [\"acme.example/t\"]", "`acme.example/t` is not a host"),
    ("path = \"/t/{number}/**\"", "path = \"t/{number}\"", "path `t/{number}` does not begin with `/`"),
    (
        "path = \"/t/{number}/**\"",
        "path = \"/t/**/{number}\"",
        "`**` may stand first or last in a path, not in the middle as in `/t/**/{number}`",
    ),
    ("path = \"/t/{number}/**\"", "path = \"/t/{number}/{number}\"", "capture `number` is there twice in this row"),
    (
        "key = \"{number}\"\n\n[[detect.id",
        "key = \"{nunber}\"\n\n[[detect.id",
        "unknown capture `nunber`, expected one of `number`, `site`; did you mean `number`?",
    ),
    (
        "key = \"{number}\"\nrequires",
        "key = \"{numbr}\"\nrequires",
        "unknown capture `numbr`, expected one of `site`, `number`; did you mean `number`?",
    ),
    ("key = \"{number}\"\nrequires", "key = \"{default_project}\"\nrequires", "unknown capture `default_project`"),
    (
        "key = \"{number}\"\n\n[[detect.id",
        "fragment = '(?<f>.)'\nproject = \"{f}\"\nkey = \"{number}\"\n\n[[detect.id",
        "unknown capture `f`, expected one of `number`, `site`",
    ),
    (
        "requires = [\"site\"]",
        "requires = [\"sight\"]",
        "unknown config field `sight`, expected one of `site`, `folder`, `level`, `color`",
    ),
    ("requires = [\"site\"]", "requires = [\"level\"]", "unknown capture `level`, expected one of `site`, `number`"),
    ("requires = [\"site\"]", "needs = \"project\"", "`needs = \"project\"` goes with a `project` template"),
    (
        "requires = [\"site\"]",
        "needs = \"projects\"",
        "unknown variant `projects`, expected one of `nothing`, `connection`, `project`, `default-project`, `default`; did you mean `project`?",
    ),
    ("number = '[1-9][0-9]*'", "number = '[1-9'", "not a valid pattern"),
    (
        "number = '[1-9][0-9]*'",
        "numbr = '[1-9]'",
        "unknown capture of a path or host `numbr`, expected one of `number`, `site`; did you mean `number`?",
    ),
    ("number = '[1-9][0-9]*'", "number = '[a-z]{1000}{1000}'", "not a valid pattern"),
    // Limits
    ("per = \"1s\"", "per = \"1 second\"", "`1 second` is not a duration"),
    (
        "wait = [\"retry-after\"]",
        "wait = [\"retry\"]",
        "unknown wait `retry`, expected one of `body`, `interval`, `midnight-utc`, `never`, `reset`, `retry-after`, `60s`, `/json/pointer`",
    ),
];

/// Faults that are reported at the table they are in, since they are about several of its lines.
const TABLE_FAULTS: &[(&str, &str, &str)] = &[
    ("default = \"https://api.acme.example\"", "help = \"x\"", "[base_url] needs a `default`, or `required = true`"),
    (
        "default = 3",
        "choices = [\"a\"]",
        "`choices` go with the types `string` and `list`, `level` has the type `integer`",
    ),
    ("public = true", "", "`add_note` needs `internal = true` or `public = true` in [notes]"),
    (
        "headers.retry_after = \"Retry-After\"",
        "",
        "limit `all`: `wait` names `retry-after`, but `headers.retry_after` is not given",
    ),
    ("\"Retry-After\"", "\"Retry After\"", "limit `all`: `Retry After` is not a header name"),
    ("status = [429]", "", "limit `all`: `exceeded` needs one of `status`, `header`, `code`, `body`"),
    ("per = \"1s\"", "", "limit `all`: `requests` or `points` go with `per`"),
    (
        "per = \"1s\"",
        "per = \"1s\"\nclasses = [\"a\"]\nexcept = [\"b\"]",
        "limit `all`: `classes` and `except` exclude each other",
    ),
    ("headers.Authorization = \"Bearer {token}\"", "values.a = \"{token}\"", "`a` is used by no header or parameter"),
    ("id = \"acme\"\n", "", "missing field `id`"),
    ("manifest = 1\n", "", "`manifest = 1` is missing"),
];

#[test]
fn manifest_without_fault_is_read() {
    let manifest = Manifest::parse(GOOD).unwrap();
    let config: Vec<&str> = manifest.config.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(config, ["site", "folder", "level", "color"]);
}

#[test]
fn every_fault_is_reported_at_its_line_with_the_choices() {
    let wrong_reports = FAULTS.iter().filter_map(|(right, wrong, message)| {
        let error = fault(right, wrong);
        let before = &GOOD[..GOOD.find(right)?];
        let first = before.matches('\n').count() + 1;
        let last = first + wrong.trim_end().matches('\n').count();
        let right = error.to_string().contains(message) && (first..=last).contains(&error.line);
        (!right).then(|| format!("{wrong}\n  expected in lines {first} to {last}: {message}\n  got {error}"))
    });
    let wrong_reports: Vec<String> = wrong_reports.collect();
    assert!(wrong_reports.is_empty(), "{}", wrong_reports.join("\n"));
}

#[test]
fn faults_of_a_whole_table_are_reported_too() {
    for (right, wrong, message) in TABLE_FAULTS {
        let text = fault(right, wrong).to_string();
        assert!(text.contains(message), "{wrong}\n gave {text}\n not {message}");
    }
}

#[test]
fn excerpt_shows_the_line_and_a_caret() {
    let error = fault("publ", "pupl");
    assert_eq!(error.excerpt(), "   |\n37 | puplic = true\n   | ^");
}

#[test]
fn later_schema_is_named_before_its_unknown_keys() {
    let error = Manifest::parse("manifest = 2\nfuture = true\n").unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 12: manifest schema 2 is not known here, expected `1`");
}

#[test]
fn manifest_that_is_far_too_long_is_refused() {
    let error = Manifest::parse(&" ".repeat(300_000)).unwrap_err();
    assert!(error.message.contains("more than 262144 bytes"), "{error}");
}

#[test]
fn every_shortened_manifest_parses_or_is_an_error() {
    for length in 0..GOOD.len() {
        // It must only return.
        let _ = Manifest::parse(&GOOD[..length]);
    }
}

fn fault(right: &str, wrong: &str) -> ManifestError {
    let text = GOOD.replacen(right, wrong, 1);
    assert_ne!(text, GOOD, "`{right}` is not in the manifest");
    match Manifest::parse(&text) {
        Ok(_) => panic!("`{wrong}` was accepted"),
        Err(error) => error,
    }
}
