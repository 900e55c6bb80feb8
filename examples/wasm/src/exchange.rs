//! What the module and its host hand each other.

use jotlet::{ClaimsBuffer, MAX_TOKEN_LEN};

use crate::refusal::Refusal;

/// How many bytes of text a call can be given.
pub const TEXTS: usize = 64 * 1024;

/// The most texts that a call can be given.
const MAX_TEXTS: usize = 7;

/// The length of a text that is not there.
pub const ABSENT: u32 = u32::MAX;

/// A text in the module's memory, UTF-8. `start` 0: there is none.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Span {
    /// Its address.
    pub start: usize,
    /// How many bytes it has.
    pub len: usize,
}

impl Span {
    const NONE: Self = Self { start: 0, len: 0 };
}

impl From<&[u8]> for Span {
    fn from(text: &[u8]) -> Self {
        Self {
            start: text.as_ptr().addr(),
            len: text.len(),
        }
    }
}

impl From<Option<&str>> for Span {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, |text| text.as_bytes().into())
    }
}

/// The memory that a call reads from and writes to. Offsets in bytes stand before the fields.
#[repr(C)]
pub struct Exchange {
    /// 0: out, the values of the rule that refused.
    pub values: [f64; 2],
    /// 16: out of `verify`, `exp`, `nbf` and `iat`; NaN where the token has none.
    pub times: [f64; 3],
    /// 40: out of `verify`, `sub`, `jti`, `iss`, `csrf` and `sid`.
    pub strings: [Span; 5],
    /// 80: out of `verify`, the values of `aud`, each behind its length in two bytes, the lower first. Out of `issue`, the token.
    pub output: Span,
    /// 88: out of `verify`, whether the token is fresh, 1 or 0.
    pub fresh: u32,
    /// 92: in, the length of each text.
    pub lengths: [u32; MAX_TEXTS],
    /// 120: in, the texts.
    pub texts: [u8; TEXTS],
    /// The module's own: the payload of the token that was verified.
    pub(crate) claims: ClaimsBuffer<{ MAX_TOKEN_LEN / 4 * 3 }>,
    /// The module's own: the token that was issued.
    #[cfg(feature = "issue")]
    pub(crate) token: [u8; MAX_TOKEN_LEN],
}

static mut EXCHANGE: Exchange = Exchange {
    values: [0.0; 2],
    times: [0.0; 3],
    strings: [Span::NONE; 5],
    output: Span::NONE,
    fresh: 0,
    lengths: [0; MAX_TEXTS],
    texts: [0; TEXTS],
    claims: ClaimsBuffer::new(),
    #[cfg(feature = "issue")]
    token: [0; MAX_TOKEN_LEN],
};

impl Exchange {
    pub(crate) fn address() -> *mut Self {
        &raw mut EXCHANGE
    }

    /// The exchange.
    ///
    /// # Safety
    /// Only an exported function gets it, and once. No second call runs meanwhile: the module imports nothing that could call
    /// back, and its memory is not shared with another thread.
    pub(crate) unsafe fn get() -> &'static mut Self {
        // SAFETY: the address is that of a static, and the caller has answered for its being the only reference.
        unsafe { &mut *Self::address() }
    }

    /// What an exported function returns.
    pub(crate) fn answer(&mut self, result: Result<(), Refusal>) -> u32 {
        match result {
            Ok(()) => 0,
            Err(refusal) => {
                self.values = refusal.values;
                refusal.rule
            }
        }
    }
}

/// The texts of a call, taken in the order in which the host wrote them.
pub(crate) struct Texts<'e> {
    lengths: core::slice::Iter<'e, u32>,
    rest: &'e [u8],
}

impl<'e> Texts<'e> {
    pub(crate) fn new(lengths: &'e [u32; MAX_TEXTS], texts: &'e [u8; TEXTS]) -> Self {
        Self {
            lengths: lengths.iter(),
            rest: texts,
        }
    }

    /// A text that has to be there, in any encoding.
    pub(crate) fn bytes(&mut self) -> Result<&'e [u8], Refusal> {
        let length = self.lengths.next().ok_or(Refusal::INPUT)?;
        let (text, rest) = usize::try_from(*length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length))
            .ok_or(Refusal::INPUT)?;
        self.rest = rest;
        Ok(text)
    }

    /// A text that may be absent.
    pub(crate) fn text(&mut self) -> Result<Option<&'e str>, Refusal> {
        if self.lengths.as_slice().first() == Some(&ABSENT) {
            self.lengths.next();
            return Ok(None);
        }
        let text = core::str::from_utf8(self.bytes()?);
        text.map(Some).map_err(|_| Refusal::INPUT)
    }
}
