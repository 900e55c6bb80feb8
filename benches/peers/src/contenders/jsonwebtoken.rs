//! jsonwebtoken, with either of its backends. Its clock is the system's: it can't be told the time.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils, aws_lc, rust_crypto};
use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::de::DeserializeOwned;

use super::by_hand::Strings;
use super::{Run, each};
use crate::claims::{Identity, Minimal, Session, Whole, issued};
use crate::payloads::{AUDIENCE, ISSUER};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str = "leeway 0, nbf on, on L exp, iss and aud required; its own clock; keys its MAC anew for each token; checks neither iat nor type";
pub const ISSUE_NOTE: &str = "borrowed claims; keys its MAC anew for each token";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    RustCrypto,
    AwsLc,
}

/// A process has one provider for good, so this one passes every call on to the backend whose turn it is: one load and one
/// indirect call more for each token.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};
static IS_AWS_LC: AtomicBool = AtomicBool::new(false);
static INSTALLED: Once = Once::new();

fn provider() -> &'static CryptoProvider {
    if IS_AWS_LC.load(Ordering::Relaxed) {
        &aws_lc::DEFAULT_PROVIDER
    } else {
        &rust_crypto::DEFAULT_PROVIDER
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider's type")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    (provider().signer_factory)(algorithm, key)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider's type")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    (provider().verifier_factory)(algorithm, key)
}

fn by(backend: Backend, mut run: Run) -> Run {
    INSTALLED.call_once(|| {
        PROVIDER
            .install_default()
            .expect("nobody else installs one");
    });
    Box::new(move |items, outcome| {
        IS_AWS_LC.store(backend == Backend::AwsLc, Ordering::Relaxed);
        run(items, outcome);
    })
}

pub fn verify(shape: Shape, backend: Backend) -> Run {
    let run = match shape {
        Shape::S => decoded::<Minimal<String>>(shape),
        Shape::F => decoded::<Session<String>>(shape),
        Shape::L => decoded::<Identity<String, Strings>>(shape),
        Shape::Whole => decoded::<Whole<String, Strings>>(shape),
    };
    by(backend, run)
}

fn decoded<C: DeserializeOwned + 'static>(shape: Shape) -> Run {
    let key = DecodingKey::from_secret(SECRET);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.validate_nbf = true;
    if shape.is_identity() {
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    }
    each(move |item, outcome| outcome.verified(decode::<C>(&item.token, &key, &validation).ok()))
}

pub fn issue(shape: Shape, times: Times, backend: Backend) -> Run {
    let (header, key) = (Header::default(), EncodingKey::from_secret(SECRET));
    let run = match shape {
        Shape::S => each(move |item, outcome| {
            outcome.issued(encode(&header, &issued::refresh(&item.person, times), &key).ok());
        }),
        Shape::F => each(move |item, outcome| {
            outcome.issued(encode(&header, &issued::session(&item.person, times), &key).ok());
        }),
        Shape::L | Shape::Whole => each(move |item, outcome| {
            outcome.issued(encode(&header, &issued::identity(&item.person, times), &key).ok());
        }),
    };
    by(backend, run)
}
