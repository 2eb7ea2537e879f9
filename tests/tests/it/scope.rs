//! What a phone never receives, and what it forgets, looked for in the bytes of its files.
//!
//! Real phones and a real server, each a process of its own.

use std::path::{Path, PathBuf};

use wijkboek_tests::phone::{Answer, Command, Held, NewRecord, NewTalk};
use wijkboek_tests::process::{Phone, Server, admin};
use wijkboek_tests::ridderkerk;

const SHARED: &str = "BU05970600";
const ONLY_FIRST: &str = "BU05970700";

#[test]
fn a_phone_holds_no_byte_of_a_note_outside_its_scope() {
    let dir = tempfile::tempdir().expect("a directory");
    let town = Town::open(dir.path());
    let (mut first, _) = town.phone("Eerste", &["WK059706", "WK059707"]);
    let (mut second, second_file) = town.phone("Tweede", &["WK059706", "WK059703"]);

    create(&mut first, ONLY_FIRST, "uitsluitend-voor-de-eerste");
    let moving = create(&mut first, SHARED, "verhuist-naar-de-buren");
    sync(&mut first);
    sync(&mut second);
    assert_eq!(texts(&mut second), ["verhuist-naar-de-buren"]);

    let buurt = Command::Edit { id: moving, field: "buurt".into(), value: ONLY_FIRST.into() };
    assert!(matches!(ask(&mut first, &buurt), Answer::Written { .. }));
    sync(&mut first);
    sync(&mut second);
    assert_eq!(texts(&mut second), [""; 0], "the record that moved away was not forgotten");
    assert_eq!(texts(&mut first).len(), 2);

    second.quit().expect("ends in order");
    for note in ["uitsluitend-voor-de-eerste", "verhuist-naar-de-buren"] {
        for file in with_siblings(&second_file) {
            let bytes = std::fs::read(&file).expect("reads");
            let found = bytes.windows(note.len()).any(|window| window == note.as_bytes());
            assert!(!found, "{} holds {note:?}", file.display());
        }
    }
}

#[test]
fn what_was_written_before_the_move_was_known_still_counts() {
    let dir = tempfile::tempdir().expect("a directory");
    let town = Town::open(dir.path());
    let (mut first, _) = town.phone("Eerste", &["WK059706", "WK059707"]);
    let (mut second, _) = town.phone("Tweede", &["WK059706", "WK059703"]);
    let id = create(&mut first, SHARED, "staat op het plein");
    sync(&mut first);
    sync(&mut second);

    let away = Command::Edit { id: id.clone(), field: "buurt".into(), value: ONLY_FIRST.into() };
    assert!(matches!(ask(&mut first, &away), Answer::Written { .. }));
    sync(&mut first);
    // The second does not know yet: what it writes is judged by what it knew.
    let late = Command::Edit { id, field: "note".into(), value: "op tijd geschreven".into() };
    assert!(matches!(ask(&mut second, &late), Answer::Written { .. }));
    // Creating beyond one's own wijken is always allowed, and the author keeps seeing it.
    create(&mut second, ONLY_FIRST, "over de grens gemaakt");
    sync(&mut second);
    assert_eq!(texts(&mut second), ["over de grens gemaakt"]);
    sync(&mut first);
    let mut all = texts(&mut first);
    all.sort();
    assert_eq!(all, ["op tijd geschreven", "over de grens gemaakt"]);
}

/// A server with accounts, in a directory.
struct Town {
    dir: PathBuf,
    server: Server,
}

impl Town {
    fn open(dir: &Path) -> Self {
        ridderkerk::import(&dir.join("server")).expect("Ridderkerk is imported");
        let server = Server::start(&dir.join("server"), "127.0.0.1:0").expect("serves");
        Self { dir: dir.to_owned(), server }
    }

    /// A wijkregisseur with an enrolled phone, and its store's file.
    fn phone(&self, name: &str, wijken: &[&str]) -> (Phone, PathBuf) {
        let mut args = vec!["user", "add", "--name", name, "--role", "wijkregisseur"];
        for wijk in wijken {
            args.extend(["--wijk", wijk]);
        }
        let added = admin(self.server.data(), &args).expect("an account");
        let id = added["id"].as_str().expect("its id");
        let invite = admin(self.server.data(), &["invite", id]).expect("a code");
        let file = self.dir.join(format!("{name}.db"));
        let mut phone = Phone::start(&file).expect("a phone");
        let enrol = Command::Enrol {
            server: self.server.address.clone(),
            code: invite["code"].as_str().expect("the code").into(),
            device: name.into(),
        };
        assert!(matches!(ask(&mut phone, &enrol), Answer::Enrolled { .. }));
        (phone, file)
    }
}

fn ask(phone: &mut Phone, command: &Command) -> Answer {
    phone.ask(command).expect("the phone answers")
}

fn sync(phone: &mut Phone) {
    let answer = ask(phone, &Command::Sync);
    assert!(matches!(answer, Answer::Synced { unsent: 0, refused: 0 }), "{answer:?}");
}

fn create(phone: &mut Phone, buurt: &str, note: &str) -> String {
    let talk = NewTalk {
        kind: "vraag".into(),
        themes: vec!["verkeer".into()],
        note: note.into(),
        buurt: buurt.into(),
        place: None,
        occurred_at: "2026-03-03T10:12:00+01:00".into(),
        age_group: None,
        channel: None,
        language: "nld".into(),
        promise: None,
    };
    let record = Box::new(NewRecord::Contact(talk));
    let answer = ask(phone, &Command::Create { record, foreign: None });
    let Answer::Written { id, .. } = answer else { panic!("not written: {answer:?}") };
    id
}

fn texts(phone: &mut Phone) -> Vec<String> {
    let Answer::Dump { records } = ask(phone, &Command::Dump) else { panic!("no dump") };
    let text = |held: Held| held.row.rsplit('|').next().unwrap_or_default().to_owned();
    records.into_iter().map(text).collect()
}

/// The database file, and its write-ahead log if there is one.
fn with_siblings(file: &Path) -> Vec<PathBuf> {
    let wal = PathBuf::from(format!("{}-wal", file.display()));
    [file.to_owned(), wal].into_iter().filter(|file| file.exists()).collect()
}
