//! The tickets in `tickets/`, which are not touched.

use std::path::Path;

use usher_adapter_sdk::{
    message::{Criteria, Include, OptionsScope, Query, Raw, Sort, SortField, Source},
    model::{LinkKind, StatusCategory, TypeLevel, Visibility},
    testkit::Kit,
};

use crate::shelf::{all_pages, keys, kit, tickets};

fn samples() -> Kit {
    kit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tickets"), r#","me":"mara""#)
}

fn found(query: &Query) -> Vec<String> {
    let page = samples().search(query, Include::SUMMARY, None).unwrap();
    page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()).collect()
}

#[test]
fn every_sample_is_a_ticket() {
    let pages = all_pages(&samples(), &Criteria::default(), Include::EVERYTHING).unwrap();
    assert!(pages.iter().all(|page| page.head().errors.is_empty()), "{pages:?}");
    let tickets = tickets(&pages);
    assert_eq!(tickets.len(), 25);
    assert_eq!(pages[0].head().total, Some(25));
    for ticket in &tickets {
        assert!(ticket.created_at.is_some() && ticket.updated_at >= ticket.created_at, "{}", ticket.key);
        assert!(!ticket.ticket_type.level.is_unknown() && !ticket.priority.level.is_unknown(), "{}", ticket.key);
    }
    let unknown: Vec<_> = tickets.iter().filter(|ticket| ticket.status.category.is_unknown()).collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].status.native.name, "marinating");
}

#[test]
fn the_file_in_the_readme_is_a_ticket() {
    let readme = include_str!("../../README.md");
    let (_, file) = readme.split_once("```markdown\n").unwrap();
    let (file, _) = file.split_once("```").unwrap();
    let ticket =
        samples().normalize(None, &Raw::main(file.replacen("title:", "key: SHOP-12\ntitle:", 1)), Source::Direct);
    let ticket = ticket.unwrap();
    assert_eq!((ticket.links.len(), ticket.notes.unwrap().len()), (3, 1));
    assert_eq!(ticket.body.unwrap().markdown, "The body, Markdown.");
}

#[test]
fn a_ticket_is_read_with_its_conversation_and_its_files() {
    let ticket = samples().get("SHOP-3", Include::EVERYTHING).unwrap();
    assert_eq!(ticket.title, "Checkout button is dead on Safari");
    assert_eq!(ticket.status.category, StatusCategory::InProgress);
    assert_eq!(ticket.ticket_type.level, TypeLevel::Bug);
    assert_eq!(ticket.parent.unwrap().key.as_str(), "SHOP-1");
    assert_eq!(ticket.links[0].kind, LinkKind::Blocks);
    assert_eq!(ticket.branch_summary, "checkout-button-is-dead-on-safari");
    let notes = ticket.notes.unwrap();
    assert_eq!(notes.len(), 4);
    assert_eq!((notes[2].in_reply_to.as_deref(), &notes[2].visibility), (Some("2"), &Visibility::Internal));
    assert!(notes[2].body.markdown.starts_with("Sorry!") && notes[2].body.markdown.ends_with("`click`."));
    let files: Vec<_> = ticket.attachments.unwrap().into_iter().map(|file| (file.name, file.media_type)).collect();
    assert_eq!(files[0], ("affected-orders.csv".to_owned(), Some("text/csv".to_owned())));
    assert_eq!(files.len(), 2);
    assert_eq!(ticket.custom_fields.unwrap().len(), 3);
}

#[test]
fn a_body_with_rules_and_headings_is_read_as_a_whole() {
    let ticket = samples().get("SHOP-12", Include::EVERYTHING).unwrap();
    let body = ticket.body.unwrap().markdown;
    assert!(body.starts_with("# Plan\n") && body.ends_with("only a comment line begins a note."), "{body}");
    assert_eq!(body.matches("\n---\n").count(), 2);
    assert_eq!(ticket.notes.unwrap(), []);
}

#[test]
fn raw_is_the_file_as_it_is() {
    let mut include = Include::default();
    include.raw = true;
    let ticket = samples().get("SHOP-11", include).unwrap();
    let raw = ticket.raw.unwrap();
    let text: String = raw["main"].decode().unwrap();
    assert!(text.contains("x_review:\n  by: [ines, mara]\n"));
}

#[test]
fn a_search_finds_words_in_titles_bodies_and_notes() {
    assert_eq!(found(&Query::text("PAYMENT embarrassing")), Vec::<String>::new());
    assert_eq!(found(&Query::text("CARD embarrassing")), ["SHOP-5"]);
    assert_eq!(found(&Query::text("größentabelle FÜR")), ["SHOP-6"]);
    assert_eq!(found(&Query::text("safari BUTTON form.elements")), ["SHOP-3"]);
    let open = Criteria::default().with_is_open(true).with_project(vec!["OPS".to_owned()]);
    assert_eq!(found(&Query::text("search").with_criteria(open)), ["OPS-4"]);
    assert!(samples().search(&Query::native("status = open"), Include::SUMMARY, None).is_err());
}

#[test]
fn people_find_their_work() {
    let mine = Criteria::default().with_assignee(vec!["@me".to_owned()]).with_is_open(true);
    assert_eq!(keys(&samples(), &mine), ["OPS-7", "SHOP-1", "SHOP-3", "SHOP-5"]);
    let nobodys =
        Criteria::default().with_assignee(vec!["@none".to_owned()]).with_status_category([StatusCategory::Todo]);
    assert_eq!(keys(&samples(), &nobodys), ["OPS-6", "OPS-8", "SHOP-7", "SHOP-14"]);
    let by_priority = Criteria::default().with_is_open(true).with_sort(Sort::by(SortField::Priority));
    assert_eq!(keys(&samples(), &by_priority)[..3], ["OPS-6", "SHOP-5", "OPS-7"]);
}

#[test]
fn options_are_the_known_words_and_those_in_use() {
    let options = samples().options(&OptionsScope::default().with_project("SHOP".to_owned())).unwrap();
    let states: Vec<_> = options.states.unwrap().into_iter().map(|state| state.native.name).collect();
    assert!(states.contains(&"in progress".to_owned()) && states.contains(&"marinating".to_owned()), "{states:?}");
    let milestones: Vec<_> = options.containers.unwrap().into_iter().map(|milestone| milestone.name).collect();
    assert_eq!(milestones, ["Spring release", "Summer release"]);
    let fields: Vec<_> = options.fields.unwrap().into_iter().map(|field| (field.id, field.required)).collect();
    assert!(fields.contains(&("title".to_owned(), true)) && fields.contains(&("browser".to_owned(), false)));
    let projects: Vec<_> = options.projects.unwrap().into_iter().map(|project| project.key).collect();
    assert_eq!(projects, ["OPS", "SHOP"]);
    assert!(options.transitions.is_none() && options.labels.unwrap().contains(&"übersetzung".to_owned()));
}
