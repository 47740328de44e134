//! A server of GitHub's issues for measuring: it answers from memory, checks nothing, and counts what it is asked.
//!
//! `issues COUNT [DELAY_MS]` prints its address and serves `acme/app` until it is killed. `GET /requests` tells how many
//! requests it answered since it was asked last, and how many of them with 304.
//! `issues drain ADDRESS COUNT` reads as many issues from such a server, eight pages at once, and throws them away: what
//! nobody can be faster than.

use std::{
    env,
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::exit,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// GitHub's own example of an issue, see `adapters/github/tests/fixtures/README.md`.
const EXAMPLE: &str = include_str!("../../../../adapters/github/tests/fixtures/openapi/issue.json");
/// What one issue is long as GitHub sends it, in bytes.
const LENGTH: usize = 5_300;
const PER_PAGE: u64 = 100;
const AT_ONCE: u64 = 8;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["drain", address, count] => drain(address, number(count)),
        [count] => serve(number(count), Duration::ZERO),
        [count, delay] => serve(number(count), Duration::from_millis(number(delay))),
        _ => usage(),
    }
}

fn number(argument: &str) -> u64 {
    argument.parse().unwrap_or_else(|_| usage())
}

fn usage() -> ! {
    eprintln!("usage: issues COUNT [DELAY_MS] | issues drain ADDRESS COUNT");
    exit(2)
}

/// What is served, and what was asked.
struct Site {
    count: u64,
    delay: Duration,
    address: String,
    /// The text of an issue, cut where its number stands.
    issue: Vec<String>,
    asked: AtomicU64,
    not_modified: AtomicU64,
}

fn serve(count: u64, delay: Duration) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?.to_string();
    println!("http://{address}");
    let (asked, not_modified) = (AtomicU64::new(0), AtomicU64::new(0));
    let site = Arc::new(Site { count, delay, issue: issue(&address)?, address, asked, not_modified });
    for stream in listener.incoming() {
        let (site, stream) = (site.clone(), stream?);
        // A client that goes away in the middle is none of the server's business.
        thread::spawn(move || site.answer_all(stream).ok());
    }
    Ok(())
}

/// Returns the text of an issue of the right length, cut where its number stands. It has nothing to do with other issues,
/// so that one request is all it needs.
fn issue(address: &str) -> io::Result<Vec<String>> {
    const NUMBER: &str = "770077";
    let mut issue: Value = serde_json::from_str(EXAMPLE)?;
    let fields = issue.as_object_mut().ok_or(io::ErrorKind::InvalidData)?;
    for absent in [
        "sub_issues_summary",
        "issue_dependencies_summary",
        "parent_issue_url",
        "issue_field_values",
        "pinned_comment",
        "closed_by",
    ] {
        fields.remove(absent);
    }
    fields.insert("id".into(), json!(1_770_077));
    fields.insert("number".into(), json!(770_077));
    fields.insert("title".into(), json!(format!("Ticket number {NUMBER} of a long list")));
    fields.insert("url".into(), json!(format!("http://{address}/repos/acme/app/issues/{NUMBER}")));
    fields.insert("repository_url".into(), json!(format!("http://{address}/repos/acme/app")));
    fields.insert("html_url".into(), json!(format!("https://github.com/acme/app/issues/{NUMBER}")));
    fields.insert("body".into(), json!(""));
    let missing = LENGTH.saturating_sub(serde_json::to_vec(&issue)?.len());
    let sentence = "The button stays grey after the address was corrected; a reload helps.\n";
    issue["body"] = json!(sentence.chars().cycle().take(missing * 70 / 71).collect::<String>());
    Ok(serde_json::to_string(&issue)?.split(NUMBER).map(str::to_owned).collect())
}

impl Site {
    fn answer_all(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream;
        while let Some((target, etag)) = read_request(&mut reader)? {
            let (head, body) = self.answer(&target, etag.as_deref())?;
            writer.write_all(&[head.as_bytes(), &body].concat())?;
        }
        Ok(())
    }

    fn answer(&self, target: &str, known: Option<&str>) -> io::Result<(String, Vec<u8>)> {
        if target == "/requests" {
            let (asked, same) = (self.asked.swap(0, Relaxed), self.not_modified.swap(0, Relaxed));
            return Ok(answered("200 OK", "", format!("{asked} requests, {same} of them 304\n").into_bytes()));
        }
        self.asked.fetch_add(1, Relaxed);
        thread::sleep(self.delay);
        let etag = format!("\"{target}\"");
        if known == Some(&etag) {
            self.not_modified.fetch_add(1, Relaxed);
            return Ok((format!("HTTP/1.1 304 Not Modified\r\netag: {etag}\r\n\r\n"), Vec::new()));
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = format!("etag: {etag}\r\n");
        match path.strip_prefix("/repos/acme/app/issues").map(|rest| rest.trim_start_matches('/')) {
            Some("") => {
                let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok()).unwrap_or(1);
                let last = self.count.div_ceil(PER_PAGE);
                let rest: String =
                    query.split('&').filter(|pair| !pair.starts_with("page=")).collect::<Vec<_>>().join("&");
                if page < last {
                    let link =
                        |page, name| format!("<http://{}{path}?{rest}&page={page}>; rel=\"{name}\"", self.address);
                    let _ = write!(headers, "link: {}, {}\r\n", link(page + 1, "next"), link(last, "last"));
                }
                let first = (page - 1) * PER_PAGE + 1;
                let issues: Vec<String> =
                    (first..(first + PER_PAGE).min(self.count + 1)).map(|n| self.issue(n)).collect();
                Ok(answered("200 OK", &headers, format!("[{}]", issues.join(",")).into_bytes()))
            }
            Some(number) if number.parse().is_ok_and(|number: u64| (1..=self.count).contains(&number)) => {
                let number = number.parse().unwrap_or(1);
                Ok(answered("200 OK", &headers, self.issue(number).into_bytes()))
            }
            Some(other) if other.ends_with("/comments") => Ok(answered("200 OK", &headers, b"[]".to_vec())),
            _ => Ok(answered("404 Not Found", "", br#"{"message":"Not Found"}"#.to_vec())),
        }
    }

    fn issue(&self, number: u64) -> String {
        self.issue.join(&number.to_string())
    }
}

fn answered(status: &str, headers: &str, body: Vec<u8>) -> (String, Vec<u8>) {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n");
    (head, body)
}

/// Reads one request: its target, and the answer that the client has already.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(String, Option<String>)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut etag = None;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("if-none-match") => etag = Some(value.to_owned()),
            Some(_) => {}
            None => return Ok(Some((target, etag))),
        }
    }
}

/// Reads every page and throws the bytes away.
fn drain(address: &str, count: u64) -> io::Result<()> {
    let host = address.trim_start_matches("http://").to_owned();
    let pages = count.div_ceil(PER_PAGE);
    let next = Arc::new(AtomicU64::new(1));
    let readers: Vec<_> = (0..AT_ONCE.min(pages))
        .map(|_| {
            let (host, next) = (host.clone(), next.clone());
            thread::spawn(move || -> io::Result<()> {
                let mut stream = TcpStream::connect(&host)?;
                stream.set_nodelay(true)?;
                let mut reader = BufReader::with_capacity(1 << 16, stream.try_clone()?);
                loop {
                    let page = next.fetch_add(1, Relaxed);
                    if page > pages {
                        return Ok(());
                    }
                    let target = if count == 1 { "/1".to_owned() } else { format!("?per_page=100&page={page}") };
                    write!(stream, "GET /repos/acme/app/issues{target} HTTP/1.1\r\nHost: {host}\r\n\r\n")?;
                    skip_answer(&mut reader)?;
                }
            })
        })
        .collect();
    readers.into_iter().try_for_each(|reader| reader.join().map_err(|_| io::Error::other("a reader panicked"))?)
}

fn skip_answer(reader: &mut impl BufRead) -> io::Result<()> {
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink()).map(drop)
}
