// The live update: a record that another process writes after the page has loaded appears without
// a reload, within two seconds, and without polling.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.make();
});
after(() => world?.end());

test('a new record appears by itself in the page that is open', async () => {
  const { page, context, problems } = await world.visitor('daan');
  await forbidPolling(page);
  await page.goto(`${world.address}/logboek`);
  await page.locator('.wb-live').filter({ hasText: 'Werkt vanzelf bij' }).waitFor();
  await page.evaluate(() => {
    window.marker = 'same document';
  });
  const id = await world.logContact('Glas op de stoep bij de Brink');
  const row = page.locator(`tr[data-key="${id}"]`);
  await row.waitFor({ timeout: 2_000 });
  assert.match(await row.innerText(), /Glas op de stoep/);
  assert.match(await row.getAttribute('class'), /wb-fresh/);
  assert.equal(await page.evaluate(() => window.marker), 'same document');
  await page.locator('[data-live-news]').filter({ hasText: '1 nieuwe regel in het logboek' }).waitFor();
  assert.equal(await page.locator('[data-live-news]').getAttribute('aria-live'), 'polite');
  assert.deepEqual(problems, []);
  await context.close();
});

test('what does not match the filter does not appear, and the focus stays where it was', async () => {
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek?soort=initiatief`);
  await page.locator('.wb-live').waitFor();
  const focused = page.locator('.wb-log__link').nth(1);
  const text = await focused.innerText();
  await focused.focus();
  const other = await world.logContact('Stoep los', { kind: 'klacht' });
  const wanted = await world.logContact('Geveltuin in de straat', { kind: 'initiatief' });
  await page.locator(`tr[data-key="${wanted}"]`).waitFor();
  assert.equal(await page.locator(`tr[data-key="${other}"]`).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.innerText), text);
  await context.close();
});

test('a record outside the role of who looks does not appear', async () => {
  const { page, context } = await world.visitor('bilal');
  await page.goto(`${world.address}/logboek`);
  await page.locator('.wb-live').waitFor();
  const outside = await world.logContact('In Bolnes', { buurt: 'BU05970700', place: null });
  const inside = await world.logContact('In Slikkerveer');
  await page.locator(`tr[data-key="${inside}"]`).waitFor();
  assert.equal(await page.locator(`tr[data-key="${outside}"]`).count(), 0);
  await context.close();
});

test('the page of a record says that somebody changed it, and keeps what is being typed', async () => {
  const id = await world.logContact('Hek open');
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek/${id}`);
  const notice = page.locator('[data-live-record]');
  await page.getByLabel('Nieuwe aanvulling').fill('half af');
  assert.equal(await notice.isVisible(), false);
  await world.phones.anja.tell({ do: 'edit', id, field: 'note', value: 'Hek open, slot stuk' });
  await world.phones.anja.tell({ do: 'sync' });
  await notice.waitFor();
  assert.equal(await page.getByLabel('Nieuwe aanvulling').inputValue(), 'half af');
  await page.getByRole('link', { name: 'Toon de nieuwe versie' }).click();
  await page.locator('.wb-note').filter({ hasText: 'slot stuk' }).waitFor();
  await context.close();
});

/** Any timer that could be a poll is an error in this page. */
async function forbidPolling(page) {
  await page.addInitScript(() => {
    window.setInterval = () => {
      throw new Error('polling is off in this test');
    };
  });
}
