//! Markdown as GitHub reads it: code, lists in words, tables.

/// `text` as code, whatever backticks it holds.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// `a`, `b` and `c`: each as code.
pub(super) fn codes<'t>(texts: impl IntoIterator<Item = &'t str>, last: &str) -> String {
    listed(&texts.into_iter().map(code).collect::<Vec<_>>(), last)
}

/// a, b and c.
pub(super) fn listed(words: &[String], last: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, first)) => format!("{} {last} {end}", first.join(", ")),
    }
}

/// A table, with an empty line behind it.
pub(super) fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let mut text = row(&heads.map(str::to_owned));
    text.push_str(&row(&heads.map(|_| "---".to_owned())));
    rows.iter().for_each(|cells| text.push_str(&row(cells)));
    text.push('\n');
    text
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// One line; a bar would end the cell, even in code.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{code, codes, table};

    #[test]
    fn code_survives_its_own_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`b`"), "`` `b` ``");
    }

    #[test]
    fn names_are_listed_in_words() {
        assert_eq!(codes(["a"], "or"), "`a`");
        assert_eq!(codes(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }

    #[test]
    fn a_bar_and_a_line_break_stay_inside_their_cell() {
        assert_eq!(
            table(["x", "y"], &[["a|b".into(), "c\nd".into()]]),
            "| x | y |\n| --- | --- |\n| a\\|b | c d |\n\n"
        );
    }
}
