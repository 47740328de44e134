//! People, teams and services.

use usher_adapter_sdk::model::{User, UserKind};

use crate::api::{self, Identity};

/// What the descriptors of accounts begin with, sorted.
///
/// <https://learn.microsoft.com/azure/devops/integrate/concepts/security-identifiers>
const KINDS: &[(&str, UserKind)] = &[
    ("aad", UserKind::Person),
    ("aadgp", UserKind::Group),
    ("aadsp", UserKind::Bot),
    ("msa", UserKind::Person),
    ("svc", UserKind::Bot),
    ("vssgp", UserKind::Group),
    ("win", UserKind::Person),
];

/// Returns somebody.
pub(crate) fn user(identity: &Identity<'_>) -> User {
    match identity {
        Identity::Named(text) => named(text),
        Identity::Whole(person) => {
            let handle = person.unique_name.as_deref().filter(|name| !name.is_empty());
            let name = person.display_name.as_deref().filter(|name| !name.is_empty());
            let id = person.id.as_deref().filter(|id| !id.is_empty()).or(handle).or(name).unwrap_or_default();
            let kind = match person.is_container {
                Some(true) => UserKind::Group,
                _ => person.descriptor.as_deref().map(kind).unwrap_or_default(),
            };
            known(id, handle, name).with_kind(kind)
        }
    }
}

/// Returns somebody, if there is anybody: an empty name is nobody.
pub(crate) fn somebody(identity: Option<&Identity<'_>>) -> Option<User> {
    identity.map(user).filter(|user| !user.id.is_empty())
}

/// Returns whoever the credentials belong to.
pub(crate) fn me(me: &api::Me) -> User {
    let name = me.custom_display_name.as_deref().or(me.provider_display_name.as_deref());
    let kind = me.subject_descriptor.as_deref().map(kind).unwrap_or_default();
    known(&me.id, account(me), name).with_kind(kind)
}

/// Returns the name that the credentials' account signs in with.
fn account(me: &api::Me) -> Option<&str> {
    me.properties.get("Account").and_then(|property| property.value.as_ref()?.as_str())
}

/// Returns the name by which somebody of the directory is written into a field.
pub(crate) fn directory(person: &api::Directory) -> Option<&str> {
    let account = person.properties.get("Account").and_then(|property| property.value.as_ref()?.as_str());
    account.or(person.provider_display_name.as_deref())
}

/// Reads `Mara Lind <mara@acme.example>`, as older versions write somebody.
fn named(text: &str) -> User {
    let parts = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    match parts {
        Some((name, handle)) => known(handle.trim(), Some(handle.trim()), Some(name.trim())),
        None => known(text, None, Some(text)),
    }
}

fn known(id: &str, handle: Option<&str>, name: Option<&str>) -> User {
    User::new(id)
        .with_handle(handle.map(str::to_owned))
        .with_display_name(name.map(str::to_owned))
        .with_email(handle.filter(|handle| handle.contains('@')).map(str::to_owned))
}

fn kind(descriptor: &str) -> UserKind {
    let start = descriptor.split_once('.').map_or("", |(start, _)| start);
    super::words::word(KINDS, start).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted() {
        assert!(KINDS.is_sorted_by_key(|(start, _)| *start));
        assert_eq!(kind("aad.YTkz"), UserKind::Person);
        assert!(kind("bnd.x").is_unknown() && kind("aad").is_unknown());
    }

    #[test]
    fn somebody_is_read_from_an_object_and_from_a_string() {
        let read = |json: &str| user(&serde_json::from_str::<Identity<'_>>(json).unwrap());
        let mara =
            read(r#"{"displayName":"Mara Lind","uniqueName":"mara@acme.example","id":"7","descriptor":"aad.x"}"#);
        assert_eq!(
            (mara.id.as_str(), mara.email.as_deref(), &mara.kind),
            ("7", Some("mara@acme.example"), &UserKind::Person)
        );
        let mara = read(r#""Mara Lind <mara@acme.example>""#);
        assert_eq!(
            (mara.handle.as_deref(), mara.display_name.as_deref()),
            (Some("mara@acme.example"), Some("Mara Lind"))
        );
        let team = read(r#"{"displayName":"[Web]\\Team","uniqueName":"","isContainer":true}"#);
        assert_eq!((team.id.as_str(), team.handle, team.kind), ("[Web]\\Team", None, UserKind::Group));
        assert_eq!(read(r#""Mara""#).id, "Mara");
        assert_eq!(somebody(Some(&Identity::Named("".into()))), None);
    }
}
