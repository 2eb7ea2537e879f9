// A municipality in miniature: Ridderkerk's areas, a few people, phones that logged the example
// contacts, one field that two of them changed at once. Everything came in by the real road.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { Phone, Server, admin } from './processes.mjs';

const DATA = new URL('../../data/', import.meta.url);

export const PEOPLE = {
  anja: { name: 'Anja de Wit', role: 'wijkregisseur', wijken: ['WK059706', 'WK059707', 'WK059703'] },
  bilal: { name: 'Bilal Haddou', role: 'wijkregisseur', wijken: ['WK059706', 'WK059702', 'WK059705'] },
  carla: { name: 'Carla Vermeer', role: 'ambassadeur', wijken: ['WK059704'] },
  daan: { name: 'Daan Oskam', role: 'medewerker', wijken: [] },
  esther: { name: 'Esther Blok', role: 'beheerder', wijken: [] },
};

/** Two notes that two people wrote for one contact without seeing each other's. */
export const CONFLICT = {
  before: 'Lantaarn stuk bij café De Brug, het is er donker',
  anja: 'Twee lantaarns stuk bij café De Brug, het is er donker. Gemeld bij beheer',
  bilal: 'Lantaarn stuk bij café De Brug, het is er donker. Bewoner wil teruggebeld worden',
};

export class World {
  static async make({ filled = true } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'wijkboek-browser-'));
    const world = new World(folder);
    try {
      await world.found();
      if (filled) await world.fill();
      return world;
    } catch (error) {
      await world.end();
      throw error;
    }
  }

  constructor(folder) {
    this.folder = folder;
    this.data = join(folder, 'server');
    this.phones = {};
    this.ids = {};
    this.closing = [];
  }

  get address() {
    return this.server.address;
  }

  async found() {
    const file = (name) => new URL(`ridderkerk/${name}`, DATA).pathname;
    await admin(
      this.data, 'areas', 'import', file('wijken.geojson'),
      '--teams', file('wijken-teams.csv'),
      '--inhabitants', file('kerncijfers.csv'),
      '--themes', file('themas.json'),
    );
    for (const [key, person] of Object.entries(PEOPLE)) {
      const wijken = person.wijken.flatMap((wijk) => ['--wijk', wijk]);
      const { id } = await admin(this.data, 'user', 'add', '--name', person.name, '--role', person.role, ...wijken);
      this.ids[key] = id;
    }
    this.server = await Server.start(this.data);
    for (const key of ['anja', 'bilal', 'carla']) await this.enrol(key);
  }

  async enrol(key) {
    const phone = new Phone(join(this.folder, `${key}.db`));
    this.phones[key] = phone;
    const { code } = await admin(this.data, 'invite', this.ids[key]);
    await phone.tell({ do: 'enrol', server: this.address, code, device: `telefoon van ${key}` });
  }

  async fill() {
    const { anja, bilal, carla } = this.phones;
    const { contacten, buurttent } = JSON.parse(await readFile(new URL('voorbeeldcontacten.json', DATA), 'utf8'));
    for (const example of contacten) {
      const own = (key) => PEOPLE[key].wijken.some((wijk) => wijk.slice(2) === example.buurtcode.slice(2, 8));
      const ambassador = example.door === 'ambassadeur';
      const phone = ambassador ? carla : own('bilal') ? bilal : anja;
      await phone.tell({ do: 'create', type: ambassador ? 'signal' : 'contact', record: talk(example), foreign: example.id });
    }
    for (const visit of buurttent) await this.visit(visit);
    await this.disagree();
    await carla.tell({ do: 'sync' });
  }

  async visit(example) {
    const { anja } = this.phones;
    const record = {
      place_name: example.plek,
      buurt: example.buurtcode,
      starts_at: example.van,
      ends_at: example.tot,
      team: [this.ids.anja, this.ids.bilal],
    };
    const { id } = await anja.tell({ do: 'create', type: 'visit', record, foreign: example.id });
    for (const [age, by] of Object.entries(example.turf)) {
      await anja.tell({ do: 'tally', id, key: `leeftijd:${age}`, by });
    }
    for (const [kind, by] of Object.entries(example.turfSoort)) {
      await anja.tell({ do: 'tally', id, key: `soort:${kind === 'alleen praatje' ? 'praatje' : kind}`, by });
    }
  }

  async disagree() {
    const { anja, bilal } = this.phones;
    const record = {
      ...NOTE,
      kind: 'klacht',
      themes: ['veiligheid-verlichting'],
      note: CONFLICT.before,
      place: [4.6049, 51.8849, 6],
      occurred_at: '2026-03-30T19:40:00+02:00',
    };
    const { id } = await anja.tell({ do: 'create', type: 'contact', record });
    await anja.tell({ do: 'sync' });
    await bilal.tell({ do: 'sync' });
    await anja.tell({ do: 'edit', id, field: 'note', value: CONFLICT.anja });
    await bilal.tell({ do: 'edit', id, field: 'note', value: CONFLICT.bilal });
    await anja.tell({ do: 'sync' });
    await bilal.tell({ do: 'sync' });
    await anja.tell({ do: 'sync' });
    this.conflict = id;
  }

  /** Anja logs a contact and her phone syncs: what another process does while a page is open. */
  async logContact(note, extra = {}) {
    const record = { ...NOTE, note, occurred_at: new Date().toISOString(), ...extra };
    const { id } = await this.phones.anja.tell({ do: 'create', type: 'contact', record });
    await this.phones.anja.tell({ do: 'sync' });
    return id;
  }

  /** The address of the login page with a code in it. */
  async loginLink(key) {
    const { path } = await admin(this.data, 'user', 'login', this.ids[key]);
    return this.address + path;
  }

  /** A fresh browser window, logged in as somebody. */
  async visitor(key, options = {}) {
    this.browser ??= await launch();
    const context = await this.browser.newContext({ locale: 'nl-NL', viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const problems = watch(page);
    if (key) {
      await page.goto(await this.loginLink(key));
      await page.getByRole('button', { name: /Aanmelden|Log in/ }).click();
      await page.waitForURL(/\/logboek|\/aanmelden$/);
    }
    return { page, context, problems };
  }

  async end() {
    await this.browser?.close();
    for (const phone of Object.values(this.phones)) await phone.stop();
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const NOTE = {
  kind: 'signaal',
  themes: ['verkeer'],
  buurt: 'BU05970600',
  place: [4.60266, 51.8861, 8],
  age_group: '45-64',
  channel: 'wijkronde',
  language: 'nld',
  promise: 'ongezegd',
};

function talk(example) {
  const { lon, lat, nauwkeurigheidM } = example.locatie ?? {};
  return {
    kind: example.soort,
    themes: [example.thema],
    note: example.tekst,
    buurt: example.buurtcode,
    place: example.locatie ? [lon, lat, nauwkeurigheidM] : null,
    occurred_at: example.plaatsgevondenOp,
    age_group: example.leeftijdsgroep,
    channel: example.kanaal,
    language: example.taal,
    promise: example.verwacht.terugkoppelingGevraagd ? 'persoonlijk' : 'geen',
  };
}

function launch() {
  return chromium.launch({
    executablePath: process.env.WIJKBOEK_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

/** What the browser complains about, above all breaches of the content security policy. */
function watch(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(`another host: ${request.url()}`);
  });
  return problems;
}
