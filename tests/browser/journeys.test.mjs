// What people do on the office pages: log in, filter, search, open, choose, answer; with a mouse,
// with a keyboard only, without JavaScript, and in English.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CONFLICT, World } from './world.mjs';

let world;
before(async () => {
  world = await World.make();
});
after(() => world?.end());

const rows = (page) => page.locator('[data-rows] > tr');
const count = (page) => page.locator('#aantal').innerText();

test('a login code works once, and the form says so when it does not', async () => {
  const { page, context } = await world.visitor();
  const link = await world.loginLink('daan');
  await page.goto(link);
  assert.equal(await page.getByLabel('Aanmeldcode').inputValue(), new URL(link).searchParams.get('code'));
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await page.waitForURL('**/logboek');
  assert.match(await page.locator('.wb-user').innerText(), /Daan Oskam.*Medewerker/s);

  await page.getByRole('button', { name: 'Afmelden' }).click();
  await page.waitForURL('**/aanmelden');
  await page.goto(link);
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  const field = page.getByLabel('Aanmeldcode');
  await page.getByRole('alert').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.match(await page.getByRole('alert').innerText(), /niet meer geldig/);
  await context.close();
});

test('who is not logged in comes to the login page and then to where they were going', async () => {
  const { page, context } = await world.visitor();
  await page.goto(`${world.address}/kaart?soort=klacht`);
  await page.waitForURL('**/aanmelden?**');
  const { searchParams } = new URL(await world.loginLink('daan'));
  await page.getByLabel('Aanmeldcode').fill(searchParams.get('code').toLowerCase());
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await page.waitForURL('**/kaart?soort=klacht');
  await context.close();
});

test('filters narrow the log, have an address, and can be cleared', async () => {
  const { page, context, problems } = await world.visitor('daan');
  const all = Number.parseInt(await count(page), 10);
  assert.ok(all >= 20, `${all} lines`);
  await page.getByLabel('Wijk').selectOption({ label: 'Slikkerveer' });
  await page.getByLabel('Soort').selectOption({ label: 'Klacht' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.waitForURL('**/logboek?*wijk=WK059706*');
  const shown = await rows(page).count();
  assert.equal(await count(page), `${shown} resultaten`);
  assert.ok(shown >= 2 && shown < all);
  for (const row of await rows(page).all()) {
    assert.match(await row.innerText(), /Klacht/);
    assert.match(await row.locator('.wb-log__buurt').innerText(), /Slikkerveer/);
  }
  assert.equal(await page.getByLabel('Soort').inputValue(), 'klacht');
  await page.getByRole('link', { name: 'Filters wissen' }).click();
  await page.waitForURL('**/logboek');
  assert.equal(Number.parseInt(await count(page), 10), all);
  assert.deepEqual(problems, []);
  await context.close();
});

test('search folds accents, takes prefixes and never errs', async () => {
  const { page, context } = await world.visitor('daan');
  const found = async (text) => {
    await page.getByLabel('Zoeken in de tekst').fill(text);
    await page.getByLabel('Zoeken in de tekst').press('Enter');
    await page.waitForFunction((wanted) => new URLSearchParams(location.search).get('q') === wanted, text);
    return Number.parseInt(await count(page), 10);
  };
  const all = Number.parseInt(await count(page), 10);
  assert.equal(await found('cafe'), 1);
  assert.equal(await page.locator('mark').first().innerText(), 'café');
  assert.equal(await found('CAFÉ lanta'), 1);
  assert.equal(await found('lantaarnpaal'), 0);
  assert.match(await page.locator('.wb-empty').innerText(), /Niets gevonden/);
  for (const odd of ['"', '*', '"cafe', 'cafe*', 'cafe"*', "'; --", 'NOT', '(', '<script>alert(1)</script>']) {
    const n = await found(odd);
    assert.ok(n >= 0 && n <= all, odd);
    assert.equal(await page.getByLabel('Zoeken in de tekst').inputValue(), odd);
  }
  await context.close();
});

test('nobody sees, counts or maps what lies outside their role', async () => {
  const total = {};
  for (const key of ['anja', 'bilal', 'daan', 'carla']) {
    const { page, context } = await world.visitor(key);
    total[key] = Number.parseInt(await count(page), 10);
    await page.goto(`${world.address}/kaart`);
    const counts = await page.locator('.wb-counts td:last-child').allInnerTexts();
    assert.equal(counts.reduce((sum, n) => sum + Number(n), 0), total[key], `${key}: map and log agree`);
    await page.goto(`${world.address}/logboek/${world.conflict}`);
    const may = key !== 'carla';
    assert.match(await page.title(), may ? /Slikkerveer/ : /niet/);
    await context.close();
  }
  assert.ok(total.carla > 0 && total.carla < total.anja, JSON.stringify(total));
  assert.notEqual(total.anja, total.bilal);
});

test('both values of a conflict are shown with who and when, and one is chosen', async () => {
  const id = world.conflict;
  const { page, context, problems } = await world.visitor('daan');
  await page.getByLabel('Status').selectOption({ label: 'Wacht op een keuze' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.locator(`tr[data-key="${id}"] a`).click();
  const panel = page.getByRole('region', { name: /Notitie: 2 waarden naast elkaar/ });
  const values = panel.getByRole('article');
  assert.equal(await values.count(), 2);
  const bilal = values.filter({ hasText: 'Bilal Haddou' });
  assert.equal(await bilal.locator('blockquote').innerText(), CONFLICT.bilal);
  assert.equal(await values.filter({ hasText: 'Anja de Wit' }).locator('blockquote').innerText(), CONFLICT.anja);
  assert.equal(await bilal.locator('time').count(), 1);
  await bilal.getByRole('button', { name: 'Kies deze waarde' }).click();
  await page.waitForURL('**?gedaan=keuze');
  assert.equal(await panel.count(), 0);
  assert.equal(await page.locator('.wb-note').first().innerText(), CONFLICT.bilal);
  const steps = page.locator('.wb-step');
  assert.match(await steps.first().innerText(), /Daan Oskam wijzigde dit/);
  const history = await page.locator('.wb-history').innerText();
  for (const text of [CONFLICT.before, CONFLICT.anja, CONFLICT.bilal]) assert.ok(history.includes(text), text);
  assert.deepEqual(problems, []);
  await context.close();

  // The choice reaches the phones.
  const { anja } = world.phones;
  await anja.tell({ do: 'sync' });
  const dump = JSON.stringify(await anja.tell({ do: 'dump' }));
  assert.ok(dump.includes(CONFLICT.bilal) && !dump.includes(CONFLICT.anja));
});

test('the office answers: status, answer and an addition, each in the history', async () => {
  const id = await world.logContact('Prullenbak vol bij de <b>vijver</b> & speeltuin');
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek/${id}`);
  assert.equal(await page.locator('.wb-note').first().innerText(), 'Prullenbak vol bij de <b>vijver</b> & speeltuin');
  await page.getByLabel('Status').selectOption('afgehandeld');
  await page.getByRole('button', { name: 'Bewaren' }).click();
  await page.getByText('Schrijf een antwoord').waitFor();
  assert.equal(await page.getByLabel('Status').inputValue(), 'afgehandeld', 'what was chosen is kept');
  await page.getByLabel('Antwoord aan de bewoner').fill('Is geleegd.\nDank u wel!');
  await page.getByRole('button', { name: 'Bewaren' }).click();
  await page.waitForURL('**?gedaan=bewaard');
  assert.equal(await page.locator('.wb-note--answer').innerText(), 'Is geleegd.\nDank u wel!');
  await page.getByLabel('Nieuwe aanvulling').fill('Ook de bak ernaast.');
  await page.getByRole('button', { name: 'Toevoegen' }).click();
  await page.waitForURL('**?gedaan=aanvulling');
  assert.match(await page.locator('.wb-entry').innerText(), /Daan Oskam[\s\S]*Ook de bak ernaast\./);
  const history = await page.locator('.wb-step').allInnerTexts();
  assert.match(history[0], /Daan Oskam vulde dit aan/);
  assert.match(history[1], /Status\s*van\s*Nieuw\s*→\s*naar\s*Afgehandeld/);
  assert.match(history.at(-1), /Anja de Wit legde dit vast/);
  await context.close();
});

test('closing asks what became of the promise, and offers only what may follow', async () => {
  const id = await world.logContact('Terugbellen over de schutting', { promise: 'persoonlijk' });
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek/${id}`);
  const statuses = page.getByLabel('Status').locator('option');
  assert.deepEqual(await statuses.allInnerTexts(), ['Nieuw', 'In behandeling', 'Afgehandeld']);
  await page.getByLabel('Status').selectOption('afgehandeld');
  await page.getByLabel('Antwoord aan de bewoner').fill('De schutting staat weer recht.');
  await page.getByRole('button', { name: 'Bewaren' }).click();
  await page.getByText('Kies wat er van de beloofde terugkoppeling is geworden.').waitFor();
  const feedback = page.locator('#terugkoppeling');
  assert.equal(await feedback.getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator('#antwoord').inputValue(), 'De schutting staat weer recht.', 'what was written is kept');
  await feedback.selectOption('gegeven');
  await page.getByRole('button', { name: 'Bewaren' }).click();
  await page.waitForURL('**?gedaan=bewaard');
  assert.match(await page.locator('.wb-step').first().innerText(), /Afgehandeld/);
  await context.close();
});

test('a status that somebody else changed meanwhile is not overwritten unseen', async () => {
  const id = await world.logContact('Paaltje omver');
  const [one, two] = [await world.visitor('daan'), await world.visitor('bilal')];
  for (const { page } of [one, two]) await page.goto(`${world.address}/logboek/${id}`);
  for (const { page } of [one, two]) {
    await page.getByLabel('Status').selectOption('in-behandeling');
    await page.getByRole('button', { name: 'Bewaren' }).click();
    await page.waitForLoadState();
  }
  await two.page.getByText('intussen door iemand anders gewijzigd. Kijk').waitFor();
  for (const { context } of [one, two]) await context.close();
});

test('everything can be done by keyboard', async () => {
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/logboek`);
  const focused = () =>
    page.evaluate(() => {
      const it = document.activeElement;
      return it.labels?.[0]?.innerText ?? it.innerText?.trim() ?? it.tagName;
    });
  const press = async (key, wanted) => {
    await page.keyboard.press(key);
    if (wanted !== undefined) assert.equal((await focused()).split('\n')[0], wanted);
  };
  await press('Tab', 'Naar de inhoud');
  const link = page.locator('.utrecht-skip-link');
  assert.ok((await link.boundingBox()).y >= 0, 'the skip link is visible when it has the focus');
  for (const [key, wanted] of [
    ['Tab', 'Wijkboek'], ['Tab', 'Logboek'], ['Tab', 'Kaart'], ['Tab', 'English'], ['Tab', 'Afmelden'],
    ['Tab', 'Zoeken in de tekst'], ['Tab', 'Wijk'], ['Tab', 'Soort'], ['Tab', 'Status'], ['Tab', 'Filter'],
  ]) {
    await press(key, wanted);
  }
  await page.goto(`${world.address}/logboek`);
  await press('Tab', 'Naar de inhoud');
  await press('Enter');
  await press('Tab', 'Zoeken in de tekst');
  await page.keyboard.type('rollator');
  await press('Enter');
  await page.waitForURL('**q=rollator**');
  await page.locator('#q').focus();
  for (const wanted of ['Wijk', 'Soort', 'Status', 'Filter', 'Filters wissen']) await press('Tab', wanted);
  await press('Tab');
  const outline = await page.evaluate(() => {
    const row = document.activeElement.closest('tr');
    return getComputedStyle(row).outlineStyle;
  });
  assert.equal(outline, 'solid', 'the row with the focus is outlined');
  await press('Enter');
  await page.waitForURL('**/logboek/*-*');
  assert.match(await page.locator('h1').innerText(), /Klacht in Slikkerveer/);
  await context.close();
});

test('without JavaScript: log in, filter, open, choose', async () => {
  const id = await disagreement();
  const { page, context } = await world.visitor('daan', { javaScriptEnabled: false });
  await page.waitForURL('**/logboek');
  await page.getByLabel('Status').selectOption({ label: 'Wacht op een keuze' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.locator(`tr[data-key="${id}"] a`).click();
  await page.getByRole('button', { name: 'Kies deze waarde' }).first().click();
  await page.waitForURL('**?gedaan=keuze');
  assert.match(await page.getByRole('status').first().innerText(), /Uw keuze is bewaard/);
  await page.goto(`${world.address}/kaart`);
  assert.ok((await page.locator('.wb-point').count()) > 5, 'the list stands beside the map');
  assert.match(await page.locator('noscript').innerText(), /JavaScript/);
  await context.close();
});

test('English is complete and remembered', async () => {
  const { page, context } = await world.visitor('daan');
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL('**taal=en');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.goto(`${world.address}/logboek`);
  await page.getByRole('heading', { name: 'Log', exact: true }).waitFor();
  await page.goto(`${world.address}/logboek/${world.conflict}`);
  await page.getByRole('heading', { name: 'History' }).waitFor();
  assert.equal(await page.locator('.wb-note').first().getAttribute('lang'), 'nl', 'a Dutch note says it is Dutch');
  await context.close();

  const english = await world.visitor(undefined, { locale: 'en-GB' });
  await english.page.goto(`${world.address}/aanmelden`);
  await english.page.getByRole('heading', { name: 'Log in' }).waitFor();
  await english.context.close();
});

/** A new contact of which Anja and Bilal change the note without seeing each other's. */
async function disagreement() {
  const { anja, bilal } = world.phones;
  const id = await world.logContact('Bankje kapot');
  await bilal.tell({ do: 'sync' });
  await anja.tell({ do: 'edit', id, field: 'note', value: 'Bankje kapot, leuning los' });
  await bilal.tell({ do: 'edit', id, field: 'note', value: 'Bankje kapot, al een week' });
  await anja.tell({ do: 'sync' });
  await bilal.tell({ do: 'sync' });
  return id;
}
