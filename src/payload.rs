//! The payload: what it says, and how that is read out of it.

use crate::error::VerifyError;
use crate::json::{MAX_DEPTH, ReadError, Reader, Span};
use crate::registered::{ClaimSet, Freshness, RegisteredClaim};
use crate::time::Timestamp;

/// What a payload says, as offsets into it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Registered {
    pub(crate) present: ClaimSet,
    pub(crate) issuer: Span,
    pub(crate) subject: Span,
    pub(crate) audience: Span,
    pub(crate) audience_is_array: bool,
    pub(crate) token_id: Span,
    pub(crate) token_type: Span,
    pub(crate) csrf: Span,
    pub(crate) session_id: Span,
    pub(crate) expiry: Timestamp,
    pub(crate) not_before: Timestamp,
    pub(crate) issued_at: Timestamp,
    pub(crate) fresh: Freshness,
}

impl Registered {
    /// Reads a payload to its last byte, leaving its strings unescaped.
    pub(crate) fn read(&mut self, payload: &mut [u8]) -> Result<(), VerifyError> {
        let claims = self;
        Reader::normalising(payload).object(payload_error, |reader, name, value| {
            match RegisteredClaim::from_name(reader.get(name)) {
                None => reader.skip_value(value).map_err(payload_error),
                Some(claim) if !claims.present.insert(claim) => {
                    Err(VerifyError::DuplicateClaim { claim })
                }
                Some(claim) => {
                    claims
                        .read_claim(claim, reader, value)
                        .map_err(|error| match error {
                            ReadError::VALUE => VerifyError::MalformedClaim { claim },
                            other => payload_error(other),
                        })
                }
            }
        })
    }

    /// Reads a claim's value, and tells where it ends.
    fn read_claim(
        &mut self,
        claim: RegisteredClaim,
        reader: &mut Reader<'_>,
        value: usize,
    ) -> Result<usize, ReadError> {
        let text = match claim {
            RegisteredClaim::Issuer => &mut self.issuer,
            RegisteredClaim::Subject => &mut self.subject,
            RegisteredClaim::TokenId => &mut self.token_id,
            RegisteredClaim::Type => &mut self.token_type,
            RegisteredClaim::Csrf => &mut self.csrf,
            RegisteredClaim::SessionId => &mut self.session_id,
            RegisteredClaim::Audience => {
                self.audience_is_array = reader.byte(value) == b'[';
                if self.audience_is_array {
                    self.audience = reader.string_array(value)?;
                    return Ok(self.audience.end());
                }
                &mut self.audience
            }
            RegisteredClaim::Fresh if matches!(reader.byte(value), b't' | b'f') => {
                let (fresh, end) = reader.bool_value(value)?;
                self.fresh = if fresh {
                    Freshness::Fresh
                } else {
                    Freshness::Stale
                };
                return Ok(end);
            }
            RegisteredClaim::Expiry
            | RegisteredClaim::NotBefore
            | RegisteredClaim::IssuedAt
            | RegisteredClaim::Fresh => {
                let (time, end) = reader.time_value(value)?;
                let time = Timestamp::from_secs(time);
                match claim {
                    RegisteredClaim::Expiry => self.expiry = time,
                    RegisteredClaim::NotBefore => self.not_before = time,
                    RegisteredClaim::IssuedAt => self.issued_at = time,
                    _ => self.fresh = Freshness::Until(time),
                }
                return Ok(end);
            }
        };
        *text = reader.text_value(value)?;
        Ok(text.end().saturating_add(1))
    }

    /// The text of a claim that has one.
    pub(crate) fn text(&self, claim: RegisteredClaim) -> Option<Span> {
        match claim {
            RegisteredClaim::Issuer => Some(self.issuer),
            RegisteredClaim::Subject => Some(self.subject),
            RegisteredClaim::Audience => Some(self.audience),
            RegisteredClaim::TokenId => Some(self.token_id),
            RegisteredClaim::Type => Some(self.token_type),
            RegisteredClaim::Csrf => Some(self.csrf),
            RegisteredClaim::SessionId => Some(self.session_id),
            RegisteredClaim::Expiry
            | RegisteredClaim::NotBefore
            | RegisteredClaim::IssuedAt
            | RegisteredClaim::Fresh => None,
        }
    }
}

fn payload_error(error: ReadError) -> VerifyError {
    match error {
        ReadError::TOO_DEEP => VerifyError::TooDeep { max: MAX_DEPTH },
        // Only a claim has a wrong value.
        ReadError::VALUE => VerifyError::PayloadNotJson { at: 0 },
        _ => VerifyError::PayloadNotJson { at: error.at() },
    }
}
