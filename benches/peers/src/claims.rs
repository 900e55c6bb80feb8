//! Claims as serde sees them, for reading (`S` is `String`) and for writing (`S` is `&str`), with the names of the wire.
//!
//! jsonwebtoken and jwt take a struct of all claims. jwt-simple and biscuit read the seven registered ones by themselves,
//! jwt-compact the three times, and each flattens a struct of the others into its own.

use serde::{Deserialize, Serialize};

/// All of S.
#[derive(Serialize, Deserialize)]
pub struct Minimal<S> {
    pub sub: S,
    pub exp: u64,
}

/// All of what is issued as S.
#[derive(Serialize, Deserialize)]
pub struct Refresh<S> {
    pub iat: u64,
    pub jti: S,
    pub r#type: S,
    pub sub: S,
    pub nbf: u64,
    pub exp: u64,
}

/// All of F.
#[derive(Serialize, Deserialize)]
pub struct Session<S> {
    pub fresh: bool,
    pub iat: u64,
    pub jti: S,
    pub r#type: S,
    pub sub: S,
    pub nbf: u64,
    pub csrf: S,
    pub exp: u64,
}

/// The registered claims of L, and all of what is issued as L, with one audience as a string.
#[derive(Serialize, Deserialize)]
pub struct Identity<S, V> {
    pub iss: S,
    pub aud: V,
    pub sub: S,
    pub r#type: S,
    pub iat: u64,
    pub nbf: u64,
    pub exp: u64,
    pub jti: S,
    pub sid: S,
}

with_application_claims! {
    /// All of L.
    Whole<S, V> {
        iss: S,
        aud: V,
        sub: S,
        r#type: S,
        iat: u64,
        nbf: u64,
        exp: u64,
        jti: S,
        sid: S,
    }
}

/// Without the times.
pub mod untimed {
    use super::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub struct Minimal<S> {
        pub sub: S,
    }

    #[derive(Serialize, Deserialize)]
    pub struct Refresh<S> {
        pub jti: S,
        pub r#type: S,
        pub sub: S,
    }

    #[derive(Serialize, Deserialize)]
    pub struct Session<S> {
        pub fresh: bool,
        pub jti: S,
        pub r#type: S,
        pub sub: S,
        pub csrf: S,
    }

    #[derive(Serialize, Deserialize)]
    pub struct Identity<S, V> {
        pub iss: S,
        pub aud: V,
        pub sub: S,
        pub r#type: S,
        pub jti: S,
        pub sid: S,
    }

    with_application_claims! {
        Whole<S, V> {
            iss: S,
            aud: V,
            sub: S,
            r#type: S,
            jti: S,
            sid: S,
        }
    }
}

/// Without the claims of RFC 7519.
pub mod private {
    use super::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub struct Nothing {}

    #[derive(Serialize, Deserialize)]
    pub struct Session<S> {
        pub fresh: bool,
        pub r#type: S,
        pub csrf: S,
    }

    #[derive(Serialize, Deserialize)]
    pub struct Identity<S> {
        pub r#type: S,
        pub sid: S,
    }

    with_application_claims! {
        Whole<S, V> {
            r#type: S,
            sid: S,
        }
    }
}

/// What is written, from the parts of a person's token.
pub mod issued {
    use super::{Identity, Refresh, Session, untimed};
    use crate::payloads::{AUDIENCE, ISSUER};
    use crate::tokens::{Person, Shape, Times};

    /// An access token of jotlet lives for 15 minutes, a refresh token for 30 days.
    pub fn expiry(shape: Shape, times: Times) -> u64 {
        let lifetime = if shape == Shape::S { 30 * 86_400 } else { 900 };
        times.issued_at + lifetime
    }

    pub fn refresh(person: &Person, times: Times) -> Refresh<&str> {
        Refresh {
            iat: times.issued_at,
            jti: &person.id_text,
            r#type: "refresh",
            sub: &person.subject,
            nbf: times.issued_at,
            exp: expiry(Shape::S, times),
        }
    }

    pub fn session(person: &Person, times: Times) -> Session<&str> {
        Session {
            fresh: false,
            iat: times.issued_at,
            jti: &person.id_text,
            r#type: "access",
            sub: &person.subject,
            nbf: times.issued_at,
            csrf: &person.csrf,
            exp: expiry(Shape::F, times),
        }
    }

    pub fn identity(person: &Person, times: Times) -> Identity<&str, &str> {
        Identity {
            iss: ISSUER,
            aud: AUDIENCE,
            sub: &person.subject,
            r#type: "access",
            iat: times.issued_at,
            nbf: times.issued_at,
            exp: expiry(Shape::L, times),
            jti: &person.id_text,
            sid: &person.session,
        }
    }

    pub fn untimed_refresh<'p, S: From<&'p str>>(person: &'p Person) -> untimed::Refresh<S> {
        untimed::Refresh {
            jti: S::from(&person.id_text),
            r#type: S::from("refresh"),
            sub: S::from(&person.subject),
        }
    }

    pub fn untimed_session<'p, S: From<&'p str>>(person: &'p Person) -> untimed::Session<S> {
        untimed::Session {
            fresh: false,
            jti: S::from(&person.id_text),
            r#type: S::from("access"),
            sub: S::from(&person.subject),
            csrf: S::from(&person.csrf),
        }
    }

    pub fn untimed_identity<'p, S: From<&'p str>>(person: &'p Person) -> untimed::Identity<S, S> {
        untimed::Identity {
            iss: S::from(ISSUER),
            aud: S::from(AUDIENCE),
            sub: S::from(&person.subject),
            r#type: S::from("access"),
            jti: S::from(&person.id_text),
            sid: S::from(&person.session),
        }
    }
}
