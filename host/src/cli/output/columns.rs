//! Columns that stand below each other: how wide each is, and one line of them.
//!
//! Own code and not a crate of tables: rows leave in batches whose widths the first batch settles, a cell is
//! cut and never wrapped, and a narrow terminal drops columns. The crates of the field lay a whole table out
//! at once and wrap its cells.

use super::style::{STRONG, View};
use super::table::Cell;
use super::width;

/// Spaces between two columns.
const GAP: usize = 2;
/// What even a column that may be cut keeps.
const LEAST: usize = 8;

/// One column: its heading, and how it gives way when there is no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The heading, sanitised.
    pub(super) heading: String,
    /// The width it never goes beyond on a terminal.
    pub(super) most: usize,
    /// Whether it is cut first; others keep their width.
    pub(super) flexible: bool,
    /// The width that it is cut down to before other columns are dropped.
    pub(super) least: usize,
    /// Whether its cells are never cut, because people copy them.
    pub(super) whole: bool,
    /// When it is dropped: the highest first, 0 never.
    pub(super) rank: u8,
}

impl Column {
    /// Returns a column that is cut where room is missing, and never dropped.
    pub(super) fn flexible(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), most: usize::MAX, flexible: true, least: LEAST, whole: false, rank: 0 }
    }

    /// Returns a column that is never cut and never dropped.
    pub(super) fn whole(heading: impl Into<String>) -> Self {
        Self { flexible: false, whole: true, ..Self::flexible(heading) }
    }

    /// Returns a column of at most that width, which is dropped where room is missing.
    pub(super) fn ranked(heading: &str, most: usize, rank: u8) -> Self {
        Self { most, flexible: false, rank, ..Self::flexible(heading) }
    }
}

/// How wide each column is; none: it is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout(Vec<Option<usize>>);

impl Layout {
    /// Settles the widths for rows like these.
    pub(super) fn of(columns: &[Column], rows: &[Vec<Cell>], view: &View) -> Self {
        let natural = columns.iter().enumerate().map(|(index, column)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| width::of(cell.text())).max().unwrap_or(0);
            let most = if view.is_terminal() && !column.whole { column.most } else { usize::MAX };
            Some(widest.min(most).max(width::of(&column.heading)))
        });
        let natural = Self(natural.collect());
        match view.width {
            Some(room) => natural.fitted(columns, room),
            None => natural,
        }
    }

    fn fitted(self, columns: &[Column], room: usize) -> Self {
        let mut shown = self;
        loop {
            let fitting = shown.shrunk(columns, room, |column| column.least);
            if fitting.total() <= room {
                return fitting;
            }
            let droppable = (0..columns.len()).filter(|index| shown.0[*index].is_some());
            match droppable.max_by_key(|index| columns[*index].rank) {
                Some(index) if columns[index].rank > 0 => shown.0[index] = None,
                _ => return fitting.shrunk(columns, room, |_| LEAST),
            }
        }
    }

    /// Takes from the widest column that may be cut, again and again, until all fit or none may be cut.
    fn shrunk(&self, columns: &[Column], room: usize, least: impl Fn(&Column) -> usize) -> Self {
        let mut widths = self.0.clone();
        let mut excess = self.total().saturating_sub(room);
        while excess > 0 {
            let widest = widths
                .iter_mut()
                .zip(columns)
                .filter(|(_, column)| column.flexible)
                .filter_map(|(width, column)| width.as_mut().filter(|width| **width > least(column)))
                .max();
            let Some(width) = widest else { break };
            *width -= 1;
            excess -= 1;
        }
        Self(widths)
    }

    fn total(&self) -> usize {
        let shown: Vec<usize> = self.0.iter().flatten().copied().collect();
        shown.iter().sum::<usize>() + GAP * shown.len().saturating_sub(1)
    }

    /// Writes the line of headings.
    pub(super) fn headings(&self, columns: &[Column], view: &View, out: &mut String) {
        let cells: Vec<Cell> = columns.iter().map(|column| Cell::new(&column.heading).styled(STRONG)).collect();
        self.row(columns, &cells, view, out);
    }

    /// Writes one line.
    pub(super) fn row(&self, columns: &[Column], cells: &[Cell], view: &View, out: &mut String) {
        // Padding is owed until something follows, so that no line ends in spaces.
        let mut owed = 0;
        for ((width, column), cell) in self.0.iter().zip(columns).zip(cells) {
            let Some(width) = *width else { continue };
            let text = match view.is_terminal() && !column.whole {
                true => width::cut(cell.text(), width),
                false => cell.text().into(),
            };
            if !text.is_empty() {
                width::pad(out, owed);
                owed = 0;
                out.push_str(&view.paint(cell.style(), &text));
            }
            owed += width.saturating_sub(width::of(&text)) + GAP;
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::terminal;
    use super::*;

    fn widths(columns: &[Column], row: &[&str], width: usize) -> Vec<Option<usize>> {
        let row = row.iter().map(Cell::new).collect();
        Layout::of(columns, &[row], &terminal(width)).0
    }

    #[test]
    fn the_flexible_column_gives_way_then_columns_are_dropped_by_rank() {
        let title = Column { least: 20, ..Column::flexible("TITLE") };
        let columns = [Column::whole("KEY"), Column::ranked("A", 10, 1), Column::ranked("B", 10, 2), title];
        let row = ["SHOP-1", "aaaaaaaaaaaaaaa", "bbbbbbbb", &"t".repeat(40)];
        assert_eq!(widths(&columns, &row, 100), [Some(6), Some(10), Some(8), Some(40)]);
        assert_eq!(widths(&columns, &row, 60), [Some(6), Some(10), Some(8), Some(30)]);
        assert_eq!(widths(&columns, &row, 45), [Some(6), Some(10), None, Some(25)]);
        assert_eq!(widths(&columns, &row, 30), [Some(6), None, None, Some(22)]);
        assert_eq!(widths(&columns, &row, 10), [Some(6), None, None, Some(8)], "then it overflows");
    }
}
