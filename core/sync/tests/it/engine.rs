//! The engine, transition by transition.

mod pulling;
mod pushing;
mod recovery;
mod rest;
mod rig;
