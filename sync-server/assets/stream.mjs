// The live signal: one EventSource per page that is being looked at, and a poll only while there
// is no connection.

const POLL_MS = 30_000;
const SETTLE_MS = 100;

/**
 * Calls `refresh` when the server has something new, at most once at a time, and shows in the
 * page's live sign whether there is a connection.
 */
export function follow(refresh) {
  const sign = document.querySelector('[data-live]');
  let events;
  let busy = false;
  let again = false;
  let settle;
  let poll;

  const run = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await refresh();
    } catch {
      show(false);
    } finally {
      busy = false;
      if (again) {
        again = false;
        soon();
      }
    }
  };
  // Several changes at once arrive as several events.
  const soon = () => {
    clearTimeout(settle);
    settle = setTimeout(run, SETTLE_MS);
  };
  const show = (on) => {
    if (!sign) return;
    sign.hidden = false;
    sign.classList.toggle('wb-live--off', !on);
    sign.querySelector('[data-live-text]').textContent = on ? sign.dataset.textOn : sign.dataset.textOff;
  };
  const connect = () => {
    events = new EventSource('/live');
    events.addEventListener('open', () => {
      clearInterval(poll);
      poll = undefined;
      show(true);
    });
    // The first event comes with the connection: what happened before it is fetched as well.
    events.addEventListener('head', soon);
    events.addEventListener('error', () => {
      show(false);
      // The browser tries again by itself, but not after a refusal; then the poll does.
      poll ??= setInterval(recover, POLL_MS);
      if (events.readyState === EventSource.CLOSED) run();
    });
  };
  const recover = () => {
    run();
    if (events.readyState === EventSource.CLOSED) connect();
  };
  // A browser allows few connections to one server: pages in the background hold none.
  document.addEventListener('visibilitychange', () => {
    events.close();
    clearInterval(poll);
    poll = undefined;
    if (document.visibilityState === 'visible') connect();
  });
  connect();
}

/** Fetches a part of the page that is being looked at. A session that ended leads to the login page. */
export async function fetchPart(name) {
  const response = await fetch(location.href, {
    headers: { 'Wijkboek-Fragment': name },
    credentials: 'same-origin',
    redirect: 'error',
  });
  if (response.status === 401) {
    location.reload();
    return undefined;
  }
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}
