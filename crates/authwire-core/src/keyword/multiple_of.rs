//! `multipleOf`: a number divided by another leaves nothing (Validation §6.2.1).
//!
//! Computed on the decimal digits as they are written, so that 0.0075 is a multiple of 0.0001.

use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::number::Number;

/// Whether the keyword holds.
pub(crate) fn holds(divisor: Number, number: Number) -> bool {
    match (digits(number), digits(divisor)) {
        (Some(number), Some(divisor)) => leaves_nothing(number, divisor),
        _ => false,
    }
}

/// The number as a whole number times a power of ten; `None` if it is infinite.
fn digits(number: Number) -> Option<(u128, i32)> {
    let text = match number {
        Number::Float(number) if !number.is_finite() => return None,
        Number::Float(number) => format!("{number:e}"),
        whole => whole.to_string(),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let value = format!("{whole}{fraction}").parse().ok()?;
    let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?;
    Some((value, exponent))
}

fn leaves_nothing((number, number_exponent): (u128, i32), (divisor, divisor_exponent): (u128, i32)) -> bool {
    if number == 0 || divisor == 0 {
        return number == 0;
    }
    let shift = number_exponent - divisor_exponent;
    if shift >= 0 {
        // number * 10^shift mod divisor, step by step: a divisor has at most 20 digits, so nothing overflows
        let mut rest = number % divisor;
        for _ in 0..shift {
            rest = rest * 10 % divisor;
        }
        rest == 0
    } else {
        let scale = u32::try_from(-shift).ok().and_then(|shift| 10_u128.checked_pow(shift));
        scale.and_then(|scale| divisor.checked_mul(scale)).is_some_and(|divisor| number % divisor == 0)
    }
}

#[inline(never)]
pub(super) fn check<S: Sink>(divisor: Number, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let Some(number) = spot.instance.number() else { return true };
    holds(divisor, number)
        || spot.flag(sink, Code::MultipleOf, "multipleOf", || {
            Flaw::new(format!("{} must be a multiple of {divisor}", spot.path().name()))
        })
}

#[cfg(test)]
mod tests {
    use super::holds;
    use crate::number::Number;

    #[test]
    fn divides_the_digits_that_are_written() {
        for (number, divisor, multiple) in [
            ("0.0075", "0.0001", true),
            ("0.00751", "0.0001", false),
            ("4.5", "1.5", true),
            ("35", "1.5", false),
            ("1e308", "0.5", true),
            ("1e308", "0.123456789", false),
            ("0", "3", true),
            ("-6", "3", true),
            ("1e-300", "1e300", false),
            ("18446744073709551615", "5", true),
        ] {
            assert_eq!(
                holds(Number::parse(divisor), Number::parse(number)),
                multiple,
                "{number} of {divisor}"
            );
        }
    }
}
