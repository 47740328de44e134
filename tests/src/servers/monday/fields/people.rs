//! What people and their account have.

use super::{Field, Node, View, leaf};

impl View<'_> {
    pub(super) fn account(&self, name: &str) -> Option<Field> {
        Some(match name {
            "id" => leaf("1"),
            "name" => leaf(self.state.name.as_str()),
            "slug" => leaf(self.state.slug.as_str()),
            "tier" => leaf("pro"),
            _ => return None,
        })
    }

    pub(super) fn user(&self, place: usize, name: &str) -> Option<Field> {
        let user = &self.state.users[place];
        Some(match name {
            "id" => leaf(user.id.as_str()),
            "account" => Field::One(Some(Node::Account)),
            "email" => leaf(user.email.as_str()),
            "name" => leaf(user.name.as_str()),
            "time_zone_identifier" => leaf("Europe/Berlin"),
            "url" => leaf(format!("https://{}.monday.com/users/{}", self.state.slug, user.id)),
            _ => return None,
        })
    }
}
