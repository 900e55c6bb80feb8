//! RFC 7515 and 7519 in the plainest words, on `serde_json`: what jotlet must accept, what it must read, nothing else.

use std::collections::HashSet;
use std::fmt;

use jotlet::{Claims, Freshness, MAX_DEPTH, Timestamp};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Number, Value};

/// The members of a JSON object, in order and with repeated names. `None`: not exactly one object, or nested too deep.
pub fn members(json: &[u8]) -> Option<Vec<(String, Value)>> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    deserializer.disable_recursion_limit();
    let Members(members) = Members::deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    (depth(json) <= MAX_DEPTH as usize).then_some(members)
}

struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// How many arrays and objects of a JSON text are open at once.
pub fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => _ = bytes.next(),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether a header is that of a token that is signed with HS256, without extensions.
pub fn header_is_good(json: &[u8]) -> bool {
    let Some(members) = members(json) else {
        return false;
    };
    let is_jwt = |text: &str| ["jwt", "application/jwt"].contains(&&*text.to_ascii_lowercase());
    let mut seen = HashSet::new();
    for (name, value) in members {
        let text = value.as_str();
        let good = match &*name {
            "alg" => text == Some("HS256"),
            "typ" => text.is_some_and(is_jwt),
            "cty" => text.is_some_and(|text| !is_jwt(text)),
            "kid" => text.is_some(),
            "crit" => false,
            _ => continue,
        };
        if !good || !seen.insert(name) {
            return false;
        }
    }
    seen.contains("alg")
}

/// What a token says.
#[derive(Debug, Default, PartialEq)]
pub struct Reading {
    pub subject: Option<String>,
    pub token_type: Option<String>,
    pub token_id: Option<String>,
    pub issuer: Option<String>,
    pub csrf: Option<String>,
    pub session_id: Option<String>,
    pub audience: Vec<String>,
    pub expires_at: Option<u64>,
    pub not_before: Option<u64>,
    pub issued_at: Option<u64>,
    pub freshness: Freshness,
}

impl Reading {
    /// A payload as `serde_json` reads it. `None`: not JSON, a malformed claim, or one that stands there twice.
    pub fn of_json(json: &[u8]) -> Option<Self> {
        let mut reading = Self::default();
        let mut seen = HashSet::new();
        for (name, value) in members(json)? {
            match &*name {
                "sub" => reading.subject = Some(text(value)?),
                "type" => reading.token_type = Some(text(value)?),
                "jti" => reading.token_id = Some(text(value)?),
                "iss" => reading.issuer = Some(text(value)?),
                "csrf" => reading.csrf = Some(text(value)?),
                "sid" => reading.session_id = Some(text(value)?),
                "aud" => {
                    reading.audience = match value {
                        Value::Array(values) => {
                            values.into_iter().map(text).collect::<Option<_>>()?
                        }
                        value => vec![text(value)?],
                    }
                }
                "exp" => reading.expires_at = Some(time(&value)?),
                "nbf" => reading.not_before = Some(time(&value)?),
                "iat" => reading.issued_at = Some(time(&value)?),
                "fresh" => {
                    reading.freshness = match value {
                        Value::Bool(true) => Freshness::Fresh,
                        Value::Bool(false) => Freshness::Stale,
                        value => Freshness::Until(Timestamp::from_secs(time(&value)?)),
                    }
                }
                _ => continue,
            }
            if !seen.insert(name) {
                return None;
            }
        }
        Some(reading)
    }

    /// Whether this is an access token, as far as it says, that is valid at `now`.
    pub fn is_valid_access(&self, now: Timestamp) -> bool {
        let now = now.as_secs();
        self.token_type
            .as_deref()
            .is_none_or(|name| name == "access")
            && self.expires_at.is_none_or(|end| now < end)
            && self.not_before.is_none_or(|start| now >= start)
            && self.issued_at.is_none_or(|start| now >= start)
    }
}

impl<T> From<&Claims<'_, T>> for Reading {
    fn from(claims: &Claims<'_, T>) -> Self {
        Self {
            subject: claims.subject().map(str::to_owned),
            token_type: claims.token_type().map(str::to_owned),
            token_id: claims.token_id().map(str::to_owned),
            issuer: claims.issuer().map(str::to_owned),
            csrf: claims.csrf().map(str::to_owned),
            session_id: claims.session_id().map(str::to_owned),
            audience: claims.audience().map(str::to_owned).collect(),
            expires_at: claims.expires_at().map(Timestamp::as_secs),
            not_before: claims.not_before().map(Timestamp::as_secs),
            issued_at: claims.issued_at().map(Timestamp::as_secs),
            freshness: claims.freshness(),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn time(value: &Value) -> Option<u64> {
    ceiling(value.as_number()?)
}

/// The first whole number at or after a number, from its digits with the point moved by the exponent.
fn ceiling(number: &Number) -> Option<u64> {
    let text = number.as_str();
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if mantissa.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        return Some(0);
    }
    if negative {
        return None;
    }
    // No mantissa has so many digits that more would make a difference.
    let far = 2 * i64::try_from(crate::MAX_INPUT).ok()?;
    let exponent = match exponent.parse::<i64>() {
        Ok(exponent) => exponent.clamp(-far, far),
        Err(_) if exponent.starts_with('-') => -far,
        Err(_) => far,
    };
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let digits = format!("{whole}{fraction}");
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point < digits.len() => digits.split_at(point),
        Ok(point) => (&*format!("{digits:0<point$}"), ""),
        Err(_) => ("", &*digits),
    };
    let whole = match whole.trim_start_matches('0') {
        "" => 0,
        whole => whole.parse::<u64>().ok()?,
    };
    whole.checked_add(u64::from(fraction.bytes().any(|digit| digit != b'0')))
}
