//! Lists, searches, counts and maps over a large logbook, case by case. Each case has several
//! forms, asked in turn, so that no answer lies ready. The row's figure is the worst case's.

use wijkboek_model::{AreaCode, Principal, Role, Status, ThemeId, Timestamp};
use wijkboek_store::{Bounds, Filter, Scope, Store};

use super::clock::{Times, cpu, wall};
use super::report::Entry;
use super::{BenchError, Sizes};
use crate::corpus;

/// The row "search, filter, count", and what each case took.
///
/// # Errors
/// [`BenchError`].
pub fn figures(store: &Store, suffix: &str, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let n = sizes.large;
    let mut worst: Option<(f64, f64, String)> = None;
    let mut entries = vec![];
    for (who, scope) in scopes() {
        for (what, filters) in cases(n) {
            let asked = Asked::all(store, &scope, &filters, sizes)?;
            let name = format!("{what}, {who}");
            let (p99, used) = (asked.p99_ms(), asked.used.quantile_ms(0.99));
            if worst.as_ref().is_none_or(|(so_far, _, _)| p99 > *so_far) {
                worst = Some((p99, used, name.clone()));
            }
            entries.push(Entry::explaining(
                &format!("at {n} records: {name}, {suffix}"),
                "ms",
                vec![p99],
                asked.detail(),
            ));
        }
    }
    let (p99, used, name) = worst.ok_or(BenchError::NothingChanged)?;
    entries.insert(
        0,
        Entry::new(
            &format!("search, filter, count at {n} records, p99, {suffix}"),
            "ms",
            50.0,
            vec![p99],
            format!(
                "the worst case, {name} ({used:.1} ms of processor time); {} of {} are below the \
                 target",
                entries.iter().filter(|entry| entry.value <= 50.0).count(),
                entries.len()
            ),
        ),
    );
    Ok(entries)
}

/// What asking a case many times took.
#[derive(Debug, Default)]
struct Asked {
    list: Times,
    count: Times,
    points: Times,
    /// The processor time of all of them.
    used: Times,
    cut_short: u32,
    inexact: u32,
}

impl Asked {
    fn all(
        store: &Store,
        scope: &Scope,
        filters: &[Filter],
        sizes: &Sizes,
    ) -> Result<Self, BenchError> {
        let mut asked = Self::default();
        for filter in filters.iter().cycle().take(sizes.queries as usize) {
            let (page, used) = cpu(|| wall(|| store.list(scope, filter, None, 50)));
            let (page, time) = page?;
            asked.list.push(time);
            asked.used.push(used);
            asked.cut_short += u32::from(page.cut_short);
            let (count, used) = cpu(|| wall(|| store.count(scope, filter)));
            let (count, time) = count?;
            asked.count.push(time);
            asked.used.push(used);
            asked.inexact += u32::from(!count.exact);
            if filter.within.is_some() {
                let (points, used) = cpu(|| wall(|| store.points(scope, filter, 500)));
                asked.points.push(points?.1);
                asked.used.push(used);
            }
        }
        Ok(asked)
    }

    fn p99_ms(&self) -> f64 {
        [&self.list, &self.count, &self.points]
            .map(|times| times.quantile_ms(0.99))
            .into_iter()
            .fold(0.0, f64::max)
    }

    fn detail(&self) -> String {
        let pair = |times: &Times| {
            format!("{:.2} / {:.2}", times.quantile_ms(0.5), times.quantile_ms(0.99))
        };
        let mut parts =
            vec![format!("p50 / p99: list {}, count {}", pair(&self.list), pair(&self.count))];
        if !self.points.is_empty() {
            parts.push(format!("map {}", pair(&self.points)));
        }
        parts.push(format!("{} times", self.list.len()));
        if self.cut_short > 0 {
            parts.push(format!("{} pages cut short", self.cut_short));
        }
        if self.inexact > 0 {
            parts.push(format!("{} counts \"at least\"", self.inexact));
        }
        parts.join(", ")
    }
}

/// Everything, as on a phone; and what two roles see of a server's replica.
fn scopes() -> [(&'static str, Scope); 3] {
    let wijken = corpus::buurten().take(1).filter_map(|buurt| buurt.wijk());
    let regisseur =
        Principal { id: corpus::person(1), role: Role::Wijkregisseur, wijken: wijken.collect() };
    let medewerker = Principal { id: corpus::person(2), role: Role::Medewerker, wijken: [].into() };
    [
        ("all", Scope::All),
        ("wijkregisseur", Scope::Of(regisseur)),
        ("medewerker", Scope::Of(medewerker)),
    ]
}

fn cases(n: u32) -> Vec<(&'static str, Vec<Filter>)> {
    let none = Filter::default;
    let buurten: Vec<AreaCode> = corpus::buurten().collect();
    let people = || (0..12).map(corpus::person);
    let themes: Vec<ThemeId> = corpus::themes().collect();
    let of = |buurt: &AreaCode| Filter { buurt: Some(buurt.clone()), ..none() };
    let with = |theme: &ThemeId| Filter { theme: Some(theme.clone()), ..none() };
    let in_wijk = |buurt: &AreaCode| Filter { wijk: buurt.wijk(), ..none() };
    let mut cases = vec![
        ("newest", vec![none()]),
        ("wijk", buurten.iter().map(in_wijk).collect()),
        ("buurt and status", {
            let statuses = |buurt| {
                Status::ALL.iter().map(move |status| Filter { status: Some(*status), ..of(buurt) })
            };
            buurten.iter().flat_map(statuses).collect()
        }),
        ("theme", themes.iter().map(with).collect()),
        ("theme and wijk", {
            let wijken = buurten.iter().cycle();
            let pair = |(theme, buurt)| Filter { theme: Some(theme), ..in_wijk(buurt) };
            themes.iter().cloned().zip(wijken).map(pair).collect()
        }),
        ("author", people().map(|p| Filter { author: Some(p), ..none() }).collect()),
        ("assignee", people().map(|p| Filter { assignee: Some(p), ..none() }).collect()),
    ];
    cases.extend(periods(n));
    cases.extend(maps());
    cases.extend(texts(&buurten));
    cases
}

fn periods(n: u32) -> [(&'static str, Vec<Filter>); 2] {
    let moment = |share: u32, of: u32| Some(corpus::at(n / of * share));
    let period = |from: Option<Timestamp>, to| Filter { from, to, ..Filter::default() };
    // At full size a month is 8,640 records and a year 105,120.
    [
        ("a month", (0..40).map(|k| period(moment(k, 60), moment(k + 1, 60))).collect()),
        ("an old year", (0..3).map(|k| period(moment(k, 5), moment(k + 1, 5))).collect()),
    ]
}

fn maps() -> [(&'static str, Vec<Filter>); 3] {
    let within = |west: f64, south: f64, width: f64, height: f64| Filter {
        within: Some(Bounds { west, south, east: west + width, north: south + height }),
        ..Filter::default()
    };
    let along = |k: u32| 4.56 + f64::from(k) * 0.002;
    [
        ("map, a street", (0..40).map(|k| within(along(k), 51.868, 0.0006, 0.0004)).collect()),
        ("map, a buurt", (0..20).map(|k| within(along(2 * k), 51.866, 0.012, 0.009)).collect()),
        ("map, everything", vec![within(4.0, 51.0, 1.0, 1.0)]),
    ]
}

fn texts(buurten: &[AreaCode]) -> Vec<(&'static str, Vec<Filter>)> {
    let text = |words: &str| Filter { text: Some(words.to_owned()), ..Filter::default() };
    let each = |all: &[&str]| all.iter().map(|words| text(words)).collect::<Vec<_>>();
    let in_buurt = |buurt: &AreaCode| Filter { buurt: Some(buurt.clone()), ..text("de") };
    vec![
        ("text, rare", each(&["rookoverlast", "grofvuil", "kattenbak"])),
        ("text, common", each(&["de", "het", "een"])),
        ("text, a beginning", each(&["ver", "bew", "vui", "sto"])),
        ("text, two words", each(&["de vuil", "stoep hond", "bewoner ver"])),
        ("text, common in a buurt", buurten.iter().map(in_buurt).collect()),
    ]
}
