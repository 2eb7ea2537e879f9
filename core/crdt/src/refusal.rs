//! Why a foreign change is refused.

/// Why a foreign change is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is longer than allowed.
    #[error("the change is too large")]
    TooLarge,
}

impl Refusal {
    /// The stable word for this reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "change-too-large",
        }
    }
}
