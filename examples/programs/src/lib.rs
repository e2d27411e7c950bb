//! The code of the guides, as tests: what they show compiles as it stands.

#[doc = include_str!("../../../docs/guide/calling-from-rust.md")]
mod calling_from_rust {}

#[doc = include_str!("../../../README.md")]
mod readme {}

#[doc = include_str!("../../../crates/authwire/README.md")]
mod readme_of_authwire {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    const GUIDE: &str = include_str!("../../../docs/guide/calling-from-rust.md");
    const TEXTS: [&str; 3] =
        [GUIDE, include_str!("../../../README.md"), include_str!("../../../crates/authwire/README.md")];

    /// The blocks of code in a language.
    fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
        let parts = text.split("```").skip(1).step_by(2);
        parts
            .filter_map(|part| part.split_once('\n'))
            .filter(|(of, _)| of.starts_with(language))
            .map(|(_, code)| code)
            .collect()
    }

    /// Only rustdoc hides such a line: whoever reads or copies the text has it before them.
    #[test]
    fn no_example_has_a_line_that_is_meant_to_be_hidden() {
        for code in TEXTS.iter().flat_map(|text| blocks(text, "rust")) {
            assert!(code.lines().all(|line| line != "#" && !line.starts_with("# ")), "{code}");
        }
    }

    #[test]
    fn the_guide_names_every_crate_that_its_examples_use() {
        let manifest = blocks(GUIDE, "toml").concat();
        let known: HashSet<String> = manifest
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(name, _)| name.replace('-', "_"))
            .chain(["std", "crate", "self"].map(str::to_owned))
            .collect();
        for code in blocks(GUIDE, "rust") {
            let paths = code.split_inclusive("::").filter_map(|part| part.strip_suffix("::"));
            let names =
                paths.filter_map(|path| path.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next());
            for name in names.filter(|name| name.starts_with(char::is_lowercase)) {
                let is_crate =
                    code.contains(&format!("use {name}::")) || !code.contains(&format!("::{name}::"));
                assert!(!is_crate || known.contains(name), "`{name}` is not among the dependencies:\n{code}");
            }
        }
    }

    #[test]
    fn the_schema_is_the_one_that_the_guide_shows() {
        let guide = include_str!("../../../docs/guide/writing-an-auth-type.md");
        assert!(guide.contains(include_str!("../schemas/acme_session.json")));
    }
}
