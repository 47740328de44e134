//! `usher connection add`: asks what the manifest asks for, keeps secrets in the keyring, and writes references.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Args;
use usher_adapter_manifest::{AuthField, AuthScheme, FieldType, Manifest, Operation};

use super::{
    super::{
        app::{App, Done, Extent, Trouble, config_report, finish},
        output::{Cell, ErrorReport, Facts, exit_code},
    },
    Check,
};
use crate::{
    config::{self, Editable, NewConnection, Secret},
    http::secrets::keyring,
    redact,
};

/// How long the keyring may take: somebody may have to unlock it.
const KEYRING: Duration = Duration::from_secs(60);

/// Write a connection into the configuration; secrets go to the keyring, or stay where a reference points
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The adapter, as `usher adapter list` names it
    adapter: String,
    /// The connection's name (default: the adapter's)
    name: Option<String>,
    /// Where the platform is
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The project meant when none is named
    #[arg(long, value_name = "PROJECT")]
    default_project: Option<String>,
    /// The way to log in, where the adapter has several
    #[arg(long)]
    scheme: Option<String>,
    /// A field of the login: a reference such as `token=${TOKEN}`, `token=file:PATH`, `token=command:LINE`; may be repeated
    #[arg(long, value_name = "FIELD=REFERENCE")]
    set: Vec<Pair>,
    /// A setting of the adapter's; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<Pair>,
    /// Ask for references in place of secrets, and leave the keyring alone
    #[arg(long)]
    no_keyring: bool,
    /// Replace a connection of that name
    #[arg(long)]
    force: bool,
    /// Do not ask the platform whether it works
    #[arg(long)]
    no_check: bool,
}

/// A name and what is given for it.
#[derive(Debug, Clone)]
struct Pair {
    name: String,
    value: String,
}

impl From<&str> for Pair {
    /// Never fails, because clap would repeat the text, and that may be a secret: without a `=` it is a name without a value.
    fn from(text: &str) -> Self {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        Self { name: name.to_owned(), value: value.to_owned() }
    }
}

/// What is asked of whom: a person at a terminal, or only the flags.
struct Questions {
    is_terminal: bool,
    missing: Vec<String>,
}

impl Add {
    pub(super) fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        self.is_complete()?;
        let manifest = &catalog.registry.require(&self.adapter)?.manifest;
        let name = self.name.clone().unwrap_or_else(|| self.adapter.clone());
        let file = file(app)?;
        let editable = Editable::open(&file, &name, self.force).map_err(|error| trouble(&error))?;
        let mut questions = Questions { is_terminal: io::stdin().is_terminal(), missing: Vec::new() };
        let (connection, secrets) = self.answers(name, manifest, &mut questions)?;
        questions.settled()?;
        app.read(keep(editable, &connection, &secrets))?;
        let can_be_checked = manifest.supports(Operation::Check);
        if self.no_check || !can_be_checked {
            return added(app, &connection, &file);
        }
        let mut out = app.out()?;
        out.message(&format!("connection `{}` was written to {}", connection.name, file.display()));
        finish(out, exit_code::DONE)?;
        // The configuration is another one now.
        let again = App::new(app.global.clone(), Extent::One);
        let outcome = Check { names: vec![connection.name] }.run(&again);
        again.exit(outcome)
    }

    /// Refuses names without values, and does not repeat them: one may be a secret.
    fn is_complete(&self) -> Result<(), Trouble> {
        for (flag, pairs) in [("--set", &self.set), ("--option", &self.option)] {
            if pairs.iter().any(|pair| pair.name.is_empty() || pair.value.is_empty()) {
                let error = ErrorReport::usage(format!("{flag} takes a name and a value"));
                return Err(error.with_hint("Write `--set token=file:PATH` or `--option color=red`.").into());
            }
        }
        Ok(())
    }

    /// Returns what is to be written, and the secrets for the keyring by their entries.
    fn answers(
        &self,
        name: String,
        manifest: &Manifest,
        questions: &mut Questions,
    ) -> Result<(NewConnection, Vec<(String, Secret)>), Trouble> {
        let base_url = self.base_url(manifest, questions)?;
        let options = self.options(manifest, questions)?;
        let mut connection = NewConnection {
            name,
            adapter: self.adapter.clone(),
            base_url,
            default_project: self.default_project.clone(),
            options,
            ..NewConnection::default()
        };
        let mut secrets = Vec::new();
        let Some(scheme) = self.scheme(manifest, questions)? else {
            self.refuse_unknown(&[])?;
            return Ok((connection, secrets));
        };
        self.refuse_unknown(&scheme.fields)?;
        connection.scheme = (manifest.auth.len() > 1).then(|| scheme.scheme.clone());
        if let Some(help) = scheme.help.as_ref().filter(|_| questions.is_terminal) {
            say(help)?;
        }
        for field in &scheme.fields {
            if let Some(given) = self.set.iter().find(|given| given.name == field.name) {
                connection.auth.push((field.name.clone(), reference(field, &given.value)?));
                continue;
            }
            let question = format!("{}{}", field.name, help(field.help.as_deref(), field.required));
            let keeps = field.secret && !self.no_keyring;
            let Some(answer) = questions.ask(&question, field.required, keeps, &format!("--set {}=…", field.name))?
            else {
                continue;
            };
            if keeps {
                let entry = format!("usher/{}/{}", connection.name, field.name);
                let secret = Secret::new(answer);
                redact::learn(&secret);
                connection.auth.push((field.name.clone(), format!("keyring:{entry}")));
                secrets.push((entry, secret));
            } else {
                connection.auth.push((field.name.clone(), reference(field, &answer)?));
            }
        }
        Ok((connection, secrets))
    }

    fn base_url(&self, manifest: &Manifest, questions: &mut Questions) -> Result<Option<String>, Trouble> {
        match (&manifest.base_url, &self.base_url) {
            (None, Some(_)) => {
                Err(ErrorReport::usage(format!("the adapter `{}` takes no --base-url", self.adapter)).into())
            }
            (_, Some(given)) => Ok(Some(given.clone())),
            (Some(base), None) if base.required && base.default.is_none() => {
                questions.ask(&format!("base_url{}", help(base.help.as_deref(), true)), true, false, "--base-url URL")
            }
            _ => Ok(None),
        }
    }

    fn options(
        &self,
        manifest: &Manifest,
        questions: &mut Questions,
    ) -> Result<Vec<(String, toml_edit::Value)>, Trouble> {
        let mut given: BTreeMap<&str, &str> =
            self.option.iter().map(|given| (given.name.as_str(), given.value.as_str())).collect();
        let mut options = Vec::new();
        for field in &manifest.config {
            let answer = match given.remove(field.name.as_str()) {
                Some(given) => Some(given.to_owned()),
                None if field.required && field.default.is_none() => {
                    let question = format!("{}{}", field.name, help(field.help.as_deref(), true));
                    questions.ask(&question, true, false, &format!("--option {}=…", field.name))?
                }
                None => None,
            };
            if let Some(answer) = answer {
                options.push((field.name.clone(), typed(&field.name, field.kind, &answer)?));
            }
        }
        match given.keys().next() {
            None => Ok(options),
            Some(unknown) => {
                let names: Vec<&str> = manifest.config.iter().map(|field| field.name.as_str()).collect();
                Err(unknown_name("option", unknown, &names))
            }
        }
    }

    /// Returns the way to log in: the one that is named, that fits what was given, or that is chosen.
    fn scheme<'a>(&self, manifest: &'a Manifest, questions: &mut Questions) -> Result<Option<&'a AuthScheme>, Trouble> {
        let names: Vec<&str> = manifest.auth.iter().map(|scheme| scheme.scheme.as_str()).collect();
        let named = |name: &str| {
            let found = manifest.auth.iter().find(|scheme| scheme.scheme == name);
            found.map(Some).ok_or_else(|| unknown_name("scheme", name, &names))
        };
        if let Some(name) = &self.scheme {
            return named(name);
        }
        if manifest.auth.len() > 1 && self.set.is_empty() && questions.is_terminal {
            let question = format!("scheme, one of {}", names.join(", "));
            return match questions.ask(&question, true, false, "--scheme NAME")? {
                Some(name) => named(&name),
                None => Ok(None),
            };
        }
        let knows_all = |scheme: &&AuthScheme| {
            self.set.iter().all(|given| scheme.fields.iter().any(|field| field.name == given.name))
        };
        if manifest.anonymous && self.set.is_empty() && !questions.is_terminal {
            return Ok(None);
        }
        Ok(manifest.auth.iter().find(knows_all).or(manifest.auth.first()))
    }

    fn refuse_unknown(&self, fields: &[AuthField]) -> Result<(), Trouble> {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        match self.set.iter().find(|given| !names.contains(&given.name.as_str())) {
            Some(unknown) => Err(unknown_name("field of the login", &unknown.name, &names)),
            None => Ok(()),
        }
    }
}

/// Keeps the secrets in the keyring, and then writes the connection that refers to them.
async fn keep(editable: Editable, connection: &NewConnection, secrets: &[(String, Secret)]) -> Result<(), Trouble> {
    for (entry, secret) in secrets {
        keyring::set(entry, secret, Instant::now() + KEYRING).await?;
    }
    editable.write(connection).map_err(|error| trouble(&error))
}

impl Questions {
    /// Returns the answer of whoever sits there; where nobody does, the flag is noted that would have given it.
    fn ask(&mut self, question: &str, required: bool, hidden: bool, flag: &str) -> Result<Option<String>, Trouble> {
        if !self.is_terminal {
            if required {
                self.missing.push(flag.to_owned());
            }
            return Ok(None);
        }
        loop {
            let answer = if hidden { read_hidden(question)? } else { read_line(question)? };
            match (answer.is_empty(), required) {
                (false, _) => return Ok(Some(answer)),
                (true, false) => return Ok(None),
                (true, true) => {}
            }
        }
    }

    fn settled(&self) -> Result<(), Trouble> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let missing = self.missing.join(", ");
        Err(ErrorReport::usage(format!("stdin is no terminal, and these answers are missing: {missing}"))
            .with_hint("A field takes a reference: `${NAME}`, `file:PATH`, `command:LINE` or `keyring:ENTRY`.")
            .into())
    }
}

fn failed(error: &io::Error) -> Trouble {
    ErrorReport::failure(format!("the answer cannot be read: {error}")).into()
}

fn say(text: &str) -> Result<(), Trouble> {
    writeln!(io::stderr(), "{}", super::super::output::sanitized_text(text)).map_err(|error| failed(&error))
}

fn read_line(question: &str) -> Result<String, Trouble> {
    let mut answer = String::new();
    write!(io::stderr(), "{}: ", super::super::output::sanitized_line(question)).map_err(|error| failed(&error))?;
    let count = io::stdin().lock().read_line(&mut answer).map_err(|error| failed(&error))?;
    if count == 0 {
        return Err(ErrorReport::failure("nothing was written: the answers ended").into());
    }
    Ok(answer.trim().to_owned())
}

fn read_hidden(question: &str) -> Result<String, Trouble> {
    let question = format!("{} (is not shown): ", super::super::output::sanitized_line(question));
    rpassword::prompt_password(question).map_err(|error| failed(&error))
}

fn help(help: Option<&str>, required: bool) -> String {
    let optional = if required { "" } else { ", or nothing" };
    help.map_or_else(|| optional.to_owned(), |help| format!(" ({}{optional})", help.trim_end_matches('.')))
}

/// The ways to point at a secret.
const KINDS: &[&str] = &["command:", "file:", "keyring:"];

/// Returns a reference to a secret, or the value of a field that is none; a secret itself is refused.
fn reference(field: &AuthField, given: &str) -> Result<String, Trouble> {
    // With a default, which would be the secret itself, it is no reference.
    let is_variable = given.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let is_variable = is_variable.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    if !field.secret || is_variable || KINDS.iter().any(|kind| given.starts_with(kind)) {
        return Ok(given.to_owned());
    }
    redact::learn(&Secret::new(given));
    let message = format!("`{}` is a secret, and must not be written here: give a reference to it", field.name);
    Err(ErrorReport::usage(message)
        .with_hint(
            "A command line stands in the list of processes. Write `${NAME}`, `file:PATH`, `command:LINE` or `keyring:ENTRY`; \
             at a terminal leave the flag out, and you are asked. If this was the secret, change it.",
        )
        .into())
}

fn typed(name: &str, kind: FieldType, text: &str) -> Result<toml_edit::Value, Trouble> {
    let wrong = |what: &str| Trouble::from(ErrorReport::usage(format!("--option {name}: `{text}` is not {what}")));
    match kind {
        FieldType::Integer => text.parse::<i64>().map(Into::into).map_err(|_| wrong("a whole number")),
        FieldType::Boolean => text.parse::<bool>().map(Into::into).map_err(|_| wrong("`true` or `false`")),
        FieldType::List => Ok(text.split(',').map(str::trim).collect()),
        FieldType::Map => Err(ErrorReport::usage(format!("the option `{name}` is a table"))
            .with_hint("Leave it out here, and write it into the file.")
            .into()),
        _ => Ok(text.into()),
    }
}

fn unknown_name(what: &str, name: &str, names: &[&str]) -> Trouble {
    let hint = if names.is_empty() { "There is none.".to_owned() } else { format!("Valid: {}.", names.join(", ")) };
    ErrorReport::usage(format!("there is no {what} `{name}`")).with_hint(hint).into()
}

/// Returns the file that is in use, or where one would be.
fn file(app: &App) -> Result<PathBuf, Trouble> {
    match app.config()?.sources.first() {
        Some(file) => Ok(file.clone()),
        None => config::default_path(app.environment()).map_err(|error| trouble(&error)),
    }
}

fn trouble(error: &config::ConfigError) -> Trouble {
    config_report(error).into()
}

fn added(app: &App, connection: &NewConnection, file: &std::path::Path) -> Done {
    let mut out = app.out()?;
    if app.format().is_json() {
        out.json(&serde_json::json!({
            "connection": connection.name, "adapter": connection.adapter, "file": file,
        }))?;
        return finish(out, exit_code::DONE);
    }
    let mut facts = Facts::new();
    facts.push("connection", Cell::new(&connection.name).strong());
    facts.push("adapter", Cell::new(&connection.adapter));
    facts.push("written to", Cell::new(file.display().to_string()));
    out.facts(&facts)?;
    finish(out, exit_code::DONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::SecretSource, http::secrets, transport::Deadline};

    #[tokio::test]
    async fn a_secret_is_in_the_keyring_and_in_no_file() {
        const CANARY: &str = "canary-of-the-keyring";
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        let entry = "usher/kept-by-a-test/token".to_owned();
        let connection = NewConnection {
            name: "kept-by-a-test".to_owned(),
            adapter: "acme".to_owned(),
            auth: vec![("token".to_owned(), format!("keyring:{entry}"))],
            ..NewConnection::default()
        };
        let editable = Editable::open(&file, &connection.name, false).unwrap();
        keep(editable, &connection, &[(entry.clone(), Secret::new(CANARY))])
            .await
            .unwrap_or_else(|_| panic!("refused"));
        let found = secrets::read(&SecretSource::Keyring(entry), Deadline::after(KEYRING)).await.unwrap();
        assert_eq!(found.secret.expose(), CANARY);
        let written = std::fs::read_to_string(&file).unwrap();
        assert!(written.contains("keyring:usher/kept-by-a-test/token"), "{written}");
        for entry in std::fs::read_dir(home.path()).unwrap() {
            let path = entry.unwrap().path();
            assert!(!std::fs::read_to_string(&path).unwrap().contains(CANARY), "{}", path.display());
        }
    }
}
