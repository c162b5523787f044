// The shape of the source: who may import whom, and how long a file may be.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

/**
 * A part of the source is a folder or a file, and owns what no longer entry here owns. It may import its own files and the
 * parts listed; `type X` stands for types of X alone.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/lib': [],
  'src/abi': ['src/lib'],
  'src/elf': ['src/lib'],
  'src/memory': ['src/lib'],
  'src/ir': ['src/lib'],
  'src/arch': ['src/ir', 'src/memory', 'src/abi', 'src/lib'],
  'src/exec': ['src/ir', 'src/memory', 'src/lib', 'type src/arch/arch.ts'],
  'src/debug/trace.ts': ['src/lib'],
  'src/debug': ['src/kernel', 'src/elf', 'src/lib', 'type src/arch'],
  'src/kernel': [
    'src/abi',
    'src/elf',
    'src/memory',
    'src/lib',
    'src/debug/trace.ts',
    'type src/arch/arch.ts',
    'type src/host/host.ts',
  ],
  'src/image': ['src/elf', 'src/abi', 'src/lib', 'type src/kernel/fs'],
  'src/linker': ['src/elf', 'src/abi', 'src/memory', 'src/lib'],
  'src/host': ['src/lib'],
  // The composition root and the public API, which is made of it.
  src: [
    'src/lib',
    'src/abi',
    'src/elf',
    'src/memory',
    'src/ir',
    'src/arch',
    'src/exec',
    'src/debug',
    'src/debug/trace.ts',
    'src/kernel',
    'src/image',
    'src/linker',
    'src/host',
  ],
  'src/host/node': ['src/host', 'src/lib'],
  'src/host/browser': ['src/host', 'src/lib'],
  cli: [
    'src',
    'src/lib',
    'src/abi',
    'src/elf',
    'src/kernel',
    'src/image',
    'src/host',
    'src/host/node',
    'src/arch/arch.ts',
    'type src/arch',
    'src/debug/trace.ts',
  ],
  web: ['src', 'src/lib', 'src/host', 'src/host/browser', 'type src/arch'],
  tools: [
    'src',
    'src/lib',
    'src/abi',
    'src/elf',
    'src/memory',
    'src/ir',
    'src/arch',
    'src/exec',
    'src/kernel',
    'src/image',
    'cli',
  ],
};

/** What single files may import besides, with the reason. */
const EXCEPTIONS: readonly (readonly [from: string, to: string])[] = [
  // A host's error is told from others by its class.
  ['src/kernel/fs/host.ts', 'src/host/host.ts'],
  // The decoder and the rows address the state that the interpreter keeps in memory.
  ['src/arch/x64', 'src/exec/layout.ts'],
];

/** Tables of one row a line, which may be longer than other files. */
const TABLES: ReadonlySet<string> = new Set([]);
const MOST_LINES = 600;

const files = globSync('{src,cli,web,tools,test,bench}/**/*.ts', { cwd: root }).sort();
const parts = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const isIn = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`);
const partOf = (path: string): string | undefined => parts.find((part) => isIn(path, part));

interface Import {
  readonly target: string;
  readonly isType: boolean;
}

/** Imports of files, and the names of packages. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const [, statement = '', what = '', specifier = ''] of text.matchAll(
    /^((?:import|export)\s+(type\s)?[^'";]*?from\s+|import\s+)'([^']+)'/gm,
  )) {
    found.push({ target: resolve(file, specifier), isType: what !== '' || isOnlyTypes(statement) });
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\('([^']+)'\)/g))
    found.push({ target: resolve(file, specifier), isType: false });
  return found;
}

const resolve = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? relative('.', join(dirname(file), specifier)) : specifier;

/** `import { type A, type B } from`. */
function isOnlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '));
}

function refusal(file: string, { target, isType }: Import): string | undefined {
  const part = partOf(file);
  if (part === undefined) return undefined;
  if (!target.includes('/') || !/^(src|cli|web|tools|test|bench)\//.test(target)) {
    const isFree = part === 'src/host/node' || part === 'cli' || part === 'tools';
    return isFree ? undefined : `${file} imports ${target}: the core has no dependencies`;
  }
  const other = partOf(target);
  if (other === part) return undefined;
  const allowed = (MAY_IMPORT[part] ?? []).some((entry) => {
    const name = entry.replace(/^type /, '');
    return (isType || name === entry) && (name === other || isIn(target, name));
  });
  const isException = EXCEPTIONS.some(([from, to]) => isIn(file, from) && target === to);
  return allowed || isException ? undefined : `${file} imports ${isType ? 'types of ' : ''}${target}`;
}

test('imports keep to the table', () => {
  const refusals = files
    .filter((file) => !isTest(file))
    .flatMap((file) => importsOf(file).flatMap((each) => refusal(file, each) ?? []));
  assert.deepEqual(refusals, []);
});

test('the table sees what it refuses', () => {
  assert.match(
    refusal('src/kernel/fd.ts', { target: 'src/exec/layout.ts', isType: true }) ?? '',
    /imports types of src\/exec\/layout.ts/,
  );
  assert.match(refusal('src/kernel/fd.ts', { target: 'src/arch/arch.ts', isType: false }) ?? '', /imports src\/arch\/arch.ts/);
  assert.match(refusal('src/lib/bits.ts', { target: 'node:fs', isType: false }) ?? '', /no dependencies/);
  assert.equal(refusal('src/kernel/fd.ts', { target: 'src/arch/arch.ts', isType: true }), undefined);
});

/** A file and all that it imports, directly or not; types apart. */
function reached(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { target, isType } of importsOf(file)) if (!isType && target.endsWith('.ts')) reached(target, found);
  return found;
}

test('what a start does not need is not loaded by it', () => {
  const rests = ['cli/rest.ts', 'src/rest.ts', 'src/kernel/rest.ts'];
  const later = rests.flatMap((file) => importsOf(file).map(({ target }) => target));
  assert.ok(later.includes('src/kernel/syscalls/table.ts'));
  const start = reached('cli/main.ts');
  assert.ok(start.has('src/kernel/syscalls/start.ts'));
  assert.deepEqual(
    [...rests, ...later].filter((file) => start.has(file)),
    [],
  );
});

test('files are short enough to read', () => {
  const long = files
    .filter((file) => !TABLES.has(file))
    .flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1;
      return lines > MOST_LINES ? [`${file}: ${lines} lines`] : [];
    });
  assert.deepEqual(long, []);
});

test('a file begins with what it is', () => {
  const silent = files.filter(
    (file) => !file.endsWith('.test.ts') && !/^(#!.*\n)?(\/\/|\/\*\*?) ?\S/.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(silent, []);
});

/** Unit tests and their scripted kernel may use anything. */
function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file === 'src/kernel/testing.ts';
}
