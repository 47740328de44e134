//! Tables of a document, whose cells hold blocks, as tables of lines.

use super::Reader;
use crate::text::{
    adf::node::Node,
    tree::{Block, Inline, Row, Table, flat, is_blank},
};

/// How far one cell may reach; more is nobody's table.
const MAX_SPAN: u64 = 64;

impl Reader {
    pub(super) fn table<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        self.lose_rest(&node);
        if node.beyond.is_some() {
            return into.extend(self.content(node));
        }
        let mut table = Table::default();
        // For each column how many of the next rows are taken by a cell from above.
        let mut taken = Vec::new();
        for (at, row) in node.content.into_iter().enumerate() {
            if &*row.kind != "tableRow" {
                self.lose(&row.kind);
                let cell = flat(self.blocks(vec![row]));
                table.rows.push(vec![cell]);
                continue;
            }
            self.lose_rest(&row);
            let heads = row.content.iter().filter(|cell| &*cell.kind == "tableHeader").count();
            let is_header = at == 0 && heads > 0 && heads == row.content.len();
            if !is_header && heads > 0 {
                self.lose("tableHeader");
            }
            let cells = self.row(row, &mut taken);
            if is_header && cells.iter().any(|cell| !is_blank(cell)) {
                table.header = Some(cells);
            } else {
                table.rows.push(cells);
            }
        }
        if table.header.is_none()
            && table.rows.first().is_some_and(|row| row.iter().all(|cell| is_blank(cell)))
            && table.rows.len() > 1
        {
            self.lose("tableRow");
        }
        into.push(Block::Table(table));
    }

    fn row<'a>(&mut self, row: Node<'a>, taken: &mut Vec<u64>) -> Row<'a> {
        let mut cells = Row::new();
        for cell in row.content {
            skip_taken(&mut cells, taken);
            let span = |name| cell.attributes.number(name).unwrap_or(1).clamp(1, MAX_SPAN);
            let (columns, rows) = (span("colspan"), span("rowspan"));
            let content = self.cell(cell);
            for at in 0..columns {
                if taken.len() <= cells.len() {
                    taken.resize(cells.len() + 1, 0);
                }
                taken[cells.len()] = rows - 1;
                cells.push(if at == 0 { content.clone() } else { Vec::new() });
            }
        }
        skip_taken(&mut cells, taken);
        cells
    }

    fn cell<'a>(&mut self, cell: Node<'a>) -> Vec<Inline<'a>> {
        self.lose_rest(&cell);
        let kind = cell.kind.to_string();
        if !matches!(&*kind, "tableCell" | "tableHeader") {
            self.lose(&kind);
            return flat(self.blocks(vec![cell]));
        }
        let blocks = self.content(cell);
        if blocks.iter().all(|block| matches!(block, Block::Paragraph(_)))
            && blocks.windows(2).all(|pair| pair.iter().any(is_picture))
        {
            // Pictures are blocks there and stand in the line here.
            return blocks
                .into_iter()
                .flat_map(|block| if let Block::Paragraph(line) = block { line } else { Vec::new() })
                .collect();
        }
        if !blocks.is_empty() {
            // The text of more than one paragraph stays, as lines.
            self.lose(&kind);
        }
        flat(blocks)
    }
}

/// Leaves places free that a cell from a row above reaches into.
fn skip_taken(cells: &mut Row<'_>, taken: &mut [u64]) {
    while let Some(rows) = taken.get_mut(cells.len()).filter(|rows| **rows > 0) {
        *rows -= 1;
        cells.push(Vec::<Inline<'_>>::new());
    }
}

fn is_picture(block: &Block<'_>) -> bool {
    matches!(block, Block::Paragraph(content) if matches!(&**content, [Inline::Image(_)]))
}
