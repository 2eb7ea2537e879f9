// Keeps the log up to date, and tells on a record's page that it has changed. The document is
// never reloaded; what has the focus keeps it; what somebody is typing is left alone.

import { fetchPart, follow } from './stream.mjs';

const list = document.querySelector('[data-fragment="log"]');
const record = document.querySelector('[data-live-record]');

if (list) follow(refreshLog);
if (record) follow(refreshRecord);

async function refreshLog() {
  const html = await fetchPart('log');
  if (html === undefined) return;
  const part = document.createElement('div');
  part.append(new DOMParser().parseFromString(html, 'text/html').body.firstElementChild);
  const before = rows(list);
  const after = rows(part);
  const fresh = [...after.keys()].filter((key) => !before.has(key));
  const changed = [...after].some(([key, row]) => before.has(key) && !same(before.get(key), row));
  const gone = [...before.keys()].some((key) => !after.has(key));
  if (fresh.length === 0 && !changed && !gone && list.textContent === part.textContent) return;

  const focused = document.activeElement?.closest?.('[data-rows] > tr')?.dataset.key;
  // A row that is the same stays the same element: its focus, its selection, its highlight.
  for (const [key, row] of after) {
    if (before.has(key) && same(before.get(key), row)) row.replaceWith(before.get(key));
  }
  for (const key of fresh) after.get(key).classList.add('wb-fresh');
  list.replaceChildren(...part.childNodes);
  if (focused) {
    list.querySelector(`[data-rows] > tr[data-key="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
  }
  if (before.size > 0 || fresh.length > 0) announce(fresh.length);
}

function rows(root) {
  return new Map([...root.querySelectorAll('[data-rows] > tr')].map((row) => [row.dataset.key, row]));
}

function same(a, b) {
  return a.innerHTML === b.innerHTML;
}

function announce(count) {
  const texts = document.querySelector('[data-live]').dataset;
  const news = document.querySelector('[data-live-news]');
  const text =
    count === 0 ? texts.textChanged : count === 1 ? texts.textNewOne : texts.textNewMany.replace('{}', String(count));
  // Emptied first, so that the same words are read out a second time.
  news.textContent = '';
  requestAnimationFrame(() => {
    news.textContent = text;
  });
}

async function refreshRecord() {
  const revision = await fetchPart('record');
  if (revision !== undefined && revision !== record.dataset.liveRecord) record.hidden = false;
}
