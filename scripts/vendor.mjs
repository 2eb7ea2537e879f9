// Fetches the front-end packages that the server carries and their licences.
//
//   node scripts/vendor.mjs            lays every file anew; refuses one whose SHA-256 is not the recorded one
//   node scripts/vendor.mjs --accept   the same, and records what it found (after a version was raised in VENDOR.json)
//   node scripts/vendor.mjs --check    compares the files in the tree with VENDOR.json, without a network
//
// sync-server/assets/vendor/VENDOR.json is both the list and the lock: package, version, licence and, per
// file, where it lies in the package, where it lies here, its size and its SHA-256. Nothing in that folder
// is edited by hand, and nothing is there that the list does not name.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const vendor = fileURLToPath(new URL('../sync-server/assets/vendor/', import.meta.url));
const listPath = join(vendor, 'VENDOR.json');
const mode = process.argv[2] ?? '';

function main() {
  if (!['', '--accept', '--check'].includes(mode)) fail(`unknown option ${mode}`);
  const list = JSON.parse(readFileSync(listPath, 'utf8'));
  if (mode !== '--check') fetchAll(list);
  const wrong = differences(list);
  if (wrong.length > 0) fail(wrong.join('\n'));
  const files = list.packages.flatMap((each) => each.files).length;
  console.log(`vendor: ${list.packages.length} packages, ${files} files, all as recorded`);
}

function fetchAll(list) {
  const work = mkdtempSync(join(tmpdir(), 'wijkboek-vendor-'));
  try {
    for (const each of list.packages) {
      const folder = unpack(work, `${each.package}@${each.version}`);
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (manifest.license !== each.declared) {
        fail(`${each.package}@${each.version} declares ${manifest.license}, VENDOR.json says ${each.declared}`);
      }
      for (const file of each.files) lay(each, file, readFileSync(join(folder, file.from)));
    }
    if (mode === '--accept') writeFileSync(listPath, `${JSON.stringify(list, null, 2)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function unpack(work, spec) {
  const options = { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const answer = JSON.parse(execFileSync('npm', ['pack', spec, '--json', '--ignore-scripts'], options));
  const [packed] = Array.isArray(answer) ? answer : Object.values(answer);
  const folder = join(work, packed.filename.replace(/\.tgz$/, ''));
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(work, packed.filename), '--strip-components=1', '-C', folder]);
  return folder;
}

function lay(each, file, content) {
  const sha256 = digest(content);
  if (mode === '--accept') {
    file.bytes = content.length;
    file.sha256 = sha256;
  } else if (sha256 !== file.sha256) {
    fail(`${each.package}@${each.version} ${file.from}: SHA-256 ${sha256}, recorded ${file.sha256}`);
  }
  const to = join(vendor, file.to);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
}

function differences(list) {
  const wrong = [];
  const named = new Set(['VENDOR.json']);
  for (const file of list.packages.flatMap((each) => each.files)) {
    named.add(file.to);
    const path = join(vendor, file.to);
    if (!existsSync(path)) wrong.push(`${file.to} is missing`);
    else if (digest(readFileSync(path)) !== file.sha256) wrong.push(`${file.to} is not the file that was recorded`);
  }
  for (const entry of readdirSync(vendor, { recursive: true, withFileTypes: true })) {
    const path = relative(vendor, join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && !named.has(path)) wrong.push(`${path} is not in VENDOR.json`);
  }
  return wrong;
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}

function fail(message) {
  console.error(`vendor: ${message}`);
  process.exit(1);
}

main();
