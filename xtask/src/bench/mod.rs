//! `cargo xtask bench`: runs the benchmarks and writes `docs/benchmarks.md` with a chart for each table.
//!
//! A benchmark is a program (`cargo bench`, or a script) that writes what it has to tell as JSON where `AUTHWIRE_BENCH_JSON`
//! says. Results are kept in `docs/benchmarks/`, one file for each benchmark, so that one can be run alone.

mod chart;
mod page;
mod result;
mod surroundings;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use result::{Outcome, Tables};

/// The variable that tells a benchmark where to write.
const VARIABLE: &str = "AUTHWIRE_BENCH_JSON";

/// A program that measures.
#[derive(Debug, PartialEq, Eq)]
struct Bench {
    name: String,
    /// The command, as it stands on the page.
    command: Vec<String>,
}

impl Bench {
    fn new(name: &str, command: &[&str]) -> Self {
        Self { name: name.to_owned(), command: command.iter().map(|&word| word.to_owned()).collect() }
    }
}

/// Runs the benchmarks `names`, or all of them, and writes the page. `--page` runs none.
pub(crate) fn run(root: &Path, names: &[&str]) -> Result<String, String> {
    let folder = root.join("docs/benchmarks");
    let metadata = surroundings::metadata(root)?;
    let benches = benches(&metadata);
    let chosen: Vec<&Bench> = match names {
        ["--page"] => Vec::new(),
        [] => benches.iter().collect(),
        names => names.iter().map(|name| named(&benches, name)).collect::<Result<_, _>>()?,
    };
    fs::create_dir_all(&folder).map_err(|error| told(&folder, &error))?;
    for bench in &chosen {
        let tables = measure(root, bench)?;
        let outcome = Outcome::new(bench.command.join(" "), tables, &metadata);
        let path = folder.join(format!("{}.json", bench.name));
        fs::write(&path, outcome.to_json()).map_err(|error| told(&path, &error))?;
    }
    let mut outcomes = Vec::new();
    for bench in &benches {
        let path = folder.join(format!("{}.json", bench.name));
        match fs::read(&path) {
            Ok(bytes) => outcomes.push(Outcome::from_json(&bytes).map_err(|why| told(&path, &why))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(told(&path, &error)),
        }
    }
    let charts = page::write(root, &outcomes)?;
    Ok(format!("docs/benchmarks.md: {} benchmarks, {charts} charts", outcomes.len()))
}

/// Every bench target of the workspace, and the scripts that measure builds and count instructions.
fn benches(metadata: &Value) -> Vec<Bench> {
    let mut benches = Vec::new();
    let members = metadata["workspace_members"].as_array();
    let is_own = |package: &&Value| members.is_some_and(|members| members.contains(&package["id"]));
    for package in metadata["packages"].as_array().into_iter().flatten().filter(is_own) {
        for target in package["targets"].as_array().into_iter().flatten() {
            let is_bench =
                target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "bench"));
            if let (true, Some(package), Some(name)) =
                (is_bench, package["name"].as_str(), target["name"].as_str())
            {
                benches
                    .push(Bench::new(name, &["cargo", "bench", "--locked", "-p", package, "--bench", name]));
            }
        }
    }
    benches.push(Bench::new("build-times", &["scripts/build-times"]));
    benches.push(Bench::new("instruction-counts", &["scripts/instruction-counts", "--bench"]));
    benches
}

fn named<'b>(benches: &'b [Bench], name: &str) -> Result<&'b Bench, String> {
    benches.iter().find(|bench| bench.name == name).ok_or_else(|| {
        let known: Vec<&str> = benches.iter().map(|bench| bench.name.as_str()).collect();
        format!("there is no benchmark `{name}`; there are {}", known.join(", "))
    })
}

/// Runs a benchmark, which talks for itself, and reads what it wrote.
fn measure(root: &Path, bench: &Bench) -> Result<Tables, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("a folder for results: {error}"))?;
    let path = folder.path().join("result.json");
    let command = bench.command.join(" ");
    let mut words = bench.command.iter();
    let program =
        words.next().map(|word| if word.contains('/') { root.join(word) } else { PathBuf::from(word) });
    let status = Command::new(program.ok_or("a benchmark without a command")?)
        .args(words)
        .current_dir(root)
        .env(VARIABLE, &path)
        .status()
        .map_err(|error| format!("`{command}` does not run: {error}"))?;
    if !status.success() {
        return Err(format!("`{command}` ended with {status}"));
    }
    let bytes = fs::read(&path).map_err(|_| format!("`{command}` wrote no result to {VARIABLE}"))?;
    Tables::from_json(&bytes).map_err(|why| format!("the result of `{command}`: {why}"))
}

fn told(path: &Path, error: &impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{Bench, benches, named};
    use serde_json::json;

    #[test]
    fn every_bench_target_is_a_benchmark_and_the_scripts_are_too() {
        let targets = json!([{"kind": ["lib"], "name": "a"}, {"kind": ["bench"], "name": "parse"}]);
        let own = json!({"name": "a", "id": "a 1", "targets": targets});
        let strangers = json!({"name": "b", "id": "b 2", "targets": targets});
        let benches = benches(&json!({"packages": [own, strangers], "workspace_members": ["a 1"]}));
        let parse = Bench::new("parse", &["cargo", "bench", "--locked", "-p", "a", "--bench", "parse"]);
        let build_times = Bench::new("build-times", &["scripts/build-times"]);
        let counts = Bench::new("instruction-counts", &["scripts/instruction-counts", "--bench"]);
        assert_eq!(benches, [parse, build_times, counts]);
        assert_eq!(
            named(&benches, "pares").unwrap_err(),
            "there is no benchmark `pares`; there are parse, build-times, instruction-counts"
        );
    }
}
