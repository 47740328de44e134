//! An instance with state, written from the facts of ServiceNow's public pages: tables, choices, a journal, files.
//!
//! It knows no socket: a request comes in as its parts. What the pages do not describe is an error in words, which a test
//! shows. It does what surprises: rows without an order come in any, hidden rows are taken out after a page was cut, a
//! column or a term of a query that does not exist is passed over in silence.

mod query;
mod render;
mod time;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A row of a table: its columns, as the database holds them.
pub(crate) type Row = BTreeMap<String, String>;

/// The tables of tickets, the prefix of their numbers, and what their records are called.
pub(crate) const TASKS: &[(&str, &str, &str)] = &[
    ("change_request", "CHG", "Change Request"),
    ("incident", "INC", "Incident"),
    ("problem", "PRB", "Problem"),
    ("sc_task", "SCTASK", "Catalog Task"),
];

/// The columns of every table of tickets.
const TASK_COLUMNS: &[&str] = &[
    "active",
    "assigned_to",
    "assignment_group",
    "close_notes",
    "closed_at",
    "cmdb_ci",
    "comments",
    "correlation_id",
    "description",
    "due_date",
    "impact",
    "number",
    "opened_at",
    "opened_by",
    "parent",
    "priority",
    "short_description",
    "state",
    "sys_class_name",
    "sys_created_by",
    "sys_created_on",
    "sys_id",
    "sys_mod_count",
    "sys_updated_by",
    "sys_updated_on",
    "u_site",
    "urgency",
    "work_notes",
];

/// The columns that only some tables have.
const OWN_COLUMNS: &[(&str, &[&str])] = &[
    ("change_request", &["requested_by", "close_code", "category", "risk"]),
    (
        "incident",
        &[
            "caller_id",
            "category",
            "subcategory",
            "close_code",
            "problem_id",
            "rfc",
            "caused_by",
            "parent_incident",
            "resolved_at",
        ],
    ),
    ("problem", &["category", "rfc"]),
];

/// The parameters that the pages describe, by route.
const TABLE_PARAMETERS: &[&str] = &[
    "sysparm_query",
    "sysparm_fields",
    "sysparm_limit",
    "sysparm_offset",
    "sysparm_display_value",
    "sysparm_exclude_reference_link",
    "sysparm_input_display_value",
    "sysparm_view",
];
const FILE_PARAMETERS: &[&str] =
    &["sysparm_query", "sysparm_limit", "sysparm_offset", "table_name", "table_sys_id", "file_name"];

/// A request, taken apart.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    /// The path behind the instance's address.
    pub(crate) path: &'a str,
    /// The decoded pairs of the query.
    pub(crate) query: &'a [(String, String)],
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: &'a [u8],
    /// The name that the account signs in with.
    pub(crate) user: &'a str,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// A file that hangs on a record.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) row: Row,
    pub(crate) bytes: Vec<u8>,
}

/// Everything that an instance keeps, and how it behaves.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) tables: BTreeMap<String, Vec<Row>>,
    pub(crate) files: Vec<File>,
    /// Rows that the account may not read.
    pub(crate) hidden_rows: BTreeSet<String>,
    /// Columns that the account may neither read nor write.
    pub(crate) hidden_columns: BTreeSet<String>,
    /// Columns that the account may write and not read.
    pub(crate) unreadable_columns: BTreeSet<String>,
    /// Columns that the account may read and not write.
    pub(crate) fixed_columns: BTreeSet<String>,
    /// Tables that the account may not read at all.
    pub(crate) closed_tables: BTreeSet<String>,
    /// Whether every answer is the page of an instance that sleeps.
    pub(crate) asleep: bool,
    /// For how many requests too many were sent, and how long to wait then.
    pub(crate) too_many: Option<(u32, u64)>,
    /// How far the zone of whoever asks is from UTC.
    pub(crate) zone_hours: i64,
    /// The seconds since 1970 of the last write; each takes a second.
    pub(crate) clock: i64,
    asked: u64,
    made: u64,
}

impl Instance {
    /// Returns an instance with people, groups and choices, and no ticket.
    pub(crate) fn new() -> Self {
        let mut instance = Self {
            tables: BTreeMap::new(),
            files: Vec::new(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
            unreadable_columns: BTreeSet::new(),
            fixed_columns: BTreeSet::new(),
            closed_tables: BTreeSet::new(),
            asleep: false,
            too_many: None,
            zone_hours: 0,
            clock: 1_767_225_600,
            asked: 0,
            made: 0,
        };
        for (name, label) in [("ada", "Ada Lovelace"), ("tom", "Tom Ford")] {
            let email = format!("{name}@shop.example");
            instance.add(
                "sys_user",
                &[("user_name", name), ("name", label), ("email", &email), ("time_zone", "Europe/Berlin")],
            );
        }
        for name in ["Network", "Service Desk"] {
            instance.add("sys_user_group", &[("name", name), ("active", "true")]);
        }
        instance.add_choices();
        instance
    }

    /// Returns an instance with that many incidents.
    pub(crate) fn with_incidents(count: u64) -> Self {
        let mut instance = Self::new();
        for number in 1..=count {
            instance.ticket("incident", &[("short_description", &format!("Incident {number}"))]);
        }
        instance
    }

    /// Adds a row, and returns its id.
    pub(crate) fn add(&mut self, table: &str, columns: &[(&str, &str)]) -> String {
        let sys_id = self.new_id();
        let mut row: Row = columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        row.entry("sys_id".to_owned()).or_insert(sys_id.clone());
        row.entry("sys_created_on".to_owned()).or_insert(time::text(self.clock));
        let sys_id = row["sys_id"].clone();
        self.tables.entry(table.to_owned()).or_default().push(row);
        sys_id
    }

    /// Adds a ticket as somebody would make it, and returns its number.
    pub(crate) fn ticket(&mut self, table: &str, columns: &[(&str, &str)]) -> String {
        let columns: Vec<(String, String)> =
            columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let sys_id = self.create(table, "ada", &columns);
        self.row(&sys_id).expect("it was just made")["number"].clone()
    }

    /// Returns a row by its id.
    pub(crate) fn row(&self, sys_id: &str) -> Option<&Row> {
        self.tables.values().flatten().find(|row| row.get("sys_id").is_some_and(|id| id == sys_id))
    }

    /// Returns a ticket by its number.
    pub(crate) fn numbered(&self, number: &str) -> &Row {
        let mut rows = TASKS.iter().filter_map(|(table, ..)| self.tables.get(*table)).flatten();
        rows.find(|row| row["number"] == number).unwrap_or_else(|| panic!("there is no {number}"))
    }

    /// Changes a ticket behind the clients' backs.
    pub(crate) fn change(&mut self, number: &str, column: &str, value: &str) {
        let sys_id = self.numbered(number)["sys_id"].clone();
        if let Some(row) = self.row_mut(&sys_id) {
            row.insert(column.to_owned(), value.to_owned());
        }
    }

    /// Answers a request, or says in words what of it the pages do not describe.
    pub(crate) fn answer(&mut self, asked: &Asked<'_>) -> Result<Answered, String> {
        self.asked += 1;
        if self.asleep {
            let headers = vec![("content-type", "text/html;charset=UTF-8".to_owned())];
            return Ok(Answered {
                status: 200,
                headers,
                body: b"<!doctype html><title>Instance Hibernating</title>".to_vec(),
            });
        }
        if let Some((left @ 1.., wait)) = &mut self.too_many {
            *left -= 1;
            let mut answer = failure(429, "Rate limit exceeded");
            answer.headers.extend([("retry-after", wait.to_string()), ("x-ratelimit-rule", "all users".to_owned())]);
            return Ok(answer);
        }
        let path: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (asked.method, &path[..]) {
            (method, ["api", "now", "table", rest @ ..]) => {
                described(asked, TABLE_PARAMETERS)?;
                self.table(method, rest, asked)
            }
            (method, ["api", "now", "attachment", rest @ ..]) => {
                described(asked, FILE_PARAMETERS)?;
                self.attachment(method, rest, asked)
            }
            _ => Err(format!("there is no `{} {}`", asked.method, asked.path)),
        }
    }

    fn table(&mut self, method: &str, rest: &[&str], asked: &Asked<'_>) -> Result<Answered, String> {
        let table = rest.first().copied().unwrap_or_default();
        if !self.is_table(table) {
            return Ok(failure(400, &format!("Invalid table {table}")));
        }
        if self.closed_tables.contains(table) {
            return Ok(failure(403, "User Not Authorized"));
        }
        match (method, rest) {
            ("GET", [_]) => self.list(table, asked),
            ("POST", [_]) => {
                let sys_id = match write::columns(asked)? {
                    columns if self.refusal(table, None, &columns) => return Ok(failure(403, "Operation Failed")),
                    columns => self.create(table, asked.user, &columns),
                };
                Ok(self.one(201, table, &sys_id, asked))
            }
            ("GET" | "PATCH" | "PUT", [_, sys_id]) => {
                let is_there = self.rows_of(table).iter().any(|row| row["sys_id"] == **sys_id);
                if !is_there || self.hidden_rows.contains(*sys_id) {
                    return Ok(failure(404, "No Record found"));
                }
                if method != "GET" {
                    let columns = write::columns(asked)?;
                    if self.refusal(table, Some(sys_id), &columns) {
                        return Ok(failure(403, "Operation Failed"));
                    }
                    self.write(sys_id, asked.user, &columns);
                }
                Ok(self.one(200, table, sys_id, asked))
            }
            _ => Err(format!("a table takes no {method} there")),
        }
    }

    /// Answers with a page of rows: cut first, and then without what may not be read.
    fn list(&mut self, table: &str, asked: &Asked<'_>) -> Result<Answered, String> {
        let number = |name: &str, default: usize| match parameter(asked, name) {
            Some(text) => text.parse().map_err(|_| format!("`{name}` is no number: {text}")),
            None => Ok(default),
        };
        let (limit, offset) = (number("sysparm_limit", 10_000)?, number("sysparm_offset", 0)?);
        let query = query::Query::read(parameter(asked, "sysparm_query").unwrap_or_default())?;
        let mut rows = self.rows_of(table);
        let (user, columns) = (self.id_of(asked.user), self.columns_of(table));
        rows.retain(|row| query.fits(row, &columns, &user, self.zone_hours));
        if !query.order(&mut rows) && !rows.is_empty() {
            let places = rows.len();
            rows.rotate_left(usize::try_from(self.asked).unwrap_or(0) * 7 % places);
        }
        let total = rows.len();
        let page = rows.into_iter().skip(offset).take(limit).filter(|row| !self.hidden_rows.contains(&row["sys_id"]));
        let rows: Vec<Value> = page.map(|row| self.render(table, &row, asked)).collect();
        let mut answer = success(200, &json!({ "result": rows }));
        answer.headers.push(("x-total-count", total.to_string()));
        let link = |at: usize, rel: &str| {
            format!("<https://instance.example/api/now/table/{table}?sysparm_offset={at}>;rel=\"{rel}\"")
        };
        let mut links = vec![link(0, "first")];
        links.extend((offset + limit < total).then(|| link(offset + limit, "next")));
        answer.headers.push(("link", links.join(",")));
        Ok(answer)
    }

    fn one(&self, status: u16, table: &str, sys_id: &str, asked: &Asked<'_>) -> Answered {
        let row = self.row(sys_id).expect("it is there");
        success(status, &json!({ "result": self.render(table, row, asked) }))
    }

    fn attachment(&mut self, method: &str, rest: &[&str], asked: &Asked<'_>) -> Result<Answered, String> {
        match (method, rest) {
            ("GET", []) => {
                let query = query::Query::read(parameter(asked, "sysparm_query").unwrap_or_default())?;
                let columns: BTreeSet<String> = self.files.iter().flat_map(|file| file.row.keys().cloned()).collect();
                let rows = self.files.iter().map(|file| &file.row).filter(|row| query.fits(row, &columns, "", 0));
                Ok(success(200, &json!({ "result": rows.collect::<Vec<_>>() })))
            }
            ("GET", [id, "file"]) => match self.files.iter().find(|file| file.row["sys_id"] == **id) {
                Some(file) => {
                    let headers = vec![("content-type", file.row["content_type"].clone())];
                    Ok(Answered { status: 200, headers, body: file.bytes.clone() })
                }
                None => Ok(failure(404, "Record doesn't exist or ACL restricts the record retrieval")),
            },
            ("POST", ["file"]) => {
                let needed = |name: &str| parameter(asked, name).ok_or_else(|| format!("`{name}` is missing"));
                let kind = asked.content_type.ok_or("a file has a content type")?;
                let size = asked.body.len().to_string();
                let columns = [
                    ("table_name", needed("table_name")?),
                    ("table_sys_id", needed("table_sys_id")?),
                    ("file_name", needed("file_name")?),
                    ("content_type", kind),
                    ("size_bytes", size.as_str()),
                    ("sys_created_by", asked.user),
                ];
                let mut row: Row =
                    columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                let sys_id = self.new_id();
                row.insert(
                    "download_link".to_owned(),
                    format!("https://instance.example/api/now/attachment/{sys_id}/file"),
                );
                row.insert("sys_created_on".to_owned(), time::text(self.clock));
                row.insert("sys_id".to_owned(), sys_id);
                self.files.push(File { row: row.clone(), bytes: asked.body.to_vec() });
                Ok(success(201, &json!({ "result": row })))
            }
            _ => Err(format!("files take no {method} there")),
        }
    }

    fn is_table(&self, table: &str) -> bool {
        let system = ["sys_choice", "sys_journal_field", "sys_dictionary", "sys_user", "sys_user_group"];
        table == "task" || TASKS.iter().any(|(known, ..)| *known == table) || system.contains(&table)
    }

    /// Returns the rows of a table, and of those that extend it.
    fn rows_of(&self, table: &str) -> Vec<Row> {
        let is_in = |name: &str| name == table || (table == "task" && TASKS.iter().any(|(known, ..)| *known == name));
        self.tables.iter().filter(|(name, _)| is_in(name)).flat_map(|(_, rows)| rows.iter().cloned()).collect()
    }

    /// Returns the columns that a table has.
    fn columns_of(&self, table: &str) -> BTreeSet<String> {
        if table == "task" || TASKS.iter().any(|(known, ..)| *known == table) {
            let own = OWN_COLUMNS.iter().filter(|(known, _)| *known == table).flat_map(|(_, columns)| *columns);
            return TASK_COLUMNS.iter().chain(own).map(|column| (*column).to_owned()).collect();
        }
        self.tables.get(table).into_iter().flatten().flat_map(|row| row.keys().cloned()).collect()
    }

    fn id_of(&self, user: &str) -> String {
        let rows = self.tables.get("sys_user").into_iter().flatten();
        rows.filter(|row| row["user_name"] == user).map(|row| row["sys_id"].clone()).next().unwrap_or_default()
    }

    fn row_mut(&mut self, sys_id: &str) -> Option<&mut Row> {
        self.tables.values_mut().flatten().find(|row| row.get("sys_id").is_some_and(|id| id == sys_id))
    }

    /// Returns an id that is spread as those of ServiceNow's are.
    fn new_id(&mut self) -> String {
        self.made += 1;
        let mix = |seed: u64| {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            state ^ (state >> 31)
        };
        format!("{:016x}{:016x}", mix(self.made), mix(self.made + 1_000_000_007))
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self::new()
    }
}

fn described(asked: &Asked<'_>, known: &[&str]) -> Result<(), String> {
    match asked.query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(format!("there is no parameter `{name}`")),
        None => Ok(()),
    }
}

fn parameter<'a>(asked: &'a Asked<'_>, name: &str) -> Option<&'a str> {
    asked.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn success(status: u16, body: &Value) -> Answered {
    let headers = vec![("content-type", "application/json;charset=UTF-8".to_owned())];
    Answered { status, headers, body: body.to_string().into_bytes() }
}

fn failure(status: u16, message: &str) -> Answered {
    success(status, &json!({ "error": { "message": message, "detail": "" }, "status": "failure" }))
}
