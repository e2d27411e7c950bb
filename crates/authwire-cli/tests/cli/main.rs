//! Tests of the `authwire` binary as its users run it: arguments in; stdout, stderr, files and an exit status out.

mod bad_input;
mod call;
#[cfg(unix)]
mod ending;
mod explain;
mod fixtures;
mod folders;
mod formats;
mod guide;
mod jwt;
mod manual;
mod secrets;
mod store;
mod support;
mod test;
mod token;
mod types;
mod validate;
