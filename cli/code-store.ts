// `--code-cache DIR`: compiled regions in files, for later runs. A file that is damaged, of another elfin or another CPU is
// as good as none; several elfins may use one directory at once.
//
//   DIR/h/BUILD-CONFIGURATION-HASH.code    h: the first digit of the hash
//     SHA-256 of all that follows and of the file's name | region (exec/stored-template.ts)

import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CodeStore, RegionTemplate } from '../src/exec/code-cache.ts';
import { decodeTemplate, encodeTemplate } from '../src/exec/stored-template.ts';
import { type ByteString, printable } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { VERSION } from './version.ts';

/** Bytes of files, by default. */
const LIMIT = 256 << 20;
/** What stays when the oldest files of a part of the directory go. */
const KEPT = 0.75;
const PARTS = '0123456789abcdef';
const DIGEST = 32;
/** Of the hash at the end of a key. */
const DIGITS = 16;
/** Written or read by others meanwhile, out of room, or without permission. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(
  'ENOENT EEXIST ENOTDIR EACCES EPERM EROFS ENOSPC EDQUOT EIO'.split(' '),
);

export interface FileStoreOptions {
  readonly limit?: number | undefined;
  /** Takes a line for people: why nothing is kept. */
  readonly diagnostic: (line: string) => void;
  /** What compiles: files of others are not taken. */
  readonly build?: string;
}

export class FileStore implements CodeStore {
  readonly #directory: string;
  readonly #limit: number;
  readonly #build: string;
  readonly #diagnostic: (line: string) => void;
  /** By part: names of files. */
  readonly #names = new Map<string, Set<string>>();
  /** By part that was written to: about how many bytes are in it. */
  readonly #sizes = new Map<string, number>();
  #isWritable = true;
  #written = 0;

  /** Makes the directory if need be; throws UsageError where it cannot be used, or others may write to it. */
  constructor(directory: ByteString, { limit = LIMIT, diagnostic, build = buildOf() }: FileStoreOptions) {
    this.#directory = Buffer.from(directory, 'latin1').toString();
    this.#limit = limit / PARTS.length;
    this.#build = build;
    const refuse = (cause: string): never => {
      throw new UsageError(`--code-cache ${printable(directory)}: ${cause}`);
    };
    this.#diagnostic = (cause) => diagnostic(`elfin: --code-cache ${printable(directory)}: ${cause}; nothing more is kept there`);
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const { uid, mode } = statSync(this.#directory);
      // Who can write there decides what runs here.
      if (mode & 0o002) refuse('everybody may write to it');
      if (uid !== 0 && uid !== process.getuid?.()) refuse('it belongs to another user');
      readdirSync(this.#directory);
    } catch (error) {
      refuse(error instanceof UsageError ? error.message.replace(/^.*?: /, '') : (error as Error).message);
    }
    try {
      accessSync(this.#directory, constants.W_OK);
    } catch (error) {
      this.#refuse(error);
    }
  }

  hasCode(): boolean {
    return [...PARTS].some((part) => this.#namesOf(part).size > 0);
  }
  has(key: string): boolean {
    return this.#namesOf(partOf(key)).has(this.#nameOf(key));
  }

  load(key: string): RegionTemplate | undefined {
    const name = this.#nameOf(key);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(readFileSync(join(this.#directory, partOf(key), name)));
    } catch {
      this.#namesOf(partOf(key)).delete(name);
      return undefined;
    }
    const content = bytes.slice(DIGEST);
    const template = digestOf(name, content).equals(bytes.subarray(0, DIGEST)) ? decodeTemplate(content) : undefined;
    // It is compiled and written again.
    if (!template) this.#namesOf(partOf(key)).delete(name);
    return template;
  }

  save(key: string, region: RegionTemplate): void {
    const name = this.#nameOf(key),
      part = partOf(key);
    if (!this.#isWritable) return;
    const content = encodeTemplate(region);
    const directory = join(this.#directory, part);
    const path = join(directory, name);
    const temporary = `${path}.${process.pid}.${this.#written++}`;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      // Whole under its name, or not there; what is left of a write that fails goes with the oldest files.
      writeFileSync(temporary, Buffer.concat([digestOf(name, content), content]), { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
      this.#namesOf(part).add(name);
      const size = (this.#sizes.get(part) ?? sizeOf(directory)) + DIGEST + content.length;
      this.#sizes.set(part, size > this.#limit ? this.#evict(directory) : size);
    } catch (error) {
      this.#refuse(error);
    }
  }
  #refuse(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!REFUSALS.has(code)) throw error;
    this.#isWritable = false;
    this.#diagnostic(message);
  }

  /** The oldest files go, what was left of broken writes among them. Returns the bytes that stay. */
  #evict(directory: string): number {
    const files = filesOf(directory).sort((a, b) => b.mtimeMs - a.mtimeMs);
    let kept = 0;
    for (const { path, size } of files) {
      if (kept + size <= KEPT * this.#limit) kept += size;
      else rmSync(path, { force: true });
    }
    return kept;
  }

  #nameOf(key: string): string {
    return `${this.#build}-${key.replaceAll('/', '-')}.code`;
  }
  #namesOf(part: string): Set<string> {
    let names = this.#names.get(part);
    if (!names) {
      const here = (name: string): boolean => name.startsWith(this.#build) && name.endsWith('.code');
      this.#names.set(part, (names = new Set(list(join(this.#directory, part)).filter(here))));
    }
    return names;
  }
}

const partOf = (key: string): string => key.at(-DIGITS) ?? '';

const digestOf = (name: string, content: Uint8Array): Buffer => createHash('sha256').update(name).update(content).digest();

/** The compiler, as bytes. */
function buildOf(): string {
  const compiler = readFileSync(join(import.meta.dirname, '../dist/elfin-compiler.cjs'));
  return createHash('sha256').update(VERSION).update(compiler).digest('hex').slice(0, DIGITS);
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Others may remove files meanwhile. */
function filesOf(directory: string): { readonly path: string; readonly size: number; readonly mtimeMs: number }[] {
  return list(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? [{ path, size: stat.size, mtimeMs: stat.mtimeMs }] : [];
  });
}

const sizeOf = (directory: string): number => filesOf(directory).reduce((sum, { size }) => sum + size, 0);
