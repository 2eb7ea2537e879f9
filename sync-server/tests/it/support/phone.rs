//! A phone in its simplest form: documents, an outbox, a cursor.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use wijkboek_crdt::{Document, RawChange, Stamp};
use wijkboek_model::{ActorId, ChangeHash, InstallId, PrincipalId, Record, RecordId, Write};
use wijkboek_sync::{
    Cursor, EnrolRequest, EnrolResponse, PullNext, PullRequest, PullResponse, PushChange,
    PushDocument, PushOutcome, PushRequest, PushResponse, from_body, to_body,
};

use super::{Answer, Town, body_of};

/// What a phone keeps.
pub(crate) struct Phone {
    app: Router,
    pub(crate) principal: PrincipalId,
    pub(crate) install: InstallId,
    pub(crate) token: String,
    pub(crate) documents: BTreeMap<RecordId, Document>,
    outbox: Vec<(RecordId, RawChange)>,
    pub(crate) counter: u64,
    pub(crate) cursor: Option<Cursor>,
    now: Box<dyn Fn() -> wijkboek_model::Timestamp + Send>,
}

/// What a whole pull brought.
#[derive(Debug, Default)]
pub(crate) struct Pulled {
    pub(crate) documents: Vec<RecordId>,
    pub(crate) forget: Vec<RecordId>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) pages: usize,
}

impl Phone {
    pub(crate) async fn enrol(town: &Town, code: &str) -> Result<Self, Answer> {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        let install = InstallId::new([NEXT.fetch_add(1, Ordering::Relaxed); 12]);
        Self::enrol_as(town, code, install).await
    }

    pub(crate) async fn enrol_as(
        town: &Town,
        code: &str,
        install: InstallId,
    ) -> Result<Self, Answer> {
        let request =
            EnrolRequest { code: code.to_owned(), install, device_name: "toestel".to_owned() };
        let answer = body_of(&town.app, "POST", "/v1/enrolments", &[], to_body(&request)).await;
        if !answer.status.is_success() {
            return Err(answer);
        }
        let enrolled: EnrolResponse = from_body(&answer.body, usize::MAX).expect("an enrolment");
        let state = town.state.clone();
        Ok(Self {
            app: town.app.clone(),
            principal: enrolled.me.principal,
            install,
            token: enrolled.token,
            documents: BTreeMap::new(),
            outbox: Vec::new(),
            counter: 0,
            cursor: None,
            now: Box::new(move || state.now()),
        })
    }

    /// The server was started anew.
    pub(crate) fn reconnect(&mut self, town: &Town) {
        self.app = town.app.clone();
        let state = town.state.clone();
        self.now = Box::new(move || state.now());
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { actor: ActorId::of(self.install, 0), at: (self.now)() }
    }

    pub(crate) fn create(&mut self, id: RecordId, record: &Record) -> ChangeHash {
        let (document, change) =
            Document::create(id, self.principal, record, &self.stamp()).expect("a valid record");
        let hash = change.hash;
        self.documents.insert(id, document);
        self.outbox.push((id, change));
        hash
    }

    pub(crate) fn edit(&mut self, id: RecordId, write: Write) -> ChangeHash {
        self.edit_all(id, &[write])
    }

    /// Several writes in one change.
    pub(crate) fn edit_all(&mut self, id: RecordId, writes: &[Write]) -> ChangeHash {
        let stamp = self.stamp();
        let document = self.documents.get_mut(&id).expect("a record on this phone");
        let change = document.edit(writes, &stamp).expect("a valid edit").expect("a change");
        let hash = change.hash;
        self.outbox.push((id, change));
        hash
    }

    /// Puts bytes into the outbox that no phone of ours would make.
    pub(crate) fn smuggle(&mut self, id: RecordId, change: RawChange) {
        self.outbox.push((id, change));
    }

    /// Takes what is in the outbox, to be pushed by somebody else or twice.
    pub(crate) fn take_outbox(&mut self) -> Vec<(RecordId, RawChange)> {
        std::mem::take(&mut self.outbox)
    }

    pub(crate) fn push_request(&mut self, outbox: Vec<(RecordId, RawChange)>) -> PushRequest {
        self.counter += 1;
        let mut documents: Vec<PushDocument> = Vec::new();
        for (id, change) in outbox {
            let change = PushChange { hash: change.hash, bytes: change.bytes };
            match documents.iter_mut().find(|document| document.id == id) {
                Some(document) => document.changes.push(change),
                None => documents.push(PushDocument { id, changes: vec![change] }),
            }
        }
        PushRequest { counter: self.counter, acknowledged: self.cursor, documents }
    }

    pub(crate) async fn send(&self, path: &str, body: Vec<u8>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        body_of(&self.app, "POST", path, &[("authorization", &bearer)], body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        body_of(&self.app, "GET", path, &[("authorization", &bearer)], Vec::new()).await
    }

    pub(crate) async fn send_push(&self, request: &PushRequest) -> PushResponse {
        let answer = self.send("/v1/push", to_body(request)).await;
        assert!(answer.status.is_success(), "{:?}", String::from_utf8_lossy(&answer.body));
        from_body(&answer.body, usize::MAX).expect("a push answer")
    }

    /// Pushes the outbox and gives the verdict on each change, by hash.
    pub(crate) async fn push(&mut self) -> BTreeMap<ChangeHash, PushOutcome> {
        let outbox = self.take_outbox();
        let request = self.push_request(outbox);
        let response = self.send_push(&request).await;
        response.verdicts.into_iter().map(|verdict| (verdict.hash, verdict.outcome)).collect()
    }

    pub(crate) async fn send_pull(&self, request: &PullRequest) -> (PullResponse, Vec<u8>) {
        let answer = self.send("/v1/pull", to_body(request)).await;
        assert!(answer.status.is_success(), "{:?}", String::from_utf8_lossy(&answer.body));
        let plain = zstd::stream::decode_all(answer.body.as_slice()).expect("a zstd frame");
        (from_body(&answer.body, usize::MAX).expect("a pull answer"), plain)
    }

    /// Pulls until there is no more.
    pub(crate) async fn pull(&mut self) -> Pulled {
        self.pull_whole(Vec::new()).await
    }

    pub(crate) async fn pull_whole(&mut self, whole: Vec<RecordId>) -> Pulled {
        let mut pulled = Pulled::default();
        let mut request =
            PullRequest { cursor: self.cursor, page: None, max_bytes: 1 << 20, whole };
        loop {
            let (response, plain) = self.send_pull(&request).await;
            pulled.pages += 1;
            pulled.bytes.extend(plain);
            for id in &response.forget {
                self.documents.remove(id);
            }
            pulled.forget.extend(&response.forget);
            for document in response.documents {
                let mut changes: Vec<RawChange> =
                    self.documents.get(&document.id).map(Document::changes).unwrap_or_default();
                for change in document.changes {
                    if changes.iter().all(|known| known.hash != change.hash) {
                        changes.push(RawChange { hash: change.hash, bytes: change.bytes });
                    }
                }
                let bytes = changes.iter().map(|change| change.bytes.as_slice());
                let loaded = Document::load(document.id, bytes).expect("a sound document");
                self.documents.insert(document.id, loaded);
                pulled.documents.push(document.id);
            }
            match response.next {
                PullNext::More { page } => {
                    request = PullRequest { page: Some(page), whole: Vec::new(), ..request };
                }
                PullNext::Done { cursor } => {
                    self.cursor = Some(cursor);
                    return pulled;
                }
            }
        }
    }

    pub(crate) fn note(&self, id: RecordId) -> String {
        let document = self.documents.get(&id).expect("a record on this phone");
        document.record().expect("a readable record").text().to_owned()
    }
}
