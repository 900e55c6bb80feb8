//! Each library as its documentation shows it, with HS256 pinned and what else the profile of the cases needs.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, TimeOptions, UntrustedToken};
use serde::Deserialize;

use crate::{Case, Verdict};

type Contender = (&'static str, &'static str, fn(&Case) -> Verdict);

/// The name on the board, the package, and how it is asked.
pub const ALL: [Contender; 6] = [
    ("jotlet", "jotlet", jotlet),
    ("jsonwebtoken (crate)", "jsonwebtoken", jsonwebtoken),
    ("jwt-compact", "jwt-compact", jwt_compact),
    ("jwt-simple", "jwt-simple", jwt_simple),
    ("control: accepts all", "peers-board", |_| Verdict::Accepts),
    ("control: refuses all", "peers-board", |_| Verdict::Refuses),
];

/// The claims that the caller reads. The type is compared by the caller.
#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "sub")]
    _subject: Option<String>,
    #[serde(rename = "type")]
    token_type: String,
}

fn jotlet(case: &Case) -> Verdict {
    fn accepts<T: jotlet::TokenType>(case: &Case) -> bool {
        let Ok(key) = jotlet::Key::new(&case.key()) else {
            return false;
        };
        let leeway = Duration::from_secs(case.leeway);
        let verifier = jotlet::Verifier::<T>::new(&key).leeway(leeway);
        let now = jotlet::Timestamp::from_secs(case.now);
        let mut buffer = jotlet::ClaimsBuffer::<{ jotlet::MAX_TOKEN_LEN }>::new();
        verifier.verify(&case.token, now, &mut buffer).is_ok()
    }
    match case.expected_type.as_str() {
        "access" => accepts::<jotlet::Access>(case),
        "refresh" => accepts::<jotlet::Refresh>(case),
        other => panic!("no case has the type {other}"),
    }
    .into()
}

fn jsonwebtoken(case: &Case) -> Verdict {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = case.leeway;
    validation.validate_nbf = true;
    let key = DecodingKey::from_secret(&case.key());
    let token = decode::<Claims>(&case.token, &key, &validation);
    token
        .is_ok_and(|token| token.claims.token_type == case.expected_type)
        .into()
}

fn jwt_compact(case: &Case) -> Verdict {
    let seconds = i64::try_from(case.now).ok();
    let Some(now) = seconds.and_then(|now| DateTime::from_timestamp(now, 0)) else {
        return Verdict::NoClock;
    };
    let leeway = TimeDelta::seconds(case.leeway.cast_signed());
    let options = TimeOptions::new(leeway, move || now);
    let accepts = || {
        // Its `StrongKey` can't be asked for the profile's 32 bytes: it wants 64.
        let key = Hs256Key::new(case.key());
        let token = UntrustedToken::new(&case.token).ok()?;
        let token = Hs256.validator::<Claims>(&key).validate(&token).ok()?;
        let claims = token.claims();
        claims.validate_expiration(&options).ok()?;
        // Where there is none, this is an error.
        if claims.not_before.is_some() {
            claims.validate_maturity(&options).ok()?;
        }
        (claims.custom.token_type == case.expected_type).then_some(())
    };
    accepts().is_some().into()
}

fn jwt_simple(case: &Case) -> Verdict {
    use jwt_simple::algorithms::{HS256Key, MACLike};
    use jwt_simple::common::VerificationOptions;
    use jwt_simple::prelude::Duration;

    let options = VerificationOptions {
        artificial_time: Some(Duration::from_secs(case.now)),
        time_tolerance: Some(Duration::from_secs(case.leeway)),
        ..VerificationOptions::default()
    };
    let key = HS256Key::from_bytes(&case.key());
    let claims = key.verify_token::<Claims>(&case.token, Some(options));
    // It can't be told that `exp` has to be there: the caller looks.
    claims
        .is_ok_and(|claims| {
            claims.expires_at.is_some() && claims.custom.token_type == case.expected_type
        })
        .into()
}
