//! Numbers: checked, and as a `NumericDate` in every form that a JSON number has, in integer arithmetic alone.

use super::{ReadError, Reader};

impl Reader<'_> {
    /// A `NumericDate`, rounded up to a whole second.
    #[inline]
    pub(crate) fn time_value(&mut self, at: usize) -> (u64, usize) {
        let mut value = 0_u64;
        let mut end = at;
        while let Some(digits) = self
            .text
            .get(end..)
            .and_then(|rest| four_digits(*rest.first_chunk()?))
        {
            value = value.wrapping_mul(10_000).wrapping_add(u64::from(digits));
            end = end.wrapping_add(4);
        }
        while let digit @ b'0'..=b'9' = self.byte(end) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 0xf));
            end = end.wrapping_add(1);
        }
        let digits = end.wrapping_sub(at);
        // Up to 19 digits fit in 64 bits; every other form takes the exact way.
        let plain = !matches!(self.byte(end), b'.' | b'e' | b'E');
        if plain && matches!(digits, 1..=19) && self.byte(at) != b'0' {
            return (value, end);
        }
        self.exact_time(at)
    }

    #[cold]
    fn exact_time(&mut self, at: usize) -> (u64, usize) {
        if !matches!(self.byte(at), b'-' | b'0'..=b'9') {
            return (0, self.fail(ReadError::Value));
        }
        let end = self.number(at);
        match self.text.get(at..end).and_then(ceiling) {
            Some(value) => (value, end),
            None => (0, self.fail(ReadError::Value)),
        }
    }

    /// `number = [ "-" ] int [ frac ] [ exp ]`, RFC 8259 section 6.
    pub(super) fn number(&mut self, mut at: usize) -> usize {
        if self.byte(at) == b'-' {
            at = at.wrapping_add(1);
        }
        at = if self.byte(at) == b'0' {
            at.wrapping_add(1)
        } else {
            self.digits(at)
        };
        if self.byte(at) == b'.' {
            at = self.digits(at.wrapping_add(1));
        }
        if matches!(self.byte(at), b'e' | b'E') {
            at = at.wrapping_add(1);
            if matches!(self.byte(at), b'+' | b'-') {
                at = at.wrapping_add(1);
            }
            at = self.digits(at);
        }
        at
    }

    /// One digit or more.
    fn digits(&mut self, at: usize) -> usize {
        let mut end = at;
        while self.byte(end).is_ascii_digit() {
            end = end.wrapping_add(1);
        }
        if end == at { self.fail_at(at) } else { end }
    }
}

/// The number that four digits make, if they are digits: two and two, then all four in one multiplication each.
#[inline]
fn four_digits(text: [u8; 4]) -> Option<u32> {
    let word = u32::from_le_bytes(text);
    // A digit has the upper half 3, and still has it when 6 is added.
    let upper = |word: u32| word & 0xf0f0_f0f0;
    if upper(word) != 0x3030_3030 || upper(word.wrapping_add(0x0606_0606)) != 0x3030_3030 {
        return None;
    }
    let pairs = (word & 0x0f0f_0f0f).wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff;
    Some(pairs.wrapping_mul(100 << 16 | 1) >> 16)
}

/// The first whole number at or after the value of `text`, a JSON number (RFC 8259 section 6), or anything if the reader has
/// failed already. `None`: negative, or more than `u64` holds.
///
/// Times are compared with a whole-second `now`, and `now < t` is the same as `now < ceil(t)`: rounding up is exact.
fn ceiling(text: &[u8]) -> Option<u64> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let exponent_at = text
        .iter()
        .position(|c| matches!(c, b'e' | b'E'))
        .unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at_checked(exponent_at)?;
    let whole_digits = mantissa
        .iter()
        .position(|&c| c == b'.')
        .unwrap_or(mantissa.len());

    // How many digits are left before the decimal point, after the exponent has moved it.
    let mut whole = i32::try_from(whole_digits)
        .ok()?
        .saturating_add(read_exponent(exponent));
    let mut value = 0_u64;
    let mut fraction = false;
    for digit in mantissa.iter().filter(|&&c| c != b'.').map(|c| c & 0xf) {
        if whole > 0 {
            value = append(value, digit)?;
        } else {
            fraction |= digit != 0;
        }
        whole = whole.saturating_sub(1);
    }
    // A value above zero leaves `u64` after at most 20 of these steps.
    while whole > 0 && value != 0 {
        value = append(value, 0)?;
        whole = whole.saturating_sub(1);
    }
    if negative && (value != 0 || fraction) {
        return None;
    }
    value.checked_add(u64::from(fraction))
}

/// Compared and not multiplied with a check, which takes a 128-bit product.
fn append(value: u64, digit: u8) -> Option<u64> {
    if value > u64::MAX / 10 {
        return None;
    }
    value.wrapping_mul(10).checked_add(u64::from(digit))
}

/// The exponent with its `e` and sign; one of 100,000,000 or more may be cut short, but no mantissa in a token outweighs that.
fn read_exponent(text: &[u8]) -> i32 {
    let (negative, digits) = match text {
        [_, b'-', digits @ ..] => (true, digits),
        [_, b'+', digits @ ..] | [_, digits @ ..] => (false, digits),
        [] => return 0,
    };
    let size = digits.iter().fold(0_i32, |n, c| {
        n.min(100_000_000)
            .wrapping_mul(10)
            .wrapping_add(i32::from(c & 0xf))
    });
    if negative {
        size.saturating_neg()
    } else {
        size
    }
}

#[cfg(test)]
mod tests {
    use super::ceiling;

    #[test]
    fn every_form_is_exact() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.0e7", Some(0)),
            ("1700000900", Some(1_700_000_900)),
            ("1.7000009e9", Some(1_700_000_900)),
            ("17000009E+2", Some(1_700_000_900)),
            ("17000009000e-1", Some(1_700_000_900)),
            ("1699999990.25", Some(1_699_999_991)),
            ("1699999990.00", Some(1_699_999_990)),
            ("17000009001e-1", Some(1_700_000_901)),
            ("9007199254740993", Some(9_007_199_254_740_993)),
            ("9007199254740993.0", Some(9_007_199_254_740_993)),
            ("18446744073709551615", Some(u64::MAX)),
            ("1844674407370955161500e-2", Some(u64::MAX)),
            ("18446744073709551614.5", Some(u64::MAX)),
            ("18446744073709551615.5", None),
            ("18446744073709551616", None),
            ("1e400", None),
            ("1e99999999999999999999", None),
            ("0e99999999999999999999", Some(0)),
            ("1e-99999999999999999999", Some(1)),
            ("0e-99999999999999999999", Some(0)),
            ("0.0000000000000000000001", Some(1)),
            ("-1", None),
            ("-1e-400", None),
        ] {
            assert_eq!(ceiling(text.as_bytes()), expected, "{text}");
        }
    }
}
