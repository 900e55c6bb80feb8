//! Keys, rings, issuing, verifying, and reading the claims.

use core::time::Duration;

use jotlet::{
    Access, Claims, ClaimsBuffer, Freshness, IssueError, Issuer, Key, KeyError, KeyRing, Keys,
    Refresh, RegisteredClaim, Timestamp, Token, TokenBuilder, TokenId, TokenSize, TokenType,
    Verifier, VerifyError,
};

use crate::Bytes;

type Ring = KeyRing<3>;

/// A type of the caller's own.
pub struct Enrolment;

impl TokenType for Enrolment {
    const NAME: &'static str = "enrolment";
    const LIFETIME: Duration = Duration::from_secs(300);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_key(secret: Bytes, out: *mut Result<Key, KeyError>) {
    unsafe { out.write(Key::new(secret.get())) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_drop_ring(ring: *mut Ring) {
    unsafe { ring.drop_in_place() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_ring(id: Bytes, key: *mut Key, out: *mut Result<Ring, KeyError>) {
    unsafe { out.write(Ring::new(id.text(), key.read())) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_ring_add(ring: &mut Ring, id: Bytes, key: *mut Key) -> bool {
    unsafe { ring.add(id.text(), key.read()).is_ok() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_ring_sign_with(ring: &mut Ring, id: Bytes) -> bool {
    ring.sign_with(unsafe { id.text() }).is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_ring_remove(ring: &mut Ring, id: Bytes) -> bool {
    ring.remove(unsafe { id.text() }).is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_ring_signing_key_id(ring: &Ring) -> u8 {
    ring.signing_key_id()
        .bytes()
        .fold(0, |all, byte| all ^ byte)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_token_id(bytes: &[u8; 16], uuid: bool, out: &mut [u8; 36]) {
    let id = if uuid {
        TokenId::uuid(*bytes)
    } else {
        TokenId::from_bytes(*bytes)
    };
    for (to, from) in out.iter_mut().zip(id.text().as_str().bytes()) {
        *to = from;
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_token_size(n: &[usize; 8], latest: u64) -> usize {
    let size = TokenSize::of::<Access>()
        .latest_time(Timestamp::from_secs(latest))
        .key_id(n[0])
        .subject(n[1])
        .fresh();
    let size = size
        .fresh_until()
        .csrf(n[2])
        .session_id(n[3])
        .issuer(n[4])
        .audience(n[5])
        .claims(n[6]);
    size.token_len() ^ size.payload_len()
}

/// What a token may say, each part of it optional.
#[repr(C)]
pub struct Request {
    subject: Bytes,
    id: [u8; 16],
    uuid: bool,
    fresh: bool,
    fresh_until: Option<u64>,
    csrf: Option<Bytes>,
    session: Option<Bytes>,
    issuer: Option<Bytes>,
    audience: Option<Bytes>,
    lifetime: Option<Duration>,
    forever: bool,
    not_before: Option<u64>,
    now: u64,
}

unsafe fn issuer<'a>(keys: impl Into<Keys<'a>>, request: &Request) -> Issuer<'a> {
    let mut issuer = Issuer::new(keys);
    unsafe {
        if let Some(name) = &request.issuer {
            issuer = issuer.issuer(name.text());
        }
        if let Some(name) = &request.audience {
            issuer = issuer.audience(name.text());
        }
    }
    if let Some(lifetime) = request.lifetime {
        issuer = issuer.access_lifetime(lifetime).refresh_lifetime(lifetime);
    }
    issuer
}

unsafe fn fill<'a, T: TokenType>(
    mut builder: TokenBuilder<'a, T>,
    request: &'a Request,
) -> TokenBuilder<'a, T> {
    if request.fresh {
        builder = builder.fresh();
    }
    if let Some(until) = request.fresh_until {
        builder = builder.fresh_until(Timestamp::from_secs(until));
    }
    unsafe {
        if let Some(value) = &request.csrf {
            builder = builder.csrf(value.text());
        }
        if let Some(id) = &request.session {
            builder = builder.session_id(id.text());
        }
    }
    if let Some(start) = request.not_before {
        builder = builder.not_before(Timestamp::from_secs(start));
    }
    if let Some(lifetime) = request.lifetime {
        builder = builder.lifetime(lifetime);
    }
    if request.forever {
        builder.without_expiry()
    } else {
        builder
    }
}

impl Request {
    unsafe fn subject_and_id(&self) -> (&str, TokenId) {
        let id = if self.uuid {
            TokenId::uuid(self.id)
        } else {
            TokenId::from_bytes(self.id)
        };
        (unsafe { self.subject.text() }, id)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_sign_access(ring: &Ring, request: &Request, out: Bytes) -> usize {
    unsafe {
        let issuer = issuer(ring, request);
        let (subject, id) = request.subject_and_id();
        let builder = fill(issuer.access(subject, id), request);
        builder
            .sign(Timestamp::from_secs(request.now), out.get_mut())
            .map_or(0, str::len)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_sign_refresh(key: &Key, request: &Request, out: Bytes) -> usize {
    unsafe {
        let issuer = issuer(key, request);
        let (subject, id) = request.subject_and_id();
        let builder = fill(issuer.refresh(subject, id), request);
        builder
            .sign(Timestamp::from_secs(request.now), out.get_mut())
            .map_or(0, str::len)
    }
}

unsafe fn sign_owned<const N: usize>(key: &Key, request: &Request) -> Result<Token<N>, IssueError> {
    unsafe {
        let issuer = issuer(key, request);
        let (subject, id) = request.subject_and_id();
        fill(issuer.token::<Enrolment>(subject, id), request)
            .sign_owned(Timestamp::from_secs(request.now))
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_sign_owned(
    key: &Key,
    request: &Request,
    out: *mut Result<Token<384>, IssueError>,
) {
    unsafe { out.write(sign_owned(key, request)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_sign_owned_in_nothing(key: &Key, request: &Request) -> bool {
    unsafe { sign_owned::<0>(key, request).is_ok_and(|token| token.as_str().is_empty()) }
}

/// What a verifier may demand.
#[repr(C)]
pub struct Policy {
    leeway: Duration,
    max_len: usize,
    issuer: Option<Bytes>,
    audience: Option<Bytes>,
    require: Option<RegisteredClaim>,
    fresh: bool,
    forever: bool,
    now: u64,
}

unsafe fn verifier<'k, T: TokenType>(
    keys: impl Into<Keys<'k>>,
    policy: &Policy,
) -> Verifier<'k, T> {
    let mut verifier = Verifier::new(keys)
        .leeway(policy.leeway)
        .max_len(policy.max_len);
    unsafe {
        if let Some(name) = &policy.issuer {
            verifier = verifier.issuer(name.text());
        }
        if let Some(name) = &policy.audience {
            verifier = verifier.audience(name.text());
        }
    }
    if let Some(claim) = policy.require {
        verifier = verifier.require(claim);
    }
    if policy.fresh {
        verifier = verifier.require_fresh();
    }
    if policy.forever {
        verifier.allow_missing_expiry()
    } else {
        verifier
    }
}

unsafe fn verify<T: TokenType, const N: usize>(
    verifier: &Verifier<'_, T>,
    token: &Bytes,
    policy: &Policy,
) -> Result<usize, VerifyError> {
    let mut buffer = ClaimsBuffer::<N>::new();
    let claims = verifier.verify(
        unsafe { token.get() },
        Timestamp::from_secs(policy.now),
        &mut buffer,
    )?;
    Ok(read(&claims, policy.now))
}

/// Everything that claims can be asked.
fn read<T: TokenType>(claims: &Claims<'_, T>, now: u64) -> usize {
    let texts = [
        claims.subject(),
        claims.token_type(),
        claims.token_id(),
        claims.issuer(),
        claims.csrf(),
        claims.session_id(),
    ];
    let times = [claims.expires_at(), claims.not_before(), claims.issued_at()];
    let mut all = texts
        .into_iter()
        .flatten()
        .chain(claims.audience())
        .fold(0, |all, text| all ^ text.len());
    all ^= times
        .into_iter()
        .flatten()
        .fold(0, |all, time| all ^ time.as_secs() as usize);
    let until = match claims.freshness() {
        Freshness::Until(until) => until.saturating_sub(Duration::from_secs(now)).as_secs(),
        _ => 0,
    };
    all ^ until as usize ^ usize::from(claims.is_fresh_at(Timestamp::from_secs(now)))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_verify_key(
    key: &Key,
    token: Bytes,
    policy: &Policy,
    out: *mut Result<usize, VerifyError>,
) {
    unsafe {
        out.write(verify::<Refresh, 384>(
            &verifier(key, policy),
            &token,
            policy,
        ))
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_verify_ring(
    ring: &Ring,
    token: Bytes,
    policy: &Policy,
    out: *mut Result<usize, VerifyError>,
) {
    unsafe {
        out.write(verify::<Access, 1024>(
            &verifier(ring, policy).missing_type_is_access(),
            &token,
            policy,
        ))
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_verify_in_nothing(
    key: &Key,
    token: Bytes,
    policy: &Policy,
    out: *mut Result<usize, VerifyError>,
) {
    unsafe {
        out.write(verify::<Enrolment, 0>(
            &verifier(key, policy),
            &token,
            policy,
        ))
    }
}
