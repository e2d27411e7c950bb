//! `authwire validate` on 1, 100 and 10,000 files, beside the other command lines that check JSON against a schema, beside
//! reading the files, and beside a process that does nothing. In one run, by turns. Prints ratios: seconds depend on the
//! machine's mood.
//!
//! `cargo bench -p authwire-cli --bench files`
//!
//! The peers are installed below `target/` by the first run. They check the bundle of the connector's schema; what is beyond a
//! schema they don't look for.

#![allow(missing_docs, reason = "a program")]

mod contender;
mod peers;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use authwire_chores::corpus::ConnectorFiles;
use authwire_core::interpreter::is_valid_tree;
use authwire_runtime::judge::Expert;
use authwire_schema::Library;
use contender::{Contender, compare};
use peers::Peers;

const FILES: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files");
    let peers = Peers::install(&target.join("peers"))?;
    let mut library = Library::new(is_valid_tree);
    let builtin = authwire_schema::builtin(&mut library).map_err(|problems| problems.to_string())?;
    let bundle = target.join("connector.schema.json");
    fs::write(&bundle, authwire_schema::bundle(&library, &builtin.connector, &builtin.auth))?;
    let mut corpus = ConnectorFiles::new(&builtin, Some(&Expert), 1);
    let valid = written(&target.join("valid"), || corpus.valid())?;
    let invalid = written(&target.join("invalid"), || corpus.invalid())?;

    let mut tables = Vec::new();
    for count in [1, 100, FILES] {
        eprintln!("files: {count} valid");
        // few rounds where one takes long
        let rounds =
            [(1, 101), (100, 31)].iter().find(|(few, _)| count <= *few).map_or(7, |(_, rounds)| *rounds);
        let mut contenders = vec![
            authwire(&[], &valid[..count]),
            Contender::new("cat", "cat", 0).files(&valid[..count]),
            Contender::new("a process that does nothing", "true", 0),
        ];
        contenders.extend(peers.contenders(&bundle, &valid[..count], 0));
        let title = format!("Checking {count} valid file{}", if count == 1 { "" } else { "s" });
        tables.push(compare(&title, peers::VERSIONS, rounds, contenders)?);
    }
    eprintln!("files: {FILES} invalid");
    let mut contenders = vec![
        authwire(&["--format", "json"], &invalid),
        authwire(&["--format", "sarif"], &invalid),
        authwire(&["--format", "human"], &invalid),
        Contender::new("cat", "cat", 0).files(&invalid),
    ];
    contenders.extend(peers.contenders(&bundle, &invalid, 1));
    tables.push(compare(&format!("Reporting on {FILES} invalid files"), peers::VERSIONS, 3, contenders)?);
    authwire_benches::publish("files", &tables)?;
    Ok(())
}

/// `authwire validate` with these options on these files.
fn authwire(options: &[&str], files: &[PathBuf]) -> Contender {
    let name = format!("authwire validate {}", options.join(" "));
    let status = i32::from(!options.is_empty());
    Contender::new(name.trim(), env!("CARGO_BIN_EXE_authwire"), status)
        .arguments(&["validate"])
        .arguments(options)
        .files(files)
}

/// Writes the files, anew each time: the schemas may have changed.
fn written(folder: &Path, mut next: impl FnMut() -> String) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut paths = Vec::with_capacity(FILES);
    for index in 1..=FILES {
        let path = folder.join(format!("{index:05}.json"));
        fs::write(&path, next())?;
        paths.push(path);
    }
    Ok(paths)
}
