//! The program with the examples linked in: the same adapters, without a file to load.

use usher_example_folder as _;
use usher_example_minimal as _;

fn main() {
    usher::cli::main()
}
