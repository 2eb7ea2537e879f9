// The real programs, as processes of their own: the sync server with its admin commands, and
// phones that are driven by lines of JSON.

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = process.env.WIJKBOEK_SERVER ?? `${root}target/debug/wijkboek-server`;
const PHONE = process.env.WIJKBOEK_PHONE ?? `${root}target/debug/phone`;

/** An admin command; the object that it prints. */
export async function admin(data, ...words) {
  const { stdout } = await promisify(execFile)(SERVER, ['--data', data, '--json', ...words]);
  return JSON.parse(stdout);
}

/** A running server. Its address stands in its first line. */
export class Server {
  static async start(data) {
    const child = spawn(SERVER, ['--data', data, 'serve', '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = [];
    child.stderr.on('data', (chunk) => log.push(chunk));
    const first = await firstLine(child, log);
    const address = /http:\/\/\S+/.exec(first)?.[0];
    if (!address) throw new Error(`the server's first line names no address: ${first}`);
    return new Server(child, address, log);
  }

  constructor(child, address, log) {
    this.child = child;
    this.address = address;
    this.log = log;
  }

  logged() {
    return Buffer.concat(this.log).toString();
  }

  async stop() {
    await ended(this.child, () => this.child.kill('SIGTERM'));
  }
}

/** A phone on a store file of its own. */
export class Phone {
  constructor(store) {
    this.child = spawn(PHONE, ['--store', store], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** What the phone answers; that it failed is an error here. */
  async tell(command) {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the phone ended before it answered ${command.do}`);
    const answer = JSON.parse(value);
    if (answer.answer === 'failed') throw new Error(`${command.do}: ${answer.error}`);
    return answer;
  }

  async stop() {
    await ended(this.child, () => this.child.stdin.end());
  }
}

function firstLine(child, log) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${Buffer.concat(log)}`)));
  });
}

function ended(child, end) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    end();
  });
}
