//! The command line.

fn main() {
    usher::cli::main()
}
