//! Any bytes as a note in which person data is looked for.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_model::fuzz::note(data);
});
