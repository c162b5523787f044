// `node test/stress/crash.ts [ROUNDS [SEED]]`: ends elfin with SIGKILL at random moments while guests write to a volume, then
// looks natively at what is left: nothing that fsync confirmed may be lost, sqlite's and git's files must be whole, and an
// unfinished rename shows the old content or the new one.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfin, ENVIRONMENT } from '../support/run.ts';

interface Kind {
  /** What the guest runs in the volume; each line it prints is a promise. */
  readonly script: string;
  /** Throws if what is left in the directory breaks one of the promises. */
  readonly check: (directory: string, promises: readonly string[]) => void;
}

const native = (directory: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: directory, encoding: 'utf8', env: { ...ENVIRONMENT, HOME: directory } });

const KINDS: Readonly<Record<string, Kind>> = {
  // A file is written beside the old one in the guest's memory (/tmp is no volume), copied over, synced and renamed.
  rename: {
    script: `i=0; while :; do i=$((i+1)); seq $i $((i+2000)) >/tmp/new; cp /tmp/new new; sync new; mv new file; sync .; echo $i; done`,
    check: (directory, promises) => {
      const last = Number(promises.at(-1) ?? 0);
      if (last === 0 && !existsSync(join(directory, 'file'))) return;
      const lines = readFileSync(join(directory, 'file'), 'latin1').trimEnd().split('\n').map(Number);
      const [first = 0] = lines;
      assert.ok(first >= last, `round ${last} was promised, ${first} is there`);
      assert.deepEqual(
        lines,
        Array.from({ length: 2001 }, (_, i) => first + i),
      );
    },
  },
  append: {
    script: `i=0; while :; do i=$((i+1)); echo "line $i" >>log; sync log; echo $i; done`,
    check: (directory, promises) => {
      const text = existsSync(join(directory, 'log')) ? readFileSync(join(directory, 'log'), 'latin1') : '';
      const count = Number(promises.at(-1) ?? 0);
      const lines = text.split('\n').slice(0, count);
      assert.deepEqual(
        lines,
        Array.from({ length: count }, (_, i) => `line ${i + 1}`),
      );
    },
  },
  sqlite: {
    script: `sqlite3 db 'create table if not exists t (i integer primary key, text)'; i=0
      while :; do i=$((i+1)); sqlite3 db "begin; insert into t values ($i, hex(randomblob(500))); update t set text = text || 'x'; commit" && echo $i; done`,
    check: (directory, promises) => {
      const count = Number(promises.at(-1) ?? 0);
      if (!existsSync(join(directory, 'db'))) return assert.equal(count, 0);
      assert.equal(native(directory, 'sqlite3', 'db', 'pragma integrity_check').trim(), 'ok');
      if (count === 0) return;
      const [rows = 0, least = 0, most = 0] = native(directory, 'sqlite3', 'db', 'select count(*), min(i), max(i) from t')
        .split('|')
        .map(Number);
      assert.ok(rows >= count && least === 1 && most === rows, `${rows} rows, ${count} promised`);
    },
  },
  git: {
    script: `git init -q . 2>/dev/null; git config user.name x; git config user.email x@y; git config core.fsync all; i=0
      while :; do i=$((i+1)); echo $i >f; git add f && git commit -qm "round $i" && echo $i; done`,
    check: (directory, promises) => {
      if (promises.length === 0) return;
      const broken = native(directory, 'git', 'fsck', '--full', '--strict').trim();
      assert.doesNotMatch(broken, /error|missing|corrupt/);
      const count = Number(native(directory, 'git', 'rev-list', '--count', 'HEAD'));
      assert.ok(count >= promises.length, `${count} commits, ${promises.length} promised`);
    },
  },
};

/** Runs a script until the moment comes; resolves to the lines it has printed in full. */
function runUntil(directory: string, script: string, milliseconds: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const args = [
      elfin,
      '-v',
      `${directory}:${directory}`,
      '-w',
      directory,
      '-e',
      `HOME=${directory}`,
      '/bin/bash',
      '-c',
      script,
    ];
    const child = spawn(process.execPath, args, { env: ENVIRONMENT, cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(text.split('\n').slice(0, -1));
      else reject(new Error(`ended with ${code ?? signal} before it was killed`));
    });
    setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
}

/** A small generator (mulberry32), so that a seed tells the moments. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const [rounds = '20', seed = String(Date.now() % 100_000), ...names] = process.argv.slice(2);
console.log(`seed ${seed}`);
const next = random(Number(seed));
const scratch = mkdtempSync(join(tmpdir(), 'elfin-crash-'));
for (const [name, { script, check }] of Object.entries(KINDS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  let promised = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const directory = join(scratch, `${name}-${round}`);
    mkdirSync(directory);
    const promises = await runUntil(directory, script, 300 + next() * 2700);
    promised += promises.length;
    check(directory, promises);
  }
  console.log(`${name}: ${rounds} times killed, ${promised} promises kept`);
}
rmSync(scratch, { recursive: true, force: true });
