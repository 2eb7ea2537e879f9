//! What office pages need: sessions, and edits in somebody's name.

use wijkboek_model::{
    Denial, InstallId, Invalid, Principal, PrincipalId, RecordId, Timestamp, Write,
};

use super::{AppState, lock};
use crate::accounts::AccountError;
use crate::error::ServerError;
use crate::ledger::OfficeError;

/// Wrong codes in a minute, of everybody together, after which no code is looked at.
///
/// A code has 60 random bits and lives for fifteen minutes; this only spares the database.
const FAILED_PER_MINUTE_MAX: u32 = 300;
const MINUTE_MS: i64 = 60_000;

/// A member of staff who is logged in, with the rights of this very moment.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who, with role and wijken.
    pub principal: Principal,
    /// As they are called at work.
    pub name: String,
}

/// The secret value of a session cookie.
#[derive(Clone)]
pub struct SessionToken(pub String);

/// Why a login did not happen.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The code is unknown, used or too old; which of these is not told.
    #[error("the code is not valid, or not any more")]
    CodeRefused,
    /// Too many wrong codes lately.
    #[error("too many wrong codes")]
    TooManyTries,
    /// The server's own failure.
    #[error(transparent)]
    Internal(#[from] ServerError),
}

/// Why an edit made at the office was not taken.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such record, or not for this person.
    #[error("no such record")]
    NotFound,
    /// The rules do not allow it.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// A value breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The guard refuses it, for instance because the document is full.
    #[error("refused: {code}")]
    Refused {
        /// The reason's stable word.
        code: String,
    },
    /// The server's own failure.
    #[error(transparent)]
    Internal(#[from] ServerError),
}

impl From<OfficeError> for EditError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::NotFound => Self::NotFound,
            OfficeError::Denied(denial) => Self::Denied(denial),
            OfficeError::Invalid(invalid) => Self::Invalid(invalid),
            OfficeError::Refused { code } => Self::Refused { code: code.to_owned() },
            OfficeError::Ledger(error) => Self::Internal(error.into()),
        }
    }
}

/// Counts wrong codes per minute.
#[derive(Debug, Default)]
pub(super) struct FailedCodes {
    minute: i64,
    count: u32,
}

impl FailedCodes {
    fn at(&mut self, now: Timestamp) -> &mut u32 {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        if minute != self.minute {
            *self = Self { minute, count: 0 };
        }
        &mut self.count
    }
}

impl AppState {
    /// Edits a record for somebody at the office: one change, judged like a push. Returns after
    /// the replica has it; `false` when nothing would change.
    ///
    /// # Errors
    /// [`EditError`].
    pub async fn edit_as(
        &self,
        principal: &Principal,
        id: RecordId,
        writes: Vec<Write>,
    ) -> Result<bool, EditError> {
        let principal = principal.id;
        let install = self.office_install(principal).await?;
        self.ledger(move |ledger, now| {
            let number = ledger.edit(principal, install, id, &writes, now)?;
            Ok(number.is_some())
        })
        .await
    }

    /// Exchanges a one-time login code for a session.
    ///
    /// # Errors
    /// [`LoginError`].
    pub async fn log_in(&self, code: &str) -> Result<SessionToken, LoginError> {
        if self.too_many_failed_codes() {
            return Err(LoginError::TooManyTries);
        }
        let code = code.to_owned();
        let token = self.log(move |log, now| Ok::<_, ServerError>(log.log_in(&code, now))).await?;
        match token {
            Ok(token) => Ok(SessionToken(token)),
            Err(AccountError::CodeRefused) => {
                self.count_failed_code();
                Err(LoginError::CodeRefused)
            }
            Err(error) => Err(ServerError::from(error).into()),
        }
    }

    /// Ends a session. An unknown token is no error.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn log_out(&self, token: &str) -> Result<(), ServerError> {
        let token = token.to_owned();
        self.log(move |log, _| Ok(log.log_out(&token)?)).await
    }

    /// Who a session belongs to, with the rights of this moment; none when it ended.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn staff(&self, token: &str) -> Result<Option<Staff>, ServerError> {
        let token = token.to_owned();
        let user =
            self.log(move |log, now| Ok::<_, ServerError>(log.session(&token, now)?)).await?;
        Ok(user.map(|user| Staff { principal: user.principal, name: user.name }))
    }

    /// Whether so many wrong codes came in lately that none is looked at.
    pub(crate) fn too_many_failed_codes(&self) -> bool {
        *lock(&self.0.failed_codes).at(self.now()) >= FAILED_PER_MINUTE_MAX
    }

    pub(crate) fn count_failed_code(&self) {
        *lock(&self.0.failed_codes).at(self.now()) += 1;
    }

    /// The installation of somebody's edits by this process, registered before its first use.
    async fn office_install(&self, principal: PrincipalId) -> Result<InstallId, EditError> {
        if let Some(install) = lock(&self.0.office_installs).get(&principal) {
            return Ok(*install);
        }
        let install = self
            .log(move |log, now| Ok::<_, ServerError>(log.office_install(principal, now)))
            .await?;
        let install = match install {
            Ok(install) => install,
            Err(AccountError::UnknownUser) => return Err(EditError::NotFound),
            Err(error) => return Err(ServerError::from(error).into()),
        };
        // Two requests at once may both have made one; either will do, but one is enough.
        Ok(*lock(&self.0.office_installs).entry(principal).or_insert(install))
    }
}
