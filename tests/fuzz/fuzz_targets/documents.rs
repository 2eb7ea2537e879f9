//! People who write, receive and undo at the same time.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_fuzz::contain();
    wijkboek_crdt::testing::fuzz::documents(data);
});
