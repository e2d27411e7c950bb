//! The primitive `pattern`: a value in the place of `%s`, as `value_pattern` of the model reads it.

use authwire_core::Code;
use authwire_core::value_pattern::{HELP, split};

use crate::error::Unusable;
use crate::phrase::Phrase;

/// `pattern` with `value` in it.
pub(crate) fn fill(pattern: &Phrase, value: Phrase) -> Result<Phrase, Unusable> {
    let (before, after) =
        split(&pattern.value()).map_err(|fault| Unusable::new(Code::Placeholder, fault).with_help(HELP))?;
    let mut filled = Phrase::clear(before);
    filled.push(value);
    filled.push(Phrase::clear(after));
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use authwire_core::Code;

    use super::fill;
    use crate::phrase::Phrase;

    #[test]
    fn a_value_goes_where_the_placeholder_stands() {
        let filled = fill(&Phrase::clear("a%%%sb%%s"), Phrase::clear("-")).unwrap();
        assert_eq!(filled.value().as_str(), "a%-b%s");
        let fault = fill(&Phrase::clear("Bearer"), Phrase::clear("-")).unwrap_err();
        assert_eq!(fault.code, Code::Placeholder);
    }
}
