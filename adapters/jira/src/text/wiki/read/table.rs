//! Tables of wiki markup: `||head||`, `|cell|`.

use super::Reader;
use crate::text::tree::{Row, Table, is_blank};

/// The rows of a table, of which the last may go on.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<String>);

impl Rows {
    /// Says whether the last row has no end yet: a cell may have several lines.
    pub(super) fn is_open(&self) -> bool {
        self.0.last().is_some_and(|row| !row.trim_end().ends_with('|'))
    }

    pub(super) fn line(&mut self, line: &str) {
        match self.0.last_mut() {
            Some(row) if !line.trim_start().starts_with('|') => {
                row.push('\n');
                row.push_str(line);
            }
            _ => self.0.push(line.trim_start().to_owned()),
        }
    }

    pub(super) fn finish(self, reader: &mut Reader<'_>) -> Table<'static> {
        let mut table = Table::default();
        for (at, row) in self.0.iter().enumerate() {
            let cells = cells(row);
            let heads = cells.iter().filter(|cell| cell.is_head).count();
            let is_header = at == 0 && heads > 0 && heads == cells.len();
            if heads > 0 && !is_header {
                reader.lost.insert("tableHeader".to_owned());
            }
            let content: Row<'static> = cells.into_iter().map(|cell| reader.flat(cell.text.trim())).collect();
            if is_header && content.iter().any(|cell| !is_blank(cell)) {
                table.header = Some(content);
            } else {
                table.rows.push(content);
            }
        }
        if table.header.is_none() && table.rows.len() > 1 && table.rows[0].iter().all(|cell| is_blank(cell)) {
            reader.lost.insert("tableRow".to_owned());
        }
        table
    }
}

struct Cell<'a> {
    is_head: bool,
    text: &'a str,
}

/// Splits a row; a bar within a link or a picture is none of the row's.
fn cells(row: &str) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    let mut bars = Bars { row, at: 0, link_end: None, picture_end: None };
    let Some((_, mut is_head, mut start)) = bars.next() else { return cells };
    while let Some((end, next_is_head, next)) = bars.next() {
        cells.push(Cell { is_head, text: &row[start..end] });
        (is_head, start) = (next_is_head, next);
    }
    if !row[start..].trim().is_empty() {
        cells.push(Cell { is_head, text: &row[start..] });
    }
    cells
}

/// The bars of a row: where each stands, whether it is a double one, and what follows it.
struct Bars<'a> {
    row: &'a str,
    at: usize,
    /// Where the next bracket or mark of exclamation is, once it was looked for; the row's length if nowhere.
    link_end: Option<usize>,
    picture_end: Option<usize>,
}

impl Bars<'_> {
    fn next(&mut self) -> Option<(usize, bool, usize)> {
        let bytes = self.row.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let at = self.at;
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'|' => {
                    let is_double = bytes.get(at + 1) == Some(&b'|');
                    self.at += usize::from(is_double);
                    return Some((at, is_double, self.at));
                }
                b'[' => {
                    let end = end(self.row, self.at, b']', &mut self.link_end);
                    self.at = end.map_or(self.at, |end| end + 1);
                }
                b'!' if bytes.get(self.at).is_some_and(|next| !next.is_ascii_whitespace() && *next != b'|') => {
                    let end = end(self.row, self.at, b'!', &mut self.picture_end);
                    self.at = end.map_or(self.at, |end| end + 1);
                }
                _ => {}
            }
        }
        None
    }
}

/// Returns where the next such sign is on the same line; what was found is kept until it is passed.
fn end(row: &str, from: usize, sign: u8, known: &mut Option<usize>) -> Option<usize> {
    let bytes = row.as_bytes();
    let found = known.filter(|known| *known >= from).unwrap_or_else(|| {
        let end = (from..bytes.len()).find(|at| bytes[*at] == sign && bytes[*at - 1] != b'\\');
        end.unwrap_or(bytes.len())
    });
    *known = Some(found);
    (found < bytes.len()).then_some(found)
}
