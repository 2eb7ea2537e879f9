//! The integration tests: one binary, one module per subject.

mod blob_faults;
mod crash;
mod demo;
mod faults;
mod judge;
mod layering;
mod scope;
mod sim;
