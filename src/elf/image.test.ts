// Tests of the ELF reader: a good image, one message for each kind of damage, and seeded mutations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ElfError, elfBytes, type ElfImage, readElf } from './image.ts';
import { readSymbols, symbolAt } from './symbols.ts';

const X86_64 = 62;
const INTERP = '/lib64/ld-linux-x86-64.so.2\0';

interface Phdr {
  type: number;
  flags: number;
  offset: number;
  vaddr: number;
  filesz: number;
  memsz: number;
}

/** An ELF file with these program headers, 0x3000 bytes long. */
function build(phdrs: readonly Phdr[], type = 3): Uint8Array {
  const bytes = new Uint8Array(0x3000);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, type, true);
  view.setUint16(18, X86_64, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, 0x1040, true);
  view.setUint32(32, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, phdrs.length, true);
  phdrs.forEach((phdr, i) => {
    const at = 64 + 56 * i;
    view.setUint32(at, phdr.type, true);
    view.setUint32(at + 4, phdr.flags, true);
    view.setBigUint64(at + 8, BigInt(phdr.offset), true);
    view.setBigUint64(at + 16, BigInt(phdr.vaddr), true);
    view.setBigUint64(at + 32, BigInt(phdr.filesz), true);
    view.setBigUint64(at + 40, BigInt(phdr.memsz), true);
    view.setBigUint64(at + 48, 0x1000n, true);
  });
  for (let i = 0; i < INTERP.length; i++) bytes[0x400 + i] = INTERP.charCodeAt(i);
  return bytes;
}

const TEXT: Phdr = { type: 1, flags: 5, offset: 0, vaddr: 0, filesz: 0x1800, memsz: 0x1800 };
const DATA: Phdr = { type: 1, flags: 6, offset: 0x1800, vaddr: 0x2800, filesz: 0x800, memsz: 0x2000 };
const PT_INTERP: Phdr = { type: 3, flags: 4, offset: 0x400, vaddr: 0x400, filesz: INTERP.length, memsz: INTERP.length };
const STACK: Phdr = { type: 0x6474e551, flags: 6, offset: 0, vaddr: 0, filesz: 0, memsz: 0 };
const good = () => build([PT_INTERP, TEXT, DATA, STACK]);

const parse = (bytes: Uint8Array): ElfImage => readElf(elfBytes(bytes), X86_64);
const message = (bytes: Uint8Array): string => {
  try {
    parse(bytes);
    return 'no error';
  } catch (error) {
    assert.ok(error instanceof ElfError, String(error));
    return error.message;
  }
};

test('a good image', () => {
  const image = parse(good());
  assert.equal(image.type, 'dyn');
  assert.equal(image.interp, '/lib64/ld-linux-x86-64.so.2');
  assert.equal(image.entry, 0x1040);
  assert.equal(image.phdr, 64);
  assert.equal(image.phnum, 4);
  assert.equal(image.stackFlags, 6);
  assert.deepEqual([image.start, image.end], [0, 0x4800]);
  assert.deepEqual(
    image.segments.map(({ vaddr, memsz }) => [vaddr, memsz]),
    [
      [0, 0x1800],
      [0x2800, 0x2000],
    ],
  );
});

const patched = (change: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
  const bytes = good();
  change(new DataView(bytes.buffer), bytes);
  return bytes;
};

const DAMAGE: readonly [what: string, bytes: () => Uint8Array, says: RegExp][] = [
  ['empty', () => new Uint8Array(0), /not an ELF/],
  ['text', () => Uint8Array.from([104, 105, 10, 10]), /not an ELF/],
  ['truncated header', () => good().subarray(0, 40), /truncated ELF header: 40 of 64 bytes/],
  ['truncated program headers', () => good().subarray(0, 100), /truncated ELF: 4 program headers end at byte 288 of 100/],
  ['truncated segment', () => good().subarray(0, 0x1900), /segment 2 ends at byte 8192 of a file of 6400/],
  [
    '32-bit',
    () =>
      patched((view, bytes) => {
        bytes[4] = 1;
        view.setUint16(18, 3, true);
      }),
    /32-bit ELF \(ELFCLASS32\) for i386/,
  ],
  [
    'unknown class',
    () =>
      patched((_, bytes) => {
        bytes[4] = 9;
      }),
    /class 9/,
  ],
  [
    'big-endian',
    () =>
      patched((view, bytes) => {
        bytes[5] = 2;
        view.setUint16(18, 22, false);
      }),
    /big-endian ELF for S\/390/,
  ],
  ['AArch64', () => patched((view) => view.setUint16(18, 183, true)), /ELF for AArch64; this machine is x86-64/],
  ['relocatable', () => patched((view) => view.setUint16(16, 1, true)), /relocatable object/],
  ['core', () => patched((view) => view.setUint16(16, 4, true)), /core file/],
  ['type 9', () => patched((view) => view.setUint16(16, 9, true)), /unknown type 9/],
  ['no program headers', () => patched((view) => view.setUint16(56, 0, true)), /without program headers/],
  ['e_phnum', () => patched((view) => view.setUint16(56, 0xffff, true)), /65535 program headers/],
  ['e_phentsize', () => patched((view) => view.setUint16(54, 57, true)), /57 bytes \(e_phentsize\)/],
  ['e_phoff', () => patched((view) => view.setBigUint64(32, 1n << 60n, true)), /truncated ELF: program headers at byte/],
  ['no PT_LOAD', () => build([STACK]), /without a PT_LOAD/],
  ['p_filesz > p_memsz', () => build([{ ...TEXT, memsz: 16 }]), /segment 0 has more bytes in the file/],
  ['2^60', () => build([{ ...TEXT, memsz: 2 ** 60 }]), /segment 0 is too large/],
  ['wrapping', () => build([{ ...TEXT, vaddr: 2 ** 64 - 4096 }]), /wraps around/],
  ['high address', () => build([{ ...TEXT, vaddr: 2 ** 46 }]), /unusable address 0x400000000000/],
  ['overlap', () => build([TEXT, { ...DATA, vaddr: 0x800, offset: 0x800 }]), /overlap at 0x800/],
  ['descending', () => build([DATA, TEXT]), /not in ascending order/],
  ['misaligned', () => build([{ ...TEXT, vaddr: 0x10 }]), /differ within a page/],
  ['entry', () => patched((view) => view.setBigUint64(24, 1n << 40n, true)), /entry point/],
  ['interpreter too long', () => build([{ ...PT_INTERP, filesz: 5000 }, TEXT]), /PT_INTERP\) has 5000 bytes/],
  ['interpreter past the end', () => build([{ ...PT_INTERP, offset: 0x2ff0 }, TEXT]), /PT_INTERP\) lies past/],
  ['interpreter without NUL', () => build([{ ...PT_INTERP, filesz: 10 }, TEXT]), /does not end in NUL/],
];
for (const [what, bytes, says] of DAMAGE) test(`damage: ${what}`, () => assert.match(message(bytes()), says));

test('2,000 seeded mutations of the headers give an image or an ElfError', () => {
  let seed = 12345;
  const random = (bound: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % bound;
  };
  for (let i = 0; i < 2000; i++) {
    const bytes = good();
    for (let n = 1 + random(4); n > 0; n--) bytes[4 + random(64 + 4 * 56)] = random(3) === 0 ? 0xff : random(256);
    const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    try {
      const image = parse(cut);
      assert.ok(image.end <= 2 ** 32 && image.segments.length > 0);
    } catch (error) {
      assert.ok(error instanceof ElfError, `seed 12345, mutation ${i}: ${error}`);
    }
    readSymbols(elfBytes(cut));
  }
});

test('symbols of a file without tables are none; a look-up finds the one that contains the address', () => {
  assert.deepEqual(readSymbols(elfBytes(good())), []);
  const main = { name: 'main', value: 0x1000, size: 0x20, type: 2 };
  assert.equal(symbolAt([main], 0x1010), main);
  assert.equal(symbolAt([main], 0x1020), undefined);
});
