// The decoder on single instructions: bytes to text, operations and lengths, fetch limits, refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FETCH_LIMIT } from '../../src/exec/layout.ts';
import { Decoder } from './decoder.ts';

const decoder = new Decoder();
const bytesOf = (hex: string): number[] => (hex.replaceAll(' ', '').match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
const RIP = 0x401000;

/** Bytes and text, as objdump writes it. */
const texts: Readonly<Record<string, string>> = {
  '01 d8': 'add    eax,ebx',
  '03 c3': 'add    eax,ebx',
  '66 01 d8': 'add    ax,bx',
  '48 89 c3': 'mov    rbx,rax',
  '66 48 89 c3': 'mov    rbx,rax',
  '48 66 89 c3': 'mov    bx,ax',
  '88 e0': 'mov    al,ah',
  '40 88 e0': 'mov    al,spl',
  '45 88 f9': 'mov    r9b,r15b',
  '48 8b 44 24 08': 'mov    rax,QWORD PTR [rsp+0x8]',
  '4a 8b 04 e8': 'mov    rax,QWORD PTR [rax+r13*8]',
  '4b 8d 04 e9': 'lea    rax,[r9+r13*8]',
  '48 8b 04 cd 10 00 00 00': 'mov    rax,QWORD PTR [rcx*8+0x10]',
  '49 8b 45 00': 'mov    rax,QWORD PTR [r13]',
  '49 8b 04 24': 'mov    rax,QWORD PTR [r12]',
  '8b 05 10 00 00 00': 'mov    eax,DWORD PTR [rip+0x10]        # 401016',
  'c7 05 10 00 00 00 78 56 34 12': 'mov    DWORD PTR [rip+0x10],0x12345678        # 40101a',
  '64 48 8b 04 25 28 00 00 00': 'mov    rax,QWORD PTR fs:0x28',
  '64 48 8b 03': 'mov    rax,QWORD PTR fs:[rbx]',
  '64 48 8b 44 43 10': 'mov    rax,QWORD PTR fs:[rbx+rax*2+0x10]',
  '64 48 8b 04 c5 10 05 00 00': 'mov    rax,QWORD PTR fs:[rax*8+0x510]',
  '64 48 8d 03': 'lea    rax,[rbx]',
  '67 8b 03': 'mov    eax,DWORD PTR [ebx]',
  '67 48 8d 04 03': 'lea    rax,[ebx+eax*1]',
  'a1 11 22 33 44 00 00 00 00': 'mov    eax,DWORD PTR [rip+0x43f31208]        # 44332211',
  'a1 11 22 33 44 55 66 77 88': 'mov    eax,DWORD PTR ds:0x8877665544332211',
  'f0 48 0f b1 0b': 'cmpxchg QWORD PTR [rbx],rcx',
  'e8 10 00 00 00': 'call   401015',
  '75 fe': 'jne    401000',
  '66 b8 34 12': 'mov    ax,0x1234',
  '48 b8 ef cd ab 89 67 45 23 01': 'mov    rax,0x123456789abcdef',
  '48 c7 c0 ff ff ff ff': 'mov    rax,0xffffffffffffffff',
  '66 83 c0 ff': 'add    ax,0xffff',
  '83 c0 ff': 'add    eax,0xffffffff',
  '6a 80': 'push   0xffffffffffffff80',
  '66 f2 dd 33': 'fnsave [rbx]',
  'f3 48 a5': 'rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi]',
  '64 f3 a4': 'rep movs BYTE PTR es:[rdi],BYTE PTR fs:[rsi]',
  '0f be c0': 'movsx  eax,al',
  '48 63 c2': 'movsxd rax,edx',
  '48 98': 'cdqe',
  '98': 'cwde',
  '90': 'nop',
  '49 90': 'xchg   r8,rax',
  'f3 90': 'pause',
  'f3 0f 1e fa': 'endbr64',
  'f3 0f bc c1': 'tzcnt  eax,ecx',
  'f3 0f bd c1': 'bsr    eax,ecx',
  'd3 e0': 'shl    eax,cl',
  '66 0f 6f c1': 'movdqa xmm0,xmm1',
  'f3 44 0f 6f 38': 'movdqu xmm15,XMMWORD PTR [rax]',
  'f2 0f 58 c1': 'addsd  xmm0,xmm1',
  '66 48 0f 6e c0': 'movq   xmm0,rax',
  'd9 c9': 'fxch   st(1)',
  '0f 05': 'syscall',
  '64 48 8b 04 64': 'mov    rax,QWORD PTR fs:[rsp]',
  'e9 00 00 00 80': 'jmp    ffffffff80401005',
  '67 a4': 'movs   BYTE PTR es:[edi],BYTE PTR ds:[esi]',
  '67 e3 fd': 'jecxz  401000',
  '67 a1 11 22 33 44': 'mov    eax,DWORD PTR [rip+0x43f3120b]        # 44332211',
};
for (const [hex, text] of Object.entries(texts)) {
  test(`${hex}: ${text}`, () => {
    const { text: got, length } = decoder.decode(bytesOf(hex), RIP);
    assert.equal(got, text);
    assert.equal(length, bytesOf(hex).length);
  });
}

const refused: Readonly<Record<string, string>> = {
  '06': '(bad)',
  'f0 01 d8': '(bad)',
  'f0 8b 03': '(bad)',
  'f0 12 03': '(bad)',
  '0f 04': '(bad)',
  '62 f1 7c 48 10 00': 'AVX-512 (not available)',
  'c5 fd ef c0': 'vpxor (not available)',
  '66 c5 f9 ef c0': '(bad)',
  '48 c5 f9 ef c0': '(bad)',
  'c4 e4 79 ef c0': '(bad)',
  '66 0f 38 dc c1': 'aesenc (not available)',
  'f3 0f b8 c1': 'popcnt (not available)',
  '66 66 66 66 66 66 66 66 66 66 66 66 66 66 89 c3': '(bad)',
};
for (const [hex, text] of Object.entries(refused)) {
  test(`${hex} is refused: ${text}`, () => assert.equal(decoder.decode(bytesOf(hex), RIP).text, text));
}

test('what has no rows has its length', () => {
  const length = (hex: string): number => decoder.decode(bytesOf(hex), RIP).length;
  for (const hex of [
    '62 f1 7d 48 6f 40 01',
    '62 f1 7d 48 70 c1 0e',
    '62 f3 75 48 25 c2 ff',
    '8f e8 78 c2 ec 0e',
    '8f e9 78 90 c1',
  ])
    assert.equal(length(hex), bytesOf(hex).length, hex);
  assert.equal(decoder.decode(bytesOf('8f e8 78 c2 ec 0e'), RIP).text, 'XOP (not available)');
  assert.equal(decoder.decode(bytesOf('8f 00'), RIP).text, 'pop    QWORD PTR [rax]');
});

test('forms are shared by encodings that differ only in the operands’ places', () => {
  const key = (hex: string): string => decoder.decode(bytesOf(hex)).keys.join();
  assert.equal(key('01 d8'), key('03 c3'));
  assert.equal(key('05 01 00 00 00'), key('81 c3 01 00 00 00'));
  assert.equal(key('d1 e0'), key('c1 e0 03'));
});

test('an indexed address without a form of its own takes a micro-operation', () => {
  assert.deepEqual(decoder.decode(bytesOf('f0 0f b0 0c 03')).keys, ['.lea r64 x', 'cmpxchg m8 r8']);
  assert.deepEqual(decoder.decode(bytesOf('0f 1f 44 00 00')).keys, ['nop m32']);
});

test('the next page is asked for only by an instruction that reaches it', () => {
  const asked: number[] = [];
  decoder.fetch = (page) => {
    asked.push(page);
    return true;
  };
  const at = (hex: string, distance: number) => {
    const end = 0x403000;
    decoder.bytes.fill(0, end - 16, end + 16);
    decoder.bytes.set(bytesOf(hex), end - distance);
    decoder.view.setUint32(FETCH_LIMIT, end, true);
    asked.length = 0;
    return decoder.at(end - distance);
  };
  assert.equal(at('48 89 c3', 3).text, 'mov    rbx,rax');
  assert.deepEqual(asked, []);
  assert.equal(at('48 89 c3', 2).text, 'mov    rbx,rax');
  assert.deepEqual(asked, [0x403]);
  assert.equal(at('e8 01 00 00 00', 1).text, 'call   403005');
  assert.deepEqual(asked, [0x403]);

  decoder.fetch = () => false;
  assert.deepEqual(at('c3', 1).keys, ['ret']);
  assert.deepEqual(at('e8 01 00 00 00', 1).keys, ['.fetch imm64']);
  decoder.fetch = () => true;
});
