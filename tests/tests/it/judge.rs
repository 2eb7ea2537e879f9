//! The `judge` binary as somebody at a terminal uses it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use wijkboek_crdt::{Document, Stamp};
use wijkboek_model::{
    ActorId, AreaCode, InstallId, PrincipalId, Record, RecordId, Sensitivity, Timestamp, Visit,
};

const AT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

fn judge(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_judge"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A question that needs no input may have been answered before.
    let _written = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn first_change() -> Vec<u8> {
    let visit = Record::Visit(Visit {
        place_name: "Dillenburgplein".to_owned(),
        buurt: "BU05970600".parse::<AreaCode>().expect("a buurt"),
        place: None,
        starts_at: AT,
        ends_at: AT,
        sensitivity: Sensitivity::Gewoon,
        team: std::collections::BTreeSet::new(),
        tallies: std::collections::BTreeMap::new(),
    });
    let stamp = Stamp { actor: ActorId::of(InstallId::new([7; 12]), 1), at: AT };
    let id = RecordId::from_parts(AT, [1; 10]);
    let author = PrincipalId::from_parts(AT, [2; 10]);
    let (_, change) = Document::create(id, author, &visit, &stamp).expect("a valid record");
    change.bytes
}

fn hostile() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/crdt/tests/hostile");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the corpus")
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
    let output =
        judge(&["change", missing.to_str().expect("UTF-8"), sound.to_str().expect("UTF-8")], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(printed(&output).contains("sound.bin: accepted"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.bin"));
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
        ["4.6", "51.9", "-1"],
        ["4.6", "51.9", "NaN"],
        ["vier", "51.9", "8"],
    ] {
        let output = judge(&[&["place"], wrong.as_slice()].concat(), "");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{wrong:?}");
    }
}
