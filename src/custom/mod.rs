//! The application's own claims: serde's types on one side, serde-json-core's JSON on the other, and the strict reader
//! between them.

mod measure;
mod read;

use serde::Serialize;

use crate::error::IssueError;
use crate::json::{MAX_DEPTH, ReadError, Reader, Writer};
use crate::registered::RegisteredClaim;
use crate::token::MAX_TOKEN_LEN;

/// Writes the members of `claims` behind those that the object in `writer` already has.
pub(crate) fn append<S: Serialize>(claims: &S, writer: &mut Writer<'_>) -> Result<(), IssueError> {
    // Measured first, because serde-json-core does not tell how much room it lacks, and panics at what it can't write.
    let needed = measure::json_len(claims)?;
    let room = writer.rest().get_mut(..needed);
    let Some(room) = room.filter(|_| needed <= MAX_TOKEN_LEN) else {
        writer.advance(members_len(needed));
        return Ok(());
    };
    let len = serde_json_core::to_slice(claims, room).map_err(|_| IssueError::NotSerializable)?;
    let object = room.get_mut(..len).ok_or(IssueError::NotSerializable)?;
    check(object)?;
    if let Some(brace) = object.first_mut() {
        *brace = b',';
    }
    writer.advance(members_len(len));
    Ok(())
}

/// How much of an object is spliced in: its own braces go, a comma joins its members, if it has any, to those before, and
/// the caller closes.
fn members_len(object: usize) -> usize {
    match object {
        0..=2 => 0,
        _ => object.saturating_sub(1),
    }
}

/// Whether an object may be spliced into a payload.
fn check(object: &mut [u8]) -> Result<(), IssueError> {
    let (Some(b'{'), Some(b'}')) = (object.first(), object.last()) else {
        return Err(IssueError::NotAnObject);
    };
    let mut reader = Reader::checking(object);
    let mut next = reader.first_name();
    while let Some(at) = next {
        let (name, value) = reader.name(at);
        let name = reader.get(name);
        if name.contains(&b'\\') {
            return Err(IssueError::EscapedName);
        }
        if let Some(claim) = RegisteredClaim::from_name(name) {
            return Err(IssueError::ReservedName { claim });
        }
        let end = reader.skip_value(value);
        next = reader.next_name(end);
    }
    reader.finish().map_err(|error| match error {
        ReadError::TooDeep => IssueError::TooDeep { max: MAX_DEPTH },
        ReadError::Value => IssueError::NotAnObject,
        ReadError::Syntax { at } => IssueError::NotJson { at },
    })?;
    match core::str::from_utf8(object) {
        Ok(_) => Ok(()),
        Err(error) => Err(IssueError::NotJson {
            at: error.valid_up_to(),
        }),
    }
}
