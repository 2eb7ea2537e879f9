//! What all targets do first.

use std::sync::Once;

/// Lets the guard contain what Automerge panics on: libFuzzer's own hook ends the process at every
/// panic, caught or not.
pub fn contain() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ends_the_process = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !wijkboek_crdt::panics_are_contained() {
                ends_the_process(panic);
            }
        }));
    });
}
