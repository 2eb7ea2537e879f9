//! The document crate from outside: documents that converge, and a guard that holds.

mod convergence;
mod documents;
mod fixtures;
mod forged;
mod fuzz;
mod hostile;
mod older;
mod pack;
mod undo;
