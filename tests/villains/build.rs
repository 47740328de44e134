//! Leaves debug information out of the libraries: more than sixty of them would take two gigabytes with it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() != Ok("msvc") {
        println!("cargo::rustc-link-arg=-Wl,-S");
    }
}
