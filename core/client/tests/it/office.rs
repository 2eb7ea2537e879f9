//! A server made for the test: real sockets, a log that takes everything, and faults on demand.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use wijkboek_model::{ChangeHash, InstallId, RecordId};
use wijkboek_sync::{
    ActorOwner, BODY_BYTES_MAX, CONTENT_TYPE, Cursor, EnrolRequest, EnrolResponse, Me, PullNext,
    PullRequest, PullResponse, PulledChange, PulledDocument, PushOutcome, PushRequest,
    PushResponse, PushVerdict, from_body, problem, to_body,
};

use crate::people;

/// How the next call goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// A status, a content type and a body.
    Answer(u16, &'static str, Vec<u8>),
    /// The connection is closed without an answer.
    HangUp,
    /// The head of an answer comes, its body never.
    Stall,
    /// Everything is done, but the answer is lost.
    LoseAnswer,
}

#[derive(Default)]
struct State {
    codes: BTreeMap<String, Me>,
    tokens: BTreeMap<String, (Me, InstallId)>,
    epoch: u64,
    log: Vec<(RecordId, ChangeHash, Vec<u8>)>,
    owners: BTreeMap<InstallId, Me>,
    /// Faults for calls to a path, used up one by one.
    faults: BTreeMap<&'static str, VecDeque<Fault>>,
    /// Changes of records that are refused, by code.
    refuse: Option<String>,
    push_bytes_max: Option<usize>,
    calls: BTreeMap<String, usize>,
    streams: Vec<TcpStream>,
}

pub(crate) struct Office {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    moved: Condvar,
    closed: AtomicBool,
    tls: Option<Arc<rustls::ServerConfig>>,
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::open_at("127.0.0.1:0", None)
    }

    pub(crate) fn open_with_tls(tls: rustls::ServerConfig) -> Self {
        Self::open_at("127.0.0.1:0", Some(Arc::new(tls)))
    }

    fn open_at(address: &str, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = State { epoch: 1, ..State::default() };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            moved: Condvar::new(),
            closed: AtomicBool::new(false),
            tls,
        });
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.closed.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), own) = (stream, Arc::clone(&own)) else { continue };
                std::thread::spawn(move || own.serve(stream));
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn invite(&self, code: &str, me: Me) {
        self.state().codes.insert(code.to_owned(), me);
    }

    pub(crate) fn fail(&self, path: &'static str, fault: Fault) {
        self.state().faults.entry(path).or_default().push_back(fault);
    }

    pub(crate) fn refuse_everything(&self, code: &str) {
        self.state().refuse = Some(code.to_owned());
    }

    pub(crate) fn take_at_most(&self, push_bytes: usize) {
        self.state().push_bytes_max = Some(push_bytes);
    }

    pub(crate) fn revoke_all(&self) {
        self.state().tokens.clear();
    }

    /// Comes back from a backup that holds only the first entries of the log.
    pub(crate) fn restore(&self, entries: usize) {
        let mut state = self.state();
        state.epoch += 1;
        state.log.truncate(entries);
    }

    pub(crate) fn log_length(&self) -> usize {
        self.state().log.len()
    }

    pub(crate) fn calls(&self, path: &str) -> usize {
        self.state().calls.get(path).copied().unwrap_or(0)
    }

    /// Waits until something holds of the log's length.
    pub(crate) fn wait_for_log(&self, length: usize) {
        let state = self.state();
        let (state, waited) = self
            .shared
            .moved
            .wait_timeout_while(state, PATIENCE, |state| state.log.len() < length)
            .expect("no panic under the lock");
        assert!(!waited.timed_out(), "the log stays at {}", state.log.len());
    }

    /// Waits until so many streams of live events are open.
    pub(crate) fn wait_for_streams(&self, streams: usize) {
        let state = self.state();
        let (state, waited) = self
            .shared
            .moved
            .wait_timeout_while(state, PATIENCE, |state| state.streams.len() < streams)
            .expect("no panic under the lock");
        drop(state);
        assert!(!waited.timed_out(), "nobody listens");
    }

    /// Breaks every stream of live events.
    pub(crate) fn break_streams(&self) {
        for stream in self.state().streams.drain(..) {
            // Whoever listened may have gone first.
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state.lock().expect("no panic under the lock")
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.break_streams();
        // One more connection, so that the listener looks up.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the listener does not panic");
        }
    }
}

struct Request {
    path: String,
    token: Option<String>,
    body: Vec<u8>,
}

type Answer = (u16, &'static str, Vec<u8>);

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let raw = stream.try_clone().expect("a second handle");
        let served = if let Some(tls) = &self.tls {
            let session = rustls::ServerConnection::new(Arc::clone(tls)).expect("a session");
            self.converse(rustls::StreamOwned::new(session, stream), raw)
        } else {
            self.converse(stream, raw)
        };
        // A client that goes away is none of our business.
        drop(served);
    }

    fn converse(&self, stream: impl Read + Write, raw: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let Some(request) = read_request(&mut reader)? else { return Ok(()) };
        let mut stream = reader.into_inner();
        let fault = {
            let mut state = self.state.lock().expect("no panic under the lock");
            *state.calls.entry(request.path.clone()).or_default() += 1;
            let queue = state.faults.get_mut(request.path.as_str());
            queue.and_then(VecDeque::pop_front)
        };
        let answer = match fault {
            Some(Fault::Answer(status, kind, body)) => (status, kind, body),
            Some(Fault::HangUp) => return raw.shutdown(std::net::Shutdown::Both),
            Some(Fault::Stall) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")?;
                stream.flush()?;
                // Ends when the client has had enough.
                stream.read_exact(&mut [0; 1])?;
                return Ok(());
            }
            Some(Fault::LoseAnswer) => {
                drop(self.answer(&request));
                return raw.shutdown(std::net::Shutdown::Both);
            }
            None if request.path == "/v1/events" => return self.listen(&request, stream, raw),
            None => self.answer(&request),
        };
        write_answer(&mut stream, answer)
    }

    fn listen(
        &self,
        request: &Request,
        mut stream: impl Write,
        raw: TcpStream,
    ) -> std::io::Result<()> {
        let mut state = self.state.lock().expect("no panic under the lock");
        if !request.token.as_ref().is_some_and(|token| state.tokens.contains_key(token)) {
            drop(state);
            return write_answer(&mut stream, problem(401, problem::UNAUTHORIZED));
        }
        let head = state.log.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hello\n\nevent: head\ndata: {head}\n\n"
        )?;
        stream.flush()?;
        state.streams.push(raw);
        self.moved.notify_all();
        Ok(())
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state.lock().expect("no panic under the lock");
        let answer = match request.path.as_str() {
            "/v1/enrolments" => state.enrol(&request.body),
            path => {
                let token = request.token.as_deref().unwrap_or_default();
                match state.tokens.get(token).cloned() {
                    None => problem(401, problem::UNAUTHORIZED),
                    Some((me, _)) => match path {
                        "/v1/push" => state.push(&request.body),
                        "/v1/pull" => state.pull(&request.body, me),
                        "/v1/reference" => {
                            let json = people::reference().to_json().expect("sound areas");
                            (200, "application/json", json.into_bytes())
                        }
                        _ => problem(404, problem::NOT_FOUND),
                    },
                }
            }
        };
        self.moved.notify_all();
        answer
    }
}

impl State {
    fn enrol(&mut self, body: &[u8]) -> Answer {
        let request: EnrolRequest = from_body(body, BODY_BYTES_MAX).expect("a sound message");
        let Some(me) = self.codes.remove(&request.code) else {
            return problem(403, problem::CODE_REFUSED);
        };
        let token = format!("token-{}", self.tokens.len());
        self.tokens.insert(token.clone(), (me.clone(), request.install));
        self.owners.insert(request.install, me.clone());
        ok(&EnrolResponse {
            token,
            me,
            municipality: "GM0597".parse().expect("a municipality"),
            server_time: people::AT,
        })
    }

    fn cursor(&self) -> Cursor {
        let number = self.log.len() as u64;
        Cursor { epoch: self.epoch, number, chain: number.to_be_bytes() }
    }

    fn push(&mut self, body: &[u8]) -> Answer {
        let request: PushRequest = from_body(body, BODY_BYTES_MAX).expect("a sound message");
        if request.acknowledged.is_some_and(|cursor| cursor.epoch != self.epoch) {
            return problem(409, problem::RESTORED);
        }
        let changes = request
            .documents
            .into_iter()
            .flat_map(|document| document.changes.into_iter().map(move |c| (document.id, c)));
        let changes: Vec<_> = changes.collect();
        let bytes: usize = changes.iter().map(|(_, change)| change.bytes.len()).sum();
        if self.push_bytes_max.is_some_and(|max| bytes > max) {
            return problem(413, problem::TOO_LARGE);
        }
        let mut verdicts = Vec::new();
        for (id, change) in changes {
            let known =
                self.log.iter().position(|(other, hash, _)| *other == id && *hash == change.hash);
            let outcome = match (known, &self.refuse) {
                (Some(place), _) => PushOutcome::Duplicate { number: place as u64 + 1 },
                (None, Some(code)) => PushOutcome::Refused { code: code.clone() },
                (None, None) => {
                    self.log.push((id, change.hash, change.bytes));
                    PushOutcome::Accepted { number: self.log.len() as u64, mac: [1; 32] }
                }
            };
            verdicts.push(PushVerdict { id, hash: change.hash, outcome });
        }
        self.tell_streams();
        ok(&PushResponse { head: self.cursor(), verdicts })
    }

    fn pull(&mut self, body: &[u8], me: Me) -> Answer {
        let request: PullRequest = from_body(body, BODY_BYTES_MAX).expect("a sound message");
        if request.cursor.is_some_and(|cursor| cursor.epoch != self.epoch) {
            return problem(409, problem::RESTORED);
        }
        let known = request.cursor.map_or(0, |cursor| cursor.number);
        let mut documents: Vec<PulledDocument> = Vec::new();
        for (n, (id, hash, bytes)) in self.log.iter().enumerate() {
            let number = n as u64 + 1;
            if number <= known && !request.whole.contains(id) {
                continue;
            }
            let change = PulledChange { number, hash: *hash, mac: [1; 32], bytes: bytes.clone() };
            match documents.iter_mut().find(|document| document.id == *id) {
                Some(document) => document.changes.push(change),
                None => documents.push(PulledDocument { id: *id, changes: vec![change] }),
            }
        }
        let actors = self
            .owners
            .iter()
            .map(|(install, me)| ActorOwner { install: *install, principal: me.principal })
            .collect();
        ok(&PullResponse {
            documents,
            forget: Vec::new(),
            next: PullNext::Done { cursor: self.cursor() },
            reference_version: 1,
            me,
            actors: Some(actors),
        })
    }

    fn tell_streams(&mut self) {
        let news = format!("event: head\ndata: {}\n\n", self.log.len());
        self.streams.retain_mut(|stream| stream.write_all(news.as_bytes()).is_ok());
    }
}

fn ok<T: minicbor::Encode<()>>(message: &T) -> Answer {
    (200, CONTENT_TYPE, to_body(message))
}

pub(crate) fn problem(status: u16, code: &str) -> Answer {
    let body =
        format!(r#"{{"type":"{}{code}","title":"x","status":{status}}}"#, problem::TYPE_PREFIX);
    (status, "application/problem+json", body.into_bytes())
}

/// The same as a fault.
pub(crate) fn refusal(status: u16, code: &str) -> Fault {
    let (status, kind, body) = problem(status, code);
    Fault::Answer(status, kind, body)
}

fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let Some(path) = line.split(' ').nth(1).map(str::to_owned) else { return Ok(None) };
    let (mut length, mut token) = (0, None);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().expect("a length"),
            "authorization" => token = value.strip_prefix("Bearer ").map(str::to_owned),
            "wijkboek-protocol" => assert_eq!(value, "1"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { path, token, body }))
}

fn write_answer(stream: &mut impl Write, (status, kind, body): Answer) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nlocation: http://127.0.0.1:1/\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    stream.flush()
}

/// Never reached on a machine that works.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
