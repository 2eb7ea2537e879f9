//! The sync server of Wijkboek: an append-only log of accepted changes, the replica that office
//! pages read, and the HTTP surface for phones and browsers.
//!
//! The log is the truth; the replica can be thrown away and is rebuilt from it. Everything in
//! [`ledger`] is synchronous and takes the time as an argument, so that a simulation can drive it.

pub mod accounts;
pub mod api;
pub mod cli;
pub mod config;
mod error;
pub mod key;
pub mod ledger;
pub mod log;
mod middleware;
mod news;
pub mod pages;
mod routes;
pub mod secret;
pub mod state;

pub use error::ServerError;
pub use routes::app;
pub use state::{AppState, EditError, LoginError, SessionToken, Staff};
