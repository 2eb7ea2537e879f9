//! The operations of one change, straight from its columns.

use wijkboek_model::{ActorId, Timestamp, Value};

use super::columns::{Deltas, Runs, is_all_false};
use crate::scan::Reader;
use crate::slim::Slim;

/// An operation on a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Operation<'a> {
    /// The operation that made the map; none for the root.
    pub(super) object: Option<Named>,
    pub(super) key: &'a str,
    pub(super) action: Action<'a>,
    /// How many earlier operations it names, to be asked of [`Operations::named`].
    pub(super) names: u64,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Action<'a> {
    MakeMap,
    Put(Scalar<'a>),
    Delete,
    Increment(i64),
}

/// An operation, named by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) counter: u64,
    pub(super) actor: ActorId,
}

/// A value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Uint(u64),
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Counter(i64),
    Time(i64),
    /// Of a kind that no record holds.
    Other,
}

impl Scalar<'_> {
    /// A field's value; none for the kinds of scalar that no field holds.
    pub(super) fn to_value(self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::Bool(yes) => Some(Value::Bool(yes)),
            Self::Int(number) => Some(Value::Int(number)),
            Self::Text(text) => Some(Value::Text(text.to_owned())),
            Self::Time(at) => Some(Value::Time(Timestamp::from_millis(at))),
            Self::Uint(_) | Self::Bytes(_) | Self::Counter(_) | Self::Other => None,
        }
    }
}

/// The operations of a change, in their order.
pub(super) struct Operations<'a, 's> {
    slim: &'s Slim<'a>,
    object_actors: Runs<'a, u64>,
    object_counters: Runs<'a, u64>,
    keys: Runs<'a, &'a [u8]>,
    actions: Runs<'a, u64>,
    metas: Runs<'a, u64>,
    values: Reader<'a>,
    names: Runs<'a, u64>,
    named_actors: Runs<'a, u64>,
    named_counters: Deltas<'a>,
}

impl<'a, 's> Operations<'a, 's> {
    /// None when there are columns of anything but maps.
    pub(super) fn of(slim: &'s Slim<'a>) -> Option<Self> {
        let of_maps = |(column, _): &(u64, &[u8])| COLUMNS.contains(column);
        if !slim.columns.iter().all(of_maps) || !is_all_false(slim.column(INSERT)) {
            return None;
        }
        let integers = |column| Runs::integers(slim.column(column));
        Some(Self {
            slim,
            object_actors: integers(0x01),
            object_counters: integers(0x02),
            keys: Runs::strings(slim.column(0x15)),
            actions: integers(0x42),
            metas: integers(0x56),
            values: Reader::new(slim.column(0x57)),
            names: integers(0x70),
            named_actors: integers(0x71),
            named_counters: Deltas::new(slim.column(0x73)),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// The next operation; none when it is not understood.
    pub(super) fn operation(&mut self) -> Option<Operation<'a>> {
        let object = match (self.object_actors.value(), self.object_counters.value()) {
            (None, None) => None,
            (Some(actor), Some(counter)) => Some(self.name(actor, counter)?),
            (Some(_), None) | (None, Some(_)) => return None,
        };
        let key = std::str::from_utf8(self.keys.value()?).ok()?;
        let action = self.actions.value()?;
        let value = self.scalar()?;
        let action = match (action, value) {
            (0, _) => Action::MakeMap,
            (1, value) => Action::Put(value),
            (3, _) => Action::Delete,
            (5, Scalar::Int(by)) => Action::Increment(by),
            (5, Scalar::Uint(by)) => Action::Increment(i64::try_from(by).ok()?),
            _ => return None,
        };
        let names = self.names.value().unwrap_or(0);
        Some(Operation { object, key, action, names })
    }

    /// The next of the operations that the last operation names.
    pub(super) fn named(&mut self) -> Option<Named> {
        let actor = self.named_actors.value()?;
        let counter = self.named_counters.value()?;
        self.name(actor, counter)
    }

    fn name(&self, actor: u64, counter: u64) -> Option<Named> {
        let actor = match usize::try_from(actor).ok()?.checked_sub(1) {
            None => self.slim.actor,
            Some(other) => *self.slim.others.get(other)?,
        };
        Some(Named { counter, actor })
    }

    fn scalar(&mut self) -> Option<Scalar<'a>> {
        let meta = self.metas.value()?;
        let value = self.values.take(usize::try_from(meta >> 4).ok()?)?;
        let mut read = Reader::new(value);
        let scalar = match meta & 15 {
            0 => return value.is_empty().then_some(Scalar::Null),
            1 => return value.is_empty().then_some(Scalar::Bool(false)),
            2 => return value.is_empty().then_some(Scalar::Bool(true)),
            6 => return std::str::from_utf8(value).ok().map(Scalar::Text),
            7 => return Some(Scalar::Bytes(value)),
            3 => Scalar::Uint(read.unsigned()?),
            4 => Scalar::Int(read.signed()?),
            8 => Scalar::Counter(read.signed()?),
            9 => Scalar::Time(read.signed()?),
            _ => return Some(Scalar::Other),
        };
        read.is_empty().then_some(scalar)
    }
}

const INSERT: u64 = 0x34;
/// The columns that a change of maps can have.
const COLUMNS: [u64; 10] = [0x01, 0x02, 0x15, INSERT, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];
