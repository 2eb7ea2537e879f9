//! Attacks on tables: by subtraction, by linear algebra, and by narrowing bounds.

use proptest::prelude::*;

use super::*;

/// A sum in the table: the first cell is the sum of the others.
type Sum = (At, Vec<At>);

fn leaf(parent: usize, counts: &[u64]) -> AudienceRow {
    AudienceRow { parent: Some(parent), counts: counts.to_vec(), inhabited: true }
}

fn sum_of_parts(parent: Option<usize>) -> AudienceRow {
    AudienceRow { parent, counts: Vec::new(), inhabited: true }
}

fn sums(columns: usize, rows: &[AudienceRow]) -> Vec<Sum> {
    let mut sums: Vec<Sum> = (0..rows.len())
        .map(|row| ((row, columns), (0..columns).map(|column| (row, column)).collect()))
        .collect();
    for row in 0..rows.len() {
        let parts: Vec<usize> =
            (0..rows.len()).filter(|part| rows[*part].parent == Some(row)).collect();
        if !parts.is_empty() {
            sums.extend(
                (0..=columns).map(|column| {
                    ((row, column), parts.iter().map(|part| (*part, column)).collect())
                }),
            );
        }
    }
    sums
}

fn shown_at(shown: &[ShownRow], (row, column): At) -> Cell {
    shown[row].cells.get(column).copied().unwrap_or(shown[row].total)
}

fn known(shown: &[ShownRow], at: At) -> Option<i128> {
    match shown_at(shown, at) {
        Cell::Shown(value) => Some(i128::from(value)),
        Cell::NoInhabitants => Some(0),
        Cell::Suppressed => None,
    }
}

/// What narrowing bounds, sum by sum, finds out about each hidden cell.
fn narrowed(columns: usize, rows: &[AudienceRow], shown: &[ShownRow]) -> Vec<Vec<(i128, i128)>> {
    let sums = sums(columns, rows);
    let mut bounds: Vec<Vec<(i128, i128)>> = (0..rows.len())
        .map(|row| {
            (0..=columns)
                .map(|column| known(shown, (row, column)).map_or((0, 1 << 40), |n| (n, n)))
                .collect()
        })
        .collect();
    for _ in 0..200 {
        let before = bounds.clone();
        for (total, parts) in &sums {
            let get = |bounds: &Vec<Vec<(i128, i128)>>, at: &At| bounds[at.0][at.1];
            let low: i128 = parts.iter().map(|at| get(&bounds, at).0).sum();
            let high: i128 = parts.iter().map(|at| get(&bounds, at).1).sum();
            let (floor, ceiling) = get(&bounds, total);
            bounds[total.0][total.1] = (floor.max(low), ceiling.min(high));
            let (floor, ceiling) = get(&bounds, total);
            for part in parts {
                let (own_low, own_high) = get(&bounds, part);
                let least = floor - (high - own_high);
                let most = ceiling - (low - own_low);
                bounds[part.0][part.1] = (own_low.max(least), own_high.min(most));
            }
        }
        if bounds == before {
            break;
        }
    }
    bounds
}

/// The hidden cells that the sums determine, by elimination modulo a large prime.
fn determined(columns: usize, rows: &[AudienceRow], shown: &[ShownRow]) -> Vec<At> {
    const PRIME: i128 = 2_147_483_647;
    let hidden: Vec<At> = (0..rows.len())
        .flat_map(|row| (0..=columns).map(move |column| (row, column)))
        .filter(|at| known(shown, *at).is_none())
        .collect();
    let place = |at: &At| hidden.iter().position(|one| one == at);
    let mut matrix: Vec<Vec<i128>> = Vec::new();
    for (total, parts) in sums(columns, rows) {
        let mut equation = vec![0; hidden.len()];
        if let Some(at) = place(&total) {
            equation[at] = PRIME - 1;
        }
        for part in &parts {
            if let Some(at) = place(part) {
                equation[at] = (equation[at] + 1) % PRIME;
            }
        }
        matrix.push(equation);
    }
    let power = |base: i128| {
        let (mut base, mut exponent, mut result) = (base, PRIME - 2, 1);
        while exponent > 0 {
            if exponent % 2 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            exponent /= 2;
        }
        result
    };
    let mut pivots = Vec::new();
    for column in 0..hidden.len() {
        let done = pivots.len();
        let Some(pivot) = (done..matrix.len()).find(|row| matrix[*row][column] != 0) else {
            continue;
        };
        matrix.swap(done, pivot);
        let inverse = power(matrix[done][column]);
        for value in &mut matrix[done] {
            *value = *value * inverse % PRIME;
        }
        let own = matrix[done].clone();
        for (row, equation) in matrix.iter_mut().enumerate() {
            let factor = equation[column];
            if row != done && factor != 0 {
                for (value, own) in equation.iter_mut().zip(&own) {
                    *value = (*value + (PRIME - factor) * own) % PRIME;
                }
            }
        }
        pivots.push(column);
    }
    pivots
        .iter()
        .enumerate()
        .filter(|(row, _)| matrix[*row].iter().filter(|value| **value != 0).count() == 1)
        .map(|(_, column)| hidden[*column])
        .collect()
}

fn values(columns: usize, rows: &[AudienceRow]) -> Vec<Vec<u64>> {
    Table::new(columns, rows).expect("a table").values
}

fn attack(columns: usize, rows: &[AudienceRow]) -> Result<(), String> {
    let shown = suppress(columns, rows).expect("a table");
    let values = values(columns, rows);
    let bounds = narrowed(columns, rows, &shown);
    let determined = determined(columns, rows, &shown);
    for (row, of_row) in values.iter().enumerate() {
        for (column, value) in of_row.iter().enumerate() {
            let at = (row, column);
            match known(&shown, at) {
                Some(known) if known != i128::from(*value) => return Err(format!("{at:?} lies")),
                Some(_) if (1..5).contains(value) => return Err(format!("{at:?} shows {value}")),
                None if (1..5).contains(value) => {
                    let (low, high) = bounds[row][column];
                    if low >= high || determined.contains(&at) {
                        return Err(format!("{at:?} is {value}: {low} to {high}, {shown:?}"));
                    }
                }
                Some(_) | None => {}
            }
        }
    }
    Ok(())
}

#[test]
fn a_small_count_takes_others_with_it() {
    use Cell::{Shown, Suppressed};
    let rows =
        [sum_of_parts(None), leaf(0, &[2, 20, 30]), leaf(0, &[10, 20, 30]), leaf(0, &[50, 60, 70])];
    let shown = suppress(3, &rows).expect("a table");
    assert_eq!(shown[1].cells, [Suppressed, Suppressed, Shown(30)]);
    assert_eq!(shown[2].cells, [Suppressed, Suppressed, Shown(30)]);
    assert_eq!(shown[3].cells, [Shown(50), Shown(60), Shown(70)]);
    assert_eq!((shown[1].total, shown[0].total), (Shown(52), Shown(292)));
    attack(3, &rows).expect("safe");
}

#[test]
fn zero_and_nobody_are_said() {
    let mut empty = leaf(0, &[0, 0]);
    empty.inhabited = false;
    let rows = [sum_of_parts(None), leaf(0, &[0, 9]), empty];
    let shown = suppress(2, &rows).expect("a table");
    assert_eq!(shown[1].cells, [Cell::Shown(0), Cell::Shown(9)]);
    assert_eq!(shown[2].cells, [Cell::NoInhabitants, Cell::NoInhabitants]);
    assert_eq!(shown[2].total, Cell::NoInhabitants);
    assert_eq!(per_thousand(Cell::Shown(3), 0), Cell::NoInhabitants);
    assert_eq!(per_thousand(Cell::Shown(15), 1_000), Cell::Shown(15));
    assert_eq!(per_thousand(Cell::Shown(5), 3_000), Cell::Shown(2));
    assert_eq!(per_thousand(Cell::Suppressed, 0), Cell::Suppressed);
}

#[test]
fn a_table_without_small_counts_is_shown_whole() {
    let rows = [sum_of_parts(None), leaf(0, &[5, 0]), leaf(0, &[7, 900])];
    let shown = suppress(2, &rows).expect("a table");
    assert!(
        shown
            .iter()
            .all(|row| row.total != Cell::Suppressed && !row.cells.contains(&Cell::Suppressed))
    );
}

#[test]
fn the_smallest_tables_are_safe_too() {
    for counts in [&[1_u64][..], &[1, 1], &[3, 0], &[1, 4], &[2, 3, 100], &[4, 0, 0, 0]] {
        let whole = AudienceRow { parent: None, counts: counts.to_vec(), inhabited: true };
        attack(counts.len(), &[whole]).expect("safe");
        attack(counts.len(), &[sum_of_parts(None), leaf(0, counts)]).expect("safe");
    }
    assert_eq!(suppress(3, &[]), Ok(Vec::new()));
}

#[test]
fn rows_that_are_no_table_are_named() {
    use AudienceError as E;
    let of = |rows: &[AudienceRow]| suppress(1, rows).expect_err("no table");
    assert_eq!(of(&[sum_of_parts(None), leaf(1, &[1])]), E::ParentNotBefore { row: 1 });
    assert_eq!(of(&[leaf(0, &[1])]), E::ParentNotBefore { row: 0 });
    let whole = AudienceRow { parent: None, counts: vec![1], inhabited: true };
    assert_eq!(of(&[whole.clone(), whole.clone()]), E::SecondWhole { row: 1 });
    let misfit = E::CountsMisfit { row: 0, found: 1, expected: 0 };
    assert_eq!(of(&[whole, leaf(0, &[1])]), misfit);
    assert_eq!(of(&[sum_of_parts(None), leaf(0, &[u64::MAX])]), E::TooMany { row: 1 });
}

/// A gemeente with wijken, some of which have buurten.
fn tables() -> impl Strategy<Value = (usize, Vec<AudienceRow>)> {
    (1_usize..6, prop::collection::vec(0_usize..4, 1..5)).prop_flat_map(|(columns, wijken)| {
        let leaves: usize = wijken.iter().map(|parts| (*parts).max(1)).sum();
        let count = prop_oneof![2 => Just(0_u64), 4 => 1_u64..5, 4 => 5_u64..60];
        prop::collection::vec(prop::collection::vec(count, columns), leaves).prop_map(
            move |counts| {
                let mut counts = counts.into_iter();
                let mut rows = vec![sum_of_parts(None)];
                for parts in &wijken {
                    if *parts == 0 {
                        rows.push(leaf(0, &counts.next().expect("enough")));
                    } else {
                        rows.push(sum_of_parts(Some(0)));
                        let wijk = rows.len() - 1;
                        for _ in 0..*parts {
                            rows.push(leaf(wijk, &counts.next().expect("enough")));
                        }
                    }
                }
                (columns, rows)
            },
        )
    })
}

proptest! {
    #[test]
    fn no_attack_finds_a_small_count((columns, rows) in tables()) {
        prop_assert_eq!(attack(columns, &rows), Ok(()));
    }
}
