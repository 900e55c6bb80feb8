//! An HTTP service around jotlet, of the kind that a team could start from. README.md tells what it does; `main.rs` starts it.
//!
//! From the outside in: `routes` has the handlers, `auth` what a handler's signature demands of a request, `session` what
//! becomes of a login, a refresh and a logout, and `store` where that is kept.

pub mod auth;
pub mod keys;
pub mod monitor;
mod page;
pub mod refusal;
pub mod routes;
pub mod session;
pub mod settings;
pub mod state;
pub mod store;
pub mod users;

pub use routes::router;
pub use state::Service;
