//! That the contenders do what the comparison says: before anything is timed, each has to accept every token, and to refuse
//! what all of them check. What only some refuse is told in the report.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use crate::contenders::{Item, JOTLET, Outcome, Run, issuers, verifiers};
use crate::tokens::{HEADER, Person, Shape, Times, sign, sign_with_header};

/// A token that is not valid.
struct Forgery {
    what: &'static str,
    /// Everyone has to refuse it.
    required: bool,
    token: String,
}

fn forgeries(shape: Shape, times: Times) -> Vec<Forgery> {
    let person = Person::all(shape).swap_remove(0);
    let payload = person.payload(shape, times);
    let at = |time: u64| time.to_string();
    let (expires_at, issued_at) = (at(times.expires_at), at(times.issued_at));
    let with = |from: &str, to: &str| {
        let changed = payload.replace(from, to);
        assert_ne!(changed, payload);
        sign(&changed)
    };
    let new = |what, required, token| Forgery {
        what,
        required,
        token,
    };
    let good = sign(&payload);
    let (message, signature) = good.rsplit_once('.').expect("a token has dots");
    let swapped = |at: usize| {
        let other = if signature.as_bytes()[at] == b'A' {
            'B'
        } else {
            'A'
        };
        format!(
            "{message}.{}{other}{}",
            &signature[..at],
            &signature[at + 1..]
        )
    };
    let mut all = vec![
        new("the first character of the signature", true, swapped(0)),
        new(
            "another algorithm",
            true,
            sign_with_header(&HEADER.replace("256", "512"), &payload),
        ),
        new(
            "expired",
            true,
            with(
                &format!(r#""exp":{expires_at}"#),
                &format!(r#""exp":{}"#, at(times.now - 1)),
            ),
        ),
        new("padding", false, format!("{good}=")),
        new(
            "no exp",
            false,
            with(
                &format!(r#""exp":{expires_at}"#),
                &format!(r#""exq":{expires_at}"#),
            ),
        ),
    ];
    if shape.has_start() {
        let nbf = format!(r#""nbf":{issued_at}"#);
        let iat = format!(r#""iat":{issued_at}"#);
        all.push(new(
            "not yet valid",
            true,
            with(&nbf, &format!(r#""nbf":{}"#, at(times.now + 600))),
        ));
        all.push(new(
            "issued in the future",
            false,
            with(&iat, &format!(r#""iat":{}"#, at(times.now + 600))),
        ));
        all.push(new(
            "a refresh token",
            false,
            with(r#""type":"access""#, r#""type":"refresh""#),
        ));
    }
    if shape.is_identity() {
        all.push(new(
            "another issuer",
            true,
            with("id.example.com", "id.example.org"),
        ));
        all.push(new(
            "another audience",
            true,
            with("api.example.com", "api.example.org"),
        ));
    }
    all
}

fn accepts(run: &mut Run, items: &[Item]) -> usize {
    let mut outcome = Outcome::default();
    run(items, &mut outcome);
    outcome.accepted
}

/// What a contender takes of that which others refuse.
pub type Lenient = BTreeMap<&'static str, Vec<&'static str>>;

/// Lets every contender verify the tokens and the forgeries of every shape.
pub fn check_verifiers(times: Times) -> Lenient {
    let mut lenient = Lenient::new();
    for shape in Shape::ALL {
        let items = items(shape, times);
        for mut contender in verifiers(shape, times) {
            if contender.is_floor() {
                continue;
            }
            let name = contender.name;
            assert_eq!(
                accepts(&mut contender.run, &items),
                items.len(),
                "{name} takes {}",
                shape.name()
            );
            let taken = lenient.entry(name).or_default();
            for Forgery {
                what,
                required,
                token,
            } in forgeries(shape, times)
            {
                let person = Person::all(shape).swap_remove(0);
                let accepted = accepts(&mut contender.run, &[Item { token, person }]) == 1;
                assert!(
                    !(accepted && required),
                    "{name} takes {}: {what}",
                    shape.name()
                );
                if accepted && !taken.contains(&what) {
                    taken.push(what);
                }
            }
        }
    }
    lenient
}

/// The 64 tokens of a shape.
pub fn items(shape: Shape, times: Times) -> Vec<Item> {
    let item = |person: Person| Item {
        token: sign(&person.payload(shape, times)),
        person,
    };
    Person::all(shape).into_iter().map(item).collect()
}

/// The 64 tokens that jotlet issues, after a look at whether the others issue the same claims under a right MAC.
pub fn issued_items(shape: Shape, times: Times) -> Vec<Item> {
    let mut items = items(shape, times);
    let mut all = Vec::new();
    for mut contender in issuers(shape, times) {
        if contender.is_floor() {
            continue;
        }
        let mut outcome = Outcome {
            issued: Some(Vec::new()),
            ..Outcome::default()
        };
        (contender.run)(&items, &mut outcome);
        all.push((contender.name, outcome.issued.unwrap_or_default()));
    }
    let jotlet = all
        .iter()
        .find(|(name, _)| *name == JOTLET)
        .map(|(_, tokens)| tokens.clone());
    for (item, token) in items.iter_mut().zip(jotlet.expect("jotlet is one of them")) {
        item.token = token;
    }
    for (name, tokens) in all {
        assert_eq!(tokens.len(), items.len(), "{name} issues {}", shape.name());
        for (token, item) in tokens.iter().zip(&items) {
            assert_eq!(
                claims(token),
                claims(&item.token),
                "{name} issues {}",
                shape.name()
            );
        }
    }
    items
}

/// The claims of a token with a right MAC.
fn claims(token: &str) -> Value {
    let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).expect("it is base64url");
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload] =
        [parts[0], parts[1]].map(|part| String::from_utf8(decode(part)).expect("it is UTF-8"));
    assert_eq!(sign_with_header(&header, &payload), token);
    serde_json::from_str(&payload).expect("it is JSON")
}
