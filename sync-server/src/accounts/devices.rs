//! Enrolled phones: a token each, one account each, and what they said to have received.

use rusqlite::{OptionalExtension as _, Row, named_params};
use wijkboek_model::{DeviceId, InstallId, PrincipalId, Timestamp};

use super::audit::{Audit, By};
use super::{AccountError, Device, Purpose};
use crate::log::sqlite::{read_id, signed, unsigned};
use crate::log::{DeviceState, EntryBody, Log as _, LogError, PushMark, SqliteLog, transaction};
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

impl SqliteLog {
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
            log.conn.execute(
                "INSERT INTO device (municipality, id, principal, install, token_hash, name,
                     enrolled_at, last_seen_at, acknowledged_number)
                 VALUES (:municipality, :id, :principal, :install, :token_hash, :name,
                     :at, :at, :acknowledged)
                 ON CONFLICT (municipality, install) DO UPDATE SET
                     token_hash = excluded.token_hash, name = excluded.name,
                     last_seen_at = excluded.last_seen_at",
                named_params! {
                    ":municipality": log.municipality.as_str(),
                    ":id": device.id.as_bytes(),
                    ":principal": principal.as_bytes(),
                    ":install": install.as_bytes(),
                    ":token_hash": secret::hash(&token),
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
        let found = self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM device
                 WHERE municipality = :municipality AND token_hash = :token_hash"
            ))?
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":token_hash": secret::hash(token),
                },
                |row| Ok((device(row), row.get::<_, i64>("last_seen_at")?)),
            )
            .optional()?;
        let Some((device, last_seen_at)) = found else { return Ok(None) };
        let device = device?;
        if now.as_millis() - last_seen_at >= SEEN_EVERY_MS {
            self.conn
                .prepare_cached(
                    "UPDATE device SET last_seen_at = :at
                     WHERE municipality = :municipality AND id = :id",
                )?
                .execute(named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":id": device.id.as_bytes(),
                    ":at": now.as_millis(),
                })?;
        }
        Ok(Some(device))
    }

    /// All devices.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn devices(&self) -> Result<Vec<Device>, LogError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM device WHERE municipality = :municipality ORDER BY id"
        ))?;
        let mut rows =
            statement.query(named_params! { ":municipality": self.municipality.as_str() })?;
        let mut devices = Vec::new();
        while let Some(row) = rows.next()? {
            devices.push(device(row)?);
        }
        Ok(devices)
    }

    pub(crate) fn write_acknowledged(&self, device: DeviceId, number: u64) -> Result<(), LogError> {
        self.conn
            .prepare_cached(
                "UPDATE device SET acknowledged_number = :number
                 WHERE municipality = :municipality AND id = :id AND acknowledged_number < :number",
            )?
            .execute(named_params! {
                ":municipality": self.municipality.as_str(),
                ":id": device.as_bytes(),
                ":number": signed(number),
            })?;
        Ok(())
    }

    pub(crate) fn write_push_mark(
        &self,
        device: DeviceId,
        push: &PushMark,
    ) -> Result<(), LogError> {
        self.conn
            .prepare_cached(
                "UPDATE device SET push_counter = :counter, push_digest = :digest
                 WHERE municipality = :municipality AND id = :id",
            )?
            .execute(named_params! {
                ":municipality": self.municipality.as_str(),
                ":id": device.as_bytes(),
                ":counter": signed(push.counter),
                ":digest": push.digest,
            })?;
        Ok(())
    }

    pub(crate) fn read_device_state(
        &self,
        device: DeviceId,
    ) -> Result<Option<DeviceState>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT revoked_at IS NOT NULL, acknowledged_number, push_counter, push_digest
             FROM device WHERE municipality = :municipality AND id = :id",
        )?;
        let mut rows = statement.query(named_params! {
            ":municipality": self.municipality.as_str(),
            ":id": device.as_bytes(),
        })?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let last_push = match (row.get::<_, Option<i64>>(2)?, row.get(3)?) {
            (Some(counter), Some(digest)) => Some(PushMark { counter: unsigned(counter)?, digest }),
            _ => None,
        };
        Ok(Some(DeviceState {
            revoked: row.get(0)?,
            acknowledged: unsigned(row.get(1)?)?,
            last_push,
        }))
    }

    /// Stops hearing a device: its token is refused from now on.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn revoke(&mut self, id: DeviceId, now: Timestamp) -> Result<(), LogError> {
        transaction(self, |log, _| {
            let revoked = log.conn.execute(
                "UPDATE device SET revoked_at = :at
                 WHERE municipality = :municipality AND id = :id AND revoked_at IS NULL",
                named_params! {
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
        self.conn
            .prepare_cached(
                "INSERT INTO install (municipality, install, principal, kind, created_at)
                 VALUES (:municipality, :install, :principal, :kind, :at)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(named_params! {
                ":municipality": self.municipality.as_str(),
                ":install": install.as_bytes(),
                ":principal": principal.as_bytes(),
                ":kind": kind,
                ":at": now.as_millis(),
            })?;
        Ok(())
    }

    fn device_of_install(&self, install: InstallId) -> Result<Option<Device>, LogError> {
        self.conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM device
                 WHERE municipality = :municipality AND install = :install"
            ))?
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":install": install.as_bytes(),
                },
                |row| Ok(device(row)),
            )
            .optional()?
            .transpose()
    }
}

fn device(row: &Row<'_>) -> Result<Device, LogError> {
    Ok(Device {
        id: read_id(&row.get::<_, [u8; 16]>("id")?, DeviceId::from_bytes)?,
        principal: read_id(&row.get::<_, [u8; 16]>("principal")?, PrincipalId::from_bytes)?,
        install: InstallId::new(row.get("install")?),
        revoked_at: row.get::<_, Option<i64>>("revoked_at")?.map(Timestamp::from_millis),
    })
}
