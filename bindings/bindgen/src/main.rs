//! `uniffi-bindgen`: makes the Kotlin sources from the built library.
//!
//! A crate of its own, so that no phone carries the generator.

fn main() {
    uniffi::uniffi_bindgen_main();
}
