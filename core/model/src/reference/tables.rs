//! Teams and inhabitants out of CSV text: each error names the line it is about.
//!
//! Columns are found by their names, so their order and further columns do not matter; comma and
//! semicolon both separate, since a Dutch spreadsheet writes the latter.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{AgeCounts, Inhabitants, WijkTeam};
use crate::{AreaCode, AreaLevel, Lang, ThemeId};

/// Reference data that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Not the JSON it should be.
    #[error("reference data cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A table without a column it needs.
    #[error("the column {column} is missing")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// A line that cannot be used.
    #[error("line {line}: {fault}")]
    Row {
        /// Counted from 1, the header being the first.
        line: u64,
        /// What is the matter with it.
        fault: RowFault,
    },
    /// A theme that stands in the list twice.
    #[error("the theme {theme} occurs twice")]
    RepeatedTheme {
        /// Which.
        theme: ThemeId,
    },
    /// A theme under one that is not in the list, or is itself a sub-theme.
    #[error("the theme {theme} lies under {parent}, which is no main theme of the list")]
    NotAMainTheme {
        /// The sub-theme.
        theme: ThemeId,
        /// What it says it lies under.
        parent: ThemeId,
    },
    /// More themes than [`crate::THEMES_MAX`].
    #[error("{found} themes are more than the {} that a list may have", crate::THEMES_MAX)]
    TooManyThemes {
        /// How many there are.
        found: usize,
    },
    /// Reference data that is older than what is here.
    #[error("version {offered} is older than version {held}, which is here already")]
    Older {
        /// The version that is here.
        held: u64,
        /// The version that was offered.
        offered: u64,
    },
    /// A theme without a name in both languages.
    #[error("the theme {theme} has no name")]
    NamelessTheme {
        /// Which.
        theme: ThemeId,
    },
    /// A wijk that the municipality's areas do not have.
    #[error("{wijk} is no wijk of this municipality")]
    UnknownWijk {
        /// Which.
        wijk: AreaCode,
    },
}

/// What is the matter with a line of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// More or fewer columns than the header has, or broken quoting.
    #[error("it does not have the columns of the header")]
    Columns,
    /// Not the code of a wijk.
    #[error("{column} is no code of a wijk")]
    NotAWijk {
        /// The column.
        column: &'static str,
    },
    /// Not the code of an area.
    #[error("{column} is no code of an area")]
    NotAnArea {
        /// The column.
        column: &'static str,
    },
    /// Not a whole number of zero or more.
    #[error("{column} is not a whole number")]
    NotANumber {
        /// The column.
        column: &'static str,
    },
    /// The same wijk (and year) as on an earlier line.
    #[error("it repeats an earlier line")]
    Repeated,
}

impl ReferenceError {
    /// A sentence for the person who chose the file.
    pub fn message(&self, lang: Lang) -> String {
        let reason = match (lang, self) {
            (Lang::En, _) => return format!("This file cannot be used: {self}."),
            (Lang::Nl, Self::Json(error)) => {
                format!("het gaat mis op regel {}, positie {}", error.line(), error.column())
            }
            (Lang::Nl, Self::MissingColumn { column }) => format!("kolom {column} ontbreekt"),
            (Lang::Nl, Self::Row { line, fault }) => match fault {
                RowFault::Columns => format!("regel {line} heeft niet de kolommen van de kop"),
                RowFault::NotAWijk { column } => {
                    format!("regel {line}: {column} is geen wijkcode")
                }
                RowFault::NotAnArea { column } => {
                    format!("regel {line}: {column} is geen gebiedscode")
                }
                RowFault::NotANumber { column } => {
                    format!("regel {line}: {column} is geen geheel getal")
                }
                RowFault::Repeated => format!("regel {line} herhaalt een eerdere regel"),
            },
            (Lang::Nl, Self::RepeatedTheme { theme }) => {
                format!("thema {theme} staat er dubbel in")
            }
            (Lang::Nl, Self::NotAMainTheme { theme, parent }) => {
                format!("thema {theme} valt onder {parent}, en dat is geen hoofdthema")
            }
            (Lang::Nl, Self::TooManyThemes { found }) => {
                format!("{found} thema's; een lijst mag er {} hebben", crate::THEMES_MAX)
            }
            (Lang::Nl, Self::Older { held, offered }) => {
                format!("versie {offered} is ouder dan versie {held}, die er al is")
            }
            (Lang::Nl, Self::NamelessTheme { theme }) => format!("thema {theme} heeft geen naam"),
            (Lang::Nl, Self::UnknownWijk { wijk }) => {
                format!("{wijk} is geen wijk van deze gemeente")
            }
        };
        format!("Dit bestand is niet bruikbaar: {reason}.")
    }
}

/// Reads which leefbaarheidsteam each wijk has, from the columns `wijkcode_cbs` (or `wijkcode`)
/// and `leefbaarheidsteam_nota_2022` (or `leefbaarheidsteam`). A remark in parentheses is no team.
///
/// # Errors
/// [`ReferenceError`] naming the column or the line.
pub fn teams_from_csv(text: &str) -> Result<Vec<WijkTeam>, ReferenceError> {
    let table = Table::read(text)?;
    let wijk_column = table.column(&["wijkcode", "wijkcode_cbs"])?;
    let team_column = table.column(&["leefbaarheidsteam", "leefbaarheidsteam_nota_2022"])?;
    let mut seen = BTreeSet::new();
    table
        .rows
        .iter()
        .map(|row| {
            let wijk = row.wijk(wijk_column)?;
            if !seen.insert(wijk.clone()) {
                return Err(row.fault(RowFault::Repeated));
            }
            let team = row.text(team_column);
            let none = team.is_empty() || team.starts_with('(');
            Ok(WijkTeam { wijk, team: (!none).then(|| team.to_owned()) })
        })
        .collect()
}

/// Reads the inhabitants per wijk or buurt and year from CBS's key figures: `jaar`, `code`, `inwoners`, and
/// per age group either a count (`inw_0_15` …) or a percentage (`pct_0_15` …). Lines of a whole
/// gemeente are passed over: it is the sum of its wijken.
///
/// # Errors
/// [`ReferenceError`] naming the column or the line.
pub fn inhabitants_from_csv(text: &str) -> Result<Vec<Inhabitants>, ReferenceError> {
    let table = Table::read(text)?;
    let (year, code, total) =
        (table.column(&["jaar"])?, table.column(&["code"])?, table.column(&["inwoners"])?);
    let counts = table.columns(COUNTS)?;
    let shares = table.columns(SHARES)?;
    let mut seen = BTreeSet::new();
    let mut inhabitants = Vec::new();
    for row in &table.rows {
        let area = row.area(code)?;
        if area.level() == AreaLevel::Gemeente {
            continue;
        }
        let year = u16::try_from(row.number(year)?)
            .map_err(|_| row.fault(RowFault::NotANumber { column: year.0 }))?;
        if !seen.insert((year, area.clone())) {
            return Err(row.fault(RowFault::Repeated));
        }
        let total = row.number(total)?;
        let by_age = match row.numbers(&counts)? {
            Some(counts) => Some(counts),
            None => row.numbers(&shares)?.map(|shares| shares.map(|share| of_total(total, share))),
        };
        inhabitants.push(Inhabitants { area, year, total, by_age });
    }
    Ok(inhabitants)
}

/// A whole percentage of the total, rounded to 5 as CBS rounds.
fn of_total(total: u32, percentage: u32) -> u32 {
    let exact_times_100 = u64::from(total) * u64::from(percentage);
    u32::try_from((exact_times_100 + 250) / 500 * 5).unwrap_or(u32::MAX)
}

const COUNTS: [&str; 5] = ["inw_0_15", "inw_15_25", "inw_25_45", "inw_45_65", "inw_65plus"];
const SHARES: [&str; 5] = ["pct_0_15", "pct_15_25", "pct_25_45", "pct_45_65", "pct_65plus"];

/// A column's name and place.
type Column = (&'static str, usize);

/// A table with a header.
struct Table {
    columns: BTreeMap<String, usize>,
    rows: Vec<Row>,
}

struct Row {
    line: u64,
    fields: StringRecord,
}

impl Table {
    fn read(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim_start_matches('\u{feff}');
        let header = text.lines().next().unwrap_or_default();
        let semicolons = header.contains(';') && !header.contains(',');
        let mut reader = ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let broken = |error: &csv::Error| ReferenceError::Row {
            line: error.position().map_or(1, csv::Position::line),
            fault: RowFault::Columns,
        };
        let columns = reader
            .headers()
            .map_err(|error| broken(&error))?
            .iter()
            .enumerate()
            .map(|(place, name)| (name.to_lowercase(), place))
            .collect();
        let rows = reader
            .records()
            .map(|record| {
                let fields = record.map_err(|error| broken(&error))?;
                let line = fields.position().map_or(1, csv::Position::line);
                Ok(Row { line, fields })
            })
            .collect::<Result<_, ReferenceError>>()?;
        Ok(Self { columns, rows })
    }

    /// The place of a column that goes by one of these names.
    fn column(&self, names: &[&'static str]) -> Result<Column, ReferenceError> {
        names
            .iter()
            .find_map(|name| self.columns.get(*name).map(|place| (*name, *place)))
            .ok_or(ReferenceError::MissingColumn { column: names.first().copied().unwrap_or("") })
    }

    fn columns(&self, names: [&'static str; 5]) -> Result<[Column; 5], ReferenceError> {
        let mut columns = [("", 0); 5];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = self.column(&[name])?;
        }
        Ok(columns)
    }
}

impl Row {
    fn fault(&self, fault: RowFault) -> ReferenceError {
        ReferenceError::Row { line: self.line, fault }
    }

    fn text(&self, (_, place): Column) -> &str {
        self.fields.get(place).unwrap_or_default()
    }

    fn area(&self, column: Column) -> Result<AreaCode, ReferenceError> {
        self.text(column).parse().map_err(|_| self.fault(RowFault::NotAnArea { column: column.0 }))
    }

    fn wijk(&self, column: Column) -> Result<AreaCode, ReferenceError> {
        let code = self.area(column).ok().filter(|code| code.level() == AreaLevel::Wijk);
        code.ok_or_else(|| self.fault(RowFault::NotAWijk { column: column.0 }))
    }

    fn number(&self, column: Column) -> Result<u32, ReferenceError> {
        self.text(column).parse().map_err(|_| self.fault(RowFault::NotANumber { column: column.0 }))
    }

    /// Five numbers, or none when none of them is given.
    fn numbers(&self, columns: &[Column; 5]) -> Result<Option<AgeCounts>, ReferenceError> {
        if columns.iter().all(|column| self.text(*column).is_empty()) {
            return Ok(None);
        }
        let mut numbers = [0; 5];
        for (number, column) in numbers.iter_mut().zip(columns) {
            *number = self.number(*column)?;
        }
        Ok(Some(numbers))
    }
}
