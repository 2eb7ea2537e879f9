//! Commands about people and their phones.

use wijkboek_model::PrincipalId;

use super::output::Output;
use super::{CliError, DeviceCommand, UserCommand, now};
use crate::accounts::{Purpose, User};
use crate::error::ServerError;
use crate::log::SqlLog;
use crate::secret;

pub(super) fn user(log: &mut SqlLog, command: UserCommand, output: Output) -> Result<(), CliError> {
    match command {
        UserCommand::Add { name, role, wijk } => {
            let random = secret::random().map_err(ServerError::from)?;
            let id = PrincipalId::from_parts(now(), random);
            let user = log.add_user(id, &name, role, wijk.into_iter().collect(), now())?;
            output.added(&user);
        }
        UserCommand::List => output.users(&log.users()?),
        UserCommand::Login { user } => {
            let user = log.find_user(&user)?;
            output.login_code(&log.issue_code(Purpose::Login, user.principal.id, now())?);
        }
        UserCommand::Scope { user, role, wijk } => {
            let User { mut principal, name } = log.find_user(&user)?;
            principal.role = role.unwrap_or(principal.role);
            principal.wijken = wijk.into_iter().collect();
            log.set_scope(principal.id, principal.role, principal.wijken.clone(), now())?;
            output.scope_set(&User { principal, name });
        }
    }
    Ok(())
}

pub(super) fn invite(log: &mut SqlLog, user: &str, output: Output) -> Result<(), CliError> {
    let user = log.find_user(user)?;
    output.enrolment_code(&log.issue_code(Purpose::Enrol, user.principal.id, now())?);
    Ok(())
}

pub(super) fn device(
    log: &mut SqlLog,
    command: &DeviceCommand,
    output: Output,
) -> Result<(), CliError> {
    match command {
        DeviceCommand::List => output.devices(&log.devices()?),
        DeviceCommand::Revoke { device } => {
            log.revoke(*device, now())?;
            output.revoked(*device);
        }
    }
    Ok(())
}
