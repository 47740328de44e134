//! What a confined process must be refused, each tried so that nothing lasting happens where it gets through.
//!
//! A list of tries is a plain function of this library, so that a test can see it get through where nothing confines
//! it; a villain answers what came of one ([`Call::tried`](crate::raw::Call::tried)). What ends or fills the process
//! itself is no try: it stands in the villains' own files. Beyond Linux on x86_64 and aarch64 the lists are empty.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use linux::{calls_forbidden, calls_of_32_bits, execs, forks, opens_sockets, reads_secrets, traces_parent};

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What was tried, as one word.
    pub name: String,
    /// How it ended: the name of an error number, `ok`, or another word.
    pub ending: String,
    /// Whether it was refused.
    pub refused: bool,
}

impl Tried {
    /// Returns a try that got through.
    pub fn through(name: &str, ending: &str) -> Self {
        Self { name: name.to_owned(), ending: ending.to_owned(), refused: false }
    }

    /// Returns a try that was refused.
    pub fn refused(name: &str, ending: &str) -> Self {
        Self { name: name.to_owned(), ending: ending.to_owned(), refused: true }
    }
}

/// Returns `all refused`, or else the names of the tries that were not.
pub fn title(tried: &[Tried]) -> String {
    let through: Vec<&str> = tried.iter().filter(|tried| !tried.refused).map(|tried| tried.name.as_str()).collect();
    match through.as_slice() {
        [] => "all refused".to_owned(),
        through => format!("got through: {}", through.join(", ")),
    }
}

/// Returns a line `name=ending` for each try.
pub fn lines(tried: &[Tried]) -> String {
    tried.iter().map(|tried| format!("{}={}\n", tried.name, tried.ending)).collect()
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod elsewhere {
    //! Nothing to try: the system calls are those of Linux.

    macro_rules! nothing {
        ($($name:ident)+) => {
            $(
                /// Tries nothing on this system.
                pub fn $name() -> Vec<super::Tried> {
                    Vec::new()
                }
            )+
        };
    }

    nothing! { calls_forbidden calls_of_32_bits execs forks opens_sockets reads_secrets traces_parent }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub use elsewhere::*;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_names_only_what_got_through() {
        let refused = Tried::refused("mount", "EPERM");
        assert_eq!(title(std::slice::from_ref(&refused)), "all refused");
        let both = [refused, Tried::through("bpf", "EFAULT")];
        assert_eq!(title(&both), "got through: bpf");
        assert_eq!(lines(&both), "mount=EPERM\nbpf=EFAULT\n");
    }
}
