//! How many bytes serde-json-core will write for a value, and whether it can.

use core::fmt::{self, Display, Write};

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use crate::error::IssueError;
use crate::json::decimal_len;

/// The length of the JSON of `value`.
///
/// # Errors
/// [`IssueError::NotSerializable`] where serde-json-core would panic: `char`, bytes, 128-bit integers, tuple variants,
/// and a `Serialize` that fails on its own.
pub(super) fn json_len<S: Serialize + ?Sized>(value: &S) -> Result<usize, IssueError> {
    let mut length = Length(0);
    value.serialize(&mut length)?;
    Ok(length.0)
}

struct Length(usize);

impl Length {
    #[allow(clippy::unnecessary_wraps)] // What every method of a serializer returns.
    fn add(&mut self, len: usize) -> Done {
        self.0 = self.0.saturating_add(len);
        Ok(())
    }

    fn content(&mut self, text: &str) {
        let len = |byte: u8| match byte {
            b'"' | b'\\' | 0x08 | b'\t' | b'\n' | 0x0c | b'\r' => 2,
            0..0x20 => 6,
            _ => 1,
        };
        for byte in text.bytes() {
            self.0 = self.0.saturating_add(len(byte));
        }
    }

    fn float(&mut self, value: impl Serialize) -> Result<(), IssueError> {
        let len = serde_json_core::to_slice(&value, &mut [0; 32]);
        self.add(len.map_err(|_| IssueError::NotSerializable)?)
    }
}

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.content(text);
        Ok(())
    }
}

impl ser::Error for IssueError {
    fn custom<M: Display>(_: M) -> Self {
        Self::NotSerializable
    }
}

type Done = Result<(), IssueError>;

impl<'m> Serializer for &'m mut Length {
    type Ok = ();
    type Error = IssueError;
    type SerializeSeq = Members<'m>;
    type SerializeTuple = Members<'m>;
    type SerializeTupleStruct = Members<'m>;
    type SerializeTupleVariant = Impossible<(), IssueError>;
    type SerializeMap = Members<'m>;
    type SerializeStruct = Members<'m>;
    type SerializeStructVariant = Members<'m>;

    fn serialize_bool(self, v: bool) -> Done {
        self.add(if v { 4 } else { 5 })
    }

    fn serialize_i8(self, v: i8) -> Done {
        self.serialize_i64(v.into())
    }

    fn serialize_i16(self, v: i16) -> Done {
        self.serialize_i64(v.into())
    }

    fn serialize_i32(self, v: i32) -> Done {
        self.serialize_i64(v.into())
    }

    fn serialize_i64(self, v: i64) -> Done {
        self.add(usize::from(v < 0))?;
        self.serialize_u64(v.unsigned_abs())
    }

    fn serialize_u8(self, v: u8) -> Done {
        self.serialize_u64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Done {
        self.serialize_u64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Done {
        self.serialize_u64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Done {
        self.add(decimal_len(v))
    }

    fn serialize_f32(self, v: f32) -> Done {
        self.float(v)
    }

    fn serialize_f64(self, v: f64) -> Done {
        self.float(v)
    }

    fn serialize_char(self, _: char) -> Done {
        Err(IssueError::NotSerializable)
    }

    fn serialize_str(self, v: &str) -> Done {
        self.content(v);
        self.add(2)
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(IssueError::NotSerializable)
    }

    fn serialize_none(self) -> Done {
        self.add(4)
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.add(4)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.add(4)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(self, _: &'static str, value: &V) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &V,
    ) -> Done {
        self.add(variant.len().saturating_add(5))?;
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'m>, IssueError> {
        Members::open(self, 2)
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'m>, IssueError> {
        Members::open(self, 2)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Members<'m>, IssueError> {
        Members::open(self, 2)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, IssueError> {
        Err(IssueError::NotSerializable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'m>, IssueError> {
        Members::open(self, 2)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'m>, IssueError> {
        Members::open(self, 2)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'m>, IssueError> {
        Members::open(self, variant.len().saturating_add(7))
    }

    fn collect_str<V: Display + ?Sized>(self, value: &V) -> Done {
        write!(self, "{value}").map_err(|_| IssueError::NotSerializable)?;
        self.add(2)
    }
}

/// An array or object whose brackets have been counted.
struct Members<'m> {
    length: &'m mut Length,
    first: bool,
}

impl<'m> Members<'m> {
    fn open(length: &'m mut Length, brackets: usize) -> Result<Self, IssueError> {
        length.add(brackets)?;
        Ok(Self {
            length,
            first: true,
        })
    }

    fn member<V: Serialize + ?Sized>(&mut self, name: usize, value: &V) -> Done {
        let comma = usize::from(!core::mem::take(&mut self.first));
        self.length.add(name.saturating_add(comma))?;
        value.serialize(&mut *self.length)
    }
}

impl ser::SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_element<V: Serialize + ?Sized>(&mut self, value: &V) -> Done {
        self.member(0, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTuple for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_element<V: Serialize + ?Sized>(&mut self, value: &V) -> Done {
        self.member(0, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_field<V: Serialize + ?Sized>(&mut self, value: &V) -> Done {
        self.member(0, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Done {
        self.member(1, key)
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Done {
        value.serialize(&mut *self.length)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_field<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) -> Done {
        self.member(name.len().saturating_add(3), value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Members<'_> {
    type Ok = ();
    type Error = IssueError;

    fn serialize_field<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) -> Done {
        self.member(name.len().saturating_add(3), value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}
