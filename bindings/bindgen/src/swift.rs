//! `uniffi-bindgen-swift`: makes the Swift sources, the C header and the module map.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
