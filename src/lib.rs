#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod base64url;
mod claims;
mod custom;
mod error;
mod header;
mod issue;
mod json;
mod key;
mod registered;
mod time;
mod token;
mod verify;

pub use claims::{
    Access, Audience, Claims, ClaimsBuffer, Refresh, TokenId, TokenIdText, TokenType,
};
pub use error::{CustomClaimsError, IssueError, KeyError, VerifyError};
pub use issue::{Issuer, TokenBuilder};
pub use json::MAX_DEPTH;
pub use key::{Key, KeyRing, Keys, MAX_KEY_ID_LEN, MIN_KEY_LEN};
pub use registered::{Freshness, RegisteredClaim};
pub use time::Timestamp;
pub use token::{MAX_TOKEN_LEN, Token, TokenSize};
pub use verify::Verifier;
