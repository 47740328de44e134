//! Markdown to documents and back.

use proptest::{collection::vec, prelude::*};

use super::{
    PARTS,
    adf::{assert_valid, document, rendered},
    sample::Choices,
};
use crate::text::markdown;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_markdown_is_a_document_which_is_stable(row in vec(any::<u8>(), 0..60)) {
        let written = Choices::new(&row).text(PARTS, 30);
        let first = document(&written);
        assert_valid(&first);
        let there = rendered(&first);
        prop_assert_eq!(&there.lossy, &Vec::<String>::new());
        let second = document(&there.markdown);
        prop_assert_eq!(&first, &second, "{}", there.markdown);
        prop_assert_eq!(rendered(&second).markdown, there.markdown);
    }

    #[test]
    fn any_characters_are_a_document(written in "\\PC{0,60}") {
        assert_valid(&document(&written));
    }

    #[test]
    fn what_was_written_reads_as_what_was_meant(row in vec(any::<u8>(), 0..60)) {
        let meant = Choices::new(&row).text(PARTS, 30);
        let meant = markdown::read(&meant);
        let written = markdown::write(&meant);
        prop_assert_eq!(markdown::read(&written), meant, "{}", written);
    }
}

#[test]
fn a_letter_that_is_written_by_its_number_leaves_the_sign_before_it_as_it_was() {
    for meant in ["\\\\…**\\~**", "*x* __y a\\_é**(b)**__", "\\_b**!**", "\\\\\\_…**!**"] {
        let meant = markdown::read(meant);
        let written = markdown::write(&meant);
        assert_eq!(markdown::read(&written), meant, "{written}");
    }
}

#[test]
fn a_letter_that_makes_way_is_no_letter_to_what_opens_before_it() {
    let meant = markdown::read("~~b &#99;**&#120;*\\****~~");
    assert_eq!(markdown::write(&meant), "~~b &#99;**&#120;*\\****~~");
}

#[test]
fn a_target_with_a_line_end_is_written_the_same_once_it_is_an_address() {
    let first = markdown::write(&markdown::read("[a](<b&#10;c> \"d\")"));
    assert_eq!(first, "[a](b%0Ac \"d\")");
    assert_eq!(markdown::write(&markdown::read(&first)), first);
}

#[test]
fn a_space_before_a_tag_without_text_is_the_end_of_the_line() {
    assert_eq!(markdown::write(&markdown::read("*a <u></u>*")), "*a*");
}
