//! What a benchmark found: its tables, and when and where.

use serde_json::{Value, json};

use super::surroundings;

/// The tables of a benchmark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tables {
    pub(super) bench: String,
    pub(super) tables: Vec<Table>,
}

/// Contenders side by side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) note: String,
    pub(super) rows: Vec<Row>,
}

/// A contender.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: f64,
    /// Its value beside that of another row: which one, the table says.
    pub(super) ratio: f64,
}

/// Tables with when and where they were made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) command: String,
    pub(super) date: String,
    pub(super) machine: String,
    /// Of what the tables name.
    pub(super) versions: Vec<String>,
    pub(super) tables: Tables,
}

impl Tables {
    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        Self::from_value(&value)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        let tables: Vec<Table> =
            list(value, "tables")?.iter().map(Table::from_value).collect::<Result<_, _>>()?;
        if tables.is_empty() {
            return Err("there is no table".to_owned());
        }
        Ok(Self { bench: text(value, "bench")?, tables })
    }

    fn to_value(&self) -> Value {
        let row = |row: &Row| json!({"name": row.name, "value": row.value, "ratio": row.ratio});
        let rows = |table: &Table| table.rows.iter().map(row).collect::<Vec<_>>();
        let table = |table: &Table| json!({"title": table.title, "unit": table.unit, "note": table.note, "rows": rows(table)});
        json!({"bench": self.bench, "tables": self.tables.iter().map(table).collect::<Vec<_>>()})
    }

    /// Every word of the tables, to look for names in.
    pub(super) fn words(&self) -> String {
        let of = |table: &Table| {
            let names: Vec<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
            format!("{} {} {}", table.title, table.note, names.join(" "))
        };
        self.tables.iter().map(of).collect::<Vec<_>>().join(" ")
    }
}

impl Table {
    fn from_value(value: &Value) -> Result<Self, String> {
        let rows: Vec<Row> = list(value, "rows")?.iter().map(Row::from_value).collect::<Result<_, _>>()?;
        if rows.is_empty() {
            return Err("a table has no rows".to_owned());
        }
        Ok(Self {
            title: text(value, "title")?,
            unit: text(value, "unit")?,
            note: text(value, "note")?,
            rows,
        })
    }
}

impl Row {
    fn from_value(value: &Value) -> Result<Self, String> {
        let number = |name: &str| {
            let number = value[name].as_f64().filter(|number| number.is_finite() && *number >= 0.0);
            number.ok_or_else(|| format!("`{name}` of a row is no number"))
        };
        Ok(Self { name: text(value, "name")?, value: number("value")?, ratio: number("ratio")? })
    }
}

impl Outcome {
    /// Tables that were made here and now.
    pub(super) fn new(command: String, tables: Tables, metadata: &Value) -> Self {
        Self {
            command,
            date: surroundings::date(),
            machine: surroundings::machine(),
            versions: surroundings::versions(&tables.words(), metadata),
            tables,
        }
    }

    pub(super) fn to_json(&self) -> String {
        let value = json!({
            "command": self.command, "date": self.date, "machine": self.machine, "versions": self.versions,
            "result": self.tables.to_value(),
        });
        format!("{value:#}\n")
    }

    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let versions = list(&value, "versions")?.iter().filter_map(Value::as_str).map(str::to_owned);
        Ok(Self {
            command: text(&value, "command")?,
            date: text(&value, "date")?,
            machine: text(&value, "machine")?,
            versions: versions.collect(),
            tables: Tables::from_value(&value["result"])?,
        })
    }
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    value[name].as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` is missing, or no text"))
}

fn list<'v>(value: &'v Value, name: &str) -> Result<&'v [Value], String> {
    value[name].as_array().map(Vec::as_slice).ok_or_else(|| format!("`{name}` is missing, or no list"))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Tables};

    const RESULT: &str = r#"{"bench": "parse", "tables": [{"title": "Parsing", "unit": "ns", "note": "", "rows":
        [{"name": "authwire", "value": 1000.5, "ratio": 1}, {"name": "serde_json", "value": 2001, "ratio": 2}]}]}"#;

    #[test]
    fn what_is_kept_is_read_again() {
        let tables = Tables::from_json(RESULT.as_bytes()).unwrap();
        let outcome = Outcome {
            command: "cargo bench".to_owned(),
            date: "2026-11-27".to_owned(),
            machine: "2 cores".to_owned(),
            versions: vec!["serde_json 1.0".to_owned()],
            tables,
        };
        assert_eq!(Outcome::from_json(outcome.to_json().as_bytes()), Ok(outcome));
    }

    #[test]
    fn what_is_missing_is_named() {
        let refused =
            |from: &str, to: &str| Tables::from_json(RESULT.replace(from, to).as_bytes()).unwrap_err();
        assert_eq!(refused(r#""ratio": 2"#, r#""rtio": 2"#), "`ratio` of a row is no number");
        assert_eq!(refused(r#""unit": "ns", "#, ""), "`unit` is missing, or no text");
        assert_eq!(refused("2001", "-1"), "`value` of a row is no number");
    }
}
