//! What a list of 100,000 tickets costs the adapter: `cargo bench -p usher-example-folder`.
//!
//! It measures whole lists of a few seconds once, so it is a plain program. As a test it lists a hundred.

use std::{error::Error, fs, path::Path, time::Instant};

use usher_adapter_sdk::{
    message::{Criteria, Include, Sort, SortField},
    testkit::{Kit, TestHost},
};
use usher_example_folder::Folder;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo names a bench that it runs by itself; run by anybody else, this is only tried.
    let count: u32 = if std::env::args().any(|argument| argument == "--bench") { 100_000 } else { 100 };
    let folder = tempfile::tempdir()?;
    for number in 1..=count {
        fs::write(file(folder.path(), number), ticket(number))?;
    }
    let bare = Instant::now();
    let mut bytes = 0;
    for number in 1..=count {
        bytes += fs::read(file(folder.path(), number))?.len();
    }
    println!("reading alone: {:.1} µs a ticket, {} bytes each", micros(bare, count), bytes / count as usize);

    let nobodys = Criteria::default().with_assignee(vec!["nobody I know".to_owned()]);
    let sorted = Criteria::default().with_sort(Sort::by(SortField::Created));
    for size in [100, 500] {
        for (name, criteria) in [("all", &Criteria::default()), ("none fits", &nobodys), ("sorted", &sorted)] {
            list(folder.path(), size, name, criteria, count)?;
        }
    }
    Ok(())
}

/// Lists everything once, page by page.
fn list(folder: &Path, size: u32, name: &str, criteria: &Criteria, count: u32) -> Result<(), Box<dyn Error>> {
    let options = serde_json::json!({ "path": folder, "page_size": size }).to_string();
    let kit = Kit::new::<Folder>(&options, &TestHost::new())?;
    let (begin, mut slowest, mut cursor) = (Instant::now(), 0.0_f64, None);
    loop {
        let one = Instant::now();
        let page = kit.fetch(criteria, Include::default(), cursor.as_ref())?;
        slowest = slowest.max(one.elapsed().as_secs_f64() * 1e3);
        cursor = page.head().next.first().cloned();
        if cursor.is_none() {
            break;
        }
    }
    println!("{name}, pages of {size}: {:.1} µs a ticket, slowest page {slowest:.0} ms", micros(begin, count));
    Ok(())
}

fn file(folder: &Path, number: u32) -> std::path::PathBuf {
    folder.join(format!("SHOP-{number}.md"))
}

fn ticket(number: u32) -> String {
    format!(
        "---\ntitle: Checkout button {number} is dead on Safari\ntype: bug\nstatus: in progress\npriority: high\n\
         labels: [checkout, safari]\nassignees: [mara]\nreporter: tom\ncreated: 2026-03-02T09:{:02}:00Z\n\
         updated: 2026-03-05T16:40:00Z\n---\n\nNothing happens, and the console says so.\n",
        number % 60
    )
}

fn micros(since: Instant, count: u32) -> f64 {
    since.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}
