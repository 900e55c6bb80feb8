//! How to do what is wanted most often, a page for each task. There is no code in here, only text with examples.

#[doc = include_str!("../docs/guide/buffer-sizes.md")]
pub mod buffer_sizes {}

#[doc = include_str!("../docs/guide/microcontroller.md")]
pub mod microcontroller {}

#[doc = include_str!("../docs/guide/refresh-and-revoke.md")]
pub mod refresh_and_revoke {}

#[doc = include_str!("../docs/guide/replace-a-key.md")]
pub mod replace_a_key {}

#[doc = include_str!("../docs/guide/web-framework.md")]
pub mod web_framework {}

#[doc = include_str!("../docs/guide/why-refused.md")]
pub mod why_refused {}
