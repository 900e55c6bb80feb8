//! jotlet's reading of headers against Python's, and its cookies against flask-jwt-extended: `bash tests/transport_peers/run`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::unwrap_used
)]

mod cookies;
mod peer;
mod reading;
