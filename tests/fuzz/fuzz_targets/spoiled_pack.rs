//! Sound packs, spoiled in their streams.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_fuzz::contain();
    wijkboek_crdt::testing::fuzz::spoiled_pack(data);
});
