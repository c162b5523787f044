// A root file system as one tar: the files of installed Debian packages and of all that they depend on, as the host has them.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../.cache/debian-root');
const STATUS = '/var/lib/dpkg/status';

const PACKAGES = [
  ...['bash', 'dash', 'coreutils', 'findutils', 'grep', 'sed', 'gawk', 'tar', 'gzip', 'xz-utils', 'zstd', 'bzip2', 'make'],
  ...[
    'diffutils',
    'perl',
    'lua5.4',
    'sqlite3',
    'git',
    'vim',
    'less',
    'openssl',
    'redis-server',
    'redis-tools',
    'file',
    'bc',
    'libc-bin',
    'base-files',
    'ncurses-base',
    'tzdata',
  ],
];
/** What no program needs to run. */
const LEFT_OUT = /^\/usr\/share\/(doc|man|locale|info|lintian|bug)\//;
/** Files that maintainer scripts and ldconfig made. */
const MADE = ['/bin', '/sbin', '/lib', '/lib64', '/tmp', '/root', '/proc', '/dev', '/sys'].concat(
  ['passwd', 'group', 'nsswitch.conf', 'ld.so.cache', 'shells'].map((name) => `/etc/${name}`),
);

interface Package {
  readonly version: string;
  readonly depends: readonly string[];
  readonly provides: readonly string[];
}

/** Why the tar cannot be built here. */
export function whyNotRoot(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(STATUS)) return 'needs Debian on x86-64';
  const installed = readPackages();
  const missing = PACKAGES.find((name) => !installed.has(name));
  return missing === undefined ? undefined : `needs the package ${missing}`;
}

/** The path of the tar, built unless that was done for the same versions. */
export function debianRoot(): string {
  const packages = closure(readPackages(), PACKAGES);
  const key = createHash('sha256')
    .update(`${[...packages].map(([name, { version }]) => `${name} ${version}`).sort()}`)
    .digest('hex')
    .slice(0, 16);
  const path = join(cache, `${key}.tar`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const partial = `${path}.${process.pid}`;
  const { status, stderr } = spawnSync('tar', ['--no-recursion', '--sort=name', '-C', '/', '-cf', partial, '-T', '-'], {
    input: files([...packages.keys()])
      .map((file) => `.${file}\n`)
      .join(''),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  renameSync(partial, path);
  return path;
}

function files(packages: readonly string[]): string[] {
  const listed = execFileSync('dpkg-query', ['-L', ...packages], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  const found = new Set([...MADE, ...listed.filter((file) => file.startsWith('/') && file !== '/.'), ...alternatives()]);
  return [...found].filter((file) => !LEFT_OUT.test(file) && lstatSync(file, { throwIfNoEntry: false })).sort();
}

/** Links of update-alternatives: those in /etc and those that lead there. */
function alternatives(): string[] {
  const inEtc = readdirSync('/etc/alternatives').map((name) => `/etc/alternatives/${name}`);
  const leading = readdirSync('/usr/bin')
    .map((name) => `/usr/bin/${name}`)
    .filter((path) => lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith('/etc/alternatives/'));
  return [...inEtc, ...leading];
}

function readPackages(): Map<string, Package> {
  const found = new Map<string, Package>();
  for (const text of readFileSync(STATUS, 'utf8').split('\n\n')) {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    if (field('Status') !== 'install ok installed') continue;
    const names = (list: string): string[] =>
      list
        .split(',')
        .map((entry) => /^[^ (:|]+/.exec(entry.trim())?.[0] ?? '')
        .filter(Boolean);
    found.set(field('Package'), {
      version: field('Version'),
      depends: [...names(field('Depends')), ...names(field('Pre-Depends'))],
      provides: names(field('Provides')),
    });
  }
  return found;
}

/** The packages with all that they depend on; of alternatives the first, of virtual packages who provides them. */
function closure(installed: ReadonlyMap<string, Package>, names: readonly string[]): Map<string, Package> {
  const provider = new Map([...installed].flatMap(([name, { provides }]) => provides.map((each) => [each, name] as const)));
  const found = new Map<string, Package>();
  for (const todo = [...names]; todo.length > 0; ) {
    const name = todo.pop() ?? '';
    const actual = installed.has(name) ? name : (provider.get(name) ?? '');
    const it = installed.get(actual);
    if (!it || found.has(actual)) continue;
    found.set(actual, it);
    todo.push(...it.depends);
  }
  return found;
}
