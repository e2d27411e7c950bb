//! What the fuzz targets do with their bytes: each subject is a function that holds for any input. libFuzzer calls them from
//! `fuzz/fuzz_targets`; a test here calls them with the inputs that are kept in `fuzz/corpus`.

pub mod canary;
pub mod connector;
pub mod jwt_key;
pub mod pace;
pub mod plan;
pub mod report;
pub mod schema;
pub mod token_answer;

/// A subject: it panics where something does not hold.
pub type Subject = fn(&[u8]);

/// Every subject, by the name of its target.
pub const SUBJECTS: [(&str, Subject); 6] = [
    ("connector", connector::hold),
    ("jwt_key", jwt_key::hold),
    ("plan", plan::hold),
    ("report", report::hold),
    ("schema", schema::hold),
    ("token_answer", token_answer::hold),
];
