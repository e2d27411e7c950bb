//! Help, the manual, completions: every command is in all of them.

use std::process::Command;

use crate::support::Folder;

/// The commands as `--help` lists them, those of commands included.
fn commands(folder: &Folder, above: &[&str]) -> Vec<Vec<String>> {
    let help = folder.run(&[above, &["--help"]].concat()).ends_with(0).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let mut found = Vec::new();
    for name in names {
        let path: Vec<&str> = above.iter().copied().chain([name]).collect();
        found.push(path.iter().map(|part| (*part).to_owned()).collect());
        found.extend(commands(folder, &path));
    }
    found
}

#[test]
fn every_command_helps_with_examples_or_takes_nothing_to_explain() {
    let folder = Folder::new();
    let all = commands(&folder, &[]);
    for name in
        ["validate", "explain", "call", "token", "test", "jwt", "types", "new", "schema", "secret", "store"]
    {
        assert!(all.iter().any(|path| path[0] == name), "{name}: {all:?}");
    }
    for path in &all {
        let help = folder.run(&[&path[..], &["--help".to_owned()]].concat()).ends_with(0).stdout;
        assert!(help.contains("Usage: authwire"), "{help}");
        let is_plain = ["list", "rm"].contains(&path[path.len() - 1].as_str());
        assert!(is_plain || help.contains("Examples:"), "{path:?} has no examples:\n{help}");
    }
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = Folder::new();
    folder.run(&["man", "-o", "pages"]).ends_with(0);
    for path in commands(&folder, &[]) {
        let page = folder.path().join("pages").join(format!("authwire-{}.1", path.join("-")));
        let text =
            std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        assert!(text.contains(".TH") && text.contains(".SH NAME"), "{text}");
    }
    let one = folder.run(&["man", "validate"]).ends_with(0).stdout;
    assert!(one.contains("deny\\-warnings"), "{one}");
    let one = folder.run(&["man", "call"]).ends_with(0).stdout;
    let examples = one.split(".SH EXAMPLES\n.nf\n").nth(1).unwrap_or_else(|| panic!("{one}"));
    assert!(examples.contains(r"\-H \(aqContent\-Type: image/png\(aq"), "{examples}");
    for path in [&["man", "jwt", "decode"][..], &["man", "jwt-decode"]] {
        assert!(folder.run(path).ends_with(0).stdout.contains("AUTHWIRE-JWT-DECODE"), "{path:?}");
    }
    let run = folder.run(&["man", "valdate"]).ends_with(2);
    assert!(run.stderr.contains("valdate"), "{}", run.stderr);
}

#[test]
fn completions_are_what_the_shell_reads() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&["completions", shell]).ends_with(0).stdout;
        for word in ["validate", "deny-warnings", "secret"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    // bash itself completes a command with it
    let script = folder.run(&["completions", "bash"]).ends_with(0).stdout;
    folder.write("complete.bash", script);
    let asked = "source ./complete.bash; COMP_WORDS=(authwire val); COMP_CWORD=1; \
                 _authwire authwire val authwire; echo \"${COMPREPLY[@]}\"";
    let output =
        Command::new("bash").args(["-c", asked]).current_dir(folder.path()).output().expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "validate", "{output:?}");
}
