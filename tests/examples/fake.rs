//! A fake platform to try things on: prints its address and a token, and serves until its stdin ends.
//!
//! `cargo run -p usher-tests --example fake -- PLATFORM [ISSUES] [DELAY_MS]`, where PLATFORM is one of those in `PLATFORMS`.

use std::{env, io::Read as _, process::ExitCode, time::Duration};

use usher_tests::servers::{
    Fake,
    azure_devops::{self, FakeAzureDevOps},
    github::{self, FakeGithub},
    jira::{self, FakeJira, TokenKind},
    linear::{self, FakeLinear},
    monday::{self, FakeMonday},
    servicenow::FakeServiceNow,
    trello::{self, FakeTrello},
};

/// How a platform's fake is started with so many issues, or with the small sample.
type Start = fn(Option<u64>) -> Running;

/// A fake, and what a connection to it needs.
struct Running {
    fake: Box<dyn Fake>,
    token: String,
}

/// Every platform, sorted.
const PLATFORMS: &[(&str, Start)] = &[
    ("azure-devops", azure_devops),
    ("github", github),
    ("jira-cloud", jira_cloud),
    ("jira-data-center", jira_data_center),
    ("linear", linear),
    ("monday", monday),
    ("servicenow", servicenow),
    ("trello", trello),
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some((_, start)) = PLATFORMS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = PLATFORMS.iter().map(|(name, _)| *name).collect();
        eprintln!("there is no fake `{name}`; name one of: {}", known.join(", "));
        return ExitCode::from(2);
    };
    let mut numbers = arguments.map(|argument| argument.parse().expect("a number"));
    let Running { fake, token } = start(numbers.next());
    if let Some(millis) = numbers.next() {
        fake.server().set_delay(Duration::from_millis(millis));
    }
    let prefix = name.to_uppercase().replace('-', "_");
    println!("{prefix}_URL={}", fake.url());
    println!("{prefix}_TOKEN={token}");
    std::io::stdin().read_to_end(&mut Vec::new()).expect("stdin can be read");
    for ((path, status), count) in fake.server().ledger().counts() {
        eprintln!("{count:6} {path} {status:?}");
    }
    ExitCode::SUCCESS
}

fn azure_devops(issues: Option<u64>) -> Running {
    let fake = FakeAzureDevOps::services(issues.map_or_else(azure_devops::Seed::small, azure_devops::Seed::issues));
    Running { token: fake.token("ada"), fake: Box::new(fake) }
}

fn github(issues: Option<u64>) -> Running {
    let fake = FakeGithub::start(issues.map_or_else(github::Seed::small, github::Seed::issues));
    fake.warm_up();
    Running { token: fake.token("octocat"), fake: Box::new(fake) }
}

fn jira_cloud(issues: Option<u64>) -> Running {
    let seed = issues.map_or_else(jira::Seed::small_cloud, |count| jira::Seed::issues(true, count));
    let fake = FakeJira::cloud(seed);
    let (user, token) = fake.credentials("ada");
    Running { token: format!("{user}:{token}"), fake: Box::new(fake) }
}

fn jira_data_center(issues: Option<u64>) -> Running {
    let seed = issues.map_or_else(jira::Seed::small_data_center, |count| jira::Seed::issues(false, count));
    let fake = FakeJira::data_center(seed);
    Running { token: fake.token("ada", TokenKind::Bearer).1, fake: Box::new(fake) }
}

fn linear(issues: Option<u64>) -> Running {
    let fake = FakeLinear::start(issues.map_or_else(linear::Seed::small, linear::Seed::issues));
    Running { token: fake.token("ada"), fake: Box::new(fake) }
}

fn monday(issues: Option<u64>) -> Running {
    let fake = FakeMonday::start(issues.map_or_else(monday::Seed::small, monday::Seed::issues));
    Running { token: fake.token("ada"), fake: Box::new(fake) }
}

fn servicenow(issues: Option<u64>) -> Running {
    let fake = FakeServiceNow::start(issues.unwrap_or(3));
    let (user, password) = fake.credentials();
    Running { token: format!("{user}:{password}"), fake: Box::new(fake) }
}

fn trello(issues: Option<u64>) -> Running {
    let fake = FakeTrello::start(issues.map_or_else(trello::Seed::small, trello::Seed::issues));
    Running { token: format!("{}:{}", fake.key(), fake.token("ada")), fake: Box::new(fake) }
}
