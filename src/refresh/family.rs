//! The state of a family, and the tokens that it hands out.

use core::time::Duration;

use crate::claims::{Access, Refresh};
use crate::id::{TokenId, TokenIdText};
use crate::issue::{Issuer, TokenBuilder};
use crate::time::Timestamp;

/// The refresh tokens that stem from one login: which of them is the current one, and until when there may be any.
///
/// ```
/// use jotlet::{Family, Timestamp, TokenId};
///
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// let (session, refresh_id) = (random(1), random(2));
/// let family = Family::start(session, refresh_id, Timestamp::from_secs(1_800_000_000));
/// assert_eq!(family.session(), session);
/// assert!(!family.is_revoked());
/// assert!(family.revoked().is_revoked());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Family {
    pub(super) session: TokenId,
    pub(super) current: TokenId,
    pub(super) previous: Option<Previous>,
    pub(super) ends_at: Timestamp,
    pub(super) revoked: bool,
}

/// The token that the current one has replaced, while it may be presented once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Previous {
    pub(super) id: TokenId,
    /// The first second in which it may not.
    pub(super) until: Timestamp,
}

impl Previous {
    /// Whether the window is open: it has not ended, and the clock is not behind its start by more than its length.
    fn is_open(&self, now: Timestamp, grace: Duration) -> bool {
        let latest_end = now.saturating_add(grace).saturating_add(grace);
        now < self.until && self.until <= latest_end
    }
}

impl Family {
    /// The family of a login. Both ids are from the caller's random source: the session's, which all its tokens carry as
    /// `sid`, and that of the first refresh token. No token of the family is valid at `ends_at` or later; rotation does not
    /// move that.
    #[must_use]
    pub const fn start(session: TokenId, refresh_id: TokenId, ends_at: Timestamp) -> Self {
        Self {
            session,
            current: refresh_id,
            previous: None,
            ends_at,
            revoked: false,
        }
    }

    /// The id by which the family is stored: the claim `sid` of its tokens.
    #[must_use]
    pub const fn session(&self) -> TokenId {
        self.session
    }

    /// The first second in which no token of the family is valid any more.
    #[must_use]
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Whether the family was revoked before its end.
    #[must_use]
    pub const fn is_revoked(&self) -> bool {
        self.revoked
    }

    /// The family after a logout: no token of it rotates any more.
    #[must_use]
    pub const fn revoked(self) -> Self {
        Self {
            previous: None,
            revoked: true,
            ..self
        }
    }

    /// The family's refresh token and an access token to go with it, for a subject who has just logged in. What follows
    /// from a refresh is in [`Rotation::Rotated`](crate::Rotation::Rotated).
    #[must_use]
    pub fn pair<'a>(&self, subject: &'a str) -> TokenPair<'a> {
        TokenPair {
            subject,
            session: self.session.text(),
            refresh_id: self.current,
            ends_at: self.ends_at,
        }
    }

    /// Whether a token of a live family with this id may be replaced.
    pub(super) fn takes(&self, id: TokenId, now: Timestamp, grace: Duration) -> bool {
        let repeats = |previous: &Previous| previous.id == id && previous.is_open(now, grace);
        id == self.current || self.previous.as_ref().is_some_and(repeats)
    }

    /// The family after the token `id`, which it takes, was replaced; `None` if `next` is an id that it has already.
    pub(super) fn rotated(
        &self,
        id: TokenId,
        next: TokenId,
        now: Timestamp,
        grace: Duration,
    ) -> Option<Self> {
        let until = now.saturating_add(grace);
        let replaced = Previous { id, until };
        let is_previous = |previous: Previous| previous.id == next;
        if next == self.current || self.previous.is_some_and(is_previous) {
            return None;
        }
        Some(Self {
            current: next,
            // A repeat leaves nothing that could be repeated.
            previous: (id == self.current && until > now).then_some(replaced),
            ..*self
        })
    }
}

/// The access and the refresh token that a client gets at login or for a refresh token: subject, `sid`, the refresh
/// token's id and the end of the family are in them already.
///
/// Neither token outlives the family. The access token is not fresh, unless it is marked so, which is right at a login only.
/// Claims of the application are not carried over from the token that was presented: they are added again, as they are now.
///
/// ```
/// # use jotlet::{Access, ClaimsBuffer, Family, Issuer, Key, Timestamp, TokenId, Verifier};
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// # let key = Key::new(&[7; 32])?;
/// # let issuer = Issuer::new(&key);
/// # let now = Timestamp::from_secs(0);
/// use jotlet::TokenPair;
///
/// let family = Family::start(random(1), random(2), Timestamp::from_secs(600));
/// let pair: TokenPair<'_> = family.pair("user-42");
/// let access = pair.access(&issuer, random(3)).fresh().sign_owned::<384>(now)?;
/// let refresh = pair.refresh(&issuer).sign_owned::<384>(now)?;
///
/// let mut buffer = ClaimsBuffer::<256>::new();
/// let claims = Verifier::<Access>::new(&key).verify(&access, now, &mut buffer)?;
/// assert_eq!(claims.session_id(), Some("01010101010101010101010101010101"));
/// assert_eq!(claims.expires_at(), Some(Timestamp::from_secs(600)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TokenPair<'a> {
    subject: &'a str,
    #[cfg_attr(feature = "defmt", defmt(Debug2Format))]
    session: TokenIdText,
    refresh_id: TokenId,
    ends_at: Timestamp,
}

impl TokenPair<'_> {
    /// The access token, with an id from the caller's random source.
    pub fn access<'a>(&'a self, issuer: &'a Issuer<'_>, id: TokenId) -> TokenBuilder<'a, Access> {
        issuer
            .access(self.subject, id)
            .session_id(self.session.as_str())
            .expires_by(self.ends_at)
    }

    /// The refresh token. Its id is the one that the family waits for.
    pub fn refresh<'a>(&'a self, issuer: &'a Issuer<'_>) -> TokenBuilder<'a, Refresh> {
        issuer
            .refresh(self.subject, self.refresh_id)
            .session_id(self.session.as_str())
            .expires_by(self.ends_at)
    }
}
