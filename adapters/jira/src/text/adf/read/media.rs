//! Files and pictures of a document: links that carry what the document says of them.

use super::{Reader, inlines::cow, paragraph};
use crate::text::{
    adf::{
        attributes,
        node::{Attributes, Node},
    },
    links::Media,
    tree::{Block, Image, Inline, is_blank, settled},
};

/// How the link of a file names its attributes, and those of the block it stands in.
const OF_FILE: &[(&str, &str)] =
    &[("collection", "collection"), ("height", "height"), ("type", "type"), ("width", "width")];
const OF_BLOCK: &[(&str, &str)] = &[("blockWidth", "width"), ("layout", "layout"), ("widthType", "widthType")];

impl Reader {
    /// Writes a file, a picture with its caption, or several files.
    pub(super) fn media<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        if &*node.kind == "media" {
            // A file without the block around it.
            self.lose("media");
            return self.picture(node, None, into);
        }
        if &*node.kind == "mediaGroup" {
            self.lose("mediaGroup");
        } else {
            self.lose_rest(&node);
        }
        let Node { attributes, content, .. } = node;
        let mut has_picture = false;
        for child in content {
            match &*child.kind {
                "media" => {
                    has_picture = true;
                    self.picture(child, Some(&attributes), into);
                }
                "caption" => {
                    self.lose("caption");
                    let line = self.inlines(child);
                    paragraph(line, into);
                }
                _ => {
                    self.lose(&child.kind);
                    into.extend(self.blocks(vec![child]));
                }
            }
        }
        if !has_picture {
            self.lose("mediaSingle");
        }
    }

    fn picture<'a>(&mut self, node: Node<'a>, block: Option<&Attributes<'a>>, into: &mut Vec<Block<'a>>) {
        for name in attributes::lost(&node.kind, &node.attributes) {
            self.lose(&format!("media.{name}"));
        }
        self.lose_unknown(&node);
        let mut link = None;
        for mark in &node.marks {
            match mark.attributes.text("href").filter(|_| &*mark.kind == "link" && link.is_none()) {
                Some(target) => {
                    link = Some(cow(target));
                    let lost = attributes::lost(&mark.kind, &mark.attributes)
                        .chain(mark.attributes.text("title").map(|_| "title"));
                    lost.for_each(|name| self.lose(&format!("link.{name}")));
                }
                None => self.lose(&mark.kind),
            }
        }
        let name = node.attributes.text("alt").map(cow).unwrap_or_default();
        let id = node.attributes.text("id").filter(|id| !id.is_empty());
        let target = match (id, node.attributes.text("url")) {
            (Some(id), _) => self.file_link(String::from(id), &node.attributes, block),
            (None, Some(url)) if !url.is_empty() => {
                self.lose_of_external(&node.attributes, block);
                String::from(url)
            }
            _ => {
                self.lose("media");
                return paragraph(vec![Inline::text(name)], into);
            }
        };
        let line = settled(vec![Inline::Image(Image { name, target: target.into(), link })]);
        if !is_blank(&line) {
            into.push(Block::Paragraph(line));
        }
    }

    /// A picture of somebody else's is a URL, which has no room for how it is shown.
    fn lose_of_external(&mut self, file: &Attributes<'_>, block: Option<&Attributes<'_>>) {
        let lost = file.iter().filter(|(name, _)| matches!(*name, "height" | "width" | "collection" | "id"));
        lost.for_each(|(name, _)| self.lose(&format!("media.{name}")));
        for (name, value) in block.into_iter().flat_map(Attributes::iter) {
            let carried = OF_BLOCK.iter().any(|(_, known)| *known == name);
            if carried && (name, value.get()) != ("layout", "\"center\"") {
                self.lose(&format!("mediaSingle.{name}"));
            }
        }
    }

    pub(super) fn file<'a>(&mut self, node: &Node<'a>, into: &mut Vec<Inline<'a>>) {
        self.lose_rest(node);
        let name = node.attributes.text("alt").map(cow).unwrap_or_default();
        match node.attributes.text("id").filter(|id| !id.is_empty()) {
            Some(id) => {
                let target = self.file_link(String::from(id), &node.attributes, None).into();
                into.push(Inline::File { name, target });
            }
            None => {
                self.lose("mediaInline");
                into.push(Inline::text(name));
            }
        }
    }

    fn file_link(&mut self, id: String, file: &Attributes<'_>, block: Option<&Attributes<'_>>) -> String {
        let of_file = OF_FILE.iter().filter_map(|(key, name)| Some((*key, file.get(name)?)));
        let of_block = OF_BLOCK.iter().filter_map(|(key, name)| Some((*key, block?.get(name)?)));
        let pairs = of_file.chain(of_block);
        // The usual words are left out, so that the link stays short.
        let pairs = pairs.filter(|(key, value)| {
            match (*key, value.get()) {
                // A file in a line may as well say nothing of its type.
                ("type", "\"file\"") => block.is_none(),
                ("layout", "\"center\"") | (_, "null") => false,
                _ => true,
            }
        });
        let attributes = pairs.map(|(key, value)| {
            let text = serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned());
            (key.to_owned(), text)
        });
        Media { id, attributes: attributes.collect() }.link()
    }
}
