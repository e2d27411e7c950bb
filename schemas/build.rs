//! Lists the schema files, so that no file has to: the folder is the list.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut list = String::from("[\n");
    for folder in ["", "auth"] {
        println!("cargo::rerun-if-changed={}", Path::new(&root).join(folder).display());
        let mut names = Vec::new();
        for entry in fs::read_dir(Path::new(&root).join(folder))? {
            let name =
                entry?.file_name().into_string().map_err(|name| io::Error::other(format!("{name:?}")))?;
            // cargo puts a hidden file into a package
            let is_hidden = name.starts_with('.');
            if name.ends_with(".json") && !name.ends_with(".bundle.json") && !is_hidden {
                names.push(name);
            }
        }
        names.sort();
        for name in names {
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            writeln!(
                list,
                "    File {{ path: {path:?}, text: include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{path}\")) }},"
            )
            .map_err(io::Error::other)?;
        }
    }
    list.push(']');
    fs::write(Path::new(&out).join("files.rs"), list)
}
