//! Rotation, revocation, transport and monitoring.

use core::time::Duration;

use jotlet::{
    Access, Alert, Claims, ClaimsBuffer, Counters, CsrfError, Denylist, Detector, Event,
    ExtractError, Family, FamilyStore, FamilyTable, Fingerprint, Issuer, Key, Outcome, RecordError,
    Refresh, RequestToken, RevokeError, Rotation, Rule, SameSite, SetCookie, Suspicion, TableError,
    Timestamp, TokenId, Verifier, VerifyError,
};

use crate::Bytes;
use crate::print::Log;

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

/// Issues the pair of a rotation.
fn issue(rotation: &Rotation<'_>, key: &Key, id: TokenId, now: u64, out: &mut [u8]) -> usize {
    let Rotation::Rotated { pair, .. } = rotation else {
        return 0;
    };
    let issuer = Issuer::new(key);
    let access = pair
        .access(&issuer, id)
        .sign(at(now), out)
        .map_or(0, str::len);
    access ^ pair.refresh(&issuer).sign(at(now), out).map_or(0, str::len)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_decide(
    family: Option<&Family>,
    claims: &Claims<'_, Refresh>,
    key: &Key,
    next: &TokenId,
    now: u64,
    grace: &Duration,
    out: Bytes,
) -> usize {
    let rotation = Rotation::decide(family, claims, *next, at(now), *grace);
    let record = rotation
        .family()
        .map_or(0, |family| family.to_record()[0].into());
    record ^ issue(&rotation, key, *next, now, unsafe { out.get_mut() })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_family(
    session: &TokenId,
    id: &TokenId,
    end: u64,
    record: &mut [u8; Family::RECORD_LEN],
) -> bool {
    let family = Family::start(*session, *id, at(end));
    *record = family.revoked().to_record();
    family.is_revoked() && family.session() == *id && family.ends_at() == at(end)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_record(
    record: Bytes,
    out: &mut Result<Family, RecordError>,
    again: &mut [u8; Family::RECORD_LEN],
) {
    *out = Family::from_record(unsafe { record.get() });
    if let Ok(family) = out {
        *again = family.to_record();
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_table_insert(
    table: &mut FamilyTable<16>,
    family: &Family,
    now: u64,
    out: &mut Result<(), TableError>,
) {
    *out = table.insert(*family, at(now));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_table_of_none(table: &mut FamilyTable<0>, family: &Family) -> bool {
    table.insert(*family, at(0)).is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_table_rotate(
    table: &mut FamilyTable<16>,
    claims: &Claims<'_, Refresh>,
    next: &TokenId,
    now: u64,
    grace: &Duration,
    out: &mut Event,
) -> bool {
    let Ok(rotation) = table.rotate(claims, *next, at(now), *grace) else {
        return false;
    };
    *out = Event::from_rotation(&rotation, claims, b"salt", at(now));
    true
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_table_revoke(table: &mut FamilyTable<16>, id: &TokenId) -> bool {
    table.revoke(*id).is_ok_and(|found| found) && table.families().len() > 1
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_denylist_revoke(
    list: &mut Denylist<32>,
    claims: &Claims<'_, Access>,
    now: u64,
    out: &mut Result<(), RevokeError>,
) {
    *out = list.revoke(claims, at(now));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_denylist_revoke_id(
    list: &mut Denylist<32>,
    id: Bytes,
    end: u64,
    now: u64,
) -> bool {
    list.revoke_id(unsafe { id.text() }, at(end), at(now))
        .is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_denylist_of_none(list: &mut Denylist<0>, id: Bytes) -> bool {
    list.revoke_id(unsafe { id.text() }, at(1), at(0)).is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_denylist_revoke_subject(
    list: &mut Denylist<32>,
    subject: Bytes,
    before: u64,
    longest: &Duration,
    now: u64,
) -> bool {
    list.revoke_all(at(now));
    list.revoke_subject(unsafe { subject.text() }, at(before), *longest, at(now))
        .is_ok()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_denylist_verify(
    list: &Denylist<32>,
    key: &Key,
    token: Bytes,
    now: u64,
    out: &mut Result<(), VerifyError>,
) {
    let mut buffer = ClaimsBuffer::<384>::new();
    let verifier = Verifier::<Access>::new(key);
    let claims = verifier.verify_with(unsafe { token.get() }, at(now), &mut buffer, list);
    *out = claims.map(|_| ());
}

/// The fields of a request, each of them any number of times.
#[repr(C)]
pub struct Fields {
    start: *const Bytes,
    len: usize,
}

impl Fields {
    unsafe fn get<'a>(&self) -> impl Iterator<Item = &'a [u8]> {
        let fields = unsafe { core::slice::from_raw_parts(self.start, self.len) };
        fields.iter().map(|field| unsafe { field.get() })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_find(
    authorization: Fields,
    cookies: Fields,
    name: Bytes,
    out: *mut Result<RequestToken<'static>, ExtractError>,
) {
    unsafe {
        out.write(RequestToken::find(
            authorization.get(),
            cookies.get(),
            name.text(),
        ))
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_bearer_and_cookie(fields: Fields, name: Bytes) -> usize {
    let (bearer, cookie) = unsafe {
        let bearer = RequestToken::bearer(fields.get());
        (bearer, RequestToken::cookie(fields.get(), name.text()))
    };
    bearer.map_or(0, |token| token.as_str().len()) ^ cookie.map_or(0, |token| token.as_str().len())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_csrf(
    token: &RequestToken<'_>,
    method: Bytes,
    fields: Fields,
    claims: &Claims<'_, Access>,
    out: *mut Result<(), CsrfError>,
) {
    unsafe { out.write(token.check_csrf(method.text(), fields.get(), claims)) }
}

/// What a cookie may say, each part of it optional.
#[repr(C)]
pub struct Cookie {
    name: Bytes,
    value: Bytes,
    path: Option<Bytes>,
    domain: Option<Bytes>,
    age: Option<Duration>,
    same_site: SameSite,
    readable: bool,
    insecure: bool,
    cleared: bool,
}

impl Cookie {
    unsafe fn build(&self) -> SetCookie<'_> {
        let mut cookie = unsafe { SetCookie::new(self.name.text(), self.value.text()) };
        if let Some(path) = &self.path {
            cookie = cookie.path(unsafe { path.text() });
        }
        if let Some(domain) = &self.domain {
            cookie = cookie.domain(unsafe { domain.text() });
        }
        if let Some(age) = self.age {
            cookie = cookie.max_age(age);
        }
        if self.readable {
            cookie = cookie.readable_by_scripts();
        }
        if self.insecure {
            cookie = cookie.allow_insecure();
        }
        if self.cleared {
            cookie = cookie.cleared();
        }
        cookie.same_site(self.same_site)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_set_cookie(cookie: &Cookie, out: Bytes) -> usize {
    unsafe { cookie.build().write(out.get_mut()).map_or(0, str::len) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_set_cookie_to(cookie: &Cookie, mut log: Log) -> bool {
    unsafe { cookie.build().write_to(&mut log).is_ok() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_event(
    result: &Result<Claims<'_, Access>, VerifyError>,
    salt: Bytes,
    now: u64,
    out: &mut Event,
) {
    *out = Event::from_verify(result, unsafe { salt.get() }, at(now));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_event_refused(rule: &Rule, now: u64, out: &mut Event) {
    *out = Event::refused::<Access>(*rule, at(now));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_fingerprint(salt: Bytes, text: Bytes, out: &mut Fingerprint) {
    *out = unsafe { Fingerprint::new(salt.get(), text.text()) };
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_counters(
    counters: &mut Counters,
    other: &Counters,
    outcome: &Outcome,
) -> u64 {
    counters.count(*outcome);
    counters.merge(other);
    let all = counters.iter().fold(0, |all, (_, count)| all ^ count);
    all ^ counters.get(*outcome) ^ counters.refused() ^ counters.reset().refused()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_detector_new(
    threshold: u16,
    window: &Duration,
    suspicion: &Suspicion,
    out: *mut Detector<8>,
) {
    unsafe { out.write(Detector::new(threshold, *window).threshold(*suspicion, threshold)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_detector(
    detector: &mut Detector<8>,
    source: u64,
    event: &Event,
    out: &mut Option<Alert>,
) {
    *out = detector.observe(source, event);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_detector_of_none(detector: &mut Detector<0>, event: &Event) -> bool {
    detector.observe(0, event).is_some()
}
