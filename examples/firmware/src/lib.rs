//! What the binaries share: the board that they run on, and the tokens that reach it.

#![no_std]

pub mod board;
pub mod tokens;
