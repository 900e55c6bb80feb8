//! jotlet beside the other libraries for HS256 tokens, and beside the bare HMAC.
//!
//! `cargo run --release` times them, prints the tables, and writes `results.json`, `verify.svg` and `issue.svg`; `--test` does
//! everything once and writes nothing.
fn main() {
    peers::compare::run(std::env::args().any(|argument| argument == "--test"));
}
