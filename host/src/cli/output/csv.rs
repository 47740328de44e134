//! Rows as comma-separated values (RFC 4180): CRLF after each record, quotes where they are needed, UTF-8.
//!
//! Values leave as they are, for programs: no sign is put before what a spreadsheet would run as a formula, since
//! whoever reads the file back would get another value than the ticket has. That such cells are there is said.

use super::error::ErrorReport;
use super::sanitize;
use super::table::Cell;

/// Comma-separated values on their way out.
#[derive(Debug, Default)]
pub(super) struct Csv {
    /// Whether a terminal shows them: dangerous characters are shown as signs there, as everywhere.
    is_for_terminal: bool,
    /// How many cells a spreadsheet may run.
    formulas: u64,
}

impl Csv {
    pub(super) fn new(is_for_terminal: bool) -> Self {
        Self { is_for_terminal, formulas: 0 }
    }

    /// Returns the record of headings.
    pub(super) fn headings<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<Vec<u8>, ErrorReport> {
        written([names.map(|name| sanitize::line(name).into_owned())])
    }

    /// Returns a record for each row.
    pub(super) fn records(&mut self, rows: &[Vec<Cell>]) -> Result<Vec<u8>, ErrorReport> {
        let cells = || rows.iter().flatten().map(Cell::value);
        self.formulas += cells().filter(|value| is_formula(value)).count() as u64;
        let is_for_terminal = self.is_for_terminal;
        written(rows.iter().map(|row| {
            row.iter().map(move |cell| match is_for_terminal {
                true => sanitize::text(cell.value()).into_owned(),
                false => cell.value().to_owned(),
            })
        }))
    }

    /// Returns what whoever opens the file in a spreadsheet should know, if there is anything.
    pub(super) fn warning(&self) -> Option<String> {
        let cells = match self.formulas {
            0 => return None,
            1 => "1 cell begins".to_owned(),
            many => format!("{many} cells begin"),
        };
        Some(format!(
            "note: {cells} like a formula, which a spreadsheet may run; import the file with every column as text"
        ))
    }
}

fn written(records: impl IntoIterator<Item = impl Iterator<Item = String>>) -> Result<Vec<u8>, ErrorReport> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for record in records {
        writer.write_record(record.map(String::into_bytes)).map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(error.error()))
}

fn failed(error: &dyn std::error::Error) -> ErrorReport {
    ErrorReport::failure(format!("the rows cannot be written as CSV: {error}"))
}

/// Says whether a spreadsheet may take the cell for a formula. A number with a sign is just a number.
fn is_formula(value: &str) -> bool {
    let value = value.trim_start();
    value.starts_with(['=', '+', '-', '@']) && value.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(csv: &mut Csv, cells: &[&str]) -> String {
        String::from_utf8(csv.records(&[cells.iter().map(Cell::new).collect()]).unwrap()).unwrap()
    }

    #[test]
    fn a_value_is_read_back_as_it_was() {
        let values = ["a,b", "say \"hi\"", "two\r\nlines", " spaces ", "\x1b[2J", "", "=1+1"];
        let text = records(&mut Csv::new(false), &values);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].iter().collect::<Vec<_>>(), values);
        assert!(text.ends_with("=1+1\r\n"), "{text}");
    }

    #[test]
    fn a_terminal_gets_no_orders() {
        assert_eq!(records(&mut Csv::new(true), &["\x1b[2J", "a\nb"]), "␛[2J,\"a\nb\"\r\n");
    }

    #[test]
    fn what_is_absent_is_empty() {
        let row = vec![Cell::new("SHOP-1"), Cell::absent(), Cell::new("-")];
        assert_eq!(Csv::default().records(&[row]).unwrap(), b"SHOP-1,,-\r\n");
    }

    #[test]
    fn cells_that_a_spreadsheet_may_run_are_counted_and_left_alone() {
        let mut csv = Csv::default();
        assert_eq!(records(&mut csv, &["-5", "+1.5", "a=b", ""]), "-5,+1.5,a=b,\r\n");
        assert_eq!(csv.warning(), None);
        assert_eq!(records(&mut csv, &["=HYPERLINK()", " @SUM(1)"]), "=HYPERLINK(), @SUM(1)\r\n");
        assert!(csv.warning().unwrap().starts_with("note: 2 cells begin like a formula"));
    }
}
