//! A JSON number, with the exactness of `serde_json`: 64-bit integers as they are, all else as `f64`.

use std::cmp::Ordering;

/// A number. Compared by value: `1.0` equals `1`.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// A whole number from 0.
    Unsigned(u64),
    /// A whole number below 0.
    Negative(i64),
    /// Written with a fraction or an exponent, or beyond 64 bits. Beyond `f64` it is infinite.
    Float(f64),
}

impl Number {
    /// Reads the text of a JSON number, which the caller has checked against the grammar of RFC 8259 §6.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            if let Ok(number) = text.parse() {
                return Self::Unsigned(number);
            }
            if let Ok(number) = text.parse::<i64>() {
                // "-0" is a negative zero, which is a float
                return if number == 0 { Self::Float(-0.0) } else { Self::Negative(number) };
            }
        }
        Self::Float(text.parse().unwrap_or(f64::NAN))
    }

    /// Whether it has no fractional part (`integer` in JSON Schema). What is beyond `f64` has none that anybody would write.
    #[must_use]
    pub fn is_integer(self) -> bool {
        match self {
            Self::Unsigned(_) | Self::Negative(_) => true,
            Self::Float(number) => number.is_infinite() || number.fract() == 0.0,
        }
    }

    /// As a `u64`, if it is one, however it is written.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(number),
            Self::Negative(_) => None,
            Self::Float(number) => (number.fract() == 0.0
                && (0.0..18_446_744_073_709_551_616.0).contains(&number))
            .then_some(number as u64),
        }
    }

    /// As an `i64`, if it is one, however it is written.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => i64::try_from(number).ok(),
            Self::Negative(number) => Some(number),
            Self::Float(number) => (number.fract() == 0.0
                && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number))
            .then_some(number as i64),
        }
    }

    /// As an `f64`, rounded where it must be.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "that is what the caller asks for")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(number) => number as f64,
            Self::Negative(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        use Number::{Float, Negative, Unsigned};
        match (self, other) {
            (Unsigned(one), Unsigned(two)) => Some(one.cmp(&two)),
            (Negative(one), Negative(two)) => Some(one.cmp(&two)),
            (Unsigned(_), Negative(_)) => Some(Ordering::Greater),
            (Negative(_), Unsigned(_)) => Some(Ordering::Less),
            (Float(one), Float(two)) => one.partial_cmp(&two),
            (Unsigned(one), Float(two)) => whole_to_float(i128::from(one), two),
            (Negative(one), Float(two)) => whole_to_float(i128::from(one), two),
            (Float(_), _) => other.compare(self).map(Ordering::reverse),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        u64::try_from(number).map_or(Self::Negative(number), Self::Unsigned)
    }
}

impl From<f64> for Number {
    /// A whole number is one again, as far as every one of its size is an `f64`.
    fn from(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let is_zero_below = number == 0.0 && number.is_sign_negative();
        match Self::Float(number).as_i64() {
            Some(whole) if number.abs() < EXACT && !is_zero_below => Self::from(whole),
            _ => Self::Float(number),
        }
    }
}

/// Compares without rounding the whole number.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole_to_float(whole: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        None
    } else if float >= 1e30 {
        Some(Ordering::Less)
    } else if float <= -1e30 {
        Some(Ordering::Greater)
    } else {
        let floor = float.floor();
        Some(whole.cmp(&(floor as i128)).then(if float > floor { Ordering::Less } else { Ordering::Equal }))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.compare(*other)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsigned(number) => number.fmt(f),
            Self::Negative(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_whole_float_is_a_whole_number() {
        let shown: Vec<String> = [5.0, -5.0, 0.0, -0.0, 0.5, 1e300, f64::INFINITY]
            .map(|number| format!("{:?}", Number::from(number)))
            .to_vec();
        let expected = [
            "Unsigned(5)",
            "Negative(-5)",
            "Unsigned(0)",
            "Float(-0.0)",
            "Float(0.5)",
            "Float(1e300)",
            "Float(inf)",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn compares_by_value_without_rounding() {
        assert_eq!(Number::parse("1.0"), Number::parse("1"));
        assert_eq!(Number::parse("-0"), Number::parse("0"));
        assert_ne!(Number::parse("9007199254740993"), Number::parse("9007199254740992.0"));
        assert!(Number::parse("1e400") > Number::parse("18446744073709551615"));
        assert!(Number::parse("-1.5") < Number::parse("-1"));
        assert!(Number::parse("0.5") > Number::parse("0"));
    }

    #[test]
    fn an_integer_is_one_however_it_is_written() {
        for text in ["1", "1.0", "1e2", "-3", "-0", "1e999", &format!("1{}", "0".repeat(400))] {
            assert!(Number::parse(text).is_integer(), "{text}");
        }
        for text in ["1.5", "1e-1"] {
            assert!(!Number::parse(text).is_integer(), "{text}");
        }
        assert_eq!(Number::parse("2e2").as_u64(), Some(200));
        assert_eq!(Number::parse("-2.0").as_i64(), Some(-2));
    }
}
