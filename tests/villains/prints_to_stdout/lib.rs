//! Prints to stdout and stderr while it is made and in `get`, then answers properly.
//!
//! The host must answer the ticket. From a worker process nothing of it reaches the host's stdout; in the host's own
//! process the operator was told that it can.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PrintsToStdout;

impl Villain for PrintsToStdout {
    fn new(_host: Host) -> Result<Self> {
        print("create");
        Ok(Self)
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        print("get");
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

fn print(place: &str) {
    println!("printed to stdout in {place}");
    eprintln!("printed to stderr in {place}");
}

usher_adapter_sdk::adapter!(Disguised<PrintsToStdout> = "prints_to_stdout/adapter.toml");
