#![no_std]
#![forbid(unsafe_code)]
// rustdoc has none of the files that README.md points to. Of two definitions of a link the first counts: the one here.
#![doc = include_str!("../docs/rustdoc.md")]
#![doc = include_str!("../README.md")]

mod base64url;
mod claims;
mod custom;
mod error;
mod header;
mod id;
mod issue;
mod json;
mod key;
mod monitor;
mod payload;
mod refresh;
mod registered;
mod revoke;
mod time;
mod token;
mod transport;
mod verify;

pub use claims::{Access, Audience, Claims, ClaimsBuffer, Refresh, TokenType};
pub use error::{CustomClaimsError, IssueError, KeyError, VerifyError};
pub use id::{TokenId, TokenIdText};
pub use issue::{Issuer, TokenBuilder};
pub use json::MAX_DEPTH;
pub use key::{Key, KeyRing, Keys, MAX_KEY_ID_LEN, MIN_KEY_LEN};
pub use monitor::{Alert, Counters, Detector, Event, Fingerprint, Outcome, Rule, Suspicion};
pub use refresh::{
    Family, FamilyStore, FamilyTable, RecordError, Rotation, StoreError, TableError, TokenPair,
};
pub use registered::{Freshness, RegisteredClaim};
pub use revoke::{Denylist, Revocations, RevokeError};
pub use time::Timestamp;
pub use token::{MAX_TOKEN_LEN, Token, TokenSize};
pub use transport::{
    ACCESS_COOKIE, CSRF_ACCESS_COOKIE, CSRF_HEADER, CSRF_REFRESH_COOKIE, CookieError, CsrfError,
    ExtractError, MAX_COOKIE_LEN, REFRESH_COOKIE, RequestToken, SameSite, SetCookie, TokenSource,
};
pub use verify::Verifier;

#[cfg(any(doc, doctest))]
pub mod guide;

#[cfg(doctest)]
#[doc = include_str!("../DESIGN.md")]
mod design {}

#[cfg(doctest)]
#[doc = include_str!("../MIGRATION.md")]
mod migration {}
