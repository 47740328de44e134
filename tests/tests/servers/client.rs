//! A client without any cleverness: one connection for each request, and what came back as it came.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;
use usher_tests::servers::{Fake, github::FakeGithub};

const LONGEST_ANSWER: u64 = 64 << 20;

/// A request to be.
#[derive(Clone)]
pub(crate) struct Ask {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let agent = ("user-agent".to_owned(), "usher-tests".to_owned());
        Self { method: method.to_owned(), path: path.to_owned(), headers: vec![agent], body: String::new() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.text("application/json", &body.to_string())
    }

    pub(crate) fn text(mut self, kind: &str, body: &str) -> Self {
        self.body = body.to_owned();
        self.header("content-type", kind)
    }

    /// Sends the request to a fake, below its address.
    pub(crate) fn send(&self, fake: &impl Fake) -> Answer {
        let prefix = fake.url().splitn(4, '/').nth(3).map(|prefix| format!("/{prefix}")).unwrap_or_default();
        let ask = Self { path: format!("{prefix}{}", self.path), ..self.clone() };
        let bytes = ask.exchange(TcpStream::connect(fake.server().address()).expect("the server listens"));
        Answer::parse(&bytes.expect("the server answers"))
    }

    /// Sends the request, and returns everything that comes until the connection ends.
    pub(crate) fn exchange(&self, mut stream: TcpStream) -> std::io::Result<Vec<u8>> {
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(self.wire("close").as_bytes())?;
        let mut answer = Vec::new();
        // A server that never ends must fail a test, not fill the memory.
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
        assert!((answer.len() as u64) < LONGEST_ANSWER, "the answer has no end");
        Ok(answer)
    }

    /// Returns the request as it is sent.
    pub(crate) fn wire(&self, connection: &str) -> String {
        let Self { method, path, headers, body } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: fake\r\nconnection: {connection}\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!("content-length: {}\r\n", body.len());
        }
        format!("{head}\r\n{body}")
    }
}

impl Answer {
    /// Returns what is at an address, asked for with or without a header `Authorization`.
    pub(crate) fn of(address: &str, authorization: Option<&str>) -> Self {
        let rest = address.strip_prefix("http://").expect("an address without encryption");
        let (host, path) = rest.split_at(rest.find('/').expect("an address with a path"));
        let ask = Ask::get(path);
        let ask = authorization.into_iter().fold(ask, |ask, text| ask.header("authorization", text));
        Self::parse(&ask.exchange(TcpStream::connect(host).expect("the server listens")).expect("the server answers"))
    }

    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
        let head = std::str::from_utf8(&bytes[..end]).expect("a head is text");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status: status.expect("an answer has a status"),
            headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Returns path and query of a link.
    pub(crate) fn link(&self, name: &str, github: &FakeGithub) -> Option<String> {
        let wanted = format!("rel=\"{name}\"");
        let link = self.header("link")?.split(", ").find(|link| link.ends_with(&wanted))?;
        let address = link.split('>').next()?.trim_start_matches('<');
        Some(address.strip_prefix(github.url()).expect("links stay with the server").to_owned())
    }
}
