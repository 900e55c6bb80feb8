//! What the programs of this crate share: the contenders, the tokens, how they are timed, and how it is shown.

#[macro_use]
#[path = "../../payloads/mod.rs"]
pub mod payloads;

pub mod chart;
pub mod checks;
pub mod claims;
pub mod compare;
pub mod contenders;
pub mod machine;
pub mod measure;
pub mod report;
pub mod results;
pub mod tokens;
