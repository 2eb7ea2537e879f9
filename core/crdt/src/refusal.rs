//! Why a foreign change is refused: one variant per reason, each with a word that stays the same.
//!
//! The words travel in verdicts, lie in logs and quarantine, and are looked up by screens. No
//! refusal carries content of the change, so that it may be logged.

use wijkboek_model::Invalid;

macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $variant:ident => $code:literal, $text:literal;)+) => {
        /// Why a foreign change is refused, for good.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $($(#[doc = $doc])+ #[error($text)] $variant,)+
            /// A value, or the record that it makes, breaks a rule.
            #[error("a value breaks a rule: {0}")]
            Invalid(#[from] Invalid),
        }

        impl Refusal {
            /// Every word that [`Self::code`] can give.
            pub const CODES: &[&str] = &[$($code,)+ "invalid-value"];

            /// The word for this reason: kebab-case, never changes.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Invalid(_) => "invalid-value",
                }
            }

            /// Whether it is certain that the refused bytes have the announced hash, so that the
            /// change of that hash, and what builds on it, can never be right. Otherwise somebody
            /// else may yet bring the true bytes.
            pub fn shows_the_hash(&self) -> bool {
                !matches!(
                    self,
                    Self::TooLarge
                        | Self::NotAChunk
                        | Self::DocumentChunk
                        | Self::DeflatedChunk
                        | Self::BundleChunk
                        | Self::UnknownChunkType
                        | Self::LengthMismatch
                        | Self::ChecksumMismatch
                        | Self::HashMismatch
                )
            }
        }
    };
}

refusals! {
    // The bytes as bytes.
    /// Longer than allowed.
    TooLarge => "change-too-large", "the change is longer than allowed";
    /// Does not begin like an Automerge chunk.
    NotAChunk => "not-a-chunk", "the bytes are no Automerge chunk";
    /// A whole document (chunk type 0).
    DocumentChunk => "document-chunk", "the chunk is a whole document, not a change";
    /// A deflated change (chunk type 2): 65 kB could become 64 MB.
    DeflatedChunk => "deflated-chunk", "the chunk is compressed";
    /// A bundle (chunk type 3): reading it could end the process.
    BundleChunk => "bundle-chunk", "the chunk is a bundle of changes";
    /// A chunk type that nobody knows.
    UnknownChunkType => "unknown-chunk-type", "the chunk is of an unknown type";
    /// The declared length is not the number of bytes.
    LengthMismatch => "length-mismatch", "the declared length differs from the bytes sent";
    /// The four checksum bytes do not fit the content.
    ChecksumMismatch => "checksum-mismatch", "the checksum does not fit the content";
    /// The bytes have another hash than announced.
    HashMismatch => "hash-mismatch", "the bytes have another hash than announced";

    // The chunk as columns, before anything is expanded.
    /// The header or a column ends early or contradicts itself.
    Malformed => "malformed-change", "the change cannot be read";
    /// A column is compressed.
    CompressedColumn => "compressed-column", "a column is compressed";
    /// A column that no change of ours has: of lists, texts, marks, or unknown.
    ForeignColumn => "foreign-column", "a column does not belong in a change of a record";
    /// More operations declared than allowed.
    TooManyOperations => "too-many-operations", "the change declares too many operations";
    /// More replaced operations declared than allowed.
    TooManyReplaced => "too-many-replaced", "the change declares too many replaced operations";
    /// No operation at all.
    Empty => "empty-change", "the change does nothing";
    /// More dependencies than allowed.
    TooManyDependencies => "too-many-dependencies", "the change has too many dependencies";
    /// The same dependency twice.
    DuplicateDependency => "duplicate-dependency", "a dependency is named twice";
    /// An actor that is not 16 bytes long.
    ActorMalformed => "actor-malformed", "an actor is not 16 bytes long";
    /// Written before 1970 or after 2200.
    TimeOutOfRange => "time-out-of-range", "the time of the change is out of range";
    /// Carries a commit message.
    MessageNotAllowed => "message-not-allowed", "a change carries no message";
    /// Carries bytes after its columns.
    TrailingBytes => "trailing-bytes", "there are bytes after the columns";

    // The change as Automerge reads it.
    /// Automerge cannot read it, or panics trying.
    Unreadable => "unreadable-change", "the operations cannot be read";
    /// Written anew, it has other bytes.
    NotCanonical => "not-canonical", "the change is not encoded in the one usual way";

    // Its place in the document.
    /// The document has a first change already.
    SecondRoot => "second-root", "the document already has a first change";
    /// The first change is of another record.
    OtherRecord => "other-record", "the first change belongs to another record";
    /// This actor's change of this number exists, with another content.
    ForkedSequence => "forked-sequence", "another change has this number of the same actor";
    /// This actor's previous change is not among what it depends on.
    SequenceGap => "sequence-gap", "the actor's previous change is missing";
    /// It does not build on its actor's previous change.
    PreviousNotAncestor => "previous-not-ancestor",
        "the change does not build on its actor's previous change";
    /// Its first operation has another number than its ancestors' highest + 1.
    WrongStartOp => "wrong-start-op", "the operations are numbered wrongly";
    /// It depends on the first change of another document.
    UnrelatedDependency => "unrelated-dependency", "the change builds on another document";
    /// It depends on a refused change.
    DependsOnRefused => "depends-on-refused", "the change builds on a refused one";
    /// The document holds as much as it may.
    DocumentFull => "document-full", "the document is full";
    /// The document holds as many actors as it may.
    TooManyActors => "too-many-actors", "too many actors wrote this document";

    // The first change.
    /// No `_id` of 16 bytes.
    IdMalformed => "id-malformed", "the first change names no record";
    /// `_type` is none that this version knows.
    TypeUnknown => "type-unknown", "the first change names no known type of record";
    /// `_author` is no principal's id.
    AuthorMalformed => "author-malformed", "the first change names no author";
    /// `_schema` is no positive number.
    SchemaMalformed => "schema-malformed", "the first change names no schema version";
    /// A container or counter of its type is missing.
    FirstChangeIncomplete => "first-change-incomplete",
        "the first change does not build the whole record";

    // What it does.
    /// Makes a map, list or text after the first change, or one that has no place in it.
    MakesObject => "makes-object", "the change makes an object";
    /// Writes in an object that is none of the containers.
    UnknownObject => "unknown-object", "the change writes in an unknown object";
    /// A list operation, a mark, or one that has no meaning here.
    ForbiddenOperation => "forbidden-operation", "an operation has no meaning in a record";
    /// Writes one key more than once.
    KeyWrittenTwice => "key-written-twice", "one key is written more than once";
    /// Writes a key that begins with an underscore.
    ReservedKey => "reserved-key", "a key belongs to the first change";
    /// Overwrites or deletes a container.
    ContainerReplaced => "container-replaced", "a container is overwritten";
    /// A key or member in an unusual spelling, or too long.
    KeyMalformed => "key-malformed", "a key or member is not spelled as it should be";
    /// A kind of value that has no place there.
    ForbiddenValue => "forbidden-value", "a value is of a kind that has no place there";
    /// The value of an unknown key is too long.
    ValueTooLarge => "value-too-large", "the value of an unknown key is too long";
    /// Overwrites, deletes or repeats an entry of the thread.
    EntryOverwritten => "entry-overwritten", "an entry of the thread is overwritten";
    /// An entry without a readable author.
    EntryMalformed => "entry-malformed", "an entry names no author";
    /// Overwrites or deletes a counter instead of adding to it.
    CounterOverwritten => "counter-overwritten", "a counter is overwritten";
    /// Adds to something that is no counter.
    NotACounter => "not-a-counter", "something that is no counter is added to";
    /// A counter that this version does not know.
    UnknownTally => "unknown-tally", "an unknown counter is added to";
    /// It does not replace exactly what its writer saw there.
    WrongPredecessors => "wrong-predecessors", "the change does not replace what stood there";

    // The proof on a copy.
    /// Automerge cannot apply it, or panics trying.
    NotApplicable => "not-applicable", "the change cannot be applied";
    /// The document with it does not save and load to itself.
    NotReloadable => "not-reloadable", "the document would no longer load";
    /// The record with it cannot be read any more.
    RecordUnreadable => "record-unreadable", "the record would no longer be readable";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_has_its_own_word() {
        let distinct: BTreeSet<_> = Refusal::CODES.iter().collect();
        assert_eq!(distinct.len(), Refusal::CODES.len());
        for code in Refusal::CODES {
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
        }
    }
}
