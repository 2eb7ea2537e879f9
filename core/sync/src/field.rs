//! The model's ids, codes and words as single CBOR values, checked when they are read.
//!
//! Used by `#[cbor(with = "crate::field")]`; a value that the model refuses fails the message.

use std::collections::BTreeSet;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use wijkboek_model::{
    AreaCode, ChangeHash, InstallId, MunicipalityCode, PrincipalId, RecordId, Timestamp,
};

use crate::wire::{PushOutcome, RoleName};

/// A value with one CBOR form.
pub(crate) trait Field: Sized {
    fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>>;
    fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError>;
}

/// The `encode` half that the derive asks for.
pub(crate) fn encode<C, T: Field, W: Write>(
    value: &T,
    e: &mut Encoder<W>,
    _: &mut C,
) -> Result<(), EncodeError<W::Error>> {
    value.put(e)
}

/// The `decode` half that the derive asks for.
pub(crate) fn decode<C, T: Field>(d: &mut Decoder<'_>, _: &mut C) -> Result<T, DecodeError> {
    T::get(d)
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> DecodeError {
    DecodeError::custom(error)
}

macro_rules! bytes_field {
    ($($name:ident by $read:ident),+ $(,)?) => {$(
        impl Field for $name {
            fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
                e.bytes(self.as_bytes())?.ok()
            }
            fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                Self::$read(d.bytes()?).map_err(refused)
            }
        }
    )+};
}
bytes_field!(
    RecordId by from_bytes,
    PrincipalId by from_bytes,
    ChangeHash by from_slice,
    InstallId by from_slice,
);

macro_rules! text_field {
    ($($name:ident),+ $(,)?) => {$(
        impl Field for $name {
            fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
                e.str(self.as_str())?.ok()
            }
            fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                d.str()?.parse().map_err(refused)
            }
        }
    )+};
}
text_field!(AreaCode, MunicipalityCode);

impl Field for RoleName {
    fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
        e.str(self.as_str())?.ok()
    }
    fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        d.str().map(Self::from)
    }
}

/// Reads a verdict; one of a variant that this version does not know is `Waiting`.
pub(crate) fn outcome<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<PushOutcome, DecodeError> {
    let mut ahead = d.probe();
    if ahead.array()? == Some(2) && ahead.u32()? > WAITING {
        d.skip()?;
        return Ok(PushOutcome::Waiting);
    }
    d.decode_with(ctx)
}

/// The highest variant of [`PushOutcome`] that this version knows.
const WAITING: u32 = 3;

impl Field for Timestamp {
    fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
        e.i64(self.as_millis())?.ok()
    }
    fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self::from_millis(d.i64()?))
    }
}

/// Definite length only: `shape` has refused the others, and what is declared is never allocated.
fn each<T: Field>(d: &mut Decoder<'_>, mut take: impl FnMut(T)) -> Result<(), DecodeError> {
    let length = d.array()?.ok_or_else(|| DecodeError::message("length expected"))?;
    for _ in 0..length {
        take(T::get(d)?);
    }
    Ok(())
}

impl<T: Field> Field for Vec<T> {
    fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
        e.array(self.len() as u64)?;
        self.iter().try_for_each(|item| item.put(e))
    }
    fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let mut items = Self::new();
        each(d, |item| items.push(item))?;
        Ok(items)
    }
}

impl<T: Field + Ord> Field for BTreeSet<T> {
    fn put<W: Write>(&self, e: &mut Encoder<W>) -> Result<(), EncodeError<W::Error>> {
        e.array(self.len() as u64)?;
        self.iter().try_for_each(|item| item.put(e))
    }
    fn get(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let mut items = Self::new();
        each(d, |item| {
            items.insert(item);
        })?;
        Ok(items)
    }
}
