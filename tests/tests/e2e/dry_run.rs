//! `--dry-run`: reads go out, the first write is shown in place of being sent, and nothing is committed anywhere.

use std::fs;

use usher_tests::{
    Run, World,
    servers::{
        Fault, FaultServer, Faults,
        github::{FakeGithub, Seed},
    },
};

/// A world with a connection to a GitHub, whose token comes from the environment.
fn world(github: &FakeGithub) -> World {
    let world = World::new();
    world.config(&format!(
        "[connections.gh]\nadapter = \"github\"\nbase_url = \"{}\"\ndefault_project = \"acme/app\"\n\n\
         [connections.gh.auth]\ntoken = \"${{TOKEN}}\"\n",
        github.url()
    ));
    world
}

fn run(world: &World, github: &FakeGithub, arguments: &[&str]) -> Run {
    let token = github.token("octocat");
    let mut command = world.usher();
    command.args(arguments).env("TOKEN", &token);
    let run = usher_tests::world::finish(command, "");
    assert!(!run.stdout.contains(&token) && !run.stderr.contains(&token), "{run:#?}");
    run
}

/// Nothing was written, and nothing that would write has arrived.
#[track_caller]
fn only_read(github: &FakeGithub) {
    let writes: Vec<_> = github.ledger().entries().into_iter().filter(|entry| entry.method != "GET").collect();
    assert!(writes.is_empty() && github.ledger().committed().is_empty(), "{writes:#?}");
}

#[test]
fn a_new_ticket_is_shown_as_the_request_that_would_make_it() {
    let github = FakeGithub::start(Seed::small());
    let world = world(&github);
    let arguments =
        ["create", "The lamp flickers", "--in", "gh", "--label", "bug", "--assignee", "@me", "--dry-run", "--json"];
    let run = run(&world, &github, &arguments).expect(0);
    assert!(run.stderr.contains("held back") && run.stderr.contains("depends on its answer"), "{run:#?}");
    let held = &run.json()["dry_run"];
    assert_eq!(held["method"], "POST");
    assert_eq!(held["url"], format!("{}/repos/acme/app/issues", github.url()));
    assert_eq!(held["headers"]["authorization"], "***");
    assert_eq!(held["headers"]["accept"], "application/vnd.github+json");
    // Who `@me` is was read.
    let body = serde_json::json!({ "title": "The lamp flickers", "labels": ["bug"], "assignees": ["octocat"] });
    assert_eq!(held["body"], body);
    assert!(!github.ledger().is_empty());
    only_read(&github);
}

#[test]
fn a_note_is_shown_to_people_as_http_writes_it_down() {
    let github = FakeGithub::start(Seed::small());
    let run = run(&world(&github), &github, &["note", "acme/app#2", "New bulb.", "--dry-run"]).expect(0);
    let first = format!("POST {}/repos/acme/app/issues/2/comments\n", github.url());
    assert!(run.stdout.starts_with(&first), "{run:#?}");
    assert!(run.stdout.contains("\nAuthorization: ***\n"), "{run:#?}");
    assert!(run.stdout.ends_with("\n\n{\n  \"body\": \"New bulb.\"\n}\n"), "{run:#?}");
    only_read(&github);
}

#[test]
fn of_a_change_in_several_steps_the_first_is_shown() {
    let github = FakeGithub::start(Seed::small());
    let arguments = ["update", "acme/app#2", "--title", "Newer", "--add-label", "bug", "--status", "closed"];
    let run = run(&world(&github), &github, &[&arguments[..], &["--dry-run", "--json"]].concat()).expect(0);
    assert!(run.json()["dry_run"]["url"].as_str().unwrap().contains("/repos/acme/app/issues/2"), "{run:#?}");
    assert_eq!(github.issue("acme/app", 2).title, "Stream the rows");
    only_read(&github);
}

#[test]
fn what_would_be_refused_before_it_is_sent_is_refused() {
    let github = FakeGithub::start(Seed::small());
    let world = world(&github);
    run(&world, &github, &["create", "  ", "--in", "gh", "--dry-run"]).expect(10);
    run(&world, &github, &["note", "acme/app#2", "x", "--internal", "--dry-run"]).expect(10);
    run(&world, &github, &["update", "acme/app#2", "--dry-run"]).expect(10);
    only_read(&github);
}

/// A world with the villain that writes in two requests, in a process of its own.
fn in_two(server: &FaultServer) -> World {
    let world = World::new();
    world.drop_in("writes_in_two");
    world.config(&format!("[connections.two]\nadapter = \"villain-writes-in-two\"\nbase_url = \"{}\"\n", server.url()));
    world
}

#[test]
fn an_adapter_in_a_worker_is_rehearsed_like_any_other() {
    let server = FaultServer::start(Faults::none());
    let world = in_two(&server);
    let adapters = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let ours = adapters.as_array().unwrap().iter().find(|adapter| adapter["id"] == "villain-writes-in-two").unwrap();
    assert_eq!(ours["isolation"], "worker");
    let run = world.run(&["update", "WRITES-IN-TWO-1", "--title", "Newer", "--dry-run", "--json"]).expect(0);
    assert_eq!(run.json()["dry_run"]["method"], "POST");
    assert_eq!(run.json()["dry_run"]["url"], format!("{}/first", server.url()));
    assert!(server.ledger().is_empty(), "{:?}", server.ledger().entries());
}

#[test]
fn a_write_that_is_refused_half_way_is_not_told_as_one_that_wrote_nothing() {
    let second = Faults::none().when(|arrival| (arrival.request.path == "/second").then(|| Fault::status(422)));
    let server = FaultServer::start(second);
    let run = in_two(&server).run(&["update", "WRITES-IN-TWO-1", "--title", "Newer", "--json"]).expect(11);
    let error = serde_json::from_str::<serde_json::Value>(&run.stderr).unwrap()["error"].clone();
    assert_eq!((&error["kind"], &error["retryable"]), (&"outcome_unknown".into(), &false.into()), "{run:#?}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("a part of it is written") && message.contains("second part was refused"), "{run:#?}");
    assert_eq!(server.ledger().entries().len(), 2, "nothing is repeated");
    let first = FaultServer::start(Faults::none().always(Fault::status(422)));
    in_two(&first).run(&["update", "WRITES-IN-TWO-1", "--title", "Newer"]).expect(10);
}

#[test]
fn an_adapter_that_writes_past_the_host_is_not_rehearsed() {
    let world = World::with_samples();
    let before = ticket(&world);
    fs::write(world.path("file.txt"), "x").unwrap();
    for arguments in [
        &["create", "A title", "--in", "work:OPS", "--dry-run"][..],
        &["update", "SHOP-3", "--title", "x", "--dry-run"],
        &["note", "SHOP-3", "x", "--dry-run"],
        &["attachment", "add", "SHOP-3", "file.txt", "--dry-run"],
    ] {
        let run = world.run(arguments).expect(9);
        assert!(run.stderr.contains("writes past the host"), "{run:#?}");
    }
    assert_eq!(ticket(&world), before);
}

/// Returns what any of the writes would change of a ticket.
fn ticket(world: &World) -> [serde_json::Value; 4] {
    let ticket = world.run(&["get", "SHOP-3", "--json"]).expect(0).json();
    ["title", "notes", "attachments", "revision"].map(|name| ticket[name].clone())
}
