//! What the demo, the simulation and the tests over real processes share.
//!
//! Nothing in here is used by the product itself.

pub mod bench;
pub mod corpus;
pub mod crash;
pub mod demo;
pub mod examples;
pub mod judge;
pub mod ledger;
pub mod phone;
pub mod process;
pub mod replica;
pub mod ridderkerk;
pub mod sim;
pub mod vfs;
