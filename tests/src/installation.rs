//! Where the servers are installed, and what to do if they are not.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::StartError;

/// A program in `tests/servers`, to be run by Node.
pub(crate) fn node_program(file: &str) -> Result<Command, StartError> {
    let modules = servers().join("node_modules");
    if !modules.is_dir() {
        return Err(StartError::NotInstalled(format!("what {file} needs from npm")));
    }
    let mut command = Command::new(debian_program("node")?);
    command.arg(servers().join(file));
    Ok(command)
}

/// A Python module from `tests/servers/.venv`, under the leash.
pub(crate) fn leashed_python_module(module: &str) -> Result<Command, StartError> {
    let python = servers().join(".venv/bin/python");
    if !python.exists() {
        return Err(StartError::NotInstalled(format!("the Python module {module}")));
    }
    let mut command = leashed(&python);
    command.args(["-m", module]);
    Ok(command)
}

/// A Python module from `tests/servers/.venv`.
///
/// # Panics
/// If it is not installed.
#[must_use]
#[track_caller]
pub fn python_module(module: &str) -> Command {
    let python = servers().join(".venv/bin/python");
    assert!(python.exists(), "{}", StartError::NotInstalled(format!("the Python module {module}")));
    let mut command = Command::new(python);
    command.args(["-m", module]);
    command
}

/// A program of the system, under the leash.
pub(crate) fn leashed_program(name: &str) -> Result<Command, StartError> {
    Ok(leashed(&debian_program(name)?))
}

/// Where Chromium is.
pub(crate) fn chromium() -> Result<PathBuf, StartError> {
    debian_program("chromium")
}

/// Where the programs of PostgreSQL are: Debian keeps those of each version apart, where no `PATH` looks.
pub(crate) fn postgres() -> Result<PathBuf, StartError> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let newest = folders.filter(|folder| folder.join("initdb").is_file()).max();
    newest.map_or_else(
        || debian_program("initdb").map(|program| program.parent().map(Path::to_owned).unwrap_or_default()),
        Ok,
    )
}

/// Where a program of the system is. Debian keeps daemons where a user's `PATH` does not look.
pub(crate) fn debian_program(name: &str) -> Result<PathBuf, StartError> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")])
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
        .ok_or_else(|| StartError::NotInstalled(name.to_owned()))
}

fn leashed(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command.arg(servers().join("leash")).arg(program);
    command
}

/// The folder of the servers.
pub(crate) fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_fails_with_the_command_that_installs_it() {
        let error = debian_program("no-such-server").expect_err("nobody has this one");
        assert_eq!(
            error.to_string(),
            "no-such-server is not installed; `./scripts/setup` installs every server that the tests need"
        );
    }
}
