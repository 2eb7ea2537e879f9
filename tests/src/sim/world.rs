//! The world: three phones, an office, a clock, and what happens between them.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use wijkboek_model::{
    AreaCode, ChangeHash, Channel, Contact, ContactKind, Edit, Entry, EntryId, InstallId, LivesIn,
    Now, Party, Principal, PrincipalId, Promise, Record, RecordId, RecordType, Role, Sensitivity,
    Signal, Status, TallyKey, Timestamp, Visit,
};
use wijkboek_sync::{CallError, Input};

use super::Bug;
use super::device::{Calm, Fate, Outgoing, Perilous, Phone};
use super::network::{Network, Parcel};
use super::office::{Office, Served};

/// Wijk 6 is shared by the first two; 7 is the first's, 3 the second's, 11 nobody's.
const BUURTEN: [&str; 4] = ["BU05970600", "BU05970700", "BU05970300", "BU05971100"];

/// Steps of a run with faults.
const STEPS: usize = 120;
/// Virtual start: 2026-03-01.
const START_MS: i64 = 1_772_323_200_000;
/// After so long without an answer a call counts as lost.
const TIMEOUT_MS: u64 = 30_000;
/// A healed world that is not quiet after so many events never will be.
const EVENTS_MAX: usize = 20_000;

/// Everything that exists.
pub(super) struct World {
    rng: StdRng,
    clock_ms: u64,
    pub(super) office: Office,
    pub(super) phones: Vec<Phone>,
    network: Network,
    faulty: bool,
    /// Until when the office's process is down.
    down_until: u64,
    faults: usize,
    /// Acknowledged writes: what was said to be kept.
    pub(super) acknowledged: BTreeSet<(RecordId, ChangeHash)>,
    /// Taps by the change that made them.
    pub(super) taps: BTreeMap<(RecordId, ChangeHash), (TallyKey, i64)>,
}

impl World {
    pub(super) fn new(seed: u64, bug: Option<Bug>) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let start = Timestamp::from_millis(START_MS);
        let mut office = Office::new(start);
        let third = if seed.is_multiple_of(2) { Role::Ambassadeur } else { Role::Medewerker };
        let people: [(Role, &[&str]); 3] = [
            (Role::Wijkregisseur, &["WK059706", "WK059707"]),
            (Role::Wijkregisseur, &["WK059706", "WK059703"]),
            (third, &["WK059706"]),
        ];
        let phones = people
            .iter()
            .enumerate()
            .map(|(index, (role, wijken))| {
                let id = PrincipalId::from_parts(start, rng.random());
                let wijken = wijken.iter().map(|code| code.parse().expect("a code")).collect();
                let principal = Principal { id, role: *role, wijken };
                let install = InstallId::new(rng.random());
                let device = office.enrol(&principal, &format!("phone {index}"), install, start);
                Phone::new(principal, device, install, rng.random(), bug)
            })
            .collect();
        office.ledger().catch_up().expect("the replica follows");
        let mut world = Self {
            rng,
            clock_ms: 0,
            office,
            phones,
            network: Network::default(),
            faulty: true,
            down_until: 0,
            faults: 0,
            acknowledged: BTreeSet::new(),
            taps: BTreeMap::new(),
        };
        for index in 0..world.phones.len() {
            let now = world.now();
            let calls = world.phones[index].restart(now);
            world.send(index, calls);
        }
        world
    }

    pub(super) fn writes(&self) -> usize {
        self.acknowledged.len()
    }

    pub(super) fn faults(&self) -> usize {
        self.faults
    }

    /// People write, processes die, messages get lost.
    pub(super) fn live_through_faults(&mut self) {
        for _ in 0..STEPS {
            let pause = self.rng.random_range(50..4_000);
            self.pass(pause);
            let index = self.rng.random_range(0..self.phones.len());
            match self.rng.random_range(0..100) {
                0..45 => self.create(index),
                45..85 => self.edit(index),
                85..90 => {
                    self.faults += 1;
                    let now = self.now();
                    let calls = self.phones[index].restart(now);
                    self.send(index, calls);
                }
                90..94 => {
                    self.faults += 1;
                    self.office.up = false;
                    self.down_until = self.clock_ms + self.rng.random_range(1_000..60_000);
                }
                94..97 => self.change_scope(),
                _ => self.office.restart(),
            }
        }
    }

    /// No more faults; everybody syncs until nothing moves. Says what does not come to rest.
    pub(super) fn heal(&mut self) -> Vec<String> {
        self.faulty = false;
        self.office.up = true;
        self.down_until = 0;
        // Twice: what one phone sends in the first round the others get in the second.
        for _ in 0..2 {
            for index in 0..self.phones.len() {
                self.tell(index, Input::Wake);
            }
            if !self.settle() {
                break;
            }
        }
        self.phones
            .iter()
            .enumerate()
            .filter(|(_, phone)| {
                !phone.is_idle() || phone.store.unsent().expect("the store reads") > 0
            })
            .map(|(index, phone)| {
                format!("phone {index} does not come to rest: {:?}", phone.phase())
            })
            .collect()
    }

    /// Lets messages and timers run until all are idle. False when they never are.
    fn settle(&mut self) -> bool {
        for _ in 0..EVENTS_MAX {
            let quiet = self.network.is_quiet() && self.phones.iter().all(Phone::is_idle);
            if quiet {
                return true;
            }
            let timers = self.phones.iter().filter(|p| !p.is_idle()).filter_map(|p| p.timer_ms);
            let Some(next) = timers.chain(self.network.next_at()).min() else { return false };
            self.pass(next.saturating_sub(self.clock_ms));
        }
        false
    }

    pub(super) fn now(&self) -> Now {
        Now { wall: self.wall(), boot_ms: self.clock_ms }
    }

    pub(super) fn wall(&self) -> Timestamp {
        Timestamp::from_millis(START_MS)
            .plus_millis(i64::try_from(self.clock_ms).expect("a simulated week at most"))
    }

    /// Time passes; what is due happens.
    fn pass(&mut self, ms: u64) {
        let until = self.clock_ms + ms;
        while let Some(next) = self.network.next_at().filter(|at| *at <= until) {
            self.clock_ms = self.clock_ms.max(next);
            self.open_again();
            while let Some(delivery) = self.network.due(self.clock_ms) {
                self.deliver(delivery);
            }
        }
        self.clock_ms = until;
        self.open_again();
        for index in 0..self.phones.len() {
            if self.phones[index].timer_ms.is_some_and(|at| at <= until) {
                self.phones[index].timer_ms = None;
                self.tell(index, Input::TimerFired);
            }
        }
    }

    fn open_again(&mut self) {
        if !self.office.up && self.clock_ms >= self.down_until {
            self.office.up = true;
        }
    }

    fn deliver(&mut self, delivery: super::network::Delivery) {
        let super::network::Delivery { device: index, incarnation, call, what, .. } = delivery;
        match what {
            Parcel::Request { endpoint, body } => {
                let dies = self.faulty && self.rng.random_bool(0.03);
                let wall = self.wall();
                let device = self.phones[index].enrolled.clone();
                match self.office.serve(&device, endpoint, &body, wall, dies) {
                    Served::Died => self.faults += 1,
                    Served::Answer(answer) => {
                        if let Some(at) = self.arrival() {
                            self.network.send(at, index, incarnation, call, Parcel::Answer(answer));
                        }
                    }
                }
            }
            Parcel::Answer(result) => {
                if self.phones[index].incarnation == incarnation {
                    self.tell(index, Input::Answer { call, result });
                }
            }
        }
    }

    /// When a message sent now arrives; none when it is lost.
    fn arrival(&mut self) -> Option<u64> {
        if self.faulty && self.rng.random_bool(0.15) {
            self.faults += 1;
            return None;
        }
        let delay = if self.faulty { self.rng.random_range(5..8_000) } else { 20 };
        Some(self.clock_ms + delay)
    }

    fn tell(&mut self, index: usize, input: Input) {
        let now = self.now();
        let faulty = self.faulty;
        let (mut calm, mut perilous) = (Calm, Perilous(&mut self.rng));
        let fate: &mut dyn Fate = if faulty { &mut perilous } else { &mut calm };
        let calls = self.phones[index].tell(now, input, fate);
        self.send(index, calls);
    }

    fn send(&mut self, index: usize, calls: Vec<Outgoing>) {
        let incarnation = self.phones[index].incarnation;
        for Outgoing { call, endpoint, body } in calls {
            let copies = if self.faulty && self.rng.random_bool(0.1) { 2 } else { 1 };
            self.faults += copies - 1;
            for _ in 0..copies {
                if let Some(at) = self.arrival() {
                    let what = Parcel::Request { endpoint, body: body.clone() };
                    self.network.send(at, index, incarnation, call, what);
                }
            }
            // The phone gives up waiting; an answer that comes first makes this one late.
            let lost = Parcel::Answer(Err(CallError::Timeout));
            self.network.send(self.clock_ms + TIMEOUT_MS, index, incarnation, call, lost);
        }
    }

    fn create(&mut self, index: usize) {
        let at = self.wall();
        let id = RecordId::from_parts(at, self.rng.random());
        let buurt: AreaCode = BUURTEN.choose(&mut self.rng).expect("four").parse().expect("a code");
        let note = format!("notitie {}", self.rng.random::<u32>());
        let sensitivity = *Sensitivity::ALL.choose(&mut self.rng).expect("three");
        let phone = &mut self.phones[index];
        let (role, author) = (phone.principal.role, phone.principal.id);
        let record = if role == Role::Ambassadeur {
            Record::Signal(signal(note, buurt, at))
        } else if self.rng.random_bool(0.2) {
            Record::Visit(visit(note, buurt, at, author))
        } else {
            Record::Contact(contact(note, buurt, at, sensitivity))
        };
        let change = self.phones[index].create(id, &record, at);
        self.acknowledged.insert((id, change.hash));
        self.tell(index, Input::LocalWrite);
    }

    fn edit(&mut self, index: usize) {
        let rows = self.phones[index].rows();
        let Some(row) = rows.choose(&mut self.rng) else { return };
        let (id, at) = (row.id, self.wall());
        let author = self.phones[index].principal.id;
        let edit = match self.rng.random_range(0..6) {
            _ if row.record_type == Some(RecordType::Visit) => {
                let keys: Vec<TallyKey> = TallyKey::all().collect();
                let by = if self.rng.random_bool(0.9) { 1 } else { -1 };
                Edit::Tally(*keys.choose(&mut self.rng).expect("eleven"), by)
            }
            0 => {
                let buurt = BUURTEN.choose(&mut self.rng).expect("four");
                Edit::Buurt(buurt.parse().expect("a code"))
            }
            1 => Edit::Append(Entry {
                id: EntryId::from_parts(at, self.rng.random()),
                author,
                text: format!("aanvulling {}", self.rng.random::<u32>()),
            }),
            2 => Edit::Kind(*ContactKind::ALL.choose(&mut self.rng).expect("four")),
            3 => Edit::Status(Status::InBehandeling),
            _ => Edit::Note(format!("herzien {}", self.rng.random::<u32>())),
        };
        let write = edit.into_write();
        if let Some(change) = self.phones[index].edit(id, write.clone(), at) {
            self.acknowledged.insert((id, change.hash));
            if let wijkboek_model::Write::Increment(key, by) = write {
                self.taps.insert((id, change.hash), (key, by));
            }
            self.tell(index, Input::LocalWrite);
        }
    }

    /// The second wijkregisseur gains or loses a wijk.
    fn change_scope(&mut self) {
        let mut wijken: BTreeSet<AreaCode> = ["WK059706".parse().expect("a code")].into();
        if self.rng.random_bool(0.5) {
            wijken.insert("WK059703".parse().expect("a code"));
        }
        if self.rng.random_bool(0.5) {
            wijken.insert("WK059707".parse().expect("a code"));
        }
        let wall = self.wall();
        let principal = &mut self.phones[1].principal;
        principal.wijken.clone_from(&wijken);
        let (id, role) = (principal.id, principal.role);
        self.office.set_scope(id, role, wijken, wall);
    }
}

fn contact(note: String, buurt: AreaCode, at: Timestamp, sensitivity: Sensitivity) -> Contact {
    Contact {
        kind: ContactKind::Vraag,
        themes: BTreeSet::new(),
        note,
        buurt,
        place: None,
        lives_in: LivesIn::Unknown,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group: None,
        occurred_at: at,
        channel: Channel::Wijkronde,
        language: "nld".into(),
        sensitivity,
        status: Status::Nieuw,
        assignee: None,
        over_optreden: false,
        promise: Promise::NotAsked,
        answer: None,
        feedback: None,
        visit: None,
    }
}

fn signal(note: String, buurt: AreaCode, at: Timestamp) -> Signal {
    Signal {
        kind: ContactKind::Signaal,
        themes: BTreeSet::new(),
        note,
        buurt,
        place: None,
        occurred_at: at,
        language: "nld".into(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    }
}

fn visit(place_name: String, buurt: AreaCode, at: Timestamp, author: PrincipalId) -> Visit {
    Visit {
        place_name,
        buurt,
        place: None,
        starts_at: at,
        ends_at: at.plus_millis(3 * 3_600_000),
        sensitivity: Sensitivity::Gewoon,
        team: [author].into(),
        tallies: BTreeMap::new(),
    }
}
