//! When and where something was measured, and the versions of what was.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

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
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    day(since.as_secs() / 86_400)
}

/// The day so many days after 1970-01-01 (Hinnant's civil_from_days).
fn day(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
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
    use super::{day, versions};
    use serde_json::json;

    #[test]
    fn days_have_their_dates() {
        for (days, date) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_784, "2026-11-27")]
        {
            assert_eq!(day(days), date);
        }
    }

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
