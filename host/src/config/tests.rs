//! The configuration from the outside: files in, settings or errors out. The environment is pinned.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use usher_adapter_sdk::model;

use super::*;

/// A home folder with configuration files, and an environment that points there.
struct World {
    home: tempfile::TempDir,
    environment: PinnedEnvironment,
    flags: Flags,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let environment = PinnedEnvironment::new(home.path()).with("TOKEN", "s3cret");
        World { home, environment, flags: Flags::default() }
    }

    /// A world whose default folder holds this file.
    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let world = World::new();
        world.write(name, content);
        world
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join(".config/usher")
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(self.folder()).unwrap();
        fs::write(&path, content).unwrap();
        restrict(&path, 0o600);
        path
    }

    fn load(&self) -> Result<Config, ConfigErrors> {
        Config::load(&self.environment, &self.flags)
    }

    /// The one error that keeps the configuration from loading, without the name of the temporary folder.
    fn error(&self) -> String {
        let errors = self.load().unwrap_err().0;
        assert_eq!(errors.len(), 1, "{errors:?}");
        self.short(&errors[0])
    }

    /// The error of the connection `work`.
    fn broken(&self) -> String {
        let config = self.load().unwrap();
        self.short(config.connections["work"].as_ref().unwrap_err())
    }

    fn findings(&self) -> Vec<String> {
        let findings = validate(&self.environment, &self.flags);
        findings.iter().map(|found| format!("{} {:?} {}", found.severity, found.line, found.message)).collect()
    }

    fn short(&self, error: &ConfigError) -> String {
        error.to_string().replace(&format!("{}/", self.folder().display()), "")
    }
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) {}

fn paths(config: &Config) -> Vec<PathBuf> {
    config.adapters.path.iter().map(|folder| folder.path.clone()).collect()
}

fn load(toml: &str) -> Config {
    World::with("config.toml", toml).load().unwrap()
}

fn work(toml: &str) -> Connection {
    load(toml).connections["work"].clone().unwrap()
}

const FULL: &str = r#"
default_connection = "work"

[output]
color = "always"
pager = "less -R"

[adapters]
path = ["~/drop-ins", "local", { folder = "/opt/usher", trust = "signed", keys = ["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"] }]
trust = "pinned"
require_sandbox = true
[adapters.folder]
isolation = "in-process"
grants = { filesystem = ["~/tickets:rw", "/srv/tickets:ro"], network = "direct" }

[connections.work]
adapter = "jira"
base_url = "https://jira.example.com/base"
enabled = false
default_project = "A"
projects = ["A", "B"]
read_only = true
[connections.work.auth]
scheme = "basic"
email = "ada@example.com"
token = "${TOKEN}"
[connections.work.http]
connect = "5s"
read = 20
total = "2m"
[connections.work.retry]
max_attempts = 5
initial_delay = "250ms"
multiplier = 3
max_delay = "10s"
retryable_statuses = [429]
[connections.work.limits.search]
requests = 10
per = "1m"
burst = 2
concurrency = 4
[connections.work.cache]
enabled = false
ttl = "10m"
[connections.work.options]
greeting = "hello ${NAME:-world}"
nested = { list = [1, 2.5, true] }
[connections.work.status_map]
"Ready for QA" = "in_review"
[connections.work.type_map]
Spike = "task"
[connections.work.priority_map]
P0 = "urgent"
"#;

// What a good file means.

#[test]
fn every_setting_is_read() {
    let world = World::with("config.toml", FULL);
    let config = world.load().unwrap();
    assert_eq!(config.default_connection.as_deref(), Some("work"));
    assert_eq!(config.output, Output { color: Color::Always, pager: Pager::Command("less -R".to_owned()) });
    let home = world.home.path();
    assert_eq!(paths(&config), [home.join("drop-ins"), world.folder().join("local"), "/opt/usher".into()]);
    let [drop_ins, _, signed] = &config.adapters.path[..] else { panic!("not three folders") };
    assert_eq!((drop_ins.trust, drop_ins.keys.len(), signed.trust), (Trust::Pinned, 0, Trust::Signed));
    assert_eq!(signed.keys[0].id(), "E7620F1842B4E81F");
    assert!(config.adapters.require_sandbox);
    let folder = config.adapters.of("folder");
    assert_eq!((folder.isolation, folder.network), (Isolation::InProcess, true));
    let grants = folder.filesystem;
    assert_eq!(grants[0], FilesystemGrant { path: home.join("tickets"), access: Access::ReadWrite });
    assert_eq!(grants[1], FilesystemGrant { path: "/srv/tickets".into(), access: Access::ReadOnly });
    let work = config.connections["work"].as_ref().unwrap();
    assert_eq!((work.adapter.as_str(), work.enabled, work.read_only, work.origin.line), ("jira", false, true, 16));
    assert_eq!(work.base_url.as_ref().unwrap().as_str(), "https://jira.example.com/base");
    assert_eq!(work.projects, ["A", "B"]);
    assert_eq!(work.auth.scheme.as_deref(), Some("basic"));
    let SecretSource::Value(token) = &work.auth.fields["token"].source else { panic!("not a value") };
    assert_eq!(token.expose(), "s3cret");
    let seconds = Duration::from_secs;
    assert_eq!(work.http, Http { connect: seconds(5), read: seconds(20), total: seconds(120) });
    assert_eq!((work.retry.max_attempts, work.retry.multiplier), (5, 3.0));
    assert_eq!(work.retry.retryable_statuses, [429]);
    assert_eq!(work.cache, Cache { enabled: false, ttl: seconds(600) });
    assert_eq!(work.options["greeting"], "hello world");
    assert_eq!(work.options["nested"]["list"], serde_json::json!([1, 2.5, true]));
    let search = LimitOverride {
        requests: Some(10),
        per: Some(seconds(60)),
        burst: Some(2),
        concurrency: Some(4),
        ..LimitOverride::default()
    };
    assert_eq!(work.limits, BTreeMap::from([("search".to_owned(), search)]));
    assert_eq!(work.status_map["Ready for QA"], StatusLevel(model::StatusCategory::InReview));
    assert_eq!(work.type_map["Spike"], TypeLevel(model::TypeLevel::Task));
    assert_eq!(work.priority_map["P0"], PriorityLevel(model::PriorityLevel::Urgent));
    assert_eq!(config.sources, [world.folder().join("config.toml")]);
}

#[test]
fn what_is_not_said_has_its_default() {
    let world = World::with("config.toml", "[connections.work]\nadapter = 'github'\n");
    let config = world.load().unwrap();
    let work = config.connections["work"].as_ref().unwrap();
    assert!(work.enabled && !work.read_only && work.projects.is_empty());
    assert_eq!((&work.http, &work.retry, &work.cache), (&Http::default(), &Retry::default(), &Cache::default()));
    assert_eq!(config.output, Output::default());
    assert_eq!(config.adapters.path, [AdapterFolder::open(world.home.path().join(".local/share/usher/adapters"))]);
    assert!(!config.adapters.require_sandbox);
    assert_eq!(config.adapters.of("github").isolation, Isolation::Worker);
    assert!(!config.adapters.of("github").network);
}

#[test]
fn the_same_settings_mean_the_same_in_toml_yaml_and_json() {
    let toml = World::with("config.toml", FULL);
    let tree: serde_json::Value = toml::from_str::<serde_json::Value>(FULL).unwrap();
    let shown = |world: &World| {
        let mut shown = show(&world.load().unwrap()).to_string();
        shown = shown.replace(&world.home.path().display().to_string(), "~");
        for ending in ["toml", "yaml", "json"] {
            shown = shown.replace(&format!("config.{ending}"), "config");
        }
        shown
    };
    let json = World::with("config.json", serde_json::to_string_pretty(&tree).unwrap());
    assert_eq!(shown(&toml), shown(&json));
    // JSON is YAML as well; a hand-written one follows.
    let yaml = World::with("config.yaml", serde_json::to_string_pretty(&tree).unwrap());
    assert_eq!(shown(&toml), shown(&yaml));
}

#[test]
fn hand_written_yaml_is_read_with_anchors_and_empty_sections() {
    let yaml = "
output:
connections:
  work: &work
    adapter: jira
    projects: [NO, ON]
    http: {total: 20}
    auth:
  spare:
    <<: *work
    enabled: false
";
    let config = World::with("config.yml", yaml).load().unwrap();
    let work = config.connections["work"].as_ref().unwrap();
    assert_eq!(work.projects, ["NO", "ON"]);
    assert_eq!(work.http.read, Duration::from_secs(20), "a default gives way to a shorter total");
    assert!(!config.connections["spare"].as_ref().unwrap().enabled);
}

#[test]
fn an_empty_file_is_an_empty_configuration() {
    for (name, content) in
        [("config.toml", ""), ("config.yaml", "# nothing\n"), ("config.json", " \n"), ("config.toml", "\u{feff}")]
    {
        assert!(World::with(name, content).load().unwrap().connections.is_empty(), "{name}");
    }
}

#[test]
fn a_missing_default_file_is_an_empty_configuration() {
    assert!(World::new().load().unwrap().sources.is_empty());
    let homeless = Config::load(&PinnedEnvironment::homeless(), &Flags::default()).unwrap();
    assert!(homeless.adapters.path.is_empty());
}

// Layers.

#[test]
fn the_flag_wins_over_the_variable_and_the_variable_over_the_default_file() {
    let mut world = World::with("config.toml", "[connections.default]\nadapter='github'");
    let variable = world.write("variable.yaml", "connections: {variable: {adapter: github}}");
    let flag = world.write("flag.json", r#"{"connections": {"flag": {"adapter": "github"}}}"#);
    let names = |world: &World| world.load().unwrap().connections.into_keys().collect::<Vec<_>>();
    assert_eq!(names(&world), ["default"]);
    world.environment = world.environment.with("USHER_CONFIG", variable);
    assert_eq!(names(&world), ["variable"]);
    world.flags.config = Some(flag);
    assert_eq!(names(&world), ["flag"]);
}

#[test]
fn adapter_folders_come_from_flags_then_environment_then_file() {
    let mut world = World::with("config.toml", "[adapters]\npath = '/from/file'");
    let list = std::env::join_paths(["/from/environment", "", "/twice"]).unwrap();
    world.environment = world.environment.with("USHER_ADAPTER_PATH", list);
    world.flags.adapter_path = vec!["/from/flag".into(), "/twice".into()];
    let expected = ["/from/flag", "/twice", "/from/environment", "/from/file"].map(PathBuf::from);
    assert_eq!(paths(&world.load().unwrap()), expected);
}

#[test]
fn what_is_said_for_all_folders_holds_where_a_folder_says_nothing_and_for_flags() {
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let mut world = World::with(
        "config.toml",
        "[adapters]\npath = ['/signed', { folder = '/open', trust = 'open' }]\ntrust = 'signed'\nkeys = ['file:usher.pub']\n",
    );
    world.write("usher.pub", format!("untrusted comment: a key\n{key}\n"));
    world.flags.adapter_path = vec!["/flag".into(), "/open".into()];
    let adapters = world.load().unwrap().adapters;
    let levels: Vec<_> =
        adapters.path.iter().map(|folder| (folder.path.to_str().unwrap(), folder.trust, folder.keys.len())).collect();
    let expected = [("/flag", Trust::Signed, 1), ("/open", Trust::Open, 1), ("/signed", Trust::Signed, 1)];
    assert_eq!(levels, expected);
    assert_eq!(adapters.keys[0].as_str(), key);
}

#[test]
fn a_flag_does_not_open_a_folder_that_the_file_has_pinned() {
    let mut world = World::with("config.toml", "[adapters]\npath = { folder = '~/pinned', trust = 'pinned' }\n");
    let pinned = world.home.path().join("pinned");
    fs::create_dir(&pinned).unwrap();
    for named in [pinned.clone(), pinned.join("."), pinned.join("../pinned")] {
        world.flags.adapter_path = vec![named.clone()];
        let path = world.load().unwrap().adapters.path;
        assert_eq!(path, [AdapterFolder { trust: Trust::Pinned, ..AdapterFolder::open(named) }]);
    }
}

#[test]
fn the_folders_shown_are_folders_that_can_be_read_again() {
    let world = World::with("config.toml", FULL);
    let shown = show(&world.load().unwrap());
    let folders = serde_json::to_string(&serde_json::json!({ "adapters": shown["adapters"] })).unwrap();
    let again = World::with("config.json", folders).load().unwrap();
    assert_eq!(show(&again)["adapters"], shown["adapters"]);
    assert_eq!(shown["adapters"]["path"][2]["trust"], "signed");
}

#[test]
fn no_color_wins_over_the_file_and_a_flag_over_no_color() {
    let mut world = World::with("config.toml", "output = { color = 'always' }");
    world.environment = world.environment.with("NO_COLOR", "1");
    assert_eq!(world.load().unwrap().output.color, Color::Never);
    world.flags.color = Some(Color::Auto);
    assert_eq!(world.load().unwrap().output.color, Color::Auto);
}

#[test]
fn a_default_connection_may_be_implied_by_the_environment() {
    let mut world = World::with("config.toml", "default_connection = 'github'");
    assert_eq!(
        world.error(),
        "config.toml:1:22: `default_connection`: no connection is named `github`; there are no connections yet; add `[connections.github]`"
    );
    world.flags.implied_connections = vec!["github".to_owned()];
    assert!(world.load().is_ok());
}

// Files that are not read.

#[test]
fn a_file_that_was_asked_for_has_to_exist() {
    let mut world = World::new();
    world.flags.config = Some(world.folder().join("absent.toml"));
    assert_eq!(world.error(), "absent.toml: no such file; `usher config init` writes a first one");
    let asked = world.environment.clone().with("USHER_CONFIG", "/absent/config.toml");
    assert!(Config::load(&asked, &Flags::default()).is_err());
}

#[test]
fn two_default_files_at_once_are_an_error_that_names_both() {
    let world = World::with("config.toml", "");
    world.write("config.json", "{}");
    let error = world.error();
    assert!(error.starts_with("config.toml: stands beside `config.json`"), "{error}");
}

#[test]
fn what_is_no_readable_file_is_refused_with_a_reason() {
    let world = World::new();
    fs::create_dir_all(world.folder().join("folder.toml")).unwrap();
    world.write("config.ini", "");
    world.write("config", "");
    world.write("binary.toml", b"a = 1\nb = \xff\xfe");
    world.write("zero.toml", b"a = 1\0");
    world.write("large.toml", vec![b'#'; 8 * 1024 * 1024 + 1]);
    const CASES: &[(&str, &str)] = &[
        ("folder.toml", "folder.toml: is a folder, not a file; name the file inside it, for example `config.toml`"),
        ("config.ini", "config.ini: has an unknown file ending; valid endings: .toml, .yaml, .yml, .json"),
        ("config", "config: has an unknown file ending; valid endings: .toml, .yaml, .yml, .json"),
        ("binary.toml", "binary.toml:2:5: is not UTF-8 text; save it as UTF-8, or check the path"),
        ("zero.toml", "zero.toml: is a binary file, not text; check the path"),
        ("large.toml", "large.toml: is larger than 8 MiB, which is no configuration; check the path"),
    ];
    for (name, expected) in CASES {
        let flags = Flags { config: Some(world.folder().join(name)), ..Flags::default() };
        let errors = Config::load(&world.environment, &flags).unwrap_err();
        assert_eq!(world.short(&errors.0[0]), *expected);
    }
}

#[cfg(unix)]
#[test]
fn a_loop_or_a_dead_end_of_links_is_refused() {
    use std::os::unix::fs::symlink;
    let world = World::new();
    fs::create_dir_all(world.folder()).unwrap();
    let path = world.folder().join("config.toml");
    symlink(&path, &path).unwrap();
    assert!(
        world.error().starts_with("config.toml: is a symbolic link that cannot be followed: "),
        "{}",
        world.error()
    );
    fs::remove_file(&path).unwrap();
    symlink(world.folder().join("absent.toml"), &path).unwrap();
    assert_eq!(world.error(), "config.toml: is a symbolic link that leads nowhere");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_refused() {
    let world = World::with("config.toml", "");
    restrict(&world.folder().join("config.toml"), 0o000);
    // The superuser may read everything; what it would read here is empty.
    match world.load() {
        Ok(config) => assert!(config.connections.is_empty()),
        Err(errors) => assert!(errors.to_string().contains("may not be read by this user"), "{errors}"),
    }
}

// Errors that fail the load.

#[test]
fn an_error_outside_of_connections_fails_the_load_with_its_line() {
    const CASES: &[(&str, &str, &str)] = &[
        ("config.toml", "a = 1\na = 2", "config.toml:2:1: duplicate key `a`"),
        ("config.json", "{\n \"output\": {},\n \"output\": {}\n}", "config.json:3:2: duplicate key `output`"),
        ("config.yaml", "output:\n  color: auto\n  color: never\n", "config.yaml:3:3: duplicate key `color`"),
        ("config.json", "{\n \"output\": }", "config.json:2:12: expected value"),
        ("config.json", "[1]", "config.json:1:1: expected a table of settings at the top of the file"),
        (
            "config.toml",
            "[output]\ncolour = 'never'",
            "config.toml:2:1: `output`: unknown key `colour`; did you mean `color`? valid keys: color, pager",
        ),
        (
            "config.toml",
            "[output]\ncolor = 'nevr'",
            "config.toml:2:9: `output.color`: `nevr` is not a valid value; did you mean `never`? valid values: auto, always, never",
        ),
        (
            "config.toml",
            "[output]\npager = 3",
            "config.toml:2:9: `output.pager`: expected a command such as \"less -R\", or false, found a number",
        ),
        (
            "config.toml",
            "default_connection = 3",
            "config.toml:1:22: `default_connection`: expected a string, found a number; put it in quotes",
        ),
        (
            "config.yaml",
            "output:\n  color: 3\n",
            "config.yaml:2:10: `output.color`: expected a string, found a number; put it in quotes",
        ),
        (
            "config.json",
            "{\"output\":\n  {\"color\": [3]}}",
            "config.json:2:13: `output.color`: expected a string, found a list",
        ),
        ("config.toml", "output = []", "config.toml:1:10: `output`: expected a table, found a list"),
        (
            "config.toml",
            "connections = 3",
            "config.toml:1:15: `connections`: expected a table for each connection; write `[connections.NAME]`",
        ),
        (
            "config.toml",
            "connection = {}",
            "config.toml:1:1: unknown key `connection`; did you mean `connections`? valid keys: $schema, default_connection, output, adapters, connections",
        ),
        (
            "config.toml",
            "[adapters]\npaths = ['x']",
            "config.toml:2:1: `adapters.paths`: neither a known key nor a table for an adapter; valid: keys, path, require_sandbox, trust, and one table `[adapters.ID]` for each adapter",
        ),
        (
            "config.toml",
            "[adapters]\npath = ['${ABSENT}']",
            "config.toml:2:9: `adapters.path`: `${ABSENT}` is not set; export it, or write `${ABSENT:-default}`",
        ),
        (
            "config.toml",
            "[adapters.a]\nisolation = 'in_process'",
            "config.toml:2:13: `adapters.a.isolation`: `in_process` is not a valid value; did you mean `in-process`? valid values: worker, in-process",
        ),
        (
            "config.toml",
            "[adapters.a.grants]\nnetwork = 'all'",
            "config.toml:2:11: `adapters.a.grants.network`: `all` is not a valid value; valid values: none, direct",
        ),
        (
            "config.toml",
            "[adapters]\ntrust = 'closed'",
            "config.toml:2:9: `adapters.trust`: `closed` is not a valid value; valid values: open, pinned, signed",
        ),
        (
            "config.toml",
            "[adapters]\ntrust = 'signed'",
            "config.toml:2:9: `adapters.trust`: `signed` says nothing without the keys whose signatures count; add `keys = [\"RW…\"]` with minisign public keys, or `keys = [\"file:PATH\"]`",
        ),
        (
            "config.toml",
            "[adapters]\npath = ['/a', { folder = '/b', trust = 'signed' }]",
            "config.toml:2:40: `adapters.path`: `signed` says nothing without the keys whose signatures count; add `keys = [\"RW…\"]` with minisign public keys, or `keys = [\"file:PATH\"]`",
        ),
        (
            "config.toml",
            "[adapters]\nkeys = ['RWQ']\n",
            "config.toml:2:9: `adapters.keys`: `RWQ` is not a minisign public key; write its base64 line, which begins with RW, or `file:PATH` of a .pub file",
        ),
        (
            "config.toml",
            "[adapters]\npath = { folder = '/b', keys = ['RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3'] }",
            "config.toml:2:33: `adapters.path`: the keys of this folder count for nothing: its trust is `open`; write `trust = \"signed\"` beside them, or remove them",
        ),
        (
            "config.toml",
            "[adapters]\npath = [{ trust = 'open' }]",
            "config.toml:2:9: `adapters.path`: the key `folder` is missing; add `folder = …`",
        ),
        (
            "config.toml",
            "[adapters]\nrequire_sandbox = 'yes'",
            "config.toml:2:19: `adapters.require_sandbox`: expected true or false, found a string",
        ),
        (
            "config.toml",
            "[adapters.a.grants]\nfilesystem = ['/x:w']",
            "config.toml:2:15: `adapters.a.grants.filesystem`: `/x:w` is not a grant; write `PATH:ro` to allow reading, `PATH:rw` to allow writing",
        ),
    ];
    for (name, content, expected) in CASES {
        assert_eq!(World::with(name, content).error(), *expected, "{content}");
    }
}

#[test]
fn a_syntax_error_names_its_line_and_never_repeats_it() {
    const CASES: &[(&str, &str, &str)] = &[
        ("config.toml", "[connections.work.auth]\ntoken = s3cret", "config.toml:2:"),
        ("config.toml", "[connections.work.auth]\ntoken = \"s3cret", "config.toml:2:"),
        ("config.yaml", "connections:\n  work:\n    auth: {token: \"s3cret}\n", "config.yaml:"),
        ("config.yaml", "output: {}\noutput: {}\n", "config.yaml:2:1: "),
        ("config.yaml", "a: 1\n--- \nb: 2\n", "config.yaml:"),
        ("config.json", "{\"token\": \"s3cret\n\"}", "config.json:"),
    ];
    for (name, content, place) in CASES {
        let error = World::with(name, content).error();
        assert!(error.starts_with(place), "{error}");
        assert!(!error.contains("s3cret") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for (name, content) in [
        ("config.json", format!("{{\"a\": {}}}", deep("[", "]"))),
        ("config.toml", format!("a = {}", deep("[", "]"))),
        ("config.yaml", format!("a: {}", deep("[", "]"))),
    ] {
        assert!(World::with(name, content).load().is_err(), "{name}");
    }
}

#[test]
fn several_errors_are_reported_together_in_the_order_of_the_file() {
    let world = World::with("config.toml", "default_connection = 'x'\n[adapters.A]\n[adapters.b]\nisolation = 'vm'\n");
    let lines: Vec<_> = world.load().unwrap_err().0.iter().map(|error| error.line).collect();
    assert_eq!(lines, [Some(1), Some(2), Some(4)]);
}

// Errors that fail one connection.

#[test]
fn a_broken_connection_fails_alone_with_its_line() {
    const CASES: &[(&str, &str)] = &[
        (
            "adaptor = 'x'",
            "config.toml:5:1: `connections.work`: unknown key `adaptor`; did you mean `adapter`? valid keys: adapter, base_url, enabled, default_project, projects, read_only, auth, http, retry, limits, cache, options, status_map, type_map, priority_map",
        ),
        ("enabled = true", "config.toml:4:14: `connections.work`: the key `adapter` is missing; add `adapter = …`"),
        (
            "adapter = 'Jira'",
            "config.toml:5:11: `connections.work.adapter`: `Jira` is not a valid name; begin with a lower-case letter, then use lower-case letters, digits and `-`",
        ),
        (
            "adapter = 'x'\nenabled = 'yes'",
            "config.toml:6:11: `connections.work.enabled`: expected true or false, found a string",
        ),
        (
            "adapter = 'x'\nbase_url = 'https://a:s3cret@x.example'",
            "config.toml:6:12: `connections.work.base_url`: the address holds a user name or a password; move them to `auth`, as references to secrets",
        ),
        (
            "adapter = 'x'\nhttp.connect = 'soon'",
            "config.toml:6:16: `connections.work.http.connect`: `soon` is not a duration; write for example \"500ms\", \"10s\", \"2m\", \"1h\", or whole seconds",
        ),
        (
            "adapter = 'x'\nhttp.connect = -1",
            "config.toml:6:16: `connections.work.http.connect`: expected a duration such as \"10s\", or whole seconds, found a number",
        ),
        (
            "adapter = 'x'\nhttp.total = 0",
            "config.toml:6:14: `connections.work.http.total`: a timeout of zero would let nothing through",
        ),
        (
            "adapter = 'x'\nhttp.read = '2m'",
            "config.toml:6:13: `connections.work.http.read`: 2m is longer than `total`, which is 1m; raise `total` or lower this one",
        ),
        (
            "adapter = 'x'\nhttp.proxy = 'http://ada:s3cret@proxy:3128'",
            "config.toml:6:14: `connections.work.http.proxy`: the address holds a user name or a password; move them to `proxy_user` and `proxy_password`, as references to secrets",
        ),
        (
            "adapter = 'x'\nhttp.proxy_password = '${TOKEN}'",
            "config.toml:6:23: `connections.work.http.proxy_password`: belongs to a proxy whose address stands in `proxy`; add `proxy = \"http://HOST:PORT\"`; the variables of the environment have a `NO_PROXY` of their own",
        ),
        (
            "adapter = 'x'\nhttp.proxy = 'http://proxy'\nhttp.proxy_password = '${TOKEN}'",
            "config.toml:7:23: `connections.work.http.proxy_password`: a password without a user; add `proxy_user`",
        ),
        (
            "adapter = 'x'\nhttp.proxy = 'http://proxy'\nhttp.no_proxy = ['*']",
            "config.toml:7:18: `connections.work.http.no_proxy`: `*` is not a host; write a name (all below it are meant too), an address, or a network such as 10.0.0.0/8; no port, no `*`",
        ),
        (
            "adapter = 'x'\nhttp.client_key = 'file:key.pem'",
            "config.toml:6:19: `connections.work.http.client_key`: a key without its certificate; add `client_certificate = \"PATH\"`",
        ),
        (
            "adapter = 'x'\nhttp.client_key = '${ABSENT}'",
            "config.toml:6:19: `connections.work.http.client_key`: `${ABSENT}` is not set; export it, or point elsewhere with `file:PATH`, `command:LINE` or `keyring:ENTRY`",
        ),
        (
            "adapter = 'x'\nretry.max_attempts = 0",
            "config.toml:6:22: `connections.work.retry.max_attempts`: 0 attempts would never ask; 1 never retries",
        ),
        (
            "adapter = 'x'\nretry.max_attempts = -1",
            "config.toml:6:22: `connections.work.retry.max_attempts`: expected a whole number, 0 or more, found a number out of range",
        ),
        (
            "adapter = 'x'\nretry.multiplier = 0.5",
            "config.toml:6:20: `connections.work.retry.multiplier`: a multiplier below 1 would make pauses shorter; 1.0 keeps them equal, 2.0 doubles them",
        ),
        (
            "adapter = 'x'\nretry.retryable_statuses = [429, 200]",
            "config.toml:6:34: `connections.work.retry.retryable_statuses`: 200 is not the status of a failure; valid: 400 to 599",
        ),
        (
            "adapter = 'x'\nretry = {initial_delay = '9s', max_delay = '1s'}",
            "config.toml:6:26: `connections.work.retry.initial_delay`: 9s is longer than `max_delay`, which is 1s; raise `max_delay` or lower this one",
        ),
        (
            "adapter = 'x'\nlimits = { requests = 100, per = '1m' }",
            "config.toml:6:23: `connections.work.limits.requests`: expected a table, found a number",
        ),
        (
            "adapter = 'x'\nlimits.search.requests = 0",
            "config.toml:6:26: `connections.work.limits.search.requests`: 0 would let nothing through; remove the line to keep what the adapter declares, or switch the connection off with `enabled = false`",
        ),
        (
            "adapter = 'x'\nlimits.search.per = '0s'",
            "config.toml:6:21: `connections.work.limits.search.per`: a budget for no time would let nothing through",
        ),
        (
            "adapter = 'x'\nlimits.search.requsts = 5",
            "config.toml:6:15: `connections.work.limits.search`: unknown key `requsts`; did you mean `requests`? valid keys: requests, points, per, burst, concurrency",
        ),
        (
            "adapter = 'x'\nstatus_map = { Doing = 'doing' }",
            "config.toml:6:24: `connections.work.status_map.Doing`: `doing` is not a valid value; valid values: backlog, todo, in_progress, in_review, blocked, done, canceled, unknown",
        ),
        (
            "adapter = 'x'\nauth.token = '${ABSENT}'",
            "config.toml:6:14: `connections.work.auth.token`: `${ABSENT}` is not set; export it, or point elsewhere with `file:PATH`, `command:LINE` or `keyring:ENTRY`",
        ),
        (
            "adapter = 'x'\nauth = 's3cret'",
            "config.toml:6:8: `connections.work.auth`: expected a table; write for example `auth = { token = \"${TOKEN}\" }`",
        ),
        (
            "adapter = 'x'\nauth.token = ['s3cret']",
            "config.toml:6:14: `connections.work.auth.token`: expected a string; a reference such as \"${TOKEN}\", \"file:PATH\", \"command:LINE\" or \"keyring:ENTRY\"",
        ),
        (
            "adapter = 'x'\noptions.path = '${ABSENT}/x'",
            "config.toml:6:16: `connections.work.options.path`: `${ABSENT}` is not set; export it, or write `${ABSENT:-default}`",
        ),
    ];
    for (lines, expected) in CASES {
        let world = World::with(
            "config.toml",
            format!("[connections.good]\nadapter = 'github'\n\n[connections.work]\n{lines}\n"),
        );
        assert_eq!(world.broken(), *expected);
        assert!(world.load().unwrap().connections["good"].is_ok());
    }
}

#[test]
fn a_wrong_name_of_a_connection_fails_only_that_connection() {
    let config = load("[connections.Work]\nadapter = 'github'\n[connections.good]\nadapter = 'github'");
    let error = config.connections["Work"].as_ref().unwrap_err();
    assert_eq!((error.line, error.message.as_str()), (Some(1), "`Work` cannot name a connection"));
    assert!(config.connections["good"].is_ok());
}

#[test]
fn lines_are_known_in_yaml_and_json_too() {
    let yaml = World::with("config.yaml", "connections:\n  work:\n    adapter: x\n    http:\n      connect: soon\n");
    assert!(yaml.broken().starts_with("config.yaml:5:16: `connections.work.http.connect`"), "{}", yaml.broken());
    let json = World::with("config.json", "{\"connections\": {\"work\": {\n  \"adapter\": \"ü\",\n  \"x\": 1}}}");
    assert!(json.broken().starts_with("config.json:2:14: `connections.work.adapter`"), "{}", json.broken());
    let missing = World::with("config.yaml", "connections:\n  work:\n    enabled: true\n");
    assert!(missing.broken().contains("the key `adapter` is missing"), "{}", missing.broken());
}

#[test]
fn a_variable_that_is_not_set_is_reported_once() {
    let world = World::with("config.toml", "output.color = '${ABSENT}'");
    assert_eq!(
        world.error(),
        "config.toml:1:16: `output.color`: `${ABSENT}` is not set; export it, or write `${ABSENT:-default}`"
    );
}

#[test]
fn a_connection_that_is_switched_off_needs_no_secrets() {
    let world =
        World::with("config.toml", "[connections.work]\nadapter = 'x'\nenabled = false\nauth.token = '${ABSENT}'\n");
    assert!(world.load().unwrap().connections["work"].is_ok());
    assert_eq!(world.findings(), ["warning Some(4) `connections.work.auth.token`: `${ABSENT}` is not set"]);
}

// Findings, secrets, and what goes back to people.

#[test]
fn a_literal_secret_works_and_is_warned_about() {
    let world =
        World::with("config.toml", "[connections.work]\nadapter = 'x'\nauth = { user = 'ada', token = 's3cret' }\n");
    assert!(world.load().unwrap().connections["work"].is_ok());
    assert_eq!(
        world.findings(),
        ["warning Some(3) `connections.work.auth.token`: the secret is written out in the file"]
    );
}

#[cfg(unix)]
#[test]
fn a_world_readable_file_with_a_literal_secret_is_warned_about() {
    let world = World::with("config.toml", "[connections.work]\nadapter = 'x'\nauth.token = 's3cret'\n");
    restrict(&world.folder().join("config.toml"), 0o644);
    let findings = world.findings();
    assert_eq!(findings[0], "warning None everybody on this machine can read the secrets of `work`");
    let reference = World::with("config.toml", "[connections.work]\nadapter = 'x'\nauth.token = '${TOKEN}'\n");
    restrict(&reference.folder().join("config.toml"), 0o644);
    assert_eq!(reference.findings(), Vec::<String>::new());
}

#[test]
fn certificates_and_proxy_are_resolved_and_what_is_doubtful_is_warned_of() {
    let toml = "[connections.work]\nadapter = 'x'\n[connections.work.http]\nca_file = ['ca.pem', '~/more.pem']\n\
                client_certificate = 'me.pem'\nclient_key = 'file:me.key'\nmin_tls = '1.3'\nverify = 'danger-no-verification'\n\
                proxy = 'http://proxy.example:3128'\nproxy_user = '${TOKEN}'\nproxy_password = 's3cret'\n\
                no_proxy = ['inside.example', '10.0.0.0/8']\n";
    let world = World::with("config.toml", toml);
    assert_eq!(
        world.findings(),
        [
            "warning Some(8) `connections.work.http.verify`: the platform's certificate is not checked: whoever is in between can read and change everything",
            "warning Some(11) `connections.work.http.proxy_password`: the secret is written out in the file",
        ]
    );
    let config = world.load().unwrap();
    let network = &config.connections["work"].as_ref().unwrap().network;
    assert_eq!(network.tls.authorities, [world.folder().join("ca.pem"), world.home.path().join("more.pem")]);
    assert_eq!((network.tls.minimum, network.tls.verify), (TlsVersion::V1_3, Verify::DangerNoVerification));
    let shown = show(&config)["connections"]["work"]["http"].clone();
    assert_eq!(shown["proxy_user"], "${TOKEN}");
    assert_eq!(shown["proxy_password"], STARS);
    assert_eq!(shown["client_key"], "file:me.key");
    assert_eq!(shown["no_proxy"], serde_json::json!(["inside.example", "10.0.0.0/8"]));
    assert!(!format!("{shown} {config:?}").contains("s3cret"));
    for (proxy, expected) in [("", "system"), ("http.proxy = 'none'", "none"), ("http.proxy = 'system'", "system")] {
        let shown = show(&load(&format!("[connections.work]\nadapter = 'x'\n{proxy}\n")));
        assert_eq!(shown["connections"]["work"]["http"]["proxy"], expected);
    }
}

#[test]
fn validate_reports_errors_and_broken_connections_and_warnings_together() {
    let toml = "[output]\ncolor = 'red'\n[connections.a]\nadapter = 'x'\nenabled = 1\n[connections.b]\nadapter = 'x'\n\
                base_url = 'http://x.example'\nauth.token = '${TOKEN}'\nprojects = ['A']\ndefault_project = 'B'\n";
    assert_eq!(
        World::with("config.toml", toml).findings(),
        [
            "error Some(2) `output.color`: `red` is not a valid value",
            "error Some(5) `connections.a.enabled`: expected true or false, found a number",
            "warning Some(8) `connections.b.base_url`: credentials would travel unencrypted",
            "warning Some(11) `connections.b.default_project`: `B` is not among `projects`",
        ]
    );
}

#[test]
fn no_secret_is_ever_shown() {
    let toml = "[connections.work]\nadapter = 'x'\n[connections.work.auth]\na = 's3cret'\nb = 'x${TOKEN}'\nc = '${NO:-s3cret}'\n\
                d = 'command:echo s3cret'\ne = '${TOKEN}'\n[connections.work.options]\napi_token = 's3cret'\nheader = '${TOKEN}'\n";
    let config = load(toml);
    let (json, toml) = (show(&config), show_toml(&config).unwrap());
    for text in [json.to_string(), toml, format!("{config:?}")] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    let auth = &json["connections"]["work"]["auth"];
    assert_eq!(auth["e"], "${TOKEN}");
    assert_eq!(json["connections"]["work"]["options"]["header"], "${TOKEN}");
}

#[test]
fn what_is_shown_can_be_read_again() {
    let world = World::with("config.toml", FULL);
    let shown = show_toml(&world.load().unwrap()).unwrap();
    let again: String =
        shown.lines().filter(|line| !line.starts_with("sources")).map(|line| format!("{line}\n")).collect();
    let config = World::with("config.toml", again.replace("***", "x")).load().unwrap();
    let again = config.connections["work"].as_ref().unwrap();
    assert_eq!((&work(FULL).retry, &work(FULL).limits), (&again.retry, &again.limits));
}

#[test]
fn a_broken_connection_is_shown_as_its_error() {
    let shown = show(&load("[connections.work]\nadapter = 3"));
    assert!(shown["connections"]["work"]["error"].as_str().unwrap().contains("expected a string"), "{shown}");
}

// `config init` and `config schema`.

#[test]
fn init_writes_a_private_file_and_refuses_to_overwrite_it() {
    let world = World::new();
    let path = default_path(&world.environment).unwrap();
    init(&path, false).unwrap();
    assert!(world.load().unwrap().connections.is_empty());
    assert_eq!(world.findings(), Vec::<String>::new());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::write(&path, "# mine").unwrap();
    assert_eq!(world.short(&init(&path, false).unwrap_err()), "config.toml: exists already; replace it with --force");
    assert_eq!(fs::read_to_string(&path).unwrap(), "# mine");
    init(&path, true).unwrap();
    assert!(fs::read_to_string(&path).unwrap().len() > 100);
    assert!(init(&world.folder().join("config.yaml"), false).is_err());
    assert_eq!(fs::read_dir(world.folder()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn the_settings_of_the_starter_file_work_when_uncommented() {
    let starter = include_str!("starter.toml");
    let settings: String =
        starter.lines().filter_map(|line| line.strip_prefix("# ")).map(|line| format!("{line}\n")).collect();
    let mut world = World::with("config.toml", settings);
    world.environment = world.environment.with("JIRA_EMAIL", "ada@example.com").with("JIRA_API_TOKEN", "t0k");
    assert_eq!(world.findings(), Vec::<String>::new());
    let work = world.load().unwrap().connections["work"].clone().unwrap();
    assert_eq!((&work.http, &work.retry, &work.cache), (&Http::default(), &Retry::default(), &Cache::default()));
}

#[test]
fn the_schema_knows_every_key_and_its_default() {
    let schema = schema();
    let connection = &schema["$defs"]["Connection"];
    let shown = show(&load("[connections.work]\nadapter = 'x'"));
    let shown = &shown["connections"]["work"];
    for key in shown.as_object().unwrap().keys() {
        assert!(connection["properties"].get(key).is_some(), "{key}: {connection}");
    }
    for (table, name) in [("http", "Http"), ("retry", "Retry"), ("cache", "Cache")] {
        for (key, value) in shown[table].as_object().unwrap() {
            assert_eq!(&schema["$defs"][name]["properties"][key]["default"], value, "{table}.{key}");
        }
    }
    assert_eq!(connection["required"], serde_json::json!(["adapter"]));
    assert_eq!(connection["additionalProperties"], false);
    assert!(schema.to_string().contains("^[a-z][a-z0-9-]*$"), "{schema}");
    assert!(!schema.to_string().contains("Located"), "{schema}");
}
