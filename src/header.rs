//! The JOSE header: the forms that jotlet writes are known byte for byte, any other is read strictly (RFC 7515 section 4).

use crate::base64url;
use crate::error::VerifyError;
use crate::json::{MAX_DEPTH, ReadError, Reader};

/// `{"alg":"HS256","typ":"JWT"}` as base64url.
pub(crate) const PLAIN: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// Decodes a header segment into `buffer` and checks it.
#[cold]
pub(crate) fn check(segment: &[u8], buffer: &mut [u8]) -> Result<(), VerifyError> {
    if segment == PLAIN {
        return Ok(());
    }
    let needed = base64url::decoded_len(segment.len()).ok_or(VerifyError::HeaderEncoding)?;
    let text = buffer
        .get_mut(..needed)
        .ok_or(VerifyError::BufferTooSmall { needed })?;
    base64url::decode(segment, text).ok_or(VerifyError::HeaderEncoding)?;
    read(text)
}

fn read(text: &mut [u8]) -> Result<(), VerifyError> {
    // One bit a parameter that jotlet knows.
    let mut seen = 0_u8;
    Reader::normalising(text).object(header_error, |reader, name, value| {
        let bit = match reader.get(name) {
            b"alg" => 1,
            b"typ" => 2,
            b"cty" => 4,
            b"kid" => 8,
            b"crit" => return Err(VerifyError::CriticalExtension),
            _ => return reader.skip_value(value).map_err(header_error),
        };
        if seen & bit != 0 {
            return Err(VerifyError::HeaderDuplicate);
        }
        seen |= bit;
        let span = reader.text_value(value).map_err(header_error)?;
        let text = reader.get(span);
        match bit {
            1 if text != b"HS256" => return Err(VerifyError::WrongAlgorithm),
            2 if !is_jwt(text) => return Err(VerifyError::WrongMediaType),
            4 if is_jwt(text) => return Err(VerifyError::Nested),
            _ => {}
        }
        Ok(span.end().saturating_add(1))
    })?;
    core::str::from_utf8(text).map_err(|error| VerifyError::HeaderNotJson {
        at: error.valid_up_to(),
    })?;
    if seen & 1 != 0 {
        Ok(())
    } else {
        Err(VerifyError::WrongAlgorithm)
    }
}

/// Media types are compared without regard to case, and `application/` may be left out: RFC 7515 section 4.1.9.
fn is_jwt(value: &[u8]) -> bool {
    value.eq_ignore_ascii_case(b"JWT") || value.eq_ignore_ascii_case(b"application/jwt")
}

fn header_error(error: ReadError) -> VerifyError {
    match error {
        ReadError::TOO_DEEP => VerifyError::TooDeep { max: MAX_DEPTH },
        ReadError::VALUE => VerifyError::HeaderParameter,
        _ => VerifyError::HeaderNotJson { at: error.at() },
    }
}
