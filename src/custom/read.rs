//! Reads the application's claims out of a payload that the strict reader has accepted and unescaped.

use core::fmt::Display;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json_core::de::{Deserializer as Core, Error as CoreError};

use crate::claims::Claims;
use crate::error::CustomClaimsError;
use crate::payload::Registered;
use crate::registered::RegisteredClaim;

/// How long a string may be that still has escapes.
const SCRATCH: usize = 256;

impl<'b, T> Claims<'b, T> {
    /// The application's own claims, as a type of its own. It sees every claim but the registered ones.
    ///
    /// A string without quotes and backslashes can be borrowed as `&str`; one with them must go into an owned field, such
    /// as a `heapless::String`, and be at most 256 bytes long. `serde-json-core` reads `null` as an absent `Option`, and as
    /// `NaN` where the field is a float; a number too large for that float becomes infinity.
    ///
    /// # Errors
    /// What does not fit the type.
    ///
    /// # Panics
    /// In `serde-json-core`, if a field's type is a map and its keys are neither `&str` nor a `heapless::String`: the first
    /// token that has such a claim shows it, so this is for the application's tests to find. Nothing else in a token can
    /// make it panic.
    pub fn custom<C: Deserialize<'b>>(&self) -> Result<C, CustomClaimsError> {
        self.custom_with(&mut [0; SCRATCH])
    }

    /// As [`custom`](Self::custom), with `scratch` for unescaping: as many bytes as the longest string that has escapes.
    ///
    /// # Errors
    /// What does not fit the type.
    ///
    /// # Panics
    /// As [`custom`](Self::custom).
    pub fn custom_with<C: Deserialize<'b>>(
        &self,
        scratch: &mut [u8],
    ) -> Result<C, CustomClaimsError> {
        C::deserialize(Members {
            text: self.text,
            at: 1,
            registered: &self.registered,
            scratch,
        })
    }
}

/// The members of the payload that are not registered claims.
struct Members<'b, 'r> {
    text: &'b str,
    /// Behind the opening brace, a name, or a value.
    at: usize,
    registered: &'r Registered,
    scratch: &'r mut [u8],
}

impl<'b> Members<'b, '_> {
    /// The next of these bytes from `at` on, outside of strings.
    fn find(&self, at: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let offset = rest
            .iter()
            .position(|&byte| wanted(byte))
            .unwrap_or(rest.len());
        at.saturating_add(offset)
    }

    /// Behind the string whose opening quote is at `at`.
    fn string_end(&self, at: usize) -> usize {
        let mut at = at.saturating_add(1);
        loop {
            at = self.find(at, |byte| matches!(byte, b'"' | b'\\'));
            match self.text.as_bytes().get(at) {
                Some(b'\\') => at = at.saturating_add(2),
                _ => return at.saturating_add(1),
            }
        }
    }

    /// Behind the value that starts at `at`.
    fn value_end(&self, mut at: usize) -> usize {
        let mut depth = 0_u32;
        loop {
            at = match self.text.as_bytes().get(at) {
                Some(b'"') => self.string_end(at),
                Some(b'{' | b'[') => {
                    depth = depth.saturating_add(1);
                    at.saturating_add(1)
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    at.saturating_add(1)
                }
                Some(_) if depth > 0 => at.saturating_add(1),
                _ => return self.find(at, |byte| !is_scalar(byte)),
            };
            if depth == 0 {
                return at;
            }
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'b str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The next name of an application's claim, and the cursor before its value.
    fn next_name(&mut self) -> Option<&'b str> {
        loop {
            self.at = self.find(self.at, |byte| matches!(byte, b'"' | b'}'));
            if self.text.as_bytes().get(self.at) != Some(&b'"') {
                return None;
            }
            let end = self.string_end(self.at);
            let name = self.slice(self.at.saturating_add(1), end.saturating_sub(1));
            let colon = self.find(end, |byte| byte == b':');
            self.at = self.find(colon.saturating_add(1), |byte| !is_space(byte));
            let Some(claim) = RegisteredClaim::from_name(name.as_bytes()) else {
                return Some(name);
            };
            // The text of a registered claim may contain quotes: it is passed over by its length.
            self.at = match self.registered.text(claim) {
                Some(text) => self.find(text.end(), |byte| matches!(byte, b',' | b'}')),
                None => self.value_end(self.at),
            };
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A byte of a number or a literal.
fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

impl<'b> Deserializer<'b> for Members<'b, '_> {
    type Error = CustomClaimsError;

    fn deserialize_any<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_map(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'b>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'b>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'b> MapAccess<'b> for Members<'b, '_> {
    type Error = CustomClaimsError;

    fn next_key_seed<K: DeserializeSeed<'b>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        match self.next_name() {
            Some(name) => seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'b>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Self::Error> {
        let (at, end) = (self.at, self.value_end(self.at));
        self.at = end;
        let max = self.scratch.len();
        let error = |error| match error {
            CoreError::EscapedStringIsTooLong => CustomClaimsError::StringTooLong { max },
            _ => CustomClaimsError::WrongValue { at },
        };
        let value = self.slice(at, end).as_bytes();
        let mut core = Core::new(value, Some(self.scratch));
        let value = seed.deserialize(Value(&mut core)).map_err(error)?;
        // It stops at the first byte that it does not understand: what is left over is not part of the value it made.
        core.end().map_err(error)?;
        Ok(value)
    }
}

/// The value of one claim. serde-json-core can't pass over a bare number or literal at the end of its input, nor a string longer
/// than the scratch space, so what the type has no field for does not reach it.
struct Value<'d, 'b, 's>(&'d mut Core<'b, 's>);

macro_rules! by_core {
    ($($method:ident($($argument:ident: $kind:ty),*);)*) => {$(
        fn $method<V: Visitor<'b>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, CoreError> {
            self.0.$method($($argument,)* visitor)
        }
    )*};
}

impl<'b> Deserializer<'b> for Value<'_, 'b, '_> {
    type Error = CoreError;

    fn deserialize_ignored_any<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, CoreError> {
        *self.0 = Core::new(&[], None);
        visitor.visit_unit()
    }

    by_core! {
        deserialize_any(); deserialize_bool(); deserialize_char(); deserialize_str(); deserialize_string();
        deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
        deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
        deserialize_f32(); deserialize_f64(); deserialize_bytes(); deserialize_byte_buf(); deserialize_option();
        deserialize_unit(); deserialize_seq(); deserialize_map(); deserialize_identifier();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }
}

impl de::Error for CustomClaimsError {
    fn custom<M: Display>(_: M) -> Self {
        Self::WrongType
    }

    fn missing_field(name: &'static str) -> Self {
        match RegisteredClaim::from_name(name.as_bytes()) {
            Some(claim) => Self::RegisteredField { claim },
            None => Self::MissingField { name },
        }
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::DuplicateField { name }
    }
}
