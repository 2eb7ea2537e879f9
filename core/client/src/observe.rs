//! Observers: each on a thread of its own, never called with a lock held, at most ten times a
//! second, the current state first. A panic in one ends nothing but that one call.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use wijkboek_model::RecordId;

use crate::error::ReportId;
use crate::views::{ChangedRecords, Event, Status};

/// What somebody who subscribes is called with.
pub type Observer = Box<dyn Fn(Event) + Send + Sync>;

/// Ends its subscription when it is dropped. A call that has begun may still end after that.
#[derive(Debug)]
pub struct Subscription {
    inbox: Arc<Inbox>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.inbox.close();
    }
}

/// What has happened since an observer was last called.
#[derive(Debug, Clone, Default)]
pub(crate) struct News {
    pub(crate) records: BTreeSet<RecordId>,
    pub(crate) reference: bool,
    pub(crate) identity: bool,
}

impl News {
    pub(crate) fn of(records: impl IntoIterator<Item = RecordId>) -> Self {
        Self { records: records.into_iter().collect(), ..Self::default() }
    }
}

/// Everybody who observes one logbook.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    inboxes: Mutex<Vec<Weak<Inbox>>>,
    told: AtomicU64,
}

#[derive(Debug)]
struct Inbox {
    state: Mutex<InboxState>,
    rings: Condvar,
}

#[derive(Debug)]
struct InboxState {
    /// Something is new; at the start, the current state is.
    news: Option<News>,
    closed: bool,
}

impl Hub {
    /// Begins a subscription. `status` is asked on the observer's thread; none means that the
    /// logbook is gone.
    pub(crate) fn subscribe(
        &self,
        observer: Observer,
        status: impl Fn() -> Option<Status> + Send + 'static,
    ) -> std::io::Result<Subscription> {
        let state = InboxState { news: Some(News::default()), closed: false };
        let inbox = Arc::new(Inbox { state: Mutex::new(state), rings: Condvar::new() });
        let own = Arc::clone(&inbox);
        std::thread::Builder::new()
            .name("wijkboek-observer".to_owned())
            .spawn(move || own.run(&observer, &status))?;
        let mut inboxes = locked(&self.inboxes);
        inboxes.retain(|inbox| inbox.strong_count() > 0);
        inboxes.push(Arc::downgrade(&inbox));
        Ok(Subscription { inbox })
    }

    /// How often something happened; only whether it is the same number means anything.
    pub(crate) fn told(&self) -> u64 {
        self.told.load(Ordering::SeqCst)
    }

    /// Something happened.
    pub(crate) fn tell(&self, news: &News) {
        self.told.fetch_add(1, Ordering::SeqCst);
        for inbox in locked(&self.inboxes).iter().filter_map(Weak::upgrade) {
            inbox.put(news);
        }
    }

    /// The logbook closes.
    pub(crate) fn close(&self) {
        for inbox in locked(&self.inboxes).iter().filter_map(Weak::upgrade) {
            inbox.close();
        }
    }
}

impl Inbox {
    fn put(&self, news: &News) {
        let mut state = locked(&self.state);
        let waiting = state.news.get_or_insert_with(News::default);
        waiting.records.extend(&news.records);
        waiting.reference |= news.reference;
        waiting.identity |= news.identity;
        self.rings.notify_all();
    }

    fn close(&self) {
        locked(&self.state).closed = true;
        self.rings.notify_all();
    }

    fn run(&self, observer: &Observer, status: &impl Fn() -> Option<Status>) {
        let mut last: Option<Instant> = None;
        while let Some(news) = self.next(last) {
            let Some(status) = status() else { return };
            let event = event(status, news);
            last = Some(Instant::now());
            if catch_unwind(AssertUnwindSafe(|| observer(event))).is_err() {
                ReportId::log_panic();
            }
        }
    }

    /// Waits for news, and until the last call is long enough ago. None when it is over.
    fn next(&self, last: Option<Instant>) -> Option<News> {
        let mut state = locked(&self.state);
        loop {
            if state.closed {
                return None;
            }
            let rest = last.map_or(Duration::ZERO, |at| PAUSE.saturating_sub(at.elapsed()));
            state = if state.news.is_none() {
                self.rings.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else if rest.is_zero() {
                return state.news.take();
            } else {
                let waited = self.rings.wait_timeout(state, rest);
                waited.unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }
}

fn event(status: Status, news: News) -> Event {
    let records = if news.records.len() > NAMED_MAX {
        ChangedRecords::Many
    } else {
        ChangedRecords::These(news.records.into_iter().collect())
    };
    Event { status, records, reference: news.reference, identity: news.identity }
}

/// Nothing that can panic runs under these locks, so a poisoned one holds sound data.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ten calls a second.
const PAUSE: Duration = Duration::from_millis(100);
/// As many records as a page of a list.
const NAMED_MAX: usize = 50;
