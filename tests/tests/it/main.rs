//! The integration tests: one binary, one module per subject.

mod demo;
mod layering;
mod scope;
mod sim;
