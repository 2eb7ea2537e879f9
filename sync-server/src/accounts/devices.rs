//! Enrolled phones: a token each, one account each, and what they said to have received.

use wijkboek_model::{DeviceId, InstallId, PrincipalId, Timestamp};

use super::audit::{Audit, By};
use super::{AccountError, Device, Purpose};
use crate::log::sql::{Row, params, row_id, signed, unsigned};
use crate::log::{DeviceState, EntryBody, Log as _, LogError, PushMark, SqlLog, transaction};
use crate::secret;

/// A phone that was just made known.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The secret that it shows from now on.
    pub token: String,
    /// The device.
    pub device: Device,
}

const COLUMNS: &str = "id, principal, install, revoked_at, last_seen_at";

/// Longest device name that is kept, in characters.
const NAME_CHARS_MAX: usize = 100;

/// `last_seen_at` is written at most so often.
const SEEN_EVERY_MS: i64 = 60 * 60 * 1_000;

impl SqlLog {
    /// Exchanges an enrolment code for a device token.
    ///
    /// An installation that its own account enrols again gets a new token; the old one stops
    /// working.
    ///
    /// # Errors
    /// [`AccountError::CodeRefused`], [`AccountError::InstallTaken`] and failures of the database.
    pub fn enrol(
        &mut self,
        code: &str,
        install: InstallId,
        device_name: &str,
        now: Timestamp,
    ) -> Result<Enrolled, AccountError> {
        let token = secret::token()?;
        let fresh = DeviceId::from_parts(now, secret::random()?);
        let refused = Audit {
            by: By::Phone,
            actor: None,
            action: "enrol",
            object: install.to_string(),
            done: false,
        };
        let device = transaction(self, |log, head| {
            let principal = log.redeem_code(Purpose::Enrol, code, now)?;
            if log.install_owner(install)?.is_some_and(|owner| owner != principal) {
                return Err(AccountError::InstallTaken);
            }
            log.register_install(install, principal, "device", now)?;
            let device = match log.device_of_install(install)? {
                Some(device) if device.revoked_at.is_some() => {
                    return Err(AccountError::InstallTaken);
                }
                Some(device) => device,
                None => Device { id: fresh, principal, install, revoked_at: None },
            };
            let name: String = device_name
                .chars()
                .filter(|letter| !letter.is_control())
                .take(NAME_CHARS_MAX)
                .collect();
            log.db.execute(
                "INSERT INTO device (municipality, id, principal, install, token_hash, name,
                     enrolled_at, last_seen_at, acknowledged_number)
                 VALUES (:municipality, :id, :principal, :install, :token_hash, :name,
                     :at, :at, :acknowledged)
                 ON CONFLICT (municipality, install) DO UPDATE SET
                     token_hash = excluded.token_hash, name = excluded.name,
                     last_seen_at = excluded.last_seen_at",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":id": device.id.as_bytes(),
                    ":principal": principal.as_bytes(),
                    ":install": install.as_bytes(),
                    ":token_hash": &secret::hash(&token),
                    ":name": name.trim(),
                    ":at": now.as_millis(),
                    ":acknowledged": signed(head.number),
                },
            )?;
            log.note(
                &Audit {
                    by: By::Phone,
                    actor: Some(principal),
                    action: "enrol",
                    object: device.id.to_string(),
                    done: true,
                },
                now,
            )?;
            Ok::<_, AccountError>(device)
        });
        if let Err(AccountError::CodeRefused | AccountError::InstallTaken) = &device {
            self.note(&refused, now)?;
        }
        Ok(Enrolled { token, device: device? })
    }

    /// The device that a token belongs to, revoked ones included.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn device_by_token(&self, token: &str, now: Timestamp) -> Result<Option<Device>, LogError> {
        let found = self.db.first(
            &format!(
                "SELECT {COLUMNS} FROM device
                 WHERE municipality = :municipality AND token_hash = :token_hash"
            ),
            params! {
                ":municipality": self.municipality.as_str(),
                ":token_hash": &secret::hash(token),
            },
            |row| Ok((device(row)?, row.get::<i64>("last_seen_at")?)),
        )?;
        let Some((device, last_seen_at)) = found else { return Ok(None) };
        if now.as_millis() - last_seen_at >= SEEN_EVERY_MS {
            self.db.execute(
                "UPDATE device SET last_seen_at = :at
                     WHERE municipality = :municipality AND id = :id",
                params! {
                    ":municipality": self.municipality.as_str(),
                    ":id": device.id.as_bytes(),
                    ":at": now.as_millis(),
                },
            )?;
        }
        Ok(Some(device))
    }

    /// All devices.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn devices(&self) -> Result<Vec<Device>, LogError> {
        self.db.rows(
            &format!("SELECT {COLUMNS} FROM device WHERE municipality = :municipality ORDER BY id"),
            params! { ":municipality": self.municipality.as_str() },
            device,
        )
    }

    pub(crate) fn write_acknowledged(&self, device: DeviceId, number: u64) -> Result<(), LogError> {
        self.db.execute(
            "UPDATE device SET acknowledged_number = :number
                 WHERE municipality = :municipality AND id = :id AND acknowledged_number < :number",
            params! {
                ":municipality": self.municipality.as_str(),
                ":id": device.as_bytes(),
                ":number": signed(number),
            },
        )?;
        Ok(())
    }

    pub(crate) fn write_push_mark(
        &self,
        device: DeviceId,
        push: &PushMark,
    ) -> Result<(), LogError> {
        self.db.execute(
            "UPDATE device SET push_counter = :counter, push_digest = :digest
                 WHERE municipality = :municipality AND id = :id",
            params! {
                ":municipality": self.municipality.as_str(),
                ":id": device.as_bytes(),
                ":counter": signed(push.counter),
                ":digest": &push.digest,
            },
        )?;
        Ok(())
    }

    pub(crate) fn read_device_state(
        &self,
        device: DeviceId,
    ) -> Result<Option<DeviceState>, LogError> {
        self.db.first(
            "SELECT revoked_at, acknowledged_number, push_counter, push_digest
             FROM device WHERE municipality = :municipality AND id = :id",
            params! {
                ":municipality": self.municipality.as_str(),
                ":id": device.as_bytes(),
            },
            |row| {
                let counter: Option<i64> = row.get("push_counter")?;
                let digest: Option<[u8; 32]> = row.get("push_digest")?;
                Ok(DeviceState {
                    revoked: row.get::<Option<i64>>("revoked_at")?.is_some(),
                    acknowledged: unsigned(row.get("acknowledged_number")?)?,
                    last_push: match (counter, digest) {
                        (Some(counter), Some(digest)) => {
                            Some(PushMark { counter: unsigned(counter)?, digest })
                        }
                        (None, _) | (_, None) => None,
                    },
                })
            },
        )
    }

    /// Stops hearing a device: its token is refused from now on.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn revoke(&mut self, id: DeviceId, now: Timestamp) -> Result<(), LogError> {
        transaction(self, |log, _| {
            let revoked = log.db.execute(
                "UPDATE device SET revoked_at = :at
                 WHERE municipality = :municipality AND id = :id AND revoked_at IS NULL",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":id": id.as_bytes(),
                    ":at": now.as_millis(),
                },
            )?;
            if revoked > 0 {
                log.append(EntryBody::Revocation { device: id }, now)?;
                log.note(
                    &Audit {
                        by: By::CommandLine,
                        actor: None,
                        action: "revoke-device",
                        object: id.to_string(),
                        done: true,
                    },
                    now,
                )?;
            }
            Ok(())
        })
    }

    /// Makes an installation's actors known as somebody's. Has to happen before the first use.
    pub(super) fn register_install(
        &self,
        install: InstallId,
        principal: PrincipalId,
        kind: &str,
        now: Timestamp,
    ) -> Result<(), LogError> {
        self.db.execute(
            "INSERT INTO install (municipality, install, principal, kind, created_at)
                 VALUES (:municipality, :install, :principal, :kind, :at)
                 ON CONFLICT DO NOTHING",
            params! {
                ":municipality": self.municipality.as_str(),
                ":install": install.as_bytes(),
                ":principal": principal.as_bytes(),
                ":kind": kind,
                ":at": now.as_millis(),
            },
        )?;
        Ok(())
    }

    fn device_of_install(&self, install: InstallId) -> Result<Option<Device>, LogError> {
        self.db.first(
            &format!(
                "SELECT {COLUMNS} FROM device
                 WHERE municipality = :municipality AND install = :install"
            ),
            params! {
                ":municipality": self.municipality.as_str(),
                ":install": install.as_bytes(),
            },
            device,
        )
    }
}

fn device(row: &Row<'_>) -> Result<Device, LogError> {
    Ok(Device {
        id: row_id(row, "id", DeviceId::from_bytes)?,
        principal: row_id(row, "principal", PrincipalId::from_bytes)?,
        install: InstallId::new(row.get("install")?),
        revoked_at: row.get::<Option<i64>>("revoked_at")?.map(Timestamp::from_millis),
    })
}
