//! What the reference shows of the program: its real output, which whoever writes the pages gets by running it.

/// Runs the `authwire` program.
pub trait Program {
    /// Runs it with `arguments` in a folder with these files, each with its path, and returns what it wrote to standard
    /// output.
    ///
    /// # Errors
    /// If it could not run.
    fn run(&self, files: &[(&str, &[u8])], arguments: &[&str]) -> Result<String, String>;
}
