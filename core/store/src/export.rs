//! Everything in the store as an archive that people can read without this program: a zip with one
//! JSON file per type of record, the attachments, what is not sent or was refused, a `LEESMIJ.txt`
//! and a manifest with the SHA-256 of each file.
//!
//! Written as a stream, one record in memory at a time, so that it also goes to a pipe. What cannot
//! be read is in it too, by its id and its raw changes; nothing is left out silently.

mod record;

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use wijkboek_model::{RecordId, RecordType, Timestamp};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::documents::id_at;
use crate::{BlobOf, Presence, Store, StoreError};

/// What an archive holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: usize,
    /// Those that this version cannot read, given as raw changes.
    pub unreadable: usize,
    /// Attachments.
    pub attachments: usize,
    /// Attachments that records name and that are not here.
    pub missing: usize,
}

/// Why an archive is not whole. What was written of it has no end, so no program takes it for one.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Writing failed.
    #[error("the archive cannot be written")]
    Io(#[from] io::Error),
    /// The archive's format failed.
    #[error("the archive cannot be written")]
    Zip(#[from] zip::result::ZipError),
}

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Writes everything that is here into an archive. `at` is the moment that it states.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export(&self, out: impl Write, at: Timestamp) -> Result<Exported, ExportError> {
        let given_up = Rc::new(Cell::new(false));
        let mut archive = Archive::new(Tap { out, given_up: Rc::clone(&given_up) });
        match self.fill(&mut archive) {
            Ok(done) => {
                archive.finish(&done, at)?;
                Ok(done)
            }
            Err(error) => {
                // Dropped, the archive would write its end.
                given_up.set(true);
                Err(error)
            }
        }
    }

    fn fill<W: Write>(&self, archive: &mut Archive<W>) -> Result<Exported, ExportError> {
        // One state of the store, whatever another connection writes meanwhile.
        let tx = self.connection.unchecked_transaction()?;
        let mut done = Exported::default();
        archive.file("LEESMIJ.txt", README.as_bytes())?;
        for record_type in RecordType::ALL {
            let name = format!("records/{record_type}.json");
            let of_type = "SELECT d.id FROM record r JOIN document d ON d.row = r.row
                           WHERE r.record_type = ?1 ORDER BY r.row";
            self.export_type(archive, &name, of_type, record_type.as_str(), &mut done)?;
        }
        let unreadable = "SELECT d.id FROM document d LEFT JOIN record r ON r.row = d.row
                          WHERE coalesce(r.record_type, ?1) = ?1 ORDER BY d.row";
        self.export_type(archive, "records/unreadable.json", unreadable, "", &mut done)?;
        self.export_attachments(archive, &mut done)?;
        self.export_own(archive)?;
        tx.commit()?;
        Ok(done)
    }

    fn export_type<W: Write>(
        &self,
        archive: &mut Archive<W>,
        name: &str,
        sql: &str,
        of: &str,
        done: &mut Exported,
    ) -> Result<(), ExportError> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([of])?;
        let mut first = true;
        archive.begin(name)?;
        archive.write(b"[")?;
        while let Some(row) = rows.next()? {
            let json = self.export_one(id_at(row, 0)?, done)?;
            archive.write(if first { b"\n" } else { b",\n" })?;
            archive.write(json.to_string().as_bytes())?;
            first = false;
        }
        archive.write(b"\n]\n")?;
        archive.end();
        Ok(())
    }

    fn export_one(&self, id: RecordId, done: &mut Exported) -> Result<Json, ExportError> {
        done.records += 1;
        match self.document(id) {
            Ok(Some(document)) => {
                let attachments = self.blobs(BlobOf::Record(id))?;
                done.missing +=
                    attachments.iter().filter(|held| held.presence == Presence::ToFetch).count();
                Ok(record::json(&document, &attachments))
            }
            Ok(None) | Err(StoreError::Document(_)) => {
                done.unreadable += 1;
                let raw = match self.changes(id) {
                    Ok(changes) => changes.iter().map(|c| hex(&c.bytes)).collect(),
                    // Its pack cannot be read either.
                    Err(StoreError::Document(_)) => vec![],
                    Err(error) => return Err(error.into()),
                };
                Ok(json!({ "id": id.to_string(), "changes_hex": raw }))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Each content once, under its hash, through a record that holds it.
    fn export_attachments<W: Write>(
        &self,
        archive: &mut Archive<W>,
        done: &mut Exported,
    ) -> Result<(), ExportError> {
        let mut statement = self.connection.prepare(
            "SELECT d.id, min(b.hash) FROM record_blob b JOIN blob h ON h.hash = b.hash
             JOIN document d ON d.row = b.row GROUP BY b.hash",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, hash) = (id_at(row, 0)?, row.get::<_, [u8; 32]>(1)?);
            for held in self.blobs(BlobOf::Record(id))? {
                if held.hash.as_bytes() != &hash {
                    continue;
                }
                match self.read_blob(BlobOf::Record(id), held.hash) {
                    Ok(content) => {
                        done.attachments += 1;
                        archive.file(&record::file_of(&held), &content)?;
                    }
                    Err(StoreError::BlobDamaged { .. } | StoreError::BlobMissing { .. }) => {
                        done.missing += 1;
                    }
                    Err(error) => return Err(error.into()),
                }
                break;
            }
        }
        Ok(())
    }

    /// What belongs to this device alone.
    fn export_own<W: Write>(&self, archive: &mut Archive<W>) -> Result<(), ExportError> {
        let drafts: Vec<Json> = self
            .drafts()?
            .into_iter()
            .map(|draft| {
                // A form's draft is JSON, but nothing promises it.
                let text = serde_json::from_str(&draft.json).unwrap_or(Json::String(draft.json));
                json!({ "slot": draft.slot, "draft": text })
            })
            .collect();
        let refused: Vec<Json> = self
            .refused()?
            .into_iter()
            .map(|item| {
                json!({
                    "record": item.id.to_string(),
                    "code": item.code,
                    "text": item.text,
                    "at": item.at.to_string(),
                })
            })
            .collect();
        let quarantined: Vec<Json> = self
            .quarantined()?
            .into_iter()
            .map(|item| {
                json!({
                    "record": item.id.to_string(),
                    "change": item.hash.to_string(),
                    "reason": item.reason,
                })
            })
            .collect();
        let unsent: Vec<Json> = self
            .outbox(usize::MAX, usize::MAX)?
            .into_iter()
            .map(|item| {
                json!({ "record": item.id.to_string(), "change": item.change.hash.to_string() })
            })
            .collect();
        let own = json!({
            "drafts": drafts,
            "refused": refused,
            "quarantined": quarantined,
            "unsent": unsent,
        });
        archive.file("device.json", own.to_string().as_bytes())
    }
}

/// A zip that is being written, and what is in it so far.
struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    files: Vec<Json>,
    name: String,
    bytes: u64,
    digest: Sha256,
}

impl<W: Write> Archive<W> {
    fn new(out: W) -> Self {
        let zip = ZipWriter::new_stream(out);
        Self { zip, files: vec![], name: String::new(), bytes: 0, digest: Sha256::new() }
    }

    fn begin(&mut self, name: &str) -> Result<(), ExportError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            // How long it gets is not known yet.
            .large_file(true);
        self.zip.start_file(name, options)?;
        name.clone_into(&mut self.name);
        self.bytes = 0;
        self.digest = Sha256::new();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.zip.write_all(bytes)?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn end(&mut self) {
        let digest = std::mem::take(&mut self.digest).finalize();
        let (name, bytes) = (std::mem::take(&mut self.name), self.bytes);
        self.files.push(json!({ "name": name, "bytes": bytes, "sha256": hex(&digest) }));
    }

    fn file(&mut self, name: &str, content: &[u8]) -> Result<(), ExportError> {
        self.begin(name)?;
        self.write(content)?;
        self.end();
        Ok(())
    }

    fn finish(mut self, done: &Exported, at: Timestamp) -> Result<(), ExportError> {
        let files = std::mem::take(&mut self.files);
        let manifest = json!({
            "format": "wijkboek-export-1",
            "at": at.to_string(),
            "records": done.records,
            "unreadable": done.unreadable,
            "attachments": done.attachments,
            "missing_attachments": done.missing,
            "files": files,
        });
        self.file("manifest.json", format!("{manifest:#}\n").as_bytes())?;
        self.zip.finish()?.into_inner().flush()?;
        Ok(())
    }
}

/// Passes on what is written until something fails, and swallows the rest: a zip that is dropped
/// writes its end, and half an archive must not look like a whole one.
struct Tap<W> {
    out: W,
    given_up: Rc<Cell<bool>>,
}

impl<W: Write> Write for Tap<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.given_up.get() {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        if written.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.given_up.set(true);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const README: &str = include_str!("export/leesmij.txt");
