//! What a store promises when the process, the disk or the power fails, as sessions that are
//! played on a disk that fails and books that are written by a process that is killed.

pub mod attached;
pub mod killed;
pub mod script;
