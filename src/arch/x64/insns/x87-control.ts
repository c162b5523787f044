// x87 control rows: control and status word, environment, whole state, stack pointer, tags, wait.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { C1, Class, classOf } from '../f80-parts.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { FCW, FDP, FIP, FOP, FSW, FTW, X87 } from '../regs.ts';
import { wait, waiting } from './x87-operands.ts';
import { control, mantissaOf, physical, setStatus, setTop, signExponentOf, status, topOf } from './x87-state.ts';

/** FCW after fninit: all masked, 64 bits, to nearest (Intel SDM volume 1, 8.1.5). */
const INITIAL_CONTROL = 0x37f;
/** Bits of FCW that can be written; bit 6 reads as 1. */
const CONTROL_BITS = 0x1f3f;

/** The environment in memory, 32-bit and 16-bit format (Intel SDM volume 1, 8.1.10): bytes of a field, bytes in all. */
interface Layout {
  readonly step: 4 | 2;
  readonly bytes: 28 | 14;
}
const WIDE: Layout = { step: 4, bytes: 28 },
  NARROW: Layout = { step: 2, bytes: 14 };
/** The operand size chooses. */
const layoutOf = (area: Operand): Layout => (area.bits === 16 ? NARROW : WIDE);

export const controlFunctions: readonly FunctionDefinition[] = [
  defineFunction('x87.init', [], [], (b) => {
    b.store('i32.store', 0, INITIAL_CONTROL, FCW);
    b.store('i32.store', 0, 0, FSW);
    b.store('i32.store', 0, 0, FTW);
    b.store('i32.store', 0, 0, FOP);
    b.store('i64.store', 0, 0, FIP);
    b.store('i64.store', 0, 0, FDP);
  }),
  defineFunction('x87.setControl', ['i32'], [], (b, word) => {
    b.store('i32.store', 0, b.or(b.and(word, CONTROL_BITS), 0x40), FCW);
    b.call('x87.pending', []);
  }),
  /** The full tag word, two bits a physical register: 0 valid, 1 zero, 2 special, 3 empty. */
  defineFunction('x87.tags', [], ['i32'], (b) => {
    const tags = b.variable('i32', 0),
      register = b.variable('i32', 8);
    const full = b.load('i32.load', 0, FTW);
    b.loop((loop) => {
      b.if(b.eqz(register.get()), () => loop.break());
      const n = b.sub(register.get(), 1);
      register.set(n);
      const kind = classOf(b, mantissaOf(b, n), signExponentOf(b, n));
      const tag = b.select(b.eqz(kind), 0, b.select(b.eq(kind, Class.zero), 1, 2));
      tags.set(b.or(b.shl(tags.get(), 2), b.select(b.and(b.shrU(full, n), 1), tag, 3)));
    });
    b.return(tags.get());
  }),
  /** Control, status and tag word and pointers of an environment. */
  defineFunction('x87.setEnvironment', ['i32', 'i32', 'i32', 'i64', 'i64', 'i32'], [], (b, fcw, fsw, tags, fip, fdp, fop) => {
    const abridged = b.variable('i32', 0),
      register = b.variable('i32', 8);
    b.loop((loop) => {
      b.if(b.eqz(register.get()), () => loop.break());
      const n = b.sub(register.get(), 1);
      register.set(n);
      const tag = b.and(b.shrU(tags, b.shl(n, 1)), 3);
      abridged.set(b.or(b.shl(abridged.get(), 1), b.ne(tag, 3)));
    });
    b.store('i32.store', 0, abridged.get(), FTW);
    b.store('i32.store', 0, b.and(fsw, 0xffff), FSW);
    b.store('i64.store', 0, fip, FIP);
    b.store('i64.store', 0, fdp, FDP);
    b.store('i32.store', 0, fop, FOP);
    b.call('x87.setControl', [fcw]);
  }),
  /** Fills ST(i) without touching tags. */
  defineFunction('x87.setRegister', ['i32', 'i64', 'i32'], [], (b, i, mantissa, signExponent) => {
    const slot = b.shl(physical(b, i), 4);
    b.store('i64.store', slot, mantissa, X87);
    b.store('i32.store16', slot, signExponent, X87 + 8);
  }),
];

function storeEnvironment(b: X64Builder, target: Operand, { step }: Layout): void {
  const field = (n: number, value: Value): void => target.setPart(step === 4 ? 'i32.store' : 'i32.store16', n * step, value);
  // The upper halves of the reserved fields are stored as ones.
  const word = (n: number, value: Value): void => field(n, step === 4 ? b.or(value, -0x10000) : value);
  const ip = b.load('i32.load', 0, FIP),
    dp = b.load('i32.load', 0, FDP),
    opcode = b.load('i32.load', 0, FOP);
  word(0, control(b));
  word(1, status(b));
  word(2, b.call('x87.tags', [], ['i32'])[0] as Value);
  field(3, ip);
  field(4, step === 4 ? b.shl(opcode, 16) : b.and(b.shrU(ip, 4), 0xf000));
  field(5, dp);
  word(6, step === 4 ? b.i32(0) : b.and(b.shrU(dp, 4), 0xf000));
}

function loadEnvironment(b: X64Builder, source: Operand, { step }: Layout): Value[] {
  const field = (n: number): Value => source.part(step === 4 ? 'i32.load' : 'i32.load16_u', n * step);
  const fields = [0, 1, 2, 3, 4, 5].map(field) as [Value, Value, Value, Value, Value, Value];
  const [fcw, fsw, tags, fip, fop, fdp] = fields;
  return [fcw, fsw, tags, b.zext(fip), b.zext(fdp), step === 4 ? b.and(b.shrU(fop, 16), 0x7ff) : b.i32(0)];
}

/** Checks an area of at most two pages, a source by its first and last byte: there CPUs report the fault. */
function probe(b: X64Builder, area: Operand, bytes: number, isWrite: boolean): void {
  if (isWrite) return b.guestProbe(area.address(), bytes, true);
  b.guestProbe(area.address(), 1, false);
  b.guestProbe(b.add(area.address(), bytes - 1), 1, false);
}

function saveEnvironment(b: X64Builder, target?: Operand): void {
  const to = target as Operand;
  const layout = layoutOf(to);
  probe(b, to, layout.bytes, true);
  storeEnvironment(b, to, layout);
  // All exceptions are masked afterwards (Intel SDM volume 2, FSTENV).
  b.store('i32.store', 0, b.or(control(b), 0x3f), FCW);
  b.call('x87.pending', []);
}
const restoreEnvironment = waiting((b, source) => {
  const from = source as Operand;
  const layout = layoutOf(from);
  probe(b, from, layout.bytes, false);
  b.call('x87.setEnvironment', loadEnvironment(b, from, layout));
});

function save(b: X64Builder, target?: Operand): void {
  const to = target as Operand;
  const layout = layoutOf(to);
  probe(b, to, layout.bytes + 80, true);
  storeEnvironment(b, to, layout);
  for (let i = 0; i < 8; i++) {
    const register = physical(b, i);
    to.setPart('i64.store', layout.bytes + 10 * i, mantissaOf(b, register));
    to.setPart('i32.store16', layout.bytes + 10 * i + 8, signExponentOf(b, register));
  }
  b.call('x87.init', []);
}
const restore = waiting((b, source) => {
  const from = source as Operand;
  const layout = layoutOf(from);
  probe(b, from, layout.bytes + 80, false);
  const environment = loadEnvironment(b, from, layout);
  const registers = Array.from({ length: 8 }, (_, i) => [
    b.i32(i),
    from.part('i64.load', layout.bytes + 10 * i),
    from.part('i32.load16_u', layout.bytes + 10 * i + 8),
  ]);
  b.call('x87.setEnvironment', environment);
  for (const register of registers) b.call('x87.setRegister', register);
});

/** Rotates the stack without a pop or a push. */
const turn = (by: number): Row['build'] =>
  waiting((b) => {
    setTop(b, b.add(topOf(b, status(b)), by));
    setStatus(b, C1, 0);
  });

function free(b: X64Builder, operand: Operand): void {
  const mask = b.shl(1, physical(b, operand.number()));
  b.store('i32.store', 0, b.and(b.load('i32.load', 0, FTW), b.xor(mask, -1)), FTW);
  setStatus(b, C1, 0);
}

export const x87Control: readonly Row[] = [
  insn('fwait', { '9B': '' }, wait),
  insn('fnop', { 'D9 D0': '' }, wait),
  insn('fninit', { 'DB E3': '' }, (b) => void b.call('x87.init', [])),
  // Of the 8087 and the 287: nothing since.
  insn('fneni', { 'DB E0': '' }, () => {}),
  insn('fndisi', { 'DB E1': '' }, () => {}),
  insn('fnsetpm', { 'DB E4': '' }, () => {}),
  insn('fnclex', { 'DB E2': '' }, (b) => b.store('i32.store', 0, b.and(status(b), 0x7f00), FSW)),
  insn(
    'fldcw',
    { 'D9/5': 'Mw' },
    waiting((b, source) => void b.call('x87.setControl', [(source as Operand).get()])),
  ),
  insn('fnstcw', { 'D9/7': 'Mw' }, (b, target) => (target as Operand).set(control(b))),
  insn('fnstsw', { 'DD/7': 'Mw' }, (b, target) => (target as Operand).set(status(b))),
  insn('fnstsw', { 'DF E0': '' }, (b) => b.setGpr('rax', status(b), 16)),
  insn('fnstenv', { 'D9/6': 'Mz' }, saveEnvironment, { mnemonics: { 32: 'fnstenv' } }),
  insn('fldenv', { 'D9/4': 'Mz' }, restoreEnvironment, { mnemonics: { 32: 'fldenv' } }),
  insn('fnsave', { 'DD/6': 'Mz' }, save, { mnemonics: { 32: 'fnsave' } }),
  insn('frstor', { 'DD/4': 'Mz' }, restore, { mnemonics: { 32: 'frstor' } }),
  insn('fincstp', { 'D9 F7': '' }, turn(1)),
  insn('fdecstp', { 'D9 F6': '' }, turn(-1)),
  insn(
    'ffree',
    { 'DD C0+i': 'STi' },
    waiting((b, operand) => free(b, operand as Operand)),
  ),
  insn(
    'ffreep',
    { 'DF C0+i': 'STi' },
    waiting((b, operand) => {
      free(b, operand as Operand);
      b.call('x87.pop', []);
    }),
  ),
];
