//! `usher open`

use std::env;

use clap::Args;
use serde::Serialize;
use url::Url;
use usher_adapter_sdk::{decode, message::Include};

use super::{
    app::{App, Done, Trouble, finish},
    output::{ErrorReport, exit_code},
};

/// Open a ticket in the browser: the one in BROWSER, else the system's
#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The ticket's link or id
    #[arg(value_name = "REF")]
    reference: String,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
    /// Print the address, and open nothing
    #[arg(long)]
    print: bool,
}

/// What is read of the ticket, and printed in JSON.
#[derive(serde::Deserialize, Serialize)]
struct Address {
    uid: String,
    #[serde(default)]
    url: Option<String>,
}

impl Open {
    pub(super) fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.reference, self.within.as_deref())?;
        let answered = app.read(async { Ok(service.get(&ticket, Include::SUMMARY).await?) })?;
        let address: Address = decode::json(&answered.ticket)?;
        let url = checked(&address)?;
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&address)?;
        } else if self.print {
            out.line(url.as_str())?;
        }
        if !self.print {
            open(&url)?;
            out.message(&format!("opened {url}"));
        }
        finish(out, exit_code::DONE)
    }
}

/// Returns the address, if it is one for a browser: what the platform calls an address may be anything.
fn checked(address: &Address) -> Result<Url, Trouble> {
    let Some(text) = &address.url else {
        return Err(ErrorReport::failure(format!("{} has no address on the web", address.uid))
            .with_hint(format!("Show it with `usher get {}`.", address.uid))
            .into());
    };
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    url.ok_or_else(|| {
        ErrorReport::failure(format!("the address of {} is not one for a browser: {text}", address.uid)).into()
    })
}

fn open(url: &Url) -> Result<(), Trouble> {
    let unopened = |reason: String| ErrorReport::failure(format!("no browser could be started: {reason}"));
    let hint = |report: ErrorReport| report.with_hint(format!("Set BROWSER, or open it yourself: {url}"));
    if !can_show(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Err(hint(unopened("there is no display".to_owned())).into());
    }
    webbrowser::open(url.as_str()).map_err(|error| hint(unopened(error.to_string())).into())
}

/// Says whether a browser has somewhere to be shown: the one that the user names is trusted to know.
fn can_show(is_set: impl Fn(&str) -> bool) -> bool {
    let needs_display = cfg!(all(unix, not(target_os = "macos")));
    // Inside WSL the browser is Windows's.
    !needs_display || ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(is_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_opened() {
        let address = |url: Option<&str>| Address { uid: "work:A-1".to_owned(), url: url.map(str::to_owned) };
        assert_eq!(checked(&address(Some("https://example.com/a b"))).unwrap().as_str(), "https://example.com/a%20b");
        for url in [None, Some("file:///etc/passwd"), Some("javascript:alert(1)"), Some("-x"), Some("")] {
            assert!(matches!(checked(&address(url)), Err(Trouble::Report(_))), "{url:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_display_only_the_users_own_browser_is_tried() {
        assert!(!can_show(|_| false));
        for name in ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY"] {
            assert!(can_show(|asked| asked == name));
        }
    }
}
