// Makes the pictures of the office pages in docs/pictures anew: log, record with a conflict, map
// and login, in light and dark.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { World } from './world.mjs';

const folder = process.env.WIJKBOEK_PICTURES ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const PAGES = {
  login: { path: '/aanmelden', who: undefined },
  log: { path: '/logboek', who: 'daan' },
  record: { path: (world) => `/logboek/${world.conflict}`, who: 'daan', fullPage: true },
  map: { path: '/kaart', who: 'daan', ready: (page) => page.locator('#kaart[data-drawn]').waitFor({ timeout: 30_000 }) },
};

await mkdir(folder, { recursive: true });
const world = await World.make();
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, { path, who, ready, fullPage }] of Object.entries(PAGES)) {
      const { page, context } = await world.visitor(who, {
        colorScheme, viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1, reducedMotion: 'reduce',
      });
      await page.goto(world.address + (typeof path === 'function' ? path(world) : path));
      await ready?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.mouse.move(0, 0);
      await page.screenshot({ path: `${folder}/office-${name}-${colorScheme}.png`, fullPage: fullPage ?? false });
      await context.close();
    }
  }
  const { page, context } = await world.visitor('daan', { viewport: { width: 390, height: 860 }, deviceScaleFactor: 2 });
  await page.screenshot({ path: `${folder}/office-log-narrow.png` });
  await context.close();
} finally {
  await world.end();
}
console.log(`pictures: made in ${folder}`);
