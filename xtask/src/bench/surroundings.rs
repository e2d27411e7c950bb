//! When and where something was measured, and the versions of what was.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value;

/// What cargo knows of the workspace and of what it builds on.
pub(super) fn metadata(root: &Path) -> Result<Value, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("what cargo metadata says: {error}"))
}

/// Today, in UTC.
pub(super) fn date() -> String {
    time::UtcDateTime::now().date().to_string()
}

/// The processor, how many cores of it, the system and the compiler.
pub(super) fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.and_then(|output| String::from_utf8(output.stdout).ok());
    let rustc = rustc.and_then(|line| line.split(' ').nth(1).map(|version| format!("Rust {version}")));
    let parts = [processor, Some(format!("{cores} cores")), Some(std::env::consts::OS.to_owned()), rustc];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The versions of the packages that `words` name, as `jiter 0.19.0`. Our own have one version, this one.
pub(super) fn versions(words: &str, metadata: &Value) -> Vec<String> {
    let ends = |character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'));
    let words: Vec<String> = words.split(ends).map(|word| word.replace('-', "_").to_lowercase()).collect();
    let members = metadata["workspace_members"].as_array();
    let mut versions: Vec<String> = Vec::new();
    // what our own packages name: of all that is built, most is nobody's contender
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let is_own = |package: &Value| members.is_some_and(|members| members.contains(&package["id"]));
        let named = |package: &Value| {
            package["name"].as_str().is_some_and(|name| words.contains(&name.replace('-', "_")))
        };
        let direct =
            metadata["packages"].as_array().into_iter().flatten().filter(|one| is_own(one)).any(|own| {
                own["dependencies"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|need| need["name"] == package["name"])
            });
        if direct && !is_own(package) && named(package) {
            let text = |name: &str| package[name].as_str().unwrap_or_default();
            versions.push(format!("{} {}", text("name"), text("version")));
        }
    }
    versions.sort();
    versions
}

#[cfg(test)]
mod tests {
    use super::versions;
    use serde_json::json;

    #[test]
    fn only_what_is_named_and_needed_has_a_version() {
        let metadata = json!({
            "workspace_members": ["own"],
            "packages": [
                {"id": "own", "name": "authwire", "version": "0.1.0", "dependencies": [{"name": "serde_json"}, {"name": "url"}]},
                {"id": "s", "name": "serde_json", "version": "1.0.1", "dependencies": [{"name": "itoa"}]},
                {"id": "u", "name": "url", "version": "2.5.8", "dependencies": []},
                {"id": "i", "name": "itoa", "version": "1.0.2", "dependencies": []},
            ],
        });
        assert_eq!(versions("authwire beside serde-json derive and itoa", &metadata), ["serde_json 1.0.1"]);
    }
}
