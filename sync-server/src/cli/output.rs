//! What commands say on standard output: a line to read, or one JSON object.

use serde_json::json;
use wijkboek_store::Exported;

use crate::accounts::{Device, LogCounts, User};
use crate::ledger::RebuildReport;

/// How to say it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    pub(super) json: bool,
}

impl Output {
    fn say(self, object: &serde_json::Value, text: &str) {
        if self.json {
            println!("{object}");
        } else {
            println!("{text}");
        }
    }

    pub(super) fn imported(self, version: u64, areas: usize, themes: usize) {
        self.say(
            &json!({ "version": version, "areas": areas, "themes": themes }),
            &format!("{areas} areas and {themes} themes imported as version {version}"),
        );
    }

    pub(super) fn added(self, user: &User) {
        let id = user.principal.id.to_string();
        self.say(&json!({ "id": id }), &format!("{}  {}  {}", id, user.principal.role, user.name));
    }

    pub(super) fn users(self, users: &[User]) {
        let objects: Vec<_> = users
            .iter()
            .map(|user| {
                json!({
                    "id": user.principal.id.to_string(),
                    "name": user.name,
                    "role": user.principal.role.as_str(),
                    "wijken": wijken(user),
                })
            })
            .collect();
        let lines: Vec<_> = users
            .iter()
            .map(|user| {
                let (id, role) = (user.principal.id, user.principal.role);
                format!("{id}  {role:<14}  {}  {}", user.name, wijken(user).join(" "))
            })
            .collect();
        self.say(&json!({ "users": objects }), &lines.join("\n"));
    }

    pub(super) fn login_code(self, code: &str) {
        let path = format!("/aanmelden?code={code}");
        self.say(&json!({ "code": code, "path": path }), &format!("{code}  {path}"));
    }

    pub(super) fn enrolment_code(self, code: &str) {
        self.say(&json!({ "code": code }), code);
    }

    pub(super) fn scope_set(self, user: &User) {
        self.say(
            &json!({ "id": user.principal.id.to_string(), "role": user.principal.role.as_str(),
                     "wijken": wijken(user) }),
            &format!("{}: {} {}", user.name, user.principal.role, wijken(user).join(" ")),
        );
    }

    pub(super) fn devices(self, devices: &[Device]) {
        let objects: Vec<_> = devices
            .iter()
            .map(|device| {
                json!({
                    "id": device.id.to_string(),
                    "user": device.principal.to_string(),
                    "revoked": device.revoked_at.is_some(),
                })
            })
            .collect();
        let lines: Vec<_> = devices
            .iter()
            .map(|device| {
                let revoked = if device.revoked_at.is_some() { "  revoked" } else { "" };
                format!("{}  of {}{revoked}", device.id, device.principal)
            })
            .collect();
        self.say(&json!({ "devices": objects }), &lines.join("\n"));
    }

    pub(super) fn revoked(self, id: wijkboek_model::DeviceId) {
        self.say(&json!({ "revoked": id.to_string() }), &format!("{id} revoked"));
    }

    pub(super) fn rebuilt(self, report: &RebuildReport) {
        let repaired: Vec<_> = report.repaired.iter().map(ToString::to_string).collect();
        self.say(
            &json!({ "entries": report.entries, "brokenAt": report.broken_at,
                     "documents": report.documents, "repaired": repaired }),
            &format!(
                "{} entries checked, {} documents compared, {} repaired",
                report.entries,
                report.documents,
                repaired.len()
            ),
        );
    }

    pub(super) fn exported(self, done: &Exported) {
        let Exported { records, unreadable, attachments, missing } = done;
        self.say(
            &json!({ "records": records, "unreadable": unreadable,
                     "attachments": attachments, "missingAttachments": missing }),
            &format!(
                "{records} records ({unreadable} unreadable) and {attachments} attachments \
                 exported; {missing} attachments are not here"
            ),
        );
    }

    pub(super) fn status(self, counts: &LogCounts) {
        self.say(
            &json!({ "municipality": counts.municipality.as_str(), "head": counts.head,
                     "changes": counts.changes, "documents": counts.documents,
                     "refused": counts.refused, "users": counts.users,
                     "devices": counts.devices, "referenceVersion": counts.reference_version }),
            &format!(
                "{}: entry {}, {} changes of {} documents, {} refused, {} users, {} devices, \
                 reference data {}",
                counts.municipality,
                counts.head,
                counts.changes,
                counts.documents,
                counts.refused,
                counts.users,
                counts.devices,
                counts.reference_version
            ),
        );
    }
}

fn wijken(user: &User) -> Vec<String> {
    user.principal.wijken.iter().map(ToString::to_string).collect()
}
