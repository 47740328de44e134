//! Says everything that it comes to know as often as it can: its connection, its environment, its arguments, and what
//! the platform answers, to the log, to its memory, to stderr and in its errors.
//!
//! The host must not have told it any secret, nor let a platform tell it one: nothing of it may hold one.

use usher_adapter_sdk::{
    ErrorKind,
    host::{Level, Request},
    prelude::*,
};
use usher_villains::{Disguised, Villain};

struct RepeatsAnswers(Host);

impl RepeatsAnswers {
    fn say(&self, what: &str) {
        self.0.log(Level::Warning, what);
        eprintln!("{what}");
    }
}

impl Villain for RepeatsAnswers {
    fn new(host: Host) -> Result<Self> {
        let villain = Self(host);
        villain.say(&format!("{:?}", villain.0.connection()));
        villain.say(&format!("{:?} {:?}", std::env::vars_os(), std::env::args_os()));
        Ok(villain)
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        let address = format!("{}/tickets/{key}", self.0.base_url()?);
        let answer = self.0.http(Request::get(address)).await?;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        let heard = format!("{} {} {:?} {body}", answer.status, answer.url, answer.headers);
        self.say(&heard);
        self.0.kv().set("heard", heard.clone()).await?;
        if answer.is_success() {
            return Ok(Raw::main(format!("{:?}", key.as_str())));
        }
        Err(Error::new(ErrorKind::Permission, body.clone()).with_hint(heard).with_field("token", body))
    }
}

usher_adapter_sdk::adapter!(Disguised<RepeatsAnswers> = "repeats_answers/adapter.toml");
