//! Runs the project's token cases, and a session from login to replay. Miri looks on.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use jotlet::{
    ACCESS_COOKIE, Access, ClaimsBuffer, Counters, Denylist, Event, Family, FamilyStore,
    FamilyTable, Issuer, Key, KeyRing, Refresh, RequestToken, Rotation, SetCookie, Timestamp,
    TokenId, TokenType, Verifier, VerifyError,
};

pub struct Case {
    id: &'static str,
    token: &'static str,
    secret: &'static [u8],
    now: u64,
    leeway: u64,
    refresh: bool,
    accepted: Option<bool>,
}

include!(concat!(env!("OUT_DIR"), "/cases.rs"));

fn accepts<T: TokenType>(case: &Case) -> bool {
    let Ok(key) = Key::new(case.secret) else {
        return false;
    };
    let verifier = Verifier::<T>::new(&key).leeway(Duration::from_secs(case.leeway));
    let mut buffer = ClaimsBuffer::<{ 16 * 1024 }>::new();
    let now = Timestamp::from_secs(case.now);
    verifier.verify(case.token, now, &mut buffer).is_ok()
}

#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
struct Rights<'a> {
    role: &'a str,
    level: i64,
    ratio: f64,
    groups: [u16; 3],
    note: Option<bool>,
}

fn session() {
    let now = Timestamp::from_secs(1_767_225_600);
    let id = |byte| TokenId::uuid([byte; 16]);
    let mut ring = KeyRing::<2>::new("old", Key::new(&[1; 32]).unwrap()).unwrap();
    ring.add("new", Key::new(&[2; 100]).unwrap()).unwrap();
    ring.add("newest", Key::new(&[3; 64]).unwrap()).unwrap();
    ring.sign_with("new").unwrap();
    ring.remove("old").unwrap();

    let issuer = Issuer::new(&ring)
        .issuer("https://example.com")
        .audience("api");
    let rights = Rights {
        role: "opérateur",
        level: -3,
        ratio: 0.5,
        groups: [1, 22, 333],
        note: None,
    };
    let csrf = id(9).text();
    let access = issuer
        .access("\"é\u{1f680}\\\n", id(1))
        .csrf(csrf.as_str())
        .claims(&rights);
    let access = access.sign_owned::<768>(now).unwrap();

    let mut out = [0; 1024];
    let cookie = SetCookie::new(ACCESS_COOKIE, access.as_str())
        .write(&mut out)
        .unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let request = RequestToken::find(None::<&str>, [cookie], ACCESS_COOKIE).unwrap();
    let mut denylist = Denylist::<4>::new();
    let verifier = Verifier::<Access>::new(&ring)
        .issuer("https://example.com")
        .audience("api");
    let mut buffer = ClaimsBuffer::<512>::new();
    let claims = verifier
        .verify_with(request, now, &mut buffer, &denylist)
        .unwrap();
    assert_eq!(claims.subject(), Some("\"é\u{1f680}\\\n"));
    assert_eq!(claims.custom::<Rights<'_>>().unwrap(), rights);
    request
        .check_csrf("POST", Some(csrf.as_str()), &claims)
        .unwrap();
    denylist.revoke(&claims, now).unwrap();
    let mut counters = Counters::new();
    let result = verifier.verify_with(request, now, &mut buffer, &denylist);
    counters.count(Event::from_verify(&result, b"salt", now).outcome);
    assert_eq!(result.unwrap_err(), VerifyError::Revoked);
    assert_eq!(counters.refused(), 1);

    let family = Family::start(id(2), id(3), now.saturating_add(Duration::from_secs(60)));
    let mut table = FamilyTable::<2>::new();
    table
        .insert(Family::from_record(&family.to_record()).unwrap(), now)
        .unwrap();
    let refresh = family
        .pair("user-42")
        .refresh(&issuer)
        .sign_owned::<768>(now)
        .unwrap();
    let verifier = Verifier::<Refresh>::new(&ring);
    let claims = verifier.verify(&refresh, now, &mut buffer).unwrap();
    let rotation = table.rotate(&claims, id(4), now, Duration::ZERO).unwrap();
    assert!(matches!(rotation, Rotation::Rotated { .. }));
    let rotation = table.rotate(&claims, id(5), now, Duration::ZERO).unwrap();
    assert!(matches!(rotation, Rotation::Replayed { .. }));
}

fn main() {
    if cfg!(feature = "planted") {
        let bytes = [0_u8; 4];
        let at = std::hint::black_box(4);
        println!("{}", unsafe { *bytes.as_ptr().add(at) });
    }
    for case in CASES {
        let accepted = if case.refresh {
            accepts::<Refresh>(case)
        } else {
            accepts::<Access>(case)
        };
        assert!(
            case.accepted.is_none_or(|expected| expected == accepted),
            "{}",
            case.id
        );
    }
    session();
    let endian = if cfg!(target_endian = "big") {
        "big"
    } else {
        "little"
    };
    println!(
        "{} cases and a session, {} bits, {endian}-endian",
        CASES.len(),
        usize::BITS
    );
}
