//! The wire's bytes, the codec under hostile input, and the engine step by step.

mod codec;
mod engine;
mod samples;
mod wire;
