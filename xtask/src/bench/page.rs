//! The page `docs/benchmarks.md`: each benchmark with its command, and its tables with a chart each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::result::{Outcome, Table};
use super::{chart, told};

const HEAD: &str = "\
<!-- Written by `cargo xtask bench`: run it again instead of changing this. -->
# Benchmarks

How fast Authwire is beside what else there is. Every table is one run in which the contenders took turns, so its ratios hold
where its values depend on the machine's mood. `cargo xtask bench` runs all of it and writes this page, `cargo xtask bench NAME`
renews one part.
";

/// Writes the page and its charts, and removes charts that no table has any more. Returns how many charts there are.
pub(super) fn write(root: &Path, outcomes: &[Outcome]) -> Result<usize, String> {
    let folder = root.join("docs/benchmarks");
    let mut charts = BTreeSet::new();
    for outcome in outcomes {
        for (index, table) in outcome.tables.tables.iter().enumerate() {
            let name = chart_name(outcome, index);
            let path = folder.join(&name);
            fs::write(&path, chart::chart(table)).map_err(|error| told(&path, &error))?;
            charts.insert(name);
        }
    }
    let entries = fs::read_dir(&folder).map_err(|error| told(&folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| told(&folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".svg") && !charts.contains(&name) {
            fs::remove_file(entry.path()).map_err(|error| told(&entry.path(), &error))?;
        }
    }
    let path = root.join("docs/benchmarks.md");
    fs::write(&path, page(outcomes)).map_err(|error| told(&path, &error))?;
    Ok(charts.len())
}

fn page(outcomes: &[Outcome]) -> String {
    let mut page = HEAD.to_owned();
    for outcome in outcomes {
        let _ = write!(
            page,
            "\n## {}\n\n`{}`, {}. {}.",
            outcome.tables.bench, outcome.command, outcome.date, outcome.machine
        );
        if !outcome.versions.is_empty() {
            let _ = write!(page, " Beside {}.", outcome.versions.join(", "));
        }
        page.push('\n');
        for (index, table) in outcome.tables.tables.iter().enumerate() {
            section(&mut page, table, &chart_name(outcome, index));
        }
    }
    page
}

fn section(page: &mut String, table: &Table, chart: &str) {
    let _ = write!(page, "\n### {}\n\n", table.title);
    if !table.note.is_empty() {
        let _ = write!(page, "{}\n\n", table.note);
    }
    let _ = write!(
        page,
        "![{0}](benchmarks/{chart})\n\n| | {1} | ratio |\n| --- | ---: | ---: |\n",
        table.title, table.unit
    );
    for row in &table.rows {
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            row.name.replace('|', "\\|"),
            number(row.value),
            number(row.ratio)
        );
    }
}

fn chart_name(outcome: &Outcome, index: usize) -> String {
    format!("{}-{}.svg", outcome.tables.bench, index + 1)
}

/// Three digits that count, or all before the point.
pub(super) fn number(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::result::Tables;
    use super::{Outcome, page};

    #[test]
    fn a_page_names_what_was_run_and_where_and_shows_every_row() {
        let result = br#"{"bench": "files", "tables": [{"title": "One file", "unit": "ms", "note": "A note.", "rows":
            [{"name": "authwire | x", "value": 1.234, "ratio": 1}, {"name": "ajv", "value": 361.4, "ratio": 292.9}]}]}"#;
        let outcome = Outcome {
            command: "cargo bench --bench files".to_owned(),
            date: "2026-11-27".to_owned(),
            machine: "2 cores, Rust 1.95.0".to_owned(),
            versions: vec!["ajv 8".to_owned()],
            tables: Tables::from_json(result).unwrap(),
        };
        let page = page(&[outcome]);
        let wanted = "## files\n\n`cargo bench --bench files`, 2026-11-27. 2 cores, Rust 1.95.0. Beside ajv 8.\n\n### One file\n\n\
            A note.\n\n![One file](benchmarks/files-1.svg)\n\n| | ms | ratio |\n| --- | ---: | ---: |\n\
            | authwire \\| x | 1.23 | 1.00 |\n| ajv | 361 | 293 |\n";
        assert!(page.ends_with(wanted), "{page}");
    }
}
