//! Asks for sockets of its own, and connects in `get` to the port of this machine that the number of the key names.
//!
//! The host must not make it unless `network = "direct"` is granted. With that, `get` answers a ticket with the line that the
//! listener sent as its title, and a body with a line `name=ending` for each socket that must be refused even then.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

use usher_villains::{
    raw::{Call, Reply},
    tries::{self, Tried},
};

/// Says a word to the listener, and returns its line.
fn ask(port: u16, word: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    writeln!(stream, "{word}")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Tries what a grant for connecting outwards does not hold.
fn beyond() -> Vec<Tried> {
    let mut tried = vec![tried("listen", TcpListener::bind(("127.0.0.1", 0)).map(drop))];
    #[cfg(unix)]
    tried.push(self::tried("unix", std::os::unix::net::UnixDatagram::unbound().map(drop)));
    tried
}

fn tried(name: &str, outcome: io::Result<()>) -> Tried {
    match outcome {
        Ok(()) => Tried::through(name, "ok"),
        Err(error) => match error.kind() {
            // `ENOSYS`, `EACCES` and `EPERM`.
            io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => Tried::refused(name, &error.to_string()),
            _ => Tried::through(name, &error.to_string()),
        },
    }
}

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let port = u16::try_from(call.number_of_key()).unwrap_or_default();
    let heard = ask(port, &call.key()).unwrap_or_else(|error| format!("not connected: {error}"));
    let beyond = beyond();
    call.described(&heard, format!("{}\n{}", tries::title(&beyond), tries::lines(&beyond)))
}

usher_villains::raw_villain!("connects_directly/adapter.toml", answer);
