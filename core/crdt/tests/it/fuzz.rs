//! The fuzzers' functions on every seed and on some thousands of inputs from a fixed seed; the
//! coverage-guided run is `make fuzz`.

use std::path::Path;

use wijkboek_crdt::testing::fuzz;

use crate::fixtures::quiet;

/// `SplitMix64`: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(most.max(1)).expect("small")).expect("small")
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    /// A few bytes changed, cut or doubled.
    fn spoil(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(4) {
            let place = self.below(bytes.len());
            match self.below(4) {
                _ if bytes.is_empty() => bytes.push(0),
                0 => bytes[place] = self.roll().to_le_bytes()[0],
                1 => bytes[place] ^= 1 << self.below(8),
                2 => bytes.truncate(place),
                _ => bytes.insert(place, bytes[place]),
            }
        }
        bytes
    }
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder of samples")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bin"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a sample")).collect()
}

#[test]
fn any_bytes_are_judged_without_harm() {
    quiet();
    let mut dice = Dice(1);
    let mut sound = 0;
    for seed in [files("hostile"), files("it/schema-1")].concat() {
        sound += fuzz::change(&seed);
        for _ in 0..12 {
            sound += fuzz::change(&dice.spoil(&seed));
        }
    }
    assert!(sound >= 3, "the first changes of three documents are sound");
}

#[test]
fn mutants_neither_panic_nor_spoil_a_document() {
    quiet();
    let mut dice = Dice(20_261_123);
    let mut sound = 0;
    for _ in 0..3_000 {
        sound += u32::from(fuzz::mutation(&dice.bytes(40)));
    }
    println!("{sound} of 3000 sound");
    assert!((1..1_000).contains(&sound), "{sound}");
}

#[test]
fn whatever_people_do_documents_agree_and_survive() {
    quiet();
    let mut dice = Dice(3);
    for _ in 0..150 {
        fuzz::documents(&dice.bytes(160));
    }
}

#[test]
fn spoiled_packs_are_refused_or_read_well() {
    quiet();
    let seed = fuzz::pack_seed();
    assert_eq!(fuzz::pack(&seed), 1);
    let mut dice = Dice(4);
    for _ in 0..2_000 {
        fuzz::pack(&dice.spoil(&seed));
    }
    for seed in files("hostile-packs").iter().filter(|seed| seed.len() < 3_000) {
        for _ in 0..12 {
            fuzz::pack(&dice.spoil(seed));
        }
    }
    let read: usize = (0..4_000).map(|_| fuzz::spoiled_pack(&dice.bytes(24))).sum();
    println!("{read} of 4000 read");
    assert!((1..3_000).contains(&read), "{read}");
}
