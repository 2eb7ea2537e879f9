//! Writes `tests/hostile-packs` anew and prints the table of its README without the descriptions.

use std::path::Path;

use wijkboek_crdt::testing::hostile_packs;
use wijkboek_crdt::{PackLimits, read_pack};

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile-packs");
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in hostile_packs::all() {
        let read = read_pack(&bytes, &PackLimits::default());
        println!("| `{name}` | {} | {} |", read.map_or_else(|e| e.code(), |_| "read"), bytes.len());
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
