//! Everything that is timed, each in a module of its own: how it is set up, what it checks, what it delivers.

use std::hint::black_box;

use crate::tokens::{Person, Shape, Times};

mod biscuit;
mod by_hand;
mod floors;
mod jotlet;
mod jsonwebtoken;
mod jwt;
mod jwt_compact;
mod jwt_simple;

/// A token, and whom it is about.
pub struct Item {
    pub token: String,
    pub person: Person,
}

/// What came of a run over some items.
#[derive(Default)]
pub struct Outcome {
    pub accepted: usize,
    /// The tokens that were issued, if they are wanted.
    pub issued: Option<Vec<String>>,
}

impl Outcome {
    /// Takes the claims of a verified token, as a user would have them.
    fn verified<C>(&mut self, claims: Option<C>) {
        self.accepted += usize::from(black_box(claims).is_some());
    }

    fn issued(&mut self, token: Option<impl AsRef<str>>) {
        let token = black_box(token);
        if let (Some(issued), Some(token)) = (&mut self.issued, token) {
            issued.push(token.as_ref().to_owned());
        }
    }
}

/// Does its work for each item.
pub type Run = Box<dyn FnMut(&[Item], &mut Outcome)>;

fn each(mut work: impl FnMut(&Item, &mut Outcome) + 'static) -> Run {
    Box::new(move |items, outcome| {
        for item in items {
            work(black_box(item), outcome);
        }
    })
}

/// Something that is timed.
pub struct Contender {
    pub name: &'static str,
    /// The package, for its version.
    pub package: &'static str,
    /// The settings, and what it checks beside the rest or leaves out.
    pub note: &'static str,
    pub run: Run,
}

impl Contender {
    fn new(name: &'static str, package: &'static str, note: &'static str, run: Run) -> Self {
        Self {
            name,
            package,
            note,
            run,
        }
    }

    /// A floor computes a MAC, and neither refuses nor issues anything.
    pub fn is_floor(&self) -> bool {
        self.name.starts_with("bare ")
    }
}

pub const JOTLET: &str = "jotlet";
pub const BARE: &str = "bare HMAC";
pub const JSONWEBTOKEN: &str = "jsonwebtoken (rust_crypto)";
pub const JSONWEBTOKEN_AWS: &str = "jsonwebtoken (aws_lc_rs)";
pub const JWT: &str = "jwt";

/// Everything that verifies a token of this shape.
pub fn verifiers(shape: Shape, times: Times) -> Vec<Contender> {
    let new = Contender::new;
    vec![
        new(BARE, "hmac", floors::HMAC_NOTE, floors::hmac()),
        new("bare ring", "ring", floors::RING_NOTE, floors::ring()),
        new(
            "bare aws-lc-rs",
            "aws-lc-rs",
            floors::RING_NOTE,
            floors::aws_lc_rs(),
        ),
        new(
            JOTLET,
            "jotlet",
            jotlet::VERIFY_NOTE,
            jotlet::verify(shape, times),
        ),
        new(
            JSONWEBTOKEN,
            "jsonwebtoken",
            jsonwebtoken::VERIFY_NOTE,
            jsonwebtoken::verify(shape, jsonwebtoken::Backend::RustCrypto),
        ),
        new(
            JSONWEBTOKEN_AWS,
            "jsonwebtoken",
            jsonwebtoken::VERIFY_NOTE,
            jsonwebtoken::verify(shape, jsonwebtoken::Backend::AwsLc),
        ),
        new(
            "jwt-simple",
            "jwt-simple",
            jwt_simple::VERIFY_NOTE,
            jwt_simple::verify(shape, times),
        ),
        new(
            "jwt-compact",
            "jwt-compact",
            jwt_compact::VERIFY_NOTE,
            jwt_compact::verify(shape, times),
        ),
        new(JWT, "jwt", jwt::VERIFY_NOTE, jwt::verify(shape, times)),
        new(
            "biscuit",
            "biscuit",
            biscuit::VERIFY_NOTE,
            biscuit::verify(shape, times),
        ),
    ]
}

/// Everything that issues a token of this shape: S, F or the whole of L.
pub fn issuers(shape: Shape, times: Times) -> Vec<Contender> {
    let new = Contender::new;
    vec![
        new(BARE, "hmac", floors::HMAC_NOTE, floors::hmac()),
        new("bare ring", "ring", floors::RING_NOTE, floors::ring()),
        new(
            "bare aws-lc-rs",
            "aws-lc-rs",
            floors::RING_NOTE,
            floors::aws_lc_rs(),
        ),
        new(
            JOTLET,
            "jotlet",
            jotlet::ISSUE_NOTE,
            jotlet::issue(shape, times),
        ),
        new(
            JSONWEBTOKEN,
            "jsonwebtoken",
            jsonwebtoken::ISSUE_NOTE,
            jsonwebtoken::issue(shape, times, jsonwebtoken::Backend::RustCrypto),
        ),
        new(
            JSONWEBTOKEN_AWS,
            "jsonwebtoken",
            jsonwebtoken::ISSUE_NOTE,
            jsonwebtoken::issue(shape, times, jsonwebtoken::Backend::AwsLc),
        ),
        new(
            "jwt-simple",
            "jwt-simple",
            jwt_simple::ISSUE_NOTE,
            jwt_simple::issue(shape, times),
        ),
        new(
            "jwt-compact",
            "jwt-compact",
            jwt_compact::ISSUE_NOTE,
            jwt_compact::issue(shape, times),
        ),
        new(JWT, "jwt", jwt::ISSUE_NOTE, jwt::issue(shape, times)),
        new(
            "biscuit",
            "biscuit",
            biscuit::ISSUE_NOTE,
            biscuit::issue(shape, times),
        ),
    ]
}
