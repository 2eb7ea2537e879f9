//! Any bytes as files of areas, themes, teams and inhabitants.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    wijkboek_model::fuzz::areas(data);
});
