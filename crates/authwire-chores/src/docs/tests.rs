//! The pages of Authwire's own documents: what every page must hold, whatever the auth type.

use authwire_core::compiled::Builtin;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::plan::{CarriedName, Carrier, Placed};
use authwire_core::table::{Json, Registry, Schema};
use authwire_core::{Code, checker};
use authwire_schema::Library;

use super::{MARK, Program, example, pages};
use crate::fixtures::fixtures;

fn builtin() -> Builtin {
    authwire_schema::builtin(&mut Library::new(is_valid_tree)).expect("our own schemas are valid")
}

/// The program, as far as pages are tested here: what it says is the generation's business.
struct Silent;

impl Program for Silent {
    fn run(&self, _: &[(&str, &[u8])], _: &[&str]) -> Result<String, String> {
        // whatever an example is to show stands in it
        let findings = Code::ALL.iter().map(|code| format!("{}[{code}]: so it is", code.severity()));
        Ok(findings.collect::<Vec<_>>().join("\n\n"))
    }
}

fn all_pages(builtin: &Builtin) -> Vec<super::Page> {
    let invalid = fixtures(builtin, None).invalid;
    pages(&builtin.connector, &builtin.auth, &invalid, &Silent).expect("every page can be written")
}

/// The page of an auth type, without mistakes: to make all of them, and every page, takes long.
fn page(auth_type: &str) -> String {
    let found = builtin().auth.into_iter().find(|document| document.name == auth_type);
    super::auth_type(&found.expect("there is such a type"), &[], &Silent).expect("it can be written")
}

/// The cells of the row whose second cell is `key`.
fn row(page: &str, key: &str) -> Vec<String> {
    let key = format!("`{key}`");
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let mut cells = rows.map(|line| line.split(" | ").map(str::to_owned).collect::<Vec<_>>());
    cells.find(|cells| cells.get(1) == Some(&key)).unwrap_or_else(|| panic!("no row for {key} in\n{page}"))
}

#[test]
fn there_is_a_page_for_each_auth_type_and_all_say_that_they_are_generated() {
    let builtin = builtin();
    let pages = all_pages(&builtin);
    assert_eq!(pages.len(), builtin.auth.len() + 3);
    for page in &pages {
        assert!(page.text.starts_with(MARK), "{}", page.file);
        assert!(page.text.ends_with('\n') && !page.text.ends_with("\n\n"), "{}", page.file);
        assert!(!page.text.contains("\n\n\n"), "{}", page.file);
    }
}

#[test]
fn every_header_that_a_signature_sets_has_a_row() {
    let mut rows = 0;
    for document in builtin().auth {
        let page = super::auth_type(&document, &[], &Silent).expect("it can be written");
        let plan = document.schema.plan.as_ref().expect("an auth type has a plan");
        for placement in &plan.apply {
            let Placed::Signature(signature) = &placement.what else { continue };
            for carried in signature.carries() {
                let (Carrier::Header, CarriedName::Fixed(name)) = (carried.carrier, carried.name) else {
                    continue;
                };
                assert!(page.contains(&format!("| header: `{name}`")), "{name} of {}", document.name);
                rows += 1;
            }
        }
    }
    assert!(rows > 8, "{rows}");
}

#[test]
fn every_property_of_an_auth_type_has_a_row() {
    for document in builtin().auth {
        let page = super::auth_type(&document, &[], &Silent).expect("it can be written");
        for node in document.schema.nodes.iter() {
            let own = format!("authwire:{}#", document.name);
            let Some((_, name)) = node.at.strip_prefix(&own).and_then(|at| at.rsplit_once("/properties/"))
            else {
                continue;
            };
            if name != "type" && !name.contains('/') {
                row(&page, name);
            }
        }
    }
}

#[test]
fn a_row_has_label_kind_need_and_default() {
    let page = page("jwt_bearer");
    assert_eq!(
        row(&page, "algorithm")[..5],
        ["| Jwt Auth Algorithm", "`algorithm`", "`HS256`, `RS256` or `ES256`", "yes", ""]
    );
    assert_eq!(row(&page, "claims_expiry_seconds")[2], "whole number from 1 up to 86400");
    assert_eq!(row(&page, "assertion_key")[3..5], ["no; only beside `token_url`", "`assertion`"]);
    assert_eq!(row(&page, "refresh_on_status")[4], "`[401]`");
    assert_eq!(row(&page, "private_key")[2], "[secret](README.md#kinds-of-value)");
}

#[test]
fn an_object_inside_has_a_table_of_its_own() {
    let page = page("oauth2_refresh_token");
    assert!(page.contains("### Oauth2 Token Response: `token_response`\n"), "{page}");
    assert_eq!(row(&page, "token_response.access_token")[4], "`/access_token`");
}

#[test]
fn each_branch_has_a_part_of_its_own() {
    let page = page("api_key");
    let (_, branches) =
        page.split_once("### Header Auth: `api_key_auth_type` is `header_auth`\n").expect("a part");
    let (header, param) =
        branches.split_once("### Param Auth: `api_key_auth_type` is `param_auth`\n").expect("another");
    assert!(header.contains("| `header_auth_key` |") && !header.contains("| `param_auth_param_name` |"));
    assert!(param.contains("| `param_auth_param_name` |") && !param.contains("| `header_auth_key` |"));
}

#[test]
fn the_wire_is_told_in_steps() {
    let page = page("oauth2_password");
    for said in [
        "### 1. A token is obtained\n",
        "**Request 1**: where there is a kept `refresh_token`, `POST` to `token_url`",
        "### 2. Every request is authenticated\n",
        "`header_auth_value_pattern` (default `Bearer %s`), its `%s` replaced by the access token",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
}

#[test]
fn a_type_without_fields_and_without_edits_says_so() {
    let page = page("no_auth");
    assert!(page.contains("## Fields\n\nNone.\n"));
    assert!(page.contains("Nothing: requests are sent as they are."));
}

#[test]
fn every_example_is_a_valid_connector_file() {
    let builtin = builtin();
    let types: Vec<&Schema> = builtin.auth.iter().map(|document| &document.schema).collect();
    for document in &builtin.auth {
        let files = example::connector_files(document);
        assert!(!files.is_empty(), "{} has no example", document.name);
        for file in files {
            let text = crate::json::block(&file);
            let report =
                checker::report(&builtin.connector.schema, Registry { types: &types }, text.as_bytes(), None);
            let errors: Vec<_> = report
                .findings()
                .iter()
                .filter(|it| it.severity() == authwire_core::Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{text}\n{errors:?}");
        }
    }
}

#[test]
fn the_index_names_every_type_and_every_kind_that_a_page_links_to() {
    let builtin = builtin();
    let pages = all_pages(&builtin);
    let index = &pages[0].text;
    for document in &builtin.auth {
        assert!(index.contains(&format!("[`{0}`]({0}.md)", document.name)));
    }
    for page in &pages {
        for link in page
            .text
            .split("](README.md#kinds-of-value)")
            .map(|before| before.rsplit('[').next().unwrap_or(""))
        {
            let known = link.contains('\n') || index.contains(&format!("\n| {link} | "));
            assert!(known, "{link} of {}", page.file);
        }
    }
}

#[test]
fn a_literal_is_shown_as_it_would_be_written() {
    assert_eq!(super::kind::literal(&Json::String("%s".into())), "`%s`");
    assert_eq!(super::kind::literal(&Json::String("".into())), "`\"\"`");
    assert_eq!(super::kind::literal(&Json::Bool(false)), "`false`");
}

/// What the page says about the fields of a schema that is no auth type.
fn fields_of(schema: &str) -> String {
    let read = authwire_schema::read_text(&mut Library::new(is_valid_tree), "a.json", schema);
    let (document, _) = read.unwrap_or_else(|problems| panic!("{problems}"));
    super::fields::fields(&document, document.schema.root(), 3)
}

#[test]
fn a_condition_says_what_it_asks_and_what_follows() {
    let text = fields_of(
        r#"{"type": "object", "properties": {"mode": {"enum": ["a", "b"]}, "rules": {"type": "array", "items": {"type": "string"}}},
            "if": {"properties": {"mode": {"const": "b"}}, "required": ["mode"]}, "then": {"required": ["rules"]},
            "additionalProperties": false}"#,
    );
    assert!(text.contains("### Where `mode` is `b`\n\nRequired here: `rules`.\n"), "{text}");
}

#[test]
fn demands_without_fields_are_one_line() {
    let text = fields_of(
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}], "additionalProperties": false}"#,
    );
    assert!(text.ends_with("Of these at least one is given: `a` or `b`.\n\n"), "{text}");
}

#[test]
fn objects_in_an_array_are_described_and_one_that_holds_itself_is_described_once() {
    let text = fields_of(
        r##"{"type": "object", "properties": {"trees": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "additionalProperties": false,
            "$defs": {"tree": {"title": "Tree", "type": "object", "properties": {"child": {"$ref": "#/$defs/tree"}}, "additionalProperties": false}}}"##,
    );
    assert_eq!(text.matches("### ").count(), 1, "{text}");
    assert!(text.contains("### Tree: `trees[]`\n"), "{text}");
    assert_eq!(row(&text, "trees[].child")[2], "object, like `trees[]`");
}

#[test]
fn an_open_object_says_that_it_is_open() {
    let text = fields_of(r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#);
    assert!(text.ends_with("Further fields may stand beside these.\n\n"), "{text}");
}

#[test]
fn every_finding_has_its_row_and_its_example() {
    let page = super::findings(&fixtures(&builtin(), None).invalid, &Silent).expect("it can be written");
    for code in Code::ALL {
        let rows = page.lines().filter(|line| line.starts_with(&format!("| [`{code}`](#{code}) |"))).count();
        assert_eq!(rows, 1, "{code}");
        assert_eq!(page.lines().filter(|line| *line == format!("### {code}")).count(), 1, "{code}");
    }
}
