//! Who is heard, in numbers that point at nobody: counts under 5 are not shown, nor is what would
//! give them away.
//!
//! Rows are a tree of areas (gemeente, wijken, buurten, or "unknown" as a row of its own), columns
//! are groups of people ("unknown" is one of them), and each row has a total. A count of 1 to 4 is
//! *small*. It is suppressed together with so many others that there is **another table with the
//! same shown numbers in which it has another value**. Whatever somebody computes from the shown
//! numbers, sums and the tree, they therefore cannot tell which of the two it is.
//!
//! Zero is shown: nobody is behind it, and who is *not* heard is what these figures are for. A
//! zero may be suppressed to protect a small count beside it, so "suppressed" does not mean
//! "at least one".
//!
//! The other table is one step away: one person more or fewer in a cell, or in a few cells that
//! make up for each other. Of all such steps the one is taken that hides least.

/// Counts from here on are shown.
pub const SHOWN_FROM: u64 = 5;

/// A figure as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The number.
    Shown(u64),
    /// Small, or it would give a small one away.
    Suppressed,
    /// None, in an area where nobody lives.
    NoInhabitants,
}

/// One area with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceRow {
    /// The row it is part of, by its place; none for the whole.
    pub parent: Option<usize>,
    /// People per column, for a row without parts; empty for one that is the sum of its parts.
    pub counts: Vec<u64>,
    /// Whether anybody lives there.
    pub inhabited: bool,
}

/// One area as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// Per column.
    pub cells: Vec<Cell>,
    /// Of all columns.
    pub total: Cell,
}

/// Why rows are no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// A row's parent does not stand before it.
    #[error("row {row}: its parent does not stand before it")]
    ParentNotBefore {
        /// Which.
        row: usize,
    },
    /// A second row without a parent.
    #[error("row {row} has no parent, and the first row is the whole already")]
    SecondWhole {
        /// Which.
        row: usize,
    },
    /// A row with parts has counts, or one without parts has not one for each column.
    #[error("row {row} has {found} counts instead of {expected}")]
    CountsMisfit {
        /// Which.
        row: usize,
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// Counts beyond 2³².
    #[error("row {row} counts more people than there are")]
    TooMany {
        /// Which.
        row: usize,
    },
}

/// What of a table may be shown, in the order of its rows.
///
/// # Errors
/// [`AudienceError`], naming the row.
pub fn suppress(columns: usize, rows: &[AudienceRow]) -> Result<Vec<ShownRow>, AudienceError> {
    let mut table = Table::new(columns, rows)?;
    table.suppress();
    Ok(table.shown(rows))
}

/// So many of each thousand inhabitants; where nobody lives there is nothing to divide by.
pub fn per_thousand(count: Cell, inhabitants: u32) -> Cell {
    match count {
        Cell::Shown(_) | Cell::NoInhabitants if inhabitants == 0 => Cell::NoInhabitants,
        Cell::Shown(count) => {
            let inhabitants = u64::from(inhabitants);
            Cell::Shown(count.saturating_mul(1_000).saturating_add(inhabitants / 2) / inhabitants)
        }
        Cell::Suppressed => Cell::Suppressed,
        Cell::NoInhabitants => Cell::NoInhabitants,
    }
}

/// A row and a column, the last of which is the total.
type At = (usize, usize);

struct Table {
    columns: usize,
    parents: Vec<Option<usize>>,
    leaves: Vec<usize>,
    values: Vec<Vec<u64>>,
    hidden: Vec<Vec<bool>>,
}

impl Table {
    fn new(columns: usize, rows: &[AudienceRow]) -> Result<Self, AudienceError> {
        let mut has_parts = vec![false; rows.len()];
        for (row, audience) in rows.iter().enumerate() {
            match audience.parent {
                Some(parent) if parent < row => has_parts[parent] = true,
                Some(_) => return Err(AudienceError::ParentNotBefore { row }),
                None if row > 0 => return Err(AudienceError::SecondWhole { row }),
                None => {}
            }
        }
        let mut values = vec![vec![0_u64; columns + 1]; rows.len()];
        for (row, audience) in rows.iter().enumerate().rev() {
            let expected = if has_parts[row] { 0 } else { columns };
            let found = audience.counts.len();
            if found != expected {
                return Err(AudienceError::CountsMisfit { row, found, expected });
            }
            for (column, count) in audience.counts.iter().enumerate() {
                values[row][column] = *count;
            }
            let total = values[row][..columns].iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
            let total = total.filter(|total| u32::try_from(*total).is_ok());
            values[row][columns] = total.ok_or(AudienceError::TooMany { row })?;
            if let Some(parent) = audience.parent {
                let (before, from_row) = values.split_at_mut(row);
                for (sum, count) in before[parent].iter_mut().zip(&from_row[0]).take(columns) {
                    *sum = sum.saturating_add(*count);
                }
            }
        }
        Ok(Self {
            columns,
            parents: rows.iter().map(|row| row.parent).collect(),
            leaves: (0..rows.len()).filter(|row| !has_parts[*row]).collect(),
            hidden: vec![vec![false; columns + 1]; rows.len()],
            values,
        })
    }

    fn suppress(&mut self) {
        let is_small = |value: u64| (1..SHOWN_FROM).contains(&value);
        let mut small = Vec::new();
        for (row, values) in self.values.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                if is_small(*value) {
                    small.push((row, column));
                }
            }
        }
        for (row, column) in &small {
            self.hidden[*row][*column] = true;
        }
        // The sums first: what protects a sum often protects its parts.
        for at in small {
            if let Some(step) = self.cheapest_step(at) {
                for (row, column) in step {
                    self.hidden[row][column] = true;
                }
            }
        }
    }

    /// The cells that change in the step that hides least and changes this cell.
    fn cheapest_step(&self, at: At) -> Option<Vec<At>> {
        let mut best: Option<(u64, Vec<At>)> = None;
        for step in self.steps(at) {
            let cost = step.iter().fold(0_u64, |cost, (row, column)| {
                let shown = !self.hidden[*row][*column];
                cost + if shown { self.values[*row][*column] + 1 } else { 0 }
            });
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, step));
            }
            if cost == 0 {
                break;
            }
        }
        best.map(|(_, step)| step)
    }

    /// All steps to another table in which this cell differs.
    fn steps(&self, (row, column): At) -> impl Iterator<Item = Vec<At>> {
        let inside = move |leaf: &usize| self.lies_in(*leaf, row);
        let columns = if column == self.columns { 0..self.columns } else { column..column + 1 };
        let own = columns.flat_map(move |column| {
            self.leaves.iter().filter(move |leaf| inside(leaf)).map(move |leaf| (*leaf, column))
        });
        let is_total = column == self.columns;
        own.flat_map(move |from| {
            let besides = self.leaves.iter().copied().filter(move |leaf| !self.lies_in(*leaf, row));
            let others = (0..self.columns).filter(move |other| *other != from.1 && !is_total);
            let squares = besides.clone().flat_map({
                let others = others.clone();
                move |leaf| others.clone().map(move |other| (leaf, other))
            });
            let squares = squares.filter_map(move |to| self.square(from, to));
            let along_column = besides.filter_map(move |leaf| self.exchange(from, (leaf, from.1)));
            let along_row = others.filter_map(move |other| self.exchange(from, (from.0, other)));
            squares.chain(along_column).chain(along_row).chain([self.touched(&[from])])
        })
    }

    /// One person moves from one cell to another, and one back in the other column: no sum over
    /// both rows or both columns changes.
    fn square(&self, a: At, b: At) -> Option<Vec<At>> {
        let (c, d) = ((a.0, b.1), (b.0, a.1));
        let value = |at: At| self.values[at.0][at.1];
        // Two of the four lose one.
        let possible = value(a) > 0 && value(b) > 0 || value(c) > 0 && value(d) > 0;
        possible.then(|| self.touched(&[a, b, c, d]))
    }

    /// One person counts in the one cell instead of in the other.
    fn exchange(&self, a: At, b: At) -> Option<Vec<At>> {
        let value = |at: At| self.values[at.0][at.1];
        (value(a) > 0 || value(b) > 0).then(|| self.touched(&[a, b]))
    }

    /// Every cell that such a change shows in: where the changes do not cancel each other.
    ///
    /// One cell gains; of two the one gains what the other loses; of four the first two gain.
    fn touched(&self, changed: &[At]) -> Vec<At> {
        let signs: &[i32] = match changed.len() {
            1 => &[1],
            2 => &[1, -1],
            _ => &[1, 1, -1, -1],
        };
        let mut changes = std::collections::BTreeMap::new();
        for ((leaf, column), sign) in changed.iter().zip(signs) {
            let mut row = Some(*leaf);
            while let Some(at) = row {
                *changes.entry((at, *column)).or_insert(0) += sign;
                *changes.entry((at, self.columns)).or_insert(0) += sign;
                row = self.parents[at];
            }
        }
        changes.into_iter().filter(|(_, change)| *change != 0).map(|(at, _)| at).collect()
    }

    fn lies_in(&self, leaf: usize, row: usize) -> bool {
        let mut at = Some(leaf);
        while let Some(here) = at {
            if here == row {
                return true;
            }
            at = self.parents[here];
        }
        false
    }

    fn shown(&self, rows: &[AudienceRow]) -> Vec<ShownRow> {
        let cell = |row: usize, column: usize| {
            if self.hidden[row][column] {
                Cell::Suppressed
            } else if self.values[row][column] == 0 && !rows[row].inhabited {
                Cell::NoInhabitants
            } else {
                Cell::Shown(self.values[row][column])
            }
        };
        (0..rows.len())
            .map(|row| ShownRow {
                cells: (0..self.columns).map(|column| cell(row, column)).collect(),
                total: cell(row, self.columns),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
