//! The code of the guides, as tests: what they show compiles.

#[doc = include_str!("../../../docs/guide/calling-from-rust.md")]
mod calling_from_rust {}
