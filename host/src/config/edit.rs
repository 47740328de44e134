//! `connection add`: writes one connection into a file that people write too, and leaves their comments and their order.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use super::error::ConfigError;
use super::file::Source;
use super::name::{NAME_HINT, is_name};
use super::syntax::Syntax;
use super::write::write;

/// A connection to be written: references to secrets, never secrets.
#[derive(Debug, Clone, Default)]
pub struct NewConnection {
    /// Its name.
    pub name: String,
    /// Id of its adapter.
    pub adapter: String,
    /// Address of the instance.
    pub base_url: Option<String>,
    /// Project that a bare number or a new ticket belongs to.
    pub default_project: Option<String>,
    /// The way to log in, where the adapter has several.
    pub scheme: Option<String>,
    /// The fields of `auth`, each with its reference.
    pub auth: Vec<(String, String)>,
    /// The adapter's own settings.
    pub options: Vec<(String, toml_edit::Value)>,
}

/// A file that a connection can be written into.
#[derive(Debug)]
pub struct Editable {
    path: PathBuf,
    document: DocumentMut,
    is_there: bool,
}

impl Editable {
    /// Reads a file, and says whether a connection of that name can be written into it. Nothing is written yet.
    pub fn open(path: &Path, name: &str, force: bool) -> Result<Self, ConfigError> {
        if !is_name(name) {
            let refusal = ConfigError::whole_file(path, format!("`{name}` cannot name a connection"));
            return Err(refusal.with_hint(NAME_HINT));
        }
        let is_there = path.exists();
        let text = match is_there {
            true => Source::read(path)?.text,
            false => String::new(),
        };
        if Syntax::of(path) != Some(Syntax::Toml) {
            let refusal = ConfigError::whole_file(path, "connections are written into TOML files only");
            return Err(refusal.with_hint(format!(
                "add it by hand, below `connections`: {{ \"{name}\": {{ \"adapter\": \"…\", \"auth\": {{ \"FIELD\": \"keyring:usher/{name}/FIELD\" }} }} }}"
            )));
        }
        let document = text.parse::<DocumentMut>().map_err(|error| {
            ConfigError::whole_file(path, format!("is not valid TOML: {}", error.message()))
                .with_hint("`usher config validate` says where")
        })?;
        let connections = document.get("connections");
        if connections.is_some_and(|connections| !connections.is_table()) {
            let refusal = ConfigError::whole_file(path, "`connections` is written in one line");
            return Err(refusal.with_hint("write a table `[connections.NAME]` for each"));
        }
        if !force && connections.and_then(|connections| connections.get(name)).is_some() {
            let refusal = ConfigError::whole_file(path, format!("there is a connection `{name}` already"));
            return Err(refusal.with_hint("give another name, or replace it with --force"));
        }
        Ok(Self { path: path.to_owned(), document, is_there })
    }

    /// Writes a connection, in place of one of that name.
    pub fn write(mut self, connection: &NewConnection) -> Result<(), ConfigError> {
        let connections = self.document.entry("connections").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let connections = connections
            .as_table_mut()
            .ok_or_else(|| ConfigError::whole_file(&self.path, "`connections` is written in one line"))?;
        connections.insert(&connection.name, Item::Table(table(connection)));
        write(&self.path, &self.document.to_string(), self.is_there)
    }
}

fn table(connection: &NewConnection) -> Table {
    let mut table = Table::new();
    table["adapter"] = value(&connection.adapter);
    if let Some(base_url) = &connection.base_url {
        table["base_url"] = value(base_url);
    }
    if let Some(project) = &connection.default_project {
        table["default_project"] = value(project);
    }
    if !connection.auth.is_empty() {
        let mut auth = Table::new();
        if let Some(scheme) = &connection.scheme {
            auth["scheme"] = value(scheme);
        }
        for (field, reference) in &connection.auth {
            auth[field] = value(reference);
        }
        table["auth"] = Item::Table(auth);
    }
    if !connection.options.is_empty() {
        let mut options = Table::new();
        for (name, setting) in &connection.options {
            options[name] = Item::Value(setting.clone());
        }
        table["options"] = Item::Table(options);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(name: &str) -> NewConnection {
        NewConnection {
            name: name.to_owned(),
            adapter: "jira".to_owned(),
            base_url: Some("https://jira.example.com".to_owned()),
            auth: vec![("token".to_owned(), format!("keyring:usher/{name}/token"))],
            ..NewConnection::default()
        }
    }

    #[test]
    fn a_connection_is_added_and_comments_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let before = "# mine\n[connections.old] # the old one\nadapter = \"github\"\n";
        std::fs::write(&file, before).unwrap();
        Editable::open(&file, "work", false).unwrap().write(&connection("work")).unwrap();
        let after = std::fs::read_to_string(&file).unwrap();
        let added = "\n[connections.work]\nadapter = \"jira\"\nbase_url = \"https://jira.example.com\"\n\n\
                     [connections.work.auth]\ntoken = \"keyring:usher/work/token\"\n";
        assert_eq!(after, format!("{before}{added}"));
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/config.toml");
        Editable::open(&file, "work", false).unwrap().write(&connection("work")).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_name_that_is_taken_and_a_file_that_is_not_toml_are_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[connections.work]\nadapter = \"github\"\n").unwrap();
        let error = Editable::open(&file, "work", false).unwrap_err();
        assert!(error.to_string().contains("already") && error.to_string().contains("--force"), "{error}");
        Editable::open(&file, "work", true).unwrap().write(&connection("work")).unwrap();
        assert!(std::fs::read_to_string(&file).unwrap().contains("adapter = \"jira\""));
        let yaml = folder.path().join("config.yaml");
        std::fs::write(&yaml, "connections: {}\n").unwrap();
        let error = Editable::open(&yaml, "work", false).unwrap_err();
        assert!(error.to_string().contains("by hand"), "{error}");
        assert!(Editable::open(&file, "No Name", false).is_err());
    }
}
