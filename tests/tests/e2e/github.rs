//! GitHub through the whole host: the program, the adapter that is linked in, and a GitHub of its own for every test.
//!
//! What GitHub does not describe the fake answers with 599, and fails the test when it is dropped.

mod environment;
mod limits;
mod lists;
mod observed;
mod reads;
mod refusals;
mod replaced;
mod writes;

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use usher_tests::{
    Run, World,
    servers::github::{FakeGithub, Seed},
    world,
};

use crate::operations::{Words, every_operation_works};

#[test]
fn every_operation_works_on_github() {
    let site = Site::small();
    let words = Words { done: "closed", label: Some("bug"), internal_notes: false, create: &[], end: &[] };
    every_operation_works(|arguments| site.run(arguments), &words);
}

/// A GitHub, and a world whose connection `work` is an account there.
struct Site {
    github: FakeGithub,
    world: World,
}

impl Site {
    /// Returns the small GitHub, with all that `octocat` may do.
    fn small() -> Self {
        Self::of(FakeGithub::start(Seed::small()), "octocat", "")
    }

    /// Returns a GitHub and a connection to it; `more` stands among the connection's settings.
    fn of(github: FakeGithub, login: &str, more: &str) -> Self {
        let token = github.token(login);
        Self::with_token(github, &token, more)
    }

    fn with_token(github: FakeGithub, token: &str, more: &str) -> Self {
        let site = Self { github, world: World::new() };
        site.config("work", &format!("{more}\nauth.token = \"file:token\""));
        let file = site.world.path("token");
        fs::write(&file, token).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        site
    }

    /// Returns the small GitHub for somebody without a token.
    fn anonymous() -> Self {
        let site = Self { github: FakeGithub::start(Seed::small()), world: World::new() };
        site.config("work", "");
        site
    }

    /// Writes a configuration with one connection.
    fn config(&self, name: &str, more: &str) {
        self.world.config(&format!(
            "[connections.{name}]\nadapter = \"github\"\nbase_url = \"{}\"\nprojects = [\"acme/app\"]\n\
             default_project = \"acme/app\"\n{more}\n",
            self.github.url()
        ));
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.world.run(arguments)
    }

    /// Runs the program with variables set.
    fn run_with_variables(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command: Command = self.world.usher();
        command.envs(variables.iter().copied()).args(arguments);
        world::finish(command, "")
    }

    /// Returns what was asked since it was last asked for: `GET /user`, with the query as it was sent.
    fn asked(&self) -> Vec<String> {
        let line = |entry: &usher_tests::servers::Entry| match &entry.query {
            Some(query) => format!("{} {}?{query}", entry.method, entry.path),
            None => format!("{} {}", entry.method, entry.path),
        };
        let lines = self.github.ledger().entries().iter().map(line).collect();
        self.github.ledger().clear();
        lines
    }

    /// Returns the keys that a list or a search prints, in its order.
    #[track_caller]
    fn keys(&self, arguments: &[&str]) -> Vec<String> {
        let run = self.run(&[arguments, &["--jq", ".key", "--jsonl"]].concat()).expect(0);
        run.stdout.lines().map(|line| line.trim_start_matches("acme/app").to_owned()).collect()
    }
}
