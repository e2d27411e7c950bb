//! The `authwire` program that this workspace builds, in a folder with a connector file.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use authwire_tests::program::{self, Run};
use serde_json::Value;

/// A folder with a connector file, `connector.json`, in which the program runs. Goes with the value.
pub(crate) struct Folder(program::Folder);

impl Folder {
    /// A folder whose `connector.json` is this.
    pub(crate) fn with(connector: &Value) -> Self {
        Self::with_text(&format!("{connector:#}\n"))
    }

    /// A folder whose `connector.json` is this text, JSON or not.
    pub(crate) fn with_text(text: &str) -> Self {
        let folder = program::Folder::new(program());
        folder.write("connector.json", text);
        Self(folder)
    }

    /// Runs the program in this folder, with these environment variables and no others.
    pub(crate) fn run(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Run {
        self.0.run(environment, arguments, b"")
    }
}

impl Deref for Folder {
    type Target = program::Folder;

    fn deref(&self) -> &program::Folder {
        &self.0
    }
}

/// Where the program is.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| authwire_tests::built("authwire-cli", "authwire"))
}
