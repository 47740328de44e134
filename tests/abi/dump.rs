//! Prints the layout of the ABI that it is built against. Each workspace here builds it against its own.

#[path = "../../adapter-sdk/abi/tests/golden/dump.rs"]
mod dump;

fn main() {
    print!("{}", dump::dump());
}
