//! The fields of a record as a list of labels and values, in the order of the screen.

use wijkboek_model::{Contact, Field, Label, Record, Signal, Value, Visit};

use super::LOG;
use super::names::Names;
use super::present::{self, place, promise};
use super::record::Found;
use super::time::Moment;
use super::wording::{say, texts};

/// One field.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) href: Option<String>,
}

/// Everything about a record that is neither its text nor its thread.
pub(super) fn facts(found: &Found, names: &Names) -> Vec<Fact> {
    let mut facts = Facts { names, all: vec![] };
    match &found.record {
        Some(Record::Contact(contact)) => facts.contact(contact),
        Some(Record::Signal(signal)) => facts.signal(signal),
        Some(Record::Visit(visit)) => facts.visit(visit),
        Some(other) => facts.record(other),
        None => {}
    }
    facts.delivery(found);
    facts.all
}

struct Facts<'a> {
    names: &'a Names,
    all: Vec<Fact>,
}

impl Facts<'_> {
    fn add(&mut self, field: Field, value: String) {
        self.line(field.label(self.names.lang), value);
    }

    fn line(&mut self, label: &'static str, value: String) {
        if !value.is_empty() {
            self.all.push(Fact { label, value, href: None });
        }
    }

    /// A field by its value in the document.
    fn field(&mut self, field: Field, value: &Value) {
        self.add(field, present::value(field, value, self.names));
    }

    fn words(&mut self, field: Field, word: &impl ToString) {
        self.field(field, &Value::Text(word.to_string()));
    }

    fn themes(&mut self, themes: impl IntoIterator<Item = wijkboek_model::ThemeId>) {
        let themes: Vec<_> = themes.into_iter().collect();
        let text = self.names.themes(&themes);
        self.line(texts(self.names.lang).theme, text);
    }

    fn contact(&mut self, contact: &Contact) {
        self.themes(contact.themes.iter().cloned());
        self.words(Field::Buurt, &contact.buurt);
        if let Some(at) = &contact.place {
            self.add(Field::Place, place(at, self.names));
        }
        self.field(Field::OccurredAt, &Value::Time(contact.occurred_at));
        self.words(Field::LivesIn, &contact.lives_in);
        self.field(Field::People, &Value::Int(contact.people.into()));
        self.field(Field::Households, &Value::Int(contact.households.into()));
        self.words(Field::Party, &contact.party);
        if let Some(age) = contact.age_group {
            self.words(Field::AgeGroup, &age);
        }
        self.words(Field::Channel, &contact.channel);
        self.words(Field::Language, &contact.language);
        self.add(Field::Promise, promise(contact.promise, self.names));
        if contact.over_optreden {
            self.field(Field::OverOptreden, &Value::Bool(true));
        }
        self.words(Field::Sensitivity, &contact.sensitivity);
        if let Some(visit) = contact.visit {
            self.all.push(Fact {
                label: Field::Visit.label(self.names.lang),
                value: say(self.names.lang, "Naar het bezoek", "To the visit").to_owned(),
                href: Some(format!("{LOG}/{visit}")),
            });
        }
    }

    fn signal(&mut self, signal: &Signal) {
        self.themes(signal.themes.iter().cloned());
        self.words(Field::Buurt, &signal.buurt);
        if let Some(at) = &signal.place {
            self.add(Field::Place, place(at, self.names));
        }
        self.field(Field::OccurredAt, &Value::Time(signal.occurred_at));
        if let Some(assignee) = signal.assignee {
            self.words(Field::Assignee, &assignee);
        }
        self.words(Field::Language, &signal.language);
        self.words(Field::Sensitivity, &signal.sensitivity);
    }

    fn visit(&mut self, visit: &Visit) {
        self.words(Field::Buurt, &visit.buurt);
        if let Some(at) = &visit.place {
            self.add(Field::Place, place(at, self.names));
        }
        self.field(Field::StartsAt, &Value::Time(visit.starts_at));
        self.field(Field::EndsAt, &Value::Time(visit.ends_at));
        let team: Vec<_> = visit.team.iter().map(|id| self.names.person(*id)).collect();
        self.line(wijkboek_model::SetField::Team.label(self.names.lang), team.join(", "));
        self.words(Field::Sensitivity, &visit.sensitivity);
    }

    /// Every field, set and map of a record of any type but its text.
    fn record(&mut self, record: &Record) {
        let (record_type, parts) = (record.record_type(), record.to_parts());
        let text = record_type.text_fields().first();
        for field in Field::of(record_type).iter().filter(|field| Some(*field) != text) {
            match parts.fields.get(field) {
                None | Some(Value::Null) => {}
                Some(value) => self.field(*field, value),
            }
        }
        for (set, members) in &parts.sets {
            let members: Vec<_> =
                members.iter().map(|member| present::member(*set, member, self.names)).collect();
            self.line(set.label(self.names.lang), members.join(", "));
        }
        for (map, pairs) in &parts.maps {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(key, value)| present::pair(*map, key, value, self.names))
                .collect();
            self.line(map.label(self.names.lang), pairs.join("; "));
        }
    }

    /// When it was recorded, and that the office has it, with its place in the log.
    fn delivery(&mut self, found: &Found) {
        let (lang, t) = (self.names.lang, texts(self.names.lang));
        self.line(t.recorded, Moment::of(found.row.created_at, lang).line());
        if let Some(number) = found.row.number {
            let line = say(lang, "regel", "entry");
            self.line(t.at_office, format!("{}, {line} {number}", t.yes));
        }
    }
}
