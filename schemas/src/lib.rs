//! Authwire's schema files, as data: the source of truth for every auth type.
//!
//! The files stand in this folder; the list of them is the folder itself.

/// A schema file.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its path below `schemas/`, with `/`: `auth/basic_auth.json`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl File {
    /// Whether it describes an auth type, and which: `basic_auth` for `auth/basic_auth.json`.
    #[must_use]
    pub fn auth_type(&self) -> Option<&'static str> {
        self.path.strip_prefix("auth/")?.strip_suffix(".json")
    }
}

/// Every schema file: those of the folder itself, then the auth types, by name.
pub const FILES: &[File] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));
