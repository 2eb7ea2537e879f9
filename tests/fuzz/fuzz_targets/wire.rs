//! Any bytes as a message of the protocol.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_fuzz::contain();
    wijkboek_sync::fuzz::messages(data);
});
