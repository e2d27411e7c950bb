//! A secret that must turn up in no output, in none of its forms.

/// Stands where a secret does. With characters that no name holds, so that it is never taken for a key.
pub const CANARY: &str = "c4n4ry/s3cret+value%";

/// How it could turn up: as it is, and in Base64 at each of the three places where it may begin.
const FORMS: [&str; 4] = ["c4n4ry", "YzRuNHJ5", "M0bjRyeS", "jNG40cnk"];

/// Nothing of it stands in `output`.
///
/// # Panics
/// If it does. What is told does not depend on where.
pub fn is_not_in(output: &str, what: &str) {
    for form in FORMS {
        assert!(!output.contains(form), "{what} shows a secret:\n{output}");
    }
}

#[cfg(test)]
mod tests {
    use super::is_not_in;

    #[test]
    #[should_panic(expected = "the report shows a secret")]
    fn a_secret_in_an_output_is_seen() {
        is_not_in("the key is c4n4ry/s3cret", "the report");
    }
}
