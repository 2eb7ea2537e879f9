//! Photos and recordings through the facade.

use wijkboek_client::{BlobKind, BlobOf, MediaType, Presence, Wijkboek, WijkboekError};
use wijkboek_model::{BlobHash, Denial, Edit, RecordId, Rule, SetField, WavedThrough};

use crate::people;
use crate::writing::book_of;

/// A second of sound at 8 kHz, with somebody's name in it.
fn sound() -> Vec<u8> {
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]);
    wav.extend(b"LIST\x0a\0\0\0Jan Jansen");
    wav.extend(b"data");
    wav.extend(8_000_u32.to_le_bytes());
    wav.extend((0..8_000_u32).map(|n| (n % 251).to_le_bytes()[0]));
    wav
}

/// A photo of one grey pixel, as a PNG.
const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0,
    0, 0, 58, 126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 104, 0, 0, 0, 130, 0, 129,
    119, 205, 114, 182, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

fn hashes(book: &Wijkboek, of: BlobOf<'_>) -> Vec<BlobHash> {
    book.attachments(of).expect("listed").iter().map(|held| held.hash).collect()
}

#[test]
fn a_form_with_a_photo_survives_closing_and_becomes_a_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let draft = BlobOf::Draft("contact");
    book.save_draft("contact", r#"{"note":"Kijk"}"#).expect("kept");
    let photo = book.attach(draft, BlobKind::Photo, PIXEL).expect("attached");
    let audio = book.attach(draft, BlobKind::Audio, &sound()).expect("attached");
    drop(book);

    let book = people::open(&folder.path().join("book.db"));
    assert_eq!(book.draft("contact"), Ok(Some(r#"{"note":"Kijk"}"#.to_owned())));
    assert_eq!(hashes(&book, draft), [photo, audio]);
    let record = people::contact("Kijk, bsn 123456782");
    let made = book.create_from_draft("contact", record, &WavedThrough::default()).expect("made");
    assert_eq!(made.masked.len(), 1, "masked as everywhere");
    assert_eq!(book.draft("contact"), Ok(None));
    let of = BlobOf::Record(made.value);
    assert_eq!(hashes(&book, of), [photo, audio]);
    for held in book.attachments(of).expect("listed") {
        let content = book.read_attachment(of, held.hash).expect("read");
        let Presence::Here { media_type, size, to_upload } = held.presence else {
            panic!("{held:?} is not here")
        };
        assert_eq!((size, to_upload), (content.len() as u64, true));
        let expected = match held.kind {
            BlobKind::Photo => MediaType::Jpeg,
            BlobKind::Audio => MediaType::Wav,
        };
        assert_eq!(media_type, Some(expected));
        assert!(!content.windows(3).any(|window| window == b"Jan"));
        let part = book.read_attachment_range(of, held.hash, 5..9).expect("read");
        assert_eq!(part, content[5..9]);
    }
    assert_eq!(book.status().expect("a status").unsent_attachments, 2);
}

#[test]
fn what_cannot_be_attached_is_said_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let id = book.create(people::contact("x")).expect("logged");
    for of in [BlobOf::Record(id), BlobOf::Draft("contact")] {
        for (kind, field) in [(BlobKind::Photo, "photos"), (BlobKind::Audio, "audio")] {
            let refused = book.attach(of, kind, b"een tekst");
            assert_eq!(refused, Err(WijkboekError::Invalid { field, rule: Rule::Unreadable }));
        }
    }
    assert_eq!(book.draft("contact"), Ok(None), "not even a draft was made");
    let nobody = RecordId::from_parts(people::AT, [9; 10]);
    let not_here = Err(WijkboekError::NotFound { id: nobody });
    assert_eq!(book.attach(BlobOf::Record(nobody), BlobKind::Photo, PIXEL), not_here);
    // Naming one that was never brought.
    let named = vec![Edit::Insert(SetField::Photos, "ab".repeat(32))];
    assert_eq!(book.edit(id, named), Err(WijkboekError::AttachmentMissing));
    assert_eq!(book.attachments(BlobOf::Record(id)), Ok(vec![]));
}

#[test]
fn who_may_not_write_may_not_attach() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::annie(), people::config());
    let id = book.create(people::signal("Lamp stuk")).expect("a melding is hers to make");
    book.attach(BlobOf::Record(id), BlobKind::Photo, PIXEL).expect("a photo is hers to add");
    let refused = Err(WijkboekError::NotAllowed { denial: Denial::FieldNotForRole });
    assert_eq!(book.attach(BlobOf::Record(id), BlobKind::Audio, &sound()), refused);
    let draft = BlobOf::Draft("aanvulling");
    book.attach(draft, BlobKind::Audio, &sound()).expect("a draft is nobody's business");
    let refused = book.edit_from_draft("aanvulling", id, vec![], &WavedThrough::default());
    let denial = Denial::FieldNotForRole;
    assert_eq!(refused.map(|made| made.value), Err(WijkboekError::NotAllowed { denial }));
    assert_eq!(hashes(&book, draft).len(), 1, "the draft is as it was");
}

#[test]
fn an_attachment_is_taken_off_and_put_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let id = book.create(people::contact("x")).expect("logged");
    let of = BlobOf::Record(id);
    let photo = book.attach(of, BlobKind::Photo, PIXEL).expect("attached");
    assert_eq!(book.attach(of, BlobKind::Photo, PIXEL), Ok(photo), "once more is the same");
    assert_eq!(book.detach(of, photo), Ok(true));
    assert_eq!(book.detach(of, photo), Ok(false));
    assert_eq!(book.read_attachment(of, photo), Err(WijkboekError::AttachmentMissing));
    let back = vec![Edit::Insert(SetField::Photos, photo.to_string())];
    assert_eq!(book.edit(id, back), Ok(true), "what was there a moment ago may come back");
    assert!(book.read_attachment(of, photo).is_ok());

    let draft = BlobOf::Draft("nog een");
    let audio = book.attach(draft, BlobKind::Audio, &sound()).expect("attached");
    let edits = vec![Edit::People(2)];
    let edited = book.edit_from_draft("nog een", id, edits, &WavedThrough::default());
    assert!(edited.expect("edited").value);
    assert_eq!(hashes(&book, of), [photo, audio]);
    let detail = book.record(id).expect("a record").expect("here");
    assert_eq!(detail.history.len(), 5, "one change for all that was on the draft");
}
