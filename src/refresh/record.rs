//! The byte form of a family: what a service keeps in its database, and a firmware in its flash.

use core::fmt;

use sha2::{Digest, Sha256};

use super::family::{Family, Previous};
use crate::id::TokenId;
use crate::time::Timestamp;

const MAGIC: [u8; 4] = *b"jotF";
const VERSION: u8 = 1;

const REVOKED: u8 = 1;
const HAS_PREVIOUS: u8 = 2;
const SESSION_IS_UUID: u8 = 4;
const CURRENT_IS_UUID: u8 = 8;
const PREVIOUS_IS_UUID: u8 = 16;

impl Family {
    /// The length of a [record](Self::to_record), in bytes.
    pub const RECORD_LEN: usize = 78;

    /// The family as bytes. Numbers are big-endian.
    ///
    /// | bytes | what |
    /// |---|---|
    /// | 0 to 3 | `jotF` |
    /// | 4 | the version of this form: 1 |
    /// | 5 | flags: 1 the family is revoked; 2 the previous token may be repeated; 4, 8, 16 the session's, the current and the previous id are UUIDs in a token; the other bits are 0 |
    /// | 6 to 21 | the session's id |
    /// | 22 to 37 | the current refresh token's id |
    /// | 38 to 53 | the previous refresh token's id, 0 if it may not be repeated |
    /// | 54 to 61 | the end of its grace window in seconds since the epoch, 0 if it may not be repeated |
    /// | 62 to 69 | the end of the family in seconds since the epoch |
    /// | 70 to 77 | the first 8 bytes of the SHA-256 of bytes 0 to 69 |
    ///
    /// Families are equal if and only if their records are, so a store may compare records to swap them. The checksum finds
    /// accidents; it does not stop anyone who can write to the storage.
    ///
    /// ```
    /// # use jotlet::{Family, Timestamp, TokenId};
    /// # let random = |n| TokenId::from_bytes([n; 16]);
    /// let family = Family::start(random(1), random(2), Timestamp::from_secs(1_800_000_000));
    /// let record: [u8; Family::RECORD_LEN] = family.to_record();
    /// assert_eq!(Family::from_record(&record)?, family);
    /// # Ok::<(), jotlet::RecordError>(())
    /// ```
    #[must_use]
    pub fn to_record(&self) -> [u8; Self::RECORD_LEN] {
        let nothing = Previous {
            id: TokenId::from_bytes([0; 16]),
            until: Timestamp::default(),
        };
        let previous = self.previous.unwrap_or(nothing);
        let flags = [
            (self.revoked, REVOKED),
            (self.previous.is_some(), HAS_PREVIOUS),
            (self.session.is_uuid(), SESSION_IS_UUID),
            (self.current.is_uuid(), CURRENT_IS_UUID),
            (previous.id.is_uuid(), PREVIOUS_IS_UUID),
        ];
        let flags = flags.into_iter().filter(|(set, _)| *set);
        let flags = flags.fold(0, |flags, (_, flag)| flags | flag);
        let fields = MAGIC
            .into_iter()
            .chain([VERSION, flags])
            .chain(*self.session.as_bytes())
            .chain(*self.current.as_bytes())
            .chain(*previous.id.as_bytes())
            .chain(previous.until.as_secs().to_be_bytes())
            .chain(self.ends_at.as_secs().to_be_bytes());

        let mut record = [0; Self::RECORD_LEN];
        if let Some((checked, checksum)) = record.split_last_chunk_mut::<8>() {
            for (byte, field) in checked.iter_mut().zip(fields) {
                *byte = field;
            }
            for (byte, digest) in checksum.iter_mut().zip(Sha256::digest(&*checked)) {
                *byte = digest;
            }
        }
        record
    }

    /// The family of a [record](Self::to_record).
    ///
    /// # Errors
    /// Whatever is not, byte for byte, a record that [`to_record`](Self::to_record) writes.
    pub fn from_record(record: &[u8]) -> Result<Self, RecordError> {
        let fields = record.strip_prefix(&MAGIC).ok_or(RecordError::NotAFamily)?;
        match fields.first() {
            None | Some(&VERSION) => {}
            Some(&version) => return Err(RecordError::Version { version }),
        }
        let family = Self::read(record).ok_or(RecordError::Length { len: record.len() })?;
        // One comparison finds a wrong checksum, a flag without meaning, and anything where there should be zeros.
        if family.to_record() == record {
            Ok(family)
        } else {
            Err(RecordError::Corrupted)
        }
    }

    /// What the fields say, if there are as many as there should be.
    fn read(record: &[u8]) -> Option<Self> {
        let mut rest = <&[u8; Self::RECORD_LEN]>::try_from(record).ok()?.as_slice();
        let [_, _, _, _, _, flags] = take(&mut rest)?;
        let mut id = |uuid| Some(TokenId::from_parts(take(&mut rest)?, flags & uuid != 0));
        let session = id(SESSION_IS_UUID)?;
        let current = id(CURRENT_IS_UUID)?;
        let previous = id(PREVIOUS_IS_UUID)?;
        let mut time = || Some(Timestamp::from_secs(u64::from_be_bytes(take(&mut rest)?)));
        let until = time()?;
        let ends_at = time()?;
        let previous = Previous {
            id: previous,
            until,
        };
        Some(Self {
            session,
            current,
            previous: (flags & HAS_PREVIOUS != 0).then_some(previous),
            ends_at,
            revoked: flags & REVOKED != 0,
        })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (field, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*field)
}

/// Why bytes are not the record of a family.
///
/// ```
/// use jotlet::{Family, RecordError};
///
/// assert_eq!(Family::from_record(b"jotF\x02"), Err(RecordError::Version { version: 2 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RecordError {
    /// They do not start with `jotF`: they are something else.
    NotAFamily,
    /// They are a record of a version that is not known here.
    Version {
        /// The version.
        version: u8,
    },
    /// A record of this version has [`Family::RECORD_LEN`] bytes.
    Length {
        /// The length that was offered, in bytes.
        len: usize,
    },
    /// The checksum is wrong, or a field has a value that is never written.
    Corrupted,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFamily => f.write_str("not the record of a family"),
            Self::Version { version } => {
                write!(f, "a family's record of the unknown version {version}")
            }
            Self::Length { len } => write!(
                f,
                "a family's record has {} bytes, not {len}",
                Family::RECORD_LEN
            ),
            Self::Corrupted => f.write_str("the family's record is corrupted"),
        }
    }
}

impl core::error::Error for RecordError {}
