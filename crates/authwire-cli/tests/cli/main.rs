//! Tests of the `authwire` binary as its users run it: arguments in; stdout, stderr, files and an exit status out.

mod call;
mod explain;
mod folders;
mod formats;
mod secrets;
mod server;
mod support;
mod token;
mod types;
mod validate;
