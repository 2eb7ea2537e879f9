//! The server through its router, without a socket, and the binary through its command line.

mod bad_input;
mod command_line;
mod hostile;
mod live;
mod log_conformance;
mod logging;
mod office;
#[cfg(feature = "postgres-tests")]
mod postgres;
mod push;
mod replica;
mod scope;
mod support;
