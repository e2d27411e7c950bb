//! `basic` and `digest`: what a user name may hold (RFC 7617 §2, RFC 7616 §4).

use super::Check;
use crate::finding::Code;
use crate::plan::Template;

impl Check<'_, '_> {
    pub(super) fn basic(&mut self, username: &Template) {
        let Some((name, field)) = self.written(username) else { return };
        let (wrong, help) = if name.contains(':') {
            (
                "a user name for Basic cannot hold a colon: the server would take what follows for the password",
                "RFC 7617 §2; put what follows the colon into the password",
            )
        } else if name.chars().any(char::is_control) {
            ("a user name for Basic cannot hold a control character", "RFC 7617 §2: take it out")
        } else {
            return;
        };
        self.add(self.at(field, Code::Username, wrong).help(help));
    }

    /// A colon ends the name in what is digested.
    pub(super) fn digest(&mut self, username: &Template) {
        let Some((name, field)) = self.written(username) else { return };
        if name.contains(':') || name.chars().any(char::is_control) {
            let wrong = "a user name for Digest can hold neither a colon nor a control character";
            self.add(self.at(field, Code::Username, wrong).help("RFC 7616 §4: take another account"));
        }
    }
}
