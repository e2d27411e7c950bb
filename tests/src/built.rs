//! The programs of this workspace. Cargo builds only those of the package under test for a test, so they are built here.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds the program `name` of `package`, with the profile that this test was built with, and says where it is.
///
/// # Panics
/// If it can't be built; the message is the compiler's.
#[must_use]
pub fn built(package: &str, name: &str) -> PathBuf {
    // TARGET/PROFILE/deps/TEST
    let test = env::current_exe().expect("the path of this test");
    let profile_folder = test.parent().and_then(Path::parent).expect("a folder of the profile");
    let target_folder = profile_folder.parent().expect("the target folder");
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        None | Some("debug") => "dev",
        Some(name) => name,
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--locked", "--package", package, "--bin", name, "--profile", profile])
        .arg("--target-dir")
        .arg(target_folder)
        .output();
    let Output { status, stderr, .. } = build.unwrap_or_else(|error| panic!("no cargo: {error}"));
    assert!(status.success(), "{name} can't be built:\n{}", String::from_utf8_lossy(&stderr));
    profile_folder.join(name).with_extension(env::consts::EXE_EXTENSION)
}
