//! What the benchmarks share: contenders side by side, told to people and, where `AUTHWIRE_BENCH_JSON` names a file, to
//! `cargo xtask bench`.
//!
//! Contenders take turns within one run, so that a noisy moment hits all alike; what counts is how they compare.

use std::time::Instant;
use std::{env, fmt, fs, io};

use serde::Serialize;

/// Contenders side by side.
#[derive(Debug, Serialize)]
pub struct Table {
    /// What they do.
    pub title: String,
    /// What their values are in.
    pub unit: String,
    /// What is to be known of how they were measured.
    pub note: String,
    /// The contenders; the others are compared with the first.
    pub rows: Vec<Row>,
}

/// A contender.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is called.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// That beside the first row's.
    pub ratio: f64,
}

impl Table {
    /// The table of what was measured, by name.
    #[must_use]
    pub fn new(title: &str, unit: &str, note: &str, values: Vec<(String, f64)>) -> Self {
        let first = values.first().map_or(f64::NAN, |(_, value)| *value);
        let row = |(name, value): (String, f64)| Row { name, value, ratio: value / first };
        Self {
            title: title.to_owned(),
            unit: unit.to_owned(),
            note: note.to_owned(),
            rows: values.into_iter().map(row).collect(),
        }
    }
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
///
/// # Errors
/// If it cannot be written.
pub fn publish(bench: &str, tables: &[Table]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Bench<'b> {
        bench: &'b str,
        tables: &'b [Table],
    }
    match env::var_os("AUTHWIRE_BENCH_JSON") {
        Some(path) => fs::write(path, serde_json::to_string_pretty(&Bench { bench, tables })?),
        None => Ok(()),
    }
}

/// Something that is measured, with what it is called. It does its work `times` times.
pub type Contender<'c> = (&'c str, &'c dyn Fn());

/// Runs the contenders by turns. Returns the median nanoseconds of each, for one of the `times` that its work is done.
#[must_use]
pub fn nanoseconds(rounds: usize, times: usize, contenders: &[Contender<'_>]) -> Vec<(String, f64)> {
    let mut measured = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for ((_, work), measured) in contenders.iter().zip(&mut measured) {
            let begun = Instant::now();
            work();
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            measured.push(begun.elapsed().as_secs_f64() * 1e9 / times as f64);
        }
    }
    contenders
        .iter()
        .zip(&mut measured)
        .map(|((name, _), times)| ((*name).to_owned(), median(times)))
        .collect()
}

/// The value in the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{Table, median};

    #[test]
    fn the_others_are_compared_with_the_first() {
        let values = vec![("one".to_owned(), 2.0), ("two".to_owned(), 5.0)];
        let table = Table::new("T", "ns", "", values);
        assert_eq!(
            table.to_string(),
            "| T | ns | ratio |\n| --- | ---: | ---: |\n| one | 2.00 | 1.00 |\n| two | 5.00 | 2.50 |\n"
        );
    }

    #[test]
    fn the_median_is_no_outlier() {
        assert_eq!(median(&mut [9.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert!(median(&mut []).is_nan());
    }
}
