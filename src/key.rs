//! Keys: the keyed HMAC, the length rule, and wiping.

use core::fmt;

use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::Output;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::base64url;
use crate::error::KeyError;
use crate::header;
use crate::json::Writer;

/// The number of bytes that a key id in a [`KeyRing`] may have.
pub const MAX_KEY_ID_LEN: usize = 32;

/// The shortest key that HS256 may be used with, in bytes: RFC 7518 section 3.2.
pub const MIN_KEY_LEN: usize = 32;

const KEY_ID_HEADER: [&[u8]; 2] = [b"{\"alg\":\"HS256\",\"kid\":\"", b"\",\"typ\":\"JWT\"}"];

/// The length of the header of a token that is signed with a key whose id has this length.
pub(crate) const fn key_id_header_len(id: usize) -> usize {
    let [before, after] = KEY_ID_HEADER;
    before.len().saturating_add(after.len()).saturating_add(id)
}

/// The length of the longest encoded header that a ring writes.
const MAX_HEADER_LEN: usize = base64url::encoded_len(key_id_header_len(MAX_KEY_ID_LEN));

/// A key for HS256, ready for use: the HMAC state is computed once, the bytes are not kept.
///
/// The state is as secret as the key. It is never printed, and with the feature `zeroize` it is wiped on drop, and the key is
/// wiped from the stack that it was read on. What safe code can't reach: where the compiler moves a `Key`, or computes with
/// it, copies of the state (never of the key itself) may stay in dead parts of the stack until they are written over.
///
/// ```
/// use jotlet::{Key, KeyError};
///
/// let key = Key::new(b"a shared secret of at least 32 bytes")?;
/// assert_eq!(Key::new(b"hunter2").unwrap_err(), KeyError::TooShort { len: 7 });
/// # Ok::<(), KeyError>(())
/// ```
pub struct Key(HmacCore<Sha256>);

impl Key {
    /// A key from at least 32 bytes that nobody can guess; from a password it is made by a password hash first.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], RFC 7518 section 3.2.
    pub fn new(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < MIN_KEY_LEN {
            return Err(KeyError::TooShort { len: secret.len() });
        }
        let key = keyed(secret);
        #[cfg(feature = "zeroize")]
        wipe_stack();
        // HMAC takes a key of any length: `None` can't happen, and can't be told apart by its type.
        key.map(Self)
            .ok_or(KeyError::TooShort { len: secret.len() })
    }

    /// The MAC of `message`.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        // The core of `Hmac` without its buffer, which there is no need to copy and wipe: a tenth of a verification less.
        let mut core = self.0.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        let mut mac = Output::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(message, |blocks| core.update_blocks(blocks));
        core.finalize_fixed_core(&mut buffer, &mut mac);
        mac.into()
    }

    /// Whether `mac` is the MAC of `message`, in constant time.
    pub(crate) fn verify(&self, message: &[u8], mac: &[u8; 32]) -> bool {
        let ours = self.mac(message);
        // Folding words and one comparison by subtle: an eighth of what subtle's comparison of slices takes.
        let (ours, theirs) = (ours.as_chunks::<4>().0, mac.as_chunks::<4>().0);
        let difference = ours.iter().zip(theirs).fold(0, |difference, (a, b)| {
            difference | (u32::from_ne_bytes(*a) ^ u32::from_ne_bytes(*b))
        });
        difference.ct_eq(&0).into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Not inlined, so that [`wipe_stack`] runs on the same stretch of the stack: hmac leaves the padded key there.
#[inline(never)]
fn keyed(secret: &[u8]) -> Option<HmacCore<Sha256>> {
    HmacCore::new_from_slice(secret).ok()
}

/// Overwrites more of the stack than [`keyed`] and what it calls have used.
#[cfg(feature = "zeroize")]
#[inline(never)]
fn wipe_stack() {
    let mut frames = [0_u64; 256];
    zeroize::Zeroize::zeroize(&mut frames);
}

/// A key with its id.
struct RingKey {
    key: Key,
    id: heapless::String<MAX_KEY_ID_LEN>,
    /// The encoded header of a token that is signed with the key.
    header: heapless::Vec<u8, MAX_HEADER_LEN>,
}

impl RingKey {
    fn new(id: &str, key: Key) -> Result<Self, KeyError> {
        if id.is_empty() {
            return Err(KeyError::KeyIdLength { len: 0 });
        }
        let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        if !id.bytes().all(plain) {
            return Err(KeyError::KeyIdCharacter);
        }
        let too_long = KeyError::KeyIdLength { len: id.len() };
        let mut json = [0; key_id_header_len(MAX_KEY_ID_LEN)];
        let mut writer = Writer::new(&mut json);
        let [before, after] = KEY_ID_HEADER;
        writer.raw(before);
        writer.text(id);
        writer.raw(after);
        let json = writer.written().ok_or(too_long)?;
        let mut header = [0; MAX_HEADER_LEN];
        let header = base64url::encode(json, &mut header).ok_or(too_long)?;
        let header = heapless::Vec::from_slice(header.as_bytes()).map_err(|_| too_long)?;
        let id = heapless::String::try_from(id).map_err(|_| too_long)?;
        Ok(Self { key, id, header })
    }
}

/// Keys by their id (`kid`, RFC 7515 section 4.1.4): one signs, all verify, so that a key is replaced without an outage.
///
/// `N` is how many keys there is room for beside the one that signs: `KeyRing<1>` holds two, which is enough to rotate. To rotate: [`add`](Self::add) the new key wherever
/// tokens are verified, then let it [`sign`](Self::sign_with), and [`remove`](Self::remove) the old one when the last
/// token that it signed has expired.
///
/// ```
/// use jotlet::{Key, KeyRing};
///
/// let mut ring = KeyRing::<1>::new("2026-01", Key::new(&[1; 32])?)?;
/// ring.add("2026-02", Key::new(&[2; 32])?)?;
/// ring.sign_with("2026-02")?;
/// ring.remove("2026-01")?;
/// assert_eq!(ring.signing_key_id(), "2026-02");
/// # Ok::<(), jotlet::KeyError>(())
/// ```
pub struct KeyRing<const N: usize> {
    signing: RingKey,
    others: heapless::Vec<RingKey, N>,
}

impl<const N: usize> KeyRing<N> {
    /// A ring with one key, which signs.
    ///
    /// # Errors
    /// [`KeyError::KeyIdLength`] and [`KeyError::KeyIdCharacter`].
    pub fn new(id: &str, key: Key) -> Result<Self, KeyError> {
        Ok(Self {
            signing: RingKey::new(id, key)?,
            others: heapless::Vec::new(),
        })
    }

    /// Adds a key that verifies.
    ///
    /// # Errors
    /// [`KeyError::KeyIdLength`], [`KeyError::KeyIdCharacter`], [`KeyError::KeyIdTaken`] and [`KeyError::RingFull`].
    pub fn add(&mut self, id: &str, key: Key) -> Result<(), KeyError> {
        let added = RingKey::new(id, key)?;
        if self.signing.id == id || self.others.iter().any(|other| other.id == id) {
            return Err(KeyError::KeyIdTaken);
        }
        self.others.push(added).map_err(|_| KeyError::RingFull {
            capacity: N.saturating_add(1),
        })
    }

    /// Lets the key with this id sign; the one that signed until now goes on verifying.
    ///
    /// # Errors
    /// [`KeyError::KeyIdUnknown`].
    pub fn sign_with(&mut self, id: &str) -> Result<(), KeyError> {
        if self.signing.id != id {
            let other = self.others.iter_mut().find(|other| other.id == id);
            core::mem::swap(&mut self.signing, other.ok_or(KeyError::KeyIdUnknown)?);
        }
        Ok(())
    }

    /// Removes a key: no token that it has signed is valid any more.
    ///
    /// # Errors
    /// [`KeyError::KeySigns`] and [`KeyError::KeyIdUnknown`].
    pub fn remove(&mut self, id: &str) -> Result<(), KeyError> {
        if self.signing.id == id {
            return Err(KeyError::KeySigns);
        }
        // Swapped to the end and dropped there: whatever closes the gap by copying leaves a copy of a key behind.
        let (last, rest) = self.others.split_last_mut().ok_or(KeyError::KeyIdUnknown)?;
        if let Some(other) = rest.iter_mut().find(|other| other.id == id) {
            core::mem::swap(other, last);
        } else if last.id != id {
            return Err(KeyError::KeyIdUnknown);
        }
        let kept = rest.len();
        self.others.truncate(kept);
        Ok(())
    }

    /// The id of the key that signs.
    #[must_use]
    pub fn signing_key_id(&self) -> &str {
        &self.signing.id
    }
}

impl<const N: usize> fmt::Debug for KeyRing<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("signing", &self.signing.id)
            .field("others", &self.others.len())
            .finish()
    }
}

/// What signs and verifies: made from a `&`[`Key`] or a `&`[`KeyRing`].
///
/// ```
/// use jotlet::{Key, KeyRing, Keys};
///
/// let key = Key::new(&[1; 32])?;
/// let ring = KeyRing::<3>::new("2026-01", Key::new(&[2; 32])?)?;
/// let either: [Keys<'_>; 2] = [(&key).into(), (&ring).into()];
/// # let _ = either;
/// # Ok::<(), jotlet::KeyError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Keys<'k> {
    signing: &'k Key,
    header: &'k [u8],
    others: &'k [RingKey],
}

impl<'k> Keys<'k> {
    /// The encoded header of the tokens that are signed.
    pub(crate) fn header(&self) -> &'k [u8] {
        self.header
    }

    /// The MAC by the key that signs.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.signing.mac(message)
    }

    /// Splits a header, a dot and a payload. A header that jotlet writes names its key byte for byte, and need not be read.
    pub(crate) fn split<'t>(&self, message: &'t [u8]) -> Option<(Header<'k, 't>, &'t [u8])> {
        let payload = |header| message.strip_prefix(header)?.strip_prefix(b".");
        if let Some(payload) = payload(self.header) {
            return Some((Header::Known(self.signing), payload));
        }
        for other in self.others {
            if let Some(payload) = payload(&other.header) {
                return Some((Header::Known(&other.key), payload));
            }
        }
        let (header, payload) =
            message.split_at_checked(message.iter().position(|&byte| byte == b'.')?)?;
        Some((Header::Other(header), payload.strip_prefix(b".")?))
    }

    /// Whether `mac` is the MAC of `message`: by the key that the header names, else by any.
    pub(crate) fn verify(&self, header: &Header<'_, '_>, message: &[u8], mac: &[u8; 32]) -> bool {
        match header {
            Header::Known(key) => key.verify(message, mac),
            Header::Other(_) => {
                self.signing.verify(message, mac)
                    || self
                        .others
                        .iter()
                        .any(|other| other.key.verify(message, mac))
            }
        }
    }
}

/// The header segment of a token.
#[derive(Clone, Copy)]
pub(crate) enum Header<'k, 't> {
    /// The one that jotlet writes for this key.
    Known(&'k Key),
    /// Any other, still encoded.
    Other(&'t [u8]),
}

impl<'k> From<&'k Key> for Keys<'k> {
    fn from(key: &'k Key) -> Self {
        Self {
            signing: key,
            header: header::PLAIN,
            others: &[],
        }
    }
}

impl<'k, const N: usize> From<&'k KeyRing<N>> for Keys<'k> {
    fn from(ring: &'k KeyRing<N>) -> Self {
        Self {
            signing: &ring.signing.key,
            header: &ring.signing.header,
            others: &ring.others,
        }
    }
}

impl fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("others", &self.others.len())
            .finish()
    }
}

#[cfg(test)]
mod tests;
