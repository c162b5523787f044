// Fetches packages that package-lock.json has for other platforms, as programs linked with musl are, into .cache/npm.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
/** The directory of each package is here, named like the package. */
export const npmPackages = join(root, '.cache/npm');

const pending = new Map<string, Promise<void>>();

/** Fetches a package in the version of package-lock.json, unless that was done. */
export function fetchPackage(name: string): Promise<void> {
  const result = pending.get(name) ?? fetchOnce(name);
  pending.set(name, result);
  return result;
}

async function fetchOnce(name: string): Promise<void> {
  const target = join(npmPackages, name);
  const version = lockedVersion(name);
  if (existsSync(target) && versionIn(target) === version) return;
  mkdirSync(dirname(target), { recursive: true });
  const partial = mkdtempSync(join(npmPackages, 'partial-'));
  try {
    const call = promisify(execFile);
    const { stdout } = await call('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', partial]);
    await call('tar', ['-xzf', join(partial, stdout.trim()), '-C', partial]);
    rmSync(target, { recursive: true, force: true });
    renameSync(join(partial, 'package'), target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

interface Versioned {
  readonly version: string;
}

function lockedVersion(name: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Versioned>;
  };
  const entry = packages[`node_modules/${name}`];
  if (!entry) throw new Error(`package-lock.json has no ${name}`);
  return entry.version;
}

const versionIn = (directory: string): string =>
  (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Versioned).version;
