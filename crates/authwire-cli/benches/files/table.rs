//! What a benchmark has to tell, for people and, where `AUTHWIRE_BENCH_JSON` names a file, for `cargo xtask bench`.

use std::error::Error;
use std::{env, fmt, fs};

use serde::Serialize;

/// Contenders side by side.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) note: String,
    pub(crate) rows: Vec<Row>,
}

/// A contender.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// Its value beside that of the first row.
    pub(crate) ratio: f64,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} | {} | ratio |\n| --- | ---: | ---: |", self.title, self.unit)?;
        for Row { name, value, ratio } in &self.rows {
            writeln!(f, "| {name} | {value:.2} | {ratio:.2} |")?;
        }
        Ok(())
    }
}

/// Writes the tables where a file for them is named.
pub(crate) fn publish(bench: &str, tables: &[Table]) -> Result<(), Box<dyn Error>> {
    #[derive(Serialize)]
    struct Bench<'b> {
        bench: &'b str,
        tables: &'b [Table],
    }
    if let Some(path) = env::var_os("AUTHWIRE_BENCH_JSON") {
        fs::write(path, serde_json::to_string_pretty(&Bench { bench, tables })?)?;
    }
    Ok(())
}
