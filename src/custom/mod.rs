//! The application's own claims: serde's types on one side, serde-json-core's JSON on the other, and the strict reader
//! between them.

mod measure;
mod read;

use serde::Serialize;

use crate::error::IssueError;
use crate::json::{MAX_DEPTH, ReadError, Reader, Writer};
use crate::registered::RegisteredClaim;

/// Writes the members of `claims` behind those that the object in `writer` already has.
pub(crate) fn append<S: Serialize>(claims: &S, writer: &mut Writer<'_>) -> Result<(), IssueError> {
    // Measured first, because serde-json-core does not tell how much room it lacks, and panics at what it can't write.
    let needed = measure::json_len(claims)?;
    let Some(room) = writer.rest().get_mut(..needed) else {
        writer.advance(needed);
        return Ok(());
    };
    let len = serde_json_core::to_slice(claims, room).map_err(|_| IssueError::NotSerializable)?;
    let object = room.get_mut(..len).ok_or(IssueError::NotSerializable)?;
    if check(object)? == 0 {
        return Ok(());
    }
    // The object's own braces go: a comma joins its members to those before, the caller closes.
    if let Some(brace) = object.first_mut() {
        *brace = b',';
    }
    writer.advance(len.saturating_sub(1));
    Ok(())
}
/// The number of members of an object that may be spliced into a payload.
fn check(object: &mut [u8]) -> Result<usize, IssueError> {
    let (Some(b'{'), Some(b'}')) = (object.first(), object.last()) else {
        return Err(IssueError::NotAnObject);
    };
    let mut members = 0_usize;
    let mut reader = Reader::checking(object);
    while let Some(name) = reader.next_name().map_err(issue_error)? {
        let name = reader.get(name);
        if name.contains(&b'\\') {
            return Err(IssueError::EscapedName);
        }
        if let Some(claim) = RegisteredClaim::from_name(name) {
            return Err(IssueError::ReservedName { claim });
        }
        reader.skip_value().map_err(issue_error)?;
        members = members.saturating_add(1);
    }
    match core::str::from_utf8(object) {
        Ok(_) => Ok(members),
        Err(error) => Err(IssueError::NotJson {
            at: error.valid_up_to(),
        }),
    }
}

fn issue_error(error: ReadError) -> IssueError {
    match error {
        ReadError::Syntax { at } => IssueError::NotJson { at },
        ReadError::TooDeep => IssueError::TooDeep { max: MAX_DEPTH },
        ReadError::Value => IssueError::NotAnObject,
    }
}
