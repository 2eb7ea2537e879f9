//! The network thread.
use crate::{Identity, SyncReport, WijkboekError, shared::Shared};
use std::sync::Arc;
#[derive(Debug)]
pub(crate) struct Network;
impl Network {
    pub(crate) fn start(_: &Arc<Shared>) -> std::io::Result<Self> {
        Ok(Self)
    }
    pub(crate) fn close(&self) {}
    pub(crate) fn written(&self) {}
    pub(crate) fn begin(&self) {}
    pub(crate) fn halt(&self) {}
    pub(crate) fn wake(&self) {}
    pub(crate) fn sync(&self) -> Result<SyncReport, WijkboekError> {
        todo!()
    }
    pub(crate) fn enrol(&self, _: &str, _: &str, _: &str) -> Result<Identity, WijkboekError> {
        todo!()
    }
}
