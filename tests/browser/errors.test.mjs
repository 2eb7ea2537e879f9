// What the pages say when something is not right, and what they must not do.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.make();
});
after(() => world?.end());

test('a page or record that is not there', async () => {
  const { page, context } = await world.visitor('daan');
  for (const path of ['/bestaat-niet', '/logboek/geen-id', '/logboek/0190a1b2-0000-7000-8000-000000000000']) {
    const answer = await page.goto(world.address + path);
    assert.equal(answer.status(), 404, path);
    await page.getByRole('heading', { name: 'Deze pagina is er niet' }).waitFor();
  }
  await context.close();
});

test('a role that reads no records', async () => {
  const { page, context } = await world.visitor('esther');
  const answer = await page.goto(`${world.address}/logboek`);
  assert.equal(answer.status(), 403);
  await page.getByRole('heading', { name: 'Geen inzage met uw rol' }).waitFor();
  for (const path of ['/kaart', '/kaart/punten', '/live', `/logboek/${world.conflict}`]) {
    assert.equal((await context.request.get(world.address + path)).status(), 403, path);
  }
  await context.close();
});

test('a session that has ended', async () => {
  const { page, context } = await world.visitor('daan');
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Lax']);
  await context.addCookies([{ ...cookie, value: 'verlopen' }]);
  await page.goto(`${world.address}/logboek?soort=klacht`);
  await page.waitForURL('**/aanmelden?**');
  await page.getByText('Uw sessie is verlopen').waitFor();
  const part = { 'Wijkboek-Fragment': 'log' };
  assert.equal((await context.request.get(`${world.address}/logboek`, { headers: part })).status(), 401);
  await context.close();
});

test('a form of another site changes nothing', async () => {
  const { context } = await world.visitor('daan');
  const address = `${world.address}/logboek/${world.conflict}/status`;
  const form = { was: 'nieuw', status: 'in-behandeling', antwoord: '' };
  for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://elders.example' }]) {
    const answer = await context.request.post(address, { headers, form });
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /andere website/);
  }
  const page = await context.request.get(`${world.address}/logboek/${world.conflict}`);
  assert.match(await page.text(), /name="was" value="nieuw"/);
  await context.close();
});

test('a form that no page sends', async () => {
  const { context } = await world.visitor('daan');
  const at = `${world.address}/logboek/${world.conflict}`;
  const post = async (path, form) => (await context.request.post(at + path, { form, maxRedirects: 0 })).status();
  assert.equal(await post('/keuze', { veld: 'onzin', waarde: '0' }), 400);
  assert.equal(await post('/keuze', { veld: 'note', waarde: '0' }), 303, 'a value that is gone: back to how it is now');
  assert.equal(await post('/status', { was: 'nieuw', status: 'onzin' }), 400);
  assert.ok([400, 422].includes(await post('/keuze', {})));
  assert.equal(await post('/aanvulling', { tekst: 'x'.repeat(4_001) }), 422);
  assert.equal(await post('/aanvulling', { tekst: 'x'.repeat(100_000) }), 413);
  await context.close();
});

test('no answer may be kept, framed or told to others, and nothing but our own files may run', async () => {
  const { context } = await world.visitor('daan');
  for (const path of ['/aanmelden', '/logboek', `/logboek/${world.conflict}`, '/kaart', '/weg']) {
    const headers = (await context.request.get(world.address + path)).headers();
    assert.equal(headers['cache-control'], 'no-store', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    const policy = headers['content-security-policy'];
    assert.match(policy, /default-src 'none'; script-src 'self';/, path);
    assert.doesNotMatch(policy, /unsafe|https?:/, path);
  }
  await context.close();
});

test('what people search for stands in no log line', async () => {
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek?q=geheimwoord`);
  await page.goto(`${world.address}/kaart?q=geheimwoord`);
  assert.doesNotMatch(world.server.logged(), /geheimwoord/);
  await context.close();
});
