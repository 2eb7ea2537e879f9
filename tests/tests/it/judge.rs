//! The `judge` binary as somebody at a terminal uses it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use wijkboek_crdt::{Document, Stamp};
use wijkboek_model::testing::{AT, one_of};
use wijkboek_model::{ActorId, InstallId, PrincipalId, RecordId, RecordType};

fn judge(arguments: &[&str], input: &str) -> Output {
    judge_bytes(arguments, input.as_bytes())
}

fn judge_bytes(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_judge"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A question that needs no input may have been answered before.
    let _written = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn first_change() -> Vec<u8> {
    first_change_of(RecordType::Visit)
}

fn first_change_of(record_type: RecordType) -> Vec<u8> {
    let stamp = Stamp { actor: ActorId::of(InstallId::new([7; 12]), 1), at: AT };
    let id = RecordId::from_parts(AT, [1; 10]);
    let author = PrincipalId::from_parts(AT, [2; 10]);
    let made = Document::create(id, author, &one_of(record_type), &stamp);
    made.expect("a valid record").1.bytes
}

/// Every hostile change, and every hostile pack as if it were a change.
fn hostile() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/crdt/tests");
    let mut files: Vec<PathBuf> = ["hostile", "hostile-packs"]
        .into_iter()
        .flat_map(|corpus| std::fs::read_dir(folder.join(corpus)).expect("the corpus"))
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "bin"))
        // By itself this is a first change like any other; it is hostile where another is expected.
        .filter(|path| !path.ends_with("made-other-record.bin"))
        .collect();
    files.sort();
    files
}

#[test]
fn a_sound_change_is_accepted_and_hostile_ones_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound.bin");
    std::fs::write(&sound, first_change()).expect("written");
    let huge = folder.path().join("huge.bin");
    std::fs::write(&huge, vec![0x85; 5_000_000]).expect("written");
    let mut files = vec![sound.clone(), huge.clone()];
    files.extend(hostile());
    let names: Vec<&str> = files.iter().map(|file| file.to_str().expect("UTF-8")).collect();
    let output = judge(&[&["change"], names.as_slice()].concat(), "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines: Vec<String> = printed(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), files.len());
    assert!(lines.len() > 150);
    assert!(lines[0].starts_with(&format!("{}: accepted [peak ", sound.display())), "{}", lines[0]);
    let too_large = format!("{}: refused: change-too-large", huge.display());
    assert!(lines[1].starts_with(&too_large), "{}", lines[1]);
    for (line, file) in lines.iter().zip(&files).skip(2) {
        assert!(line.starts_with(&format!("{}: refused: ", file.display())), "{line}");
    }
    for line in &lines {
        let peak = line.split("[peak ").nth(1).and_then(|rest| rest.split(' ').next());
        let peak: usize = peak.and_then(|peak| peak.parse().ok()).expect("a number of bytes");
        assert!((1..8 << 20).contains(&peak), "{line}");
    }
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_file_that_cannot_be_read_ends_with_2_after_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound.bin");
    std::fs::write(&sound, first_change()).expect("written");
    let missing = folder.path().join("missing.bin");
    let output = judge(
        &[
            "change",
            missing.to_str().expect("UTF-8"),
            folder.path().to_str().expect("UTF-8"),
            sound.to_str().expect("UTF-8"),
        ],
        "",
    );
    assert!(printed(&output).contains("sound.bin: accepted"));
    let complaint = complaint(&output);
    assert_eq!(complaint.lines().count(), 2, "{complaint}");
    assert!(complaint.contains("missing.bin: No such file"), "{complaint}");
    let directory = format!("{}: Is a directory", folder.path().display());
    assert!(complaint.contains(&directory), "{complaint}");
}

#[test]
fn of_a_gigabyte_no_more_is_read_than_shows_that_it_is_too_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let large = folder.path().join("large.bin");
    std::fs::File::create(&large).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let output = judge(&["change", large.to_str().expect("UTF-8")], "");
    let line = printed(&output);
    assert!(line.contains("refused: change-too-large"), "{line}");
    let peak = line.split("[peak ").nth(1).and_then(|rest| rest.split(' ').next());
    assert!(peak.and_then(|peak| peak.parse().ok()).is_some_and(|peak: usize| peak < 1 << 20));
    let output = judge(&["note", large.to_str().expect("UTF-8")], "");
    assert!(complaint(&output).contains("longer than 16777216 bytes"));
}

#[test]
fn first_changes_of_every_type_are_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = RecordType::ALL
        .iter()
        .map(|record_type| {
            let file = folder.path().join(format!("{record_type}.bin"));
            std::fs::write(&file, first_change_of(*record_type)).expect("written");
            file
        })
        .collect();
    assert_eq!(files.len(), 15);
    let names: Vec<&str> = files.iter().map(|file| file.to_str().expect("UTF-8")).collect();
    let output = judge(&[&["change"], names.as_slice()].concat(), "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for (line, name) in printed(&output).lines().zip(&names) {
        assert!(line.starts_with(&format!("{name}: accepted [peak ")), "{line}");
    }
}

#[test]
fn notes_may_be_empty_or_long_but_must_be_text() {
    assert_eq!(printed(&judge(&["note"], "")).trim(), "[]");
    let long = "bel 06-12345678 over de bak, ".repeat(40_000);
    let output = judge(&["note"], &long);
    let found: serde_json::Value = serde_json::from_str(&printed(&output)).expect("JSON");
    assert_eq!(found.as_array().map(Vec::len), Some(40_000));
    assert_eq!(found[39_999]["start"].as_u64(), Some(39_999 * 29 + 4));
    let broken = judge_bytes(&["note"], b"bak \xc3\x28 vol");
    assert!(complaint(&broken).contains("byte 4"));
    assert!(broken.stdout.is_empty());
}

#[test]
fn person_data_in_a_note_comes_as_json() {
    let note = "Eén man, Dhr. Voorbeeld van nr 14, bsn 123.456.782, bel 06-12345678";
    let output = judge(&["note"], note);
    assert_eq!(output.status.code(), Some(0));
    let found: serde_json::Value = serde_json::from_str(&printed(&output)).expect("JSON");
    let found = found.as_array().expect("an array");
    let shown: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|one| {
            let word = |key: &str| one[key].as_str().expect("a word");
            (word("kind"), word("text"), word("action"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("name", "Dhr. Voorbeeld", "move to person"),
            ("house-number", "nr 14", "warn"),
            ("bsn", "123.456.782", "mask"),
            ("phone", "06-12345678", "move to person"),
        ]
    );
    let characters: Vec<char> = note.chars().collect();
    for one in found {
        let at =
            |key: &str| usize::try_from(one[key].as_u64().expect("a position")).expect("small");
        let text: String = characters[at("start")..at("end")].iter().collect();
        assert_eq!(Some(text.as_str()), one["text"].as_str());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("note.txt");
    std::fs::write(&file, "Prullenbak vol bij lijn 144, kost € 12,50").expect("written");
    let output = judge(&["note", file.to_str().expect("UTF-8")], "");
    assert_eq!(printed(&output).trim(), "[]");
    let gone = judge(&["note", "/nonexistent/note.txt"], "");
    assert_eq!(gone.status.code(), Some(2));
}

#[test]
fn a_place_has_a_buurt_or_is_asked_for_or_lies_outside() {
    let of = |place: [&str; 3]| {
        let output = judge(&[&["place"], place.as_slice()].concat(), "");
        (output.status.code(), printed(&output).trim().to_owned())
    };
    assert_eq!(of(["4.60266", "51.8861", "8"]), (Some(0), "BU05970600 Slikkerveer".to_owned()));
    let (code, asked) = of(["4.59127", "51.87565", "25"]);
    assert_eq!(code, Some(0));
    assert!(asked.starts_with("ask: BU0597"), "{asked}");
    assert!(asked.contains("BU05970100 Centrum") && asked.contains("BU05970200 West"), "{asked}");
    let outside = "outside the municipality".to_owned();
    assert_eq!(of(["4.4777", "51.9244", "10"]), (Some(0), outside));
    for wrong in [
        ["NaN", "51.9", "8"],
        ["4.6", "inf", "8"],
        ["2.35", "48.85", "8"],
        ["-74.0", "40.7", "8"],
        ["51.9", "4.6", "8"],
        ["vier", "51.9", "8"],
    ] {
        let output = judge(&[&["place"], wrong.as_slice()].concat(), "");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{wrong:?}");
    }
    for accuracy in ["-1", "NaN", "100001", "inf", "1e300"] {
        let output = judge(&["place", "4.6", "51.9", accuracy], "");
        let complaint = complaint(&output);
        assert!(complaint.contains("an accuracy of") && output.stdout.is_empty(), "{complaint}");
    }
    assert_eq!(of(["4.60266", "51.8861", "0"]), (Some(0), "BU05970600 Slikkerveer".to_owned()));
    let (code, all) = of(["4.60266", "51.8861", "100000"]);
    assert_eq!(code, Some(0));
    assert!(all.starts_with("ask: BU05970600 Slikkerveer | "), "{all}");
}
