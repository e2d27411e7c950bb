//! A table as a chart: a bar for each row, as long as its value. Plain SVG that reads on light and dark pages.

use std::fmt::Write as _;

use super::page::number;
use super::result::Table;

const ROW: usize = 28;
const TOP: usize = 40;
const BARS: f64 = 360.0;
const WIDTH: usize = 900;

/// About how wide a character is, and how many fit before the bars.
const CHARACTER: f64 = 8.2;
const LABEL: usize = 44;

const STYLE: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.value { fill: #59636e; font-variant-numeric: tabular-nums }
.bar { fill: #afb8c1 }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .value { fill: #9198a1 }
  .bar { fill: #484f58 }
  .ours { fill: #4493f8 }
}";

/// The chart of `table`.
pub(super) fn chart(table: &Table) -> String {
    let most = table.rows.iter().map(|row| row.value).fold(0.0, f64::max);
    let labels = table.rows.iter().map(|row| label(&row.name).chars().count()).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a few characters")]
    let left = labels as f64 * CHARACTER + 12.0;
    let height = TOP + ROW * table.rows.len() + 8;
    let title = escaped(&format!("{}, {}", table.title, table.unit));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}\">\n<style>\n{STYLE}\n</style>\n<text class=\"title\" x=\"0\" y=\"18\">{title}</text>\n"
    );
    for (index, row) in table.rows.iter().enumerate() {
        let y = TOP + ROW * index;
        // what is too short to be seen is still there
        let length = if most > 0.0 { (row.value / most * BARS).max(1.5) } else { 1.5 };
        let class = if row.name.contains("authwire") { "bar ours" } else { "bar" };
        let _ = write!(
            svg,
            "<text x=\"{:.0}\" y=\"{}\" text-anchor=\"end\">{}</text>\n\
             <rect class=\"{class}\" x=\"{left:.0}\" y=\"{y}\" width=\"{length:.1}\" height=\"18\" rx=\"2\"/>\n\
             <text class=\"value\" x=\"{:.0}\" y=\"{}\">{} ({} ×)</text>\n",
            left - 8.0,
            y + 13,
            escaped(&label(&row.name)),
            left + length + 8.0,
            y + 13,
            number(row.value),
            number(row.ratio),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// A name that fits.
fn label(name: &str) -> String {
    let name = name.replace('`', "");
    match name.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::result::{Row, Table};
    use super::chart;

    #[test]
    fn the_longest_bar_is_the_greatest_value_and_names_are_escaped() {
        let row = |name: &str, value| Row { name: name.to_owned(), value, ratio: value / 10.0 };
        let rows = vec![row("authwire", 10.0), row("a<b & c", 40.0), row("nothing", 0.0)];
        let table = Table { title: "T".to_owned(), unit: "ms".to_owned(), note: String::new(), rows };
        let svg = chart(&table);
        assert!(svg.contains("class=\"bar ours\" x=\"78\" y=\"40\" width=\"90.0\""), "{svg}");
        assert!(svg.contains("width=\"360.0\"") && svg.contains("width=\"1.5\""), "{svg}");
        assert!(svg.contains("a&lt;b &amp; c") && svg.contains("40.0 (4.00 ×)"), "{svg}");
    }
}
