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

/// Parameters whose value is a string, each at most once.
const KNOWN: [&[u8; 3]; 4] = [b"alg", b"typ", b"cty", b"kid"];

fn read(text: &mut [u8]) -> Result<(), VerifyError> {
    let mut values = [None; KNOWN.len()];
    let mut reader = Reader::normalising(text);
    let mut next = reader.first_name();
    while let Some(at) = next {
        let (name, value) = reader.name(at);
        let name = reader.get(name);
        if name == b"crit" {
            return Err(VerifyError::CriticalExtension);
        }
        let known = KNOWN.iter().position(|known| name == *known);
        let end = match known.and_then(|index| values.get_mut(index)) {
            None => reader.skip_value(value),
            Some(Some(_)) => return Err(VerifyError::HeaderDuplicate),
            Some(place) => {
                let span = reader.text_value(value);
                *place = Some(span);
                span.end().saturating_add(1)
            }
        };
        next = reader.next_name(end);
    }
    reader.finish().map_err(|error| match error {
        ReadError::TooDeep => VerifyError::TooDeep { max: MAX_DEPTH },
        ReadError::Value => VerifyError::HeaderParameter,
        ReadError::Syntax { at } => VerifyError::HeaderNotJson { at },
    })?;
    let text = core::str::from_utf8(text).map_err(|error| VerifyError::HeaderNotJson {
        at: error.valid_up_to(),
    })?;
    let [alg, typ, cty, _] = values.map(|span| text.get(span?.range()));
    if alg != Some("HS256") {
        Err(VerifyError::WrongAlgorithm)
    } else if typ.is_some_and(|typ| !is_jwt(typ)) {
        Err(VerifyError::WrongMediaType)
    } else if cty.is_some_and(is_jwt) {
        Err(VerifyError::Nested)
    } else {
        Ok(())
    }
}

/// Media types are compared without regard to case, and `application/` may be left out: RFC 7515 section 4.1.9.
fn is_jwt(value: &str) -> bool {
    value.eq_ignore_ascii_case("JWT") || value.eq_ignore_ascii_case("application/jwt")
}
