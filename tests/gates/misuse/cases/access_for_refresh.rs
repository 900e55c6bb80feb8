//! An access token is not exchanged for new tokens.
use core::time::Duration;

use jotlet::{Access, Claims, Family, Rotation, Timestamp, TokenId};

fn refresh(family: &Family, claims: &Claims<'_, Access>, next: TokenId, now: Timestamp) {
    let _ = Rotation::decide(Some(family), claims, next, now, Duration::ZERO);
}

fn main() {}
