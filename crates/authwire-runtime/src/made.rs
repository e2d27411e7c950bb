//! What a plan makes afresh: `make: {NAME: …}`.
//!
//! A thing is made when it is first read, and once for each request.

use std::cell::RefCell;
use std::time::SystemTime;

use authwire_core::plan::Made;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::jwt::claims;
use crate::material::Material;
use crate::phrase::Phrase;
use crate::template::{Maker, Scope};

/// Makes things for one request.
pub(crate) struct Fresh<'m> {
    material: &'m Material,
    connector: &'m str,
    now: SystemTime,
    made: RefCell<Vec<Thing>>,
}

struct Thing {
    index: u8,
    value: Zeroizing<String>,
    ends_at: SystemTime,
}

impl<'m> Fresh<'m> {
    /// Makes things of `material` at the time `now`.
    pub(crate) fn new(material: &'m Material, connector: &'m str, now: SystemTime) -> Self {
        Self { material, connector, now, made: RefCell::default() }
    }

    /// What was made.
    pub(crate) fn made(&self) -> Vec<Zeroizing<String>> {
        self.made.borrow().iter().map(|thing| thing.value.clone()).collect()
    }

    /// When the first of what was made ends.
    pub(crate) fn ends_at(&self) -> Option<SystemTime> {
        self.made.borrow().iter().map(|thing| thing.ends_at).min()
    }
}

impl Maker for Fresh<'_> {
    fn make(&self, index: u8) -> Result<Phrase, Error> {
        let shown = || format!("<{}>", name(self.material, index));
        let before =
            self.made.borrow().iter().find(|thing| thing.index == index).map(|thing| thing.value.clone());
        if let Some(value) = before {
            return Ok(Phrase::hidden(value, shown()).into_secret());
        }
        // nothing made is made of another
        let named = Named(self.material);
        let scope = Scope::bare(self.material, self.connector, &named);
        let Some(make) = self.material.plan().make.get(usize::from(index)) else {
            return Err(Error::Internal { message: "the plan reads what it does not make" });
        };
        let (value, ends_at) = match &make.what {
            Made::Jwt(jwt) => claims::sign(&scope, jwt, self.now)?,
        };
        self.made.borrow_mut().push(Thing { index, value: value.clone(), ends_at });
        Ok(Phrase::hidden(value, shown()).into_secret())
    }
}

/// Names what would be made, for an explanation.
pub(crate) struct Named<'m>(pub(crate) &'m Material);

impl Maker for Named<'_> {
    fn make(&self, index: u8) -> Result<Phrase, Error> {
        Ok(Phrase::unknown(format!("<{}>", name(self.0, index))).into_secret())
    }
}

fn name(material: &Material, index: u8) -> String {
    material.plan().make.get(usize::from(index)).map_or_else(String::new, |make| make.name.to_string())
}
