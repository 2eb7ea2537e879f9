//! The document crate from outside: documents that converge, and a guard that holds.

mod convergence;
mod documents;
mod fixtures;
mod forged;
mod fuzz;
mod hostile;
mod hostile_packs;
mod older;
mod pack;
mod undo;
