//! Sound changes, spoiled and framed anew, for a known document.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_fuzz::contain();
    wijkboek_crdt::testing::fuzz::mutation(data);
});
