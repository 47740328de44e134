//! Writes 200,000 lines to stderr in `get`, among them one of 10 MB, bytes that are no text, and no end of the last line.
//!
//! The host must answer the ticket with bounded memory. What it shows of this is thinned out, cut to a length, cleaned and
//! under the adapter's name.

use std::io::{self, BufWriter, Write};

use usher_villains::raw::{Call, Reply};

const LINES: u32 = 200_000;
const LONGEST: usize = 10_000_000;

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    match flood() {
        Ok(()) => call.honest(),
        Err(error) => call.titled(&format!("stderr: {error}")),
    }
}

fn flood() -> io::Result<()> {
    let mut stderr = BufWriter::with_capacity(64 << 10, io::stderr().lock());
    for number in 0..LINES {
        match number {
            1000 => stderr.write_all(&vec![b'y'; LONGEST])?,
            2000 => stderr.write_all(b"\xff\xfe\x80 no text \xc3\x28")?,
            3000 => stderr.write_all(b"\x1b[2J\x1b]0;owned\x07\rerror: configuration: everything is lost")?,
            _ => write!(stderr, "flood {number}")?,
        }
        stderr.write_all(b"\n")?;
    }
    stderr.write_all(b"the last line has no end")?;
    stderr.flush()
}

usher_villains::raw_villain!("floods_stderr/adapter.toml", answer);
