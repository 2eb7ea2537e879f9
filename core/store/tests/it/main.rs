//! What a store promises, checked from outside.

mod attach;
mod blob;
mod clean;
mod crash;
mod encrypted;
mod erase;
mod export;
mod fixture;
mod ingest;
mod list;
mod open;
mod outbox;
mod packs;
mod purge;
mod rebuild;
mod rescue;
mod scope;
mod search;
mod support;
mod work;
mod write;
