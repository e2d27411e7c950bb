//! How much code each schema becomes: lines as rustfmt would have them, and the rows of its tables.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use authwire_codegen::name::type_name;
use authwire_codegen::rust::{self, Target};
use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{AuthType, Library};

/// The table, for the built-in auth types, or for the one in a schema file.
pub(crate) fn report(file: Option<&Path>) -> Result<String, String> {
    let mut library = Library::new(is_valid_tree);
    let types = match file {
        Some(path) => {
            let read = authwire_schema::read_auth_type(&mut library, path);
            vec![read.map_err(|problems| problems.to_string())?.0]
        }
        None => authwire_schema::builtin(&mut library).map_err(|problems| problems.to_string())?.auth,
    };
    let mut table = format!("{:28} {:>6} {:>6} {:>6}\n", "schema", "lines", "nodes", "rows");
    for auth in &types {
        let (nodes, rows) = (auth.schema.nodes.len(), rows(auth));
        let _ = writeln!(table, "{:28} {:>6} {nodes:>6} {rows:>6}", auth.name, lines(auth)?);
    }
    Ok(table)
}

fn rows(auth: &AuthType) -> usize {
    auth.schema.nodes.iter().map(|node| node.keywords.len()).sum()
}

fn lines(auth: &AuthType) -> Result<usize, String> {
    let target = Target {
        name: type_name(&auth.name),
        visibility: parsed("pub")?,
        krate: parsed("::authwire")?,
        bundle: None,
    };
    let code = rust::auth_type(auth, &target).to_string();
    let failed = |error: std::io::Error| format!("rustfmt does not run: {error}");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(failed)?;
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(code.as_bytes()));
    written.map_err(failed)?;
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("rustfmt does not read what `{}` becomes", auth.name));
    }
    Ok(output.stdout.iter().filter(|byte| **byte == b'\n').count())
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no Rust"))
}
