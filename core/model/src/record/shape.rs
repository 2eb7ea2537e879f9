//! How the struct of a record type is declared once, and taken apart and put together by that
//! declaration.
//!
//! `record!` names for each member of the struct the [`Field`], [`SetField`] or [`MapField`] it
//! lies under; which fields a type has, which of them may be empty, and both directions of the
//! mapping follow from it. The order of the fields is that of the screen.
//!
//! [`Field`]: crate::Field
//! [`SetField`]: crate::SetField
//! [`MapField`]: crate::MapField

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use crate::{Field, Invalid, MapField, Parts, Rule, SetField, TallyKey, Timestamp, Value};

/// What the declaration of a record type yields.
pub(crate) trait Shape: Sized {
    /// Its fields, in the order of the screen.
    const FIELDS: &'static [Field];
    /// The fields that may be empty.
    const OPTIONAL: &'static [Field];
    /// Its sets, those that every type has included.
    const SETS: &'static [SetField];
    /// Its maps.
    const MAPS: &'static [MapField];

    /// Takes it apart: every field and set is present.
    fn to_parts(&self) -> Parts;

    /// Puts it together.
    fn from_parts(parts: &Parts) -> Result<Self, Invalid>;
}

macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$fdoc:meta])* $field:ident: $type:ty => $key:ident, )*
        }
        $( sets { $( $(#[$sdoc:meta])* $set:ident: $member:ty => $skey:ident, )* } )?
        $( maps { $( $(#[$mdoc:meta])* $map:ident: $mkey:ty, $mvalue:ty => $mapkey:ident, )* } )?
        $( counters { $(#[$cdoc:meta])* $counters:ident } )?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[$fdoc])* pub $field: $type, )*
            $($( $(#[$sdoc])* pub $set: std::collections::BTreeSet<$member>, )*)?
            $($( $(#[$mdoc])* pub $map: std::collections::BTreeMap<$mkey, $mvalue>, )*)?
            $( $(#[$cdoc])* pub $counters: std::collections::BTreeMap<crate::TallyKey, i64>, )?
        }

        impl crate::record::shape::Shape for $name {
            const FIELDS: &'static [crate::Field] = &[$(crate::Field::$key),*];
            const OPTIONAL: &'static [crate::Field] = {
                const ALL: &[(crate::Field, bool)] = &[$((
                    crate::Field::$key,
                    <$type as crate::record::shape::FieldValue>::OPTIONAL,
                )),*];
                const KEPT: [crate::Field; crate::record::shape::optional_count(ALL)] =
                    crate::record::shape::optional_fields(ALL);
                &KEPT
            };
            const SETS: &'static [crate::SetField] = &[
                $($( crate::SetField::$skey, )*)?
                crate::SetField::Photos,
                crate::SetField::Audio,
                crate::SetField::Links,
                crate::SetField::References,
                crate::SetField::Withdrawn,
            ];
            const MAPS: &'static [crate::MapField] = &[$($( crate::MapField::$mapkey, )*)?];

            fn to_parts(&self) -> crate::Parts {
                use crate::record::shape::FieldValue;
                let mut parts = crate::Parts::default();
                $( parts.fields.insert(crate::Field::$key, self.$field.to_value()); )*
                for set in Self::SETS {
                    parts.sets.insert(*set, std::collections::BTreeSet::new());
                }
                $($( parts.sets.insert(crate::SetField::$skey, crate::record::shape::members(&self.$set)); )*)?
                $($( parts
                    .maps
                    .insert(crate::MapField::$mapkey, crate::record::shape::pairs(&self.$map)); )*)?
                $( parts.tallies = crate::record::shape::all_tallies(&self.$counters); )?
                parts
            }

            fn from_parts(parts: &crate::Parts) -> Result<Self, crate::Invalid> {
                use crate::record::shape;
                Ok(Self {
                    $( $field: shape::field(parts, crate::Field::$key)?, )*
                    $($( $set: shape::set(parts, crate::SetField::$skey)?, )*)?
                    $($( $map: shape::map(parts, crate::MapField::$mapkey)?, )*)?
                    $( $counters: shape::all_tallies(&parts.tallies), )?
                })
            }
        }
    };
}
pub(crate) use record;

/// A type whose values lie in a field of a document.
pub(crate) trait FieldValue: Sized {
    /// Whether the field may be written empty.
    const OPTIONAL: bool = false;

    /// The value as it lies in a document: the one spelling.
    fn to_value(&self) -> Value;

    /// Reads any spelling that means something; none for a value that this version cannot read.
    fn from_value(value: &Value) -> Option<Self>;

    /// What a document means that has no such field, because the version that made it knew none.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether this is a value of the type in its one spelling. Another spelling of the same value
    /// would stand beside it: a conflict between equals.
    fn is_canonical(value: &Value) -> bool {
        Self::from_value(value).is_some_and(|read| read.to_value() == *value)
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    const OPTIONAL: bool = true;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl FieldValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        text(value).map(str::to_owned)
    }
}

impl FieldValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(yes) => Some(*yes),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Time(_) => None,
        }
    }
}

impl FieldValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Time(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Time(at) => Some(*at),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) => None,
        }
    }
}

impl FieldValue for crate::Cents {
    fn to_value(&self) -> Value {
        Value::Int(self.as_i64())
    }

    fn from_value(value: &Value) -> Option<Self> {
        int(value).and_then(Self::new)
    }
}

impl FieldValue for crate::Promise {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn from_value(value: &Value) -> Option<Self> {
        text(value)?.parse().ok()
    }

    /// A melding of schema 1 had no promise.
    fn absent() -> Option<Self> {
        Some(Self::Unsaid)
    }
}

macro_rules! as_int {
    ($($type:ty),+ $(,)?) => {$(
        impl FieldValue for $type {
            fn to_value(&self) -> Value {
                Value::Int((*self).into())
            }

            fn from_value(value: &Value) -> Option<Self> {
                int(value)?.try_into().ok()
            }
        }
    )+};
}

macro_rules! as_text {
    ($($type:ty),+ $(,)?) => {$(
        impl FieldValue for $type {
            fn to_value(&self) -> Value {
                Value::Text(self.to_string())
            }

            fn from_value(value: &Value) -> Option<Self> {
                text(value)?.parse().ok()
            }
        }
    )+};
}

as_int!(u32, u16);
as_text!(
    crate::Advice,
    crate::AgeGroup,
    crate::AreaCode,
    crate::Channel,
    crate::ConsentHow,
    crate::ContactKind,
    crate::Cost,
    crate::Day,
    crate::EscalationLevel,
    crate::Feedback,
    crate::IdeaStage,
    crate::LawfulGround,
    crate::LivesIn,
    crate::MeetingKind,
    crate::OrganisationCode,
    crate::Party,
    crate::Place,
    crate::PrincipalId,
    crate::RecordId,
    crate::Sensitivity,
    crate::Status,
);

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    }
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::Time(_) => None,
    }
}

pub(crate) fn field<T: FieldValue>(parts: &Parts, field: Field) -> Result<T, Invalid> {
    let invalid = |rule| Invalid { field: field.key(), rule };
    match parts.fields.get(&field) {
        None => T::absent().ok_or(invalid(Rule::Required)),
        Some(Value::Null) => T::absent().ok_or(invalid(Rule::Unreadable)),
        Some(value) => T::from_value(value).ok_or(invalid(Rule::Unreadable)),
    }
}

pub(crate) fn set<T: FromStr + Ord>(parts: &Parts, set: SetField) -> Result<BTreeSet<T>, Invalid> {
    let members = parts.sets.get(&set).into_iter().flatten();
    members.map(|member| member.parse().map_err(|_| unreadable(set.key()))).collect()
}

pub(crate) fn map<K: FromStr + Ord, V: FieldValue>(
    parts: &Parts,
    map: MapField,
) -> Result<BTreeMap<K, V>, Invalid> {
    let pairs = parts.maps.get(&map).into_iter().flatten();
    pairs
        .map(|(key, value)| {
            let key = key.parse().map_err(|_| unreadable(map.key()))?;
            Ok((key, V::from_value(value).ok_or(unreadable(map.key()))?))
        })
        .collect()
}

fn unreadable(field: &'static str) -> Invalid {
    Invalid { field, rule: Rule::Unreadable }
}

pub(crate) fn members<T: Display>(set: &BTreeSet<T>) -> BTreeSet<String> {
    set.iter().map(ToString::to_string).collect()
}

pub(crate) fn pairs<K: Display, V: FieldValue>(map: &BTreeMap<K, V>) -> BTreeMap<String, Value> {
    map.iter().map(|(key, value)| (key.to_string(), value.to_value())).collect()
}

/// Every counter, zero where nothing was counted.
pub(crate) fn all_tallies(counted: &BTreeMap<TallyKey, i64>) -> BTreeMap<TallyKey, i64> {
    TallyKey::all().map(|key| (key, counted.get(&key).copied().unwrap_or(0))).collect()
}

pub(crate) const fn optional_count(fields: &[(Field, bool)]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < fields.len() {
        if fields[at].1 {
            count += 1;
        }
        at += 1;
    }
    count
}

pub(crate) const fn optional_fields<const N: usize>(fields: &[(Field, bool)]) -> [Field; N] {
    let mut kept = [Field::Sensitivity; N];
    let (mut count, mut at) = (0, 0);
    while at < fields.len() {
        if fields[at].1 {
            kept[count] = fields[at].0;
            count += 1;
        }
        at += 1;
    }
    kept
}
