//! A fake GitHub to try things on: prints its address and a token, and serves until its stdin ends.
//!
//! `cargo run -p usher-tests --example fake-github -- [ISSUES] [DELAY_MS]`

use std::{env, io::Read, time::Duration};

use usher_tests::servers::github::{FakeGithub, Seed};

fn main() {
    let mut numbers = env::args().skip(1).map(|argument| argument.parse::<u64>().expect("a number"));
    let seed = match numbers.next() {
        None => Seed::small(),
        Some(count) => Seed::issues(count),
    };
    let github = FakeGithub::start(seed);
    if let Some(millis) = numbers.next() {
        github.set_delay(Duration::from_millis(millis));
    }
    github.warm_up();
    println!("GITHUB_URL={}", github.url());
    println!("GITHUB_TOKEN={}", github.token("octocat"));
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).expect("stdin can be read");
    for ((path, status), count) in github.requests() {
        eprintln!("{count:6} {path} {status:?}");
    }
}
