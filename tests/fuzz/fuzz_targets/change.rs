//! Any bytes as a foreign change.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_fuzz::contain();
    wijkboek_crdt::testing::fuzz::change(data);
});
