//! The payload: what it says, and how that is read out of it.

use crate::error::VerifyError;
use crate::json::{MAX_DEPTH, ReadError, Reader, Span};
use crate::registered::{ClaimSet, Freshness, RegisteredClaim, TEXTS, TIMES};
use crate::time::Timestamp;

/// What a payload says, as offsets into it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Registered {
    pub(crate) present: ClaimSet,
    texts: [Span; TEXTS],
    times: [Timestamp; TIMES],
    pub(crate) audience_is_array: bool,
    /// `fresh` where it is not a time.
    fresh: Option<bool>,
}

impl Registered {
    /// Reads a payload to its last byte, leaving its strings unescaped.
    pub(crate) fn read(&mut self, payload: &mut [u8]) -> Result<(), VerifyError> {
        let mut reader = Reader::normalising(payload);
        let mut claim = None;
        let mut next = reader.first_name();
        while let Some(at) = next {
            let (name, value) = reader.name(at);
            claim = RegisteredClaim::from_name(reader.get(name));
            let end = match claim {
                None => reader.skip_value(value),
                Some(claim) if self.present.insert(claim) => {
                    self.read_claim(claim, &mut reader, value)
                }
                Some(claim) => return Err(VerifyError::DuplicateClaim { claim }),
            };
            next = reader.next_name(end);
        }
        reader.finish().map_err(|error| match (error, claim) {
            (ReadError::Value, Some(claim)) => VerifyError::MalformedClaim { claim },
            (ReadError::TooDeep, _) => VerifyError::TooDeep { max: MAX_DEPTH },
            // Only a claim has a wrong value.
            (ReadError::Value, None) => VerifyError::PayloadNotJson { at: 0 },
            (ReadError::Syntax { at }, _) => VerifyError::PayloadNotJson { at },
        })
    }

    /// Reads a claim's value, and tells where it ends.
    fn read_claim(
        &mut self,
        claim: RegisteredClaim,
        reader: &mut Reader<'_>,
        value: usize,
    ) -> usize {
        if let Some(text) = self.texts.get_mut(claim as usize) {
            if claim == RegisteredClaim::Audience && reader.byte(value) == b'[' {
                self.audience_is_array = true;
                *text = reader.string_array(value);
                return text.end();
            }
            *text = reader.text_value(value);
            return text.end().saturating_add(1);
        }
        if claim == RegisteredClaim::Fresh && matches!(reader.byte(value), b't' | b'f') {
            let (fresh, end) = reader.bool_value(value);
            self.fresh = Some(fresh);
            return end;
        }
        let (time, end) = reader.time_value(value);
        if let Some(place) = self.times.get_mut(time_index(claim)) {
            *place = Timestamp::from_secs(time);
        }
        end
    }

    /// The text of a claim that has one.
    pub(crate) fn text(&self, claim: RegisteredClaim) -> Option<Span> {
        let text = self.texts.get(claim as usize).copied();
        text.filter(|_| self.present.contains(claim))
    }

    /// The time of a claim that has one.
    pub(crate) fn time(&self, claim: RegisteredClaim) -> Option<Timestamp> {
        let time = self.times.get(time_index(claim)).copied();
        time.filter(|_| self.present.contains(claim))
    }

    pub(crate) fn freshness(&self) -> Freshness {
        match (self.fresh, self.time(RegisteredClaim::Fresh)) {
            (Some(true), _) => Freshness::Fresh,
            (None, Some(end)) => Freshness::Until(end),
            _ => Freshness::Stale,
        }
    }
}

const fn time_index(claim: RegisteredClaim) -> usize {
    (claim as usize).wrapping_sub(TEXTS)
}
