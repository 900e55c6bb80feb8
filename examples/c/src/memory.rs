//! The caller's memory: what can be said about a pointer before it is used.

use core::slice;

use crate::error::Error;

/// A text of the caller's, UTF-8, not terminated. `{NULL, 0}`: there is none; `{"", 0}` is one of no bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Text {
    /// Its first byte.
    pub ptr: *const u8,
    /// How many bytes it has.
    pub len: usize,
}

impl Text {
    pub(crate) const NONE: Self = Self {
        ptr: core::ptr::null(),
        len: 0,
    };

    pub(crate) fn is_none(self) -> bool {
        self.ptr.is_null() && self.len == 0
    }
}

impl From<Option<&str>> for Text {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, |text| Self {
            ptr: text.as_ptr(),
            len: text.len(),
        })
    }
}

/// A stretch of the address space that can be an object: aligned, not null, and not beyond the last address.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    end: usize,
}

impl Region {
    pub(crate) fn new<T>(ptr: *const T, count: usize) -> Result<Self, Error> {
        if ptr.is_null() {
            return Err(Error::NullPointer);
        }
        if !ptr.is_aligned() {
            return Err(Error::Misaligned);
        }
        let start = ptr.addr();
        let end = count
            .checked_mul(size_of::<T>())
            .filter(|len| isize::try_from(*len).is_ok())
            .and_then(|len| start.checked_add(len))
            .ok_or(Error::Length)?;
        Ok(Self { start, end })
    }

    /// No two regions that are written overlap, and none overlaps one that is read.
    pub(crate) fn check_apart(written: &[Self], read: &[Self]) -> Result<(), Error> {
        let mut rest = written.iter();
        while let Some(region) = rest.next() {
            let mut others = rest.clone().chain(read);
            if others.any(|other| region.start < other.end && other.start < region.end) {
                return Err(Error::Overlap);
            }
        }
        Ok(())
    }
}

/// Bytes of the caller's, which are not among those that are written.
///
/// # Safety
/// The caller of the library has answered for `len` bytes at `ptr`, which stay as they are for `'a`.
pub(crate) unsafe fn bytes<'a>(
    ptr: *const u8,
    len: usize,
    written: &[Region],
) -> Result<&'a [u8], Error> {
    let region = Region::new(ptr, len)?;
    Region::check_apart(written, &[region])?;
    // SAFETY: not null, not longer than an object can be, apart from what is written; the caller has answered for the rest.
    Ok(unsafe { slice::from_raw_parts(ptr, len) })
}

/// A text of the caller's that may be absent.
///
/// # Safety
/// As for [`bytes`].
pub(crate) unsafe fn text<'a>(text: Text, written: &[Region]) -> Result<Option<&'a str>, Error> {
    if text.is_none() {
        return Ok(None);
    }
    // SAFETY: the caller has answered for the text.
    let bytes = unsafe { bytes(text.ptr, text.len, written) }?;
    let text = core::str::from_utf8(bytes);
    text.map(Some).map_err(|_| Error::NotUtf8)
}

/// The caller's memory for `len` bytes, zeroed, because C may never have written to it.
///
/// # Safety
/// The caller of the library has answered for `len` bytes at `ptr`, and they are nobody else's for `'a`.
pub(crate) unsafe fn zeroed<'a>(ptr: *mut u8, len: usize) -> &'a mut [u8] {
    // SAFETY: the caller has answered for it.
    unsafe { ptr.write_bytes(0, len) };
    // SAFETY: likewise, and the bytes have just been written.
    unsafe { slice::from_raw_parts_mut(ptr, len) }
}
