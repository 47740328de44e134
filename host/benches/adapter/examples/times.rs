//! Runs a command many times and prints how long it took, and the most memory that it held.
//!
//! `times RUNS COMMAND…` prints `min median max peak`: milliseconds, and MiB. What the command prints is dropped,
//! unless a run fails, which ends everything. `BEFORE` is a command of the shell that is done before each run and not timed.

use std::{
    env,
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let runs = arguments.next().and_then(|runs| runs.to_str()?.parse::<usize>().ok()).filter(|runs| *runs > 0);
    let (Some(runs), Some(program)) = (runs, arguments.next()) else {
        eprintln!("usage: times RUNS COMMAND…");
        return ExitCode::from(2);
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let mut times = Vec::with_capacity(runs);
    let before = env::var("BEFORE").unwrap_or_default();
    for _ in 0..runs {
        if !before.is_empty() && !Command::new("sh").args(["-c", &before]).status().is_ok_and(|status| status.success())
        {
            eprintln!("{before}: failed");
            return ExitCode::FAILURE;
        }
        let start = Instant::now();
        let output = command.output();
        times.push(start.elapsed());
        let failure = match output {
            Ok(output) if output.status.success() => continue,
            Ok(output) => format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)),
            Err(error) => error.to_string(),
        };
        eprintln!("{command:?}: {failure}");
        return ExitCode::FAILURE;
    }
    times.sort_unstable();
    let [min, median, max] = [times[0], times[runs / 2], times[runs - 1]].map(millis);
    println!("{min:.2} {median:.2} {max:.2} {:.1}", peak_mib());
    ExitCode::SUCCESS
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Returns the most memory that one of the processes held at a time.
#[cfg(unix)]
fn peak_mib() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    // KiB, but bytes on Apple's systems.
    let unit = if cfg!(target_vendor = "apple") { 1.0 } else { 1024.0 };
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(f64::NAN, |usage| usage.max_rss() as f64 * unit / f64::from(1 << 20))
}

#[cfg(not(unix))]
fn peak_mib() -> f64 {
    f64::NAN
}
