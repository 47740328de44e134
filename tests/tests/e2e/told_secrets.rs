//! A secret that only the platform knows and says: nobody sees it, no file holds it, and the adapter is not told.

use std::{fs, path::Path, sync::Arc};

use usher_tests::{
    World,
    servers::{
        Answer, Faults, Request,
        server::{Handler, Outcome, Port},
    },
    world,
};

/// The key of the account, which Redmine tells whoever comes with its password.
const KEY: &str = "0123456789abcdef0123456789abcdef01234567";

struct Redmine;

impl Handler for Redmine {
    fn answer(&self, request: &Request) -> Outcome {
        match request.path.as_str() {
            "/users/current.json" => Answer::json(
                200,
                // Without white space, so that recordings hold it as JSON and not as text.
                format!(r#"{{"user":{{"id":5,"login":"alice","mail":"alice@example.test","api_key":"{KEY}","memberships":[]}}}}"#),
            ),
            "/issues/7.json" => Answer::json(200, r#"{"issue":{"id":7,"subject":"One","journals":[]}}"#),
            _ => Answer::new(404),
        }
        .into()
    }
}

#[test]
fn a_key_that_redmine_tells_is_in_no_output_no_recording_and_no_cache() {
    let server = Port::take(None).serve(Arc::new(Redmine), Faults::none());
    let world = World::new();
    world.drop_in("usher_adapter_redmine");
    world.config(&format!(
        "default_connection = \"work\"\n\n[connections.work]\nadapter = \"redmine\"\nbase_url = \"{}\"\n\n\
         [connections.work.auth]\nscheme = \"basic\"\nuser = \"alice\"\npassword = \"${{PASSWORD}}\"\n",
        server.url()
    ));
    let run = |arguments: &[&str]| {
        let mut command = world.usher();
        command.env("PASSWORD", "correct horse battery").args(arguments);
        world::finish(command, "").expect(0)
    };
    for (recording, arguments) in [("first", &["connection", "check", "work"][..]), ("second", &["get", "7", "--json"])]
    {
        let run = run(&[&["--trace-http", "--record", recording, "-vv"], arguments].concat());
        assert!(run.stderr.contains(r#""api_key":"***""#), "it was told: {run:#?}");
        assert!(!run.stderr.contains(KEY) && !run.stdout.contains(KEY), "{run:#?}");
    }
    let mut holders = Vec::new();
    each_file(&world.path(""), &mut |path, content| {
        assert!(!content.contains(KEY), "{} holds it", path.display());
        if content.contains(r#""api_key": "***""#) {
            holders.push(path.strip_prefix(world.path("")).unwrap().iter().next().unwrap().to_owned());
        }
    });
    holders.sort();
    holders.dedup();
    assert_eq!(holders, ["first", "second"], "each run has recorded the answer");
}

fn each_file(folder: &Path, look: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => each_file(&entry.path(), look),
            kind if kind.is_file() => look(&entry.path(), &String::from_utf8_lossy(&fs::read(entry.path()).unwrap())),
            _ => {}
        }
    }
}
