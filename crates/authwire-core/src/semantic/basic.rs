//! `basic` and `digest`: what a user name may hold.

use super::Check;
use crate::finding::Code;
use crate::plan::Template;
use crate::username::{self, Objection};

impl Check<'_, '_> {
    pub(super) fn basic(&mut self, username: &Template) {
        self.username(username, username::in_basic);
    }

    pub(super) fn digest(&mut self, username: &Template) {
        self.username(username, username::in_digest);
    }

    fn username(&mut self, username: &Template, objection: fn(&str) -> Option<Objection>) {
        let Some((name, field)) = self.written(username) else { return };
        if let Some((wrong, help)) = objection(&name) {
            self.add(self.at(field, Code::Username, wrong).help(help));
        }
    }
}
