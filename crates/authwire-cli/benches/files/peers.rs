//! The other command lines that check JSON files against a schema: installed once, in the versions that are named here.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::contender::Contender;

const NODE: [&str; 3] = ["@sourcemeta/jsonschema@16.11.0", "ajv-cli@5.0.0", "ajv@8.20.0"];
const PYTHON: [&str; 1] = ["check-jsonschema==0.39.0"];

/// What a table says of them.
pub(crate) const VERSIONS: &str = "The peers are @sourcemeta/jsonschema 16.11.0, ajv-cli 5.0.0 with ajv 8.20.0, and check-jsonschema 0.39.0.";

/// The peers, installed in a folder.
#[derive(Debug)]
pub(crate) struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Installs what is missing in `folder`.
    pub(crate) fn install(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let stamp = folder.join("installed");
        let wanted = [&NODE[..], &PYTHON].concat().join("\n");
        if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
            eprintln!("files: installing {} in {}", wanted.replace('\n', ", "), folder.display());
            fs::create_dir_all(folder)?;
            let venv = folder.join("venv");
            run(Command::new("npm")
                .args(["install", "--silent", "--no-save", "--prefix"])
                .arg(folder)
                .args(NODE))?;
            run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
            run(Command::new(venv.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet"])
                .args(PYTHON))?;
            fs::write(stamp, wanted)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Each peer, checking `files` against `schema`. `invalid` is 1 where they are not valid, 0 where they are.
    pub(crate) fn contenders(&self, schema: &Path, files: &[PathBuf], invalid: i32) -> Vec<Contender> {
        let npm = |program| self.folder.join("node_modules/.bin").join(program);
        // they take seconds: a few rounds tell as much
        let rounds = if files.len() > 1000 { 2 } else { 11 };
        // of a document that is not valid the fast way tells less; its status is then 2
        let options: &[&str] =
            if invalid == 0 { &["validate", "--fast"] } else { &["validate", "--continue"] };
        let sourcemeta = Contender::new("@sourcemeta/jsonschema (C++)", self.sourcemeta(), 2 * invalid);
        let mut ajv = Contender::new("ajv-cli (Node)", npm("ajv"), invalid)
            .arguments(&["validate", "--spec=draft2020", "--strict=false", "-s"])
            .path(schema);
        for file in files {
            ajv = ajv.arguments(&["-d"]).path(file);
        }
        let python = self.folder.join("venv/bin/check-jsonschema");
        let python =
            Contender::new("check-jsonschema (Python)", python, invalid).arguments(&["--schemafile"]);
        [sourcemeta.arguments(options).path(schema).files(files), ajv, python.path(schema).files(files)]
            .into_iter()
            .map(|contender| contender.rounds(rounds))
            .collect()
    }

    /// The program that its package carries: what npm puts into the path starts Node first.
    fn sourcemeta(&self) -> PathBuf {
        let system = if std::env::consts::OS == "macos" { "darwin" } else { std::env::consts::OS };
        let processor = if std::env::consts::ARCH == "aarch64" { "arm64" } else { std::env::consts::ARCH };
        let programs = self.folder.join("node_modules/@sourcemeta/jsonschema/build/github-releases");
        programs.join(format!("jsonschema-{system}-{processor}"))
    }
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
