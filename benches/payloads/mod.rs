//! What is measured: S, as little as a token can say; F, what flask-jwt-extended writes; L, an identity token, and what the
//! application would read of it.
#![allow(unreachable_pub, dead_code)]

use jotlet::Timestamp;
use serde::{Deserialize, Serialize};

/// A time at which all of them are valid.
pub const NOW: Timestamp = Timestamp::from_secs(1_767_225_700);

/// Name and JSON: 29, 191 and 881 bytes.
pub const ALL: [(&str, &str); 3] = [("S", S), ("F", F), ("L", L)];

pub const S: &str = r#"{"sub":"1","exp":1767226500 }"#;

pub const F: &str = r#"{"fresh":false,"iat":1767225600,"jti":"0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10","type":"access","sub":"alice.doe","nbf":1767225600,"csrf":"7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38","exp":1767226500}"#;

pub const L: &str = concat!(
    r#"{"iss":"https://id.example.com/realms/production","aud":["https://api.example.com","https://files.example.com"],"#,
    r#""sub":"248289761001-6f1c2a7e-user@example.com","type":"access","iat":1767225600,"nbf":1767225600,"exp":1767226500,"#,
    r#""jti":"0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10","sid":"5d2a8f36-1e4b-4c7d-9a0f-b83c6e512d94","#,
    r#""auth_time":1767225590,"acr":"urn:mace:incommon:iap:silver","amr":["pwd","otp"],"azp":"web-frontend","#,
    r#""name":"Jane Margaret Doe","given_name":"Jane","family_name":"Doe","preferred_username":"j.doe","#,
    r#""email":"jane.doe@example.com","email_verified":true,"locale":"en-GB","zoneinfo":"Europe/London","#,
    r#""realm_access":{"roles":["offline_access","uma_authorization","editor","reviewer"]},"#,
    r#""resource_access":{"files":{"roles":["read","write"]},"billing":{"roles":["view"]}},"#,
    r#""scope":"openid profile email offline_access files.read files.write","tenant":"acme-industries-ltd-uk"}"#,
);

/// The issuer of L, and the first of its audiences.
pub const ISSUER: &str = "https://id.example.com/realms/production";
pub const AUDIENCE: &str = "https://api.example.com";

/// Defines a struct of these fields and the claims of L that are the application's own; `S` is a string, `V` many.
macro_rules! with_application_claims {
    ($(#[$attribute:meta])* $name:ident<S, V> { $($(#[$of:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Serialize, Deserialize)]
        pub struct $name<S, V> {
            $($(#[$of])* pub $field: $type,)*
            pub auth_time: u64,
            pub acr: S,
            pub amr: V,
            pub azp: S,
            pub name: S,
            pub given_name: S,
            pub family_name: S,
            pub preferred_username: S,
            pub email: S,
            pub email_verified: bool,
            pub locale: S,
            pub zoneinfo: S,
            pub realm_access: $crate::payloads::Roles<V>,
            pub resource_access: $crate::payloads::Resources<V>,
            pub scope: S,
            pub tenant: S,
        }
    };
}

with_application_claims! {
    /// The claims of L that are not registered.
    Application<S, V> {}
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Roles<V> {
    pub roles: V,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Resources<V> {
    pub files: Roles<V>,
    pub billing: Roles<V>,
}

/// The value of [`Application`] in L.
pub const APPLICATION: Application<&str, &[&str]> = Application {
    auth_time: 1_767_225_590,
    acr: "urn:mace:incommon:iap:silver",
    amr: &["pwd", "otp"],
    azp: "web-frontend",
    name: "Jane Margaret Doe",
    given_name: "Jane",
    family_name: "Doe",
    preferred_username: "j.doe",
    email: "jane.doe@example.com",
    email_verified: true,
    locale: "en-GB",
    zoneinfo: "Europe/London",
    realm_access: Roles {
        roles: &["offline_access", "uma_authorization", "editor", "reviewer"],
    },
    resource_access: Resources {
        files: Roles {
            roles: &["read", "write"],
        },
        billing: Roles { roles: &["view"] },
    },
    scope: "openid profile email offline_access files.read files.write",
    tenant: "acme-industries-ltd-uk",
};
