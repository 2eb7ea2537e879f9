// Accessibility: axe-core with the tags of WCAG 2.1 A and AA finds nothing, on every page, in light
// and dark, wide and at 320 px, where nothing scrolls sideways.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';

import { World } from './world.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const PAGES = {
  login: ['', '/aanmelden'],
  'login refused': ['', '/aanmelden', refuse],
  log: ['daan', '/logboek'],
  'empty log': ['daan', '/logboek?q=zoiets+staat+er+niet'],
  'record with a conflict': ['daan', () => `/logboek/${world.conflict}`],
  visit: ['anja', '/logboek?soort=bezoek', (page) => page.locator('.wb-log__link').first().click()],
  map: ['daan', '/kaart', (page) => page.locator('#kaart[data-drawn]').waitFor({ timeout: 30_000 })],
  'error page': ['daan', '/bestaat-niet'],
};

let world;
const sessions = {};
before(async () => {
  world = await World.make();
  for (const key of ['daan', 'anja']) {
    const { context } = await world.visitor(key);
    sessions[key] = await context.storageState();
    await context.close();
  }
});
after(() => world?.end());

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 320]) {
    for (const [name, [who, path, prepare]] of Object.entries(PAGES)) {
      test(`${name}, ${colorScheme}, ${width} px`, async () => {
        const options = { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' };
        const { page, context, problems } = await world.visitor(undefined, { ...options, storageState: sessions[who] });
        await page.goto(world.address + (typeof path === 'function' ? path() : path));
        await prepare?.(page);
        await page.waitForLoadState();
        const { violations, passes } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
        assert.ok(passes.some(({ id }) => id === 'color-contrast'), 'axe looked at the page');
        assert.deepEqual(violations.map(told), []);
        const [inner, scrolled] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
        assert.ok(scrolled <= inner, `scrolls sideways: ${scrolled} > ${inner}`);
        assert.deepEqual(problems.filter((each) => !/status of 4(04|22)/.test(each)), []);
        await context.close();
      });
    }
  }
}

test('text at twice the size still fits', async () => {
  const { page, context } = await world.visitor(undefined, { viewport: { width: 640, height: 900 }, storageState: sessions.daan });
  for (const path of ['/logboek', `/logboek/${world.conflict}`, '/kaart']) {
    await page.goto(world.address + path);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
  }
  await context.close();
});

async function refuse(page) {
  await page.getByLabel('Aanmeldcode').fill('FOUT-CODE');
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await page.getByRole('alert').waitFor();
}

function told({ id, help, nodes }) {
  return `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`;
}
