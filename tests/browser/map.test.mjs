// The map: drawn from this server's own answers, with the same records as the list beside it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.make();
});
after(() => world?.end());

test('the map is drawn, under the strict policy and from no other host', async () => {
  const { page, context, problems } = await world.visitor('daan');
  await page.goto(`${world.address}/kaart`);
  await page.locator('#kaart[data-drawn]').waitFor({ timeout: 30_000 });
  assert.ok((await colours(page)) > 8, 'there is a picture and not one colour');
  await page.getByRole('button', { name: 'Inzoomen' }).click();
  assert.deepEqual(problems, []);
  await context.close();
});

test('filters narrow counts, points and list alike', async () => {
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/kaart?wijk=WK059706&soort=klacht`);
  const listed = await page.locator('.wb-point').count();
  const answer = await context.request.get(`${world.address}/kaart/punten?wijk=WK059706&soort=klacht`);
  const { features, counts } = await answer.json();
  assert.equal(features.length, listed);
  assert.deepEqual(Object.keys(counts), ['WK059706']);
  assert.ok(features.every(({ properties }) => properties.kind === 'klacht'));
  await page.locator('.wb-counts').getByRole('link', { name: 'Slikkerveer' }).click();
  await page.waitForURL('**/logboek?wijk=WK059706&soort=klacht');
  await context.close();
});

test('a new record appears on the map and in its list by itself', async () => {
  const { page, context } = await world.visitor('daan');
  await page.goto(`${world.address}/kaart`);
  await page.locator('.wb-live').filter({ hasText: 'Werkt vanzelf bij' }).waitFor({ timeout: 30_000 });
  const id = await world.logContact('Boomwortels door het asfalt');
  await page.locator(`.wb-point[data-key="${id}"]`).waitFor();
  await context.close();
});

/** How many different colours a coarse grid over the map shows. */
async function colours(page) {
  const picture = await page.locator('#kaart').screenshot();
  return page.evaluate(async (bytes) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4 * 97) seen.add(`${data[at] >> 3},${data[at + 1] >> 3},${data[at + 2] >> 3}`);
    return seen.size;
  }, [...picture]);
}
