// The main loop of the interpreter, and the run around it: hot handlers, the way into compiled code and back.

import { defineFunction } from '../../ir/function.ts';
import { RIP } from '../../ir/slots.ts';
import type { Value } from '../../ir/value.ts';
import {
  BUDGET,
  Exit,
  EXIT_REASON,
  FORM_COUNTS,
  Header,
  INSTRUCTIONS,
  Leave,
  Left,
  NESTED_STACK,
  Op,
  REGION_BUDGET,
  REGION_STACK,
} from '../layout.ts';
import { Emitter, Locals } from '../wasm/emit.ts';
import { Bytes, type ModuleWriter, type Signature, Wasm } from '../wasm/encode.ts';
import type { Handler } from './build.ts';
import { InterpreterLowering, lookUp, type MainLoop, pushIsReturned } from './lowering.ts';
import { COMING_BACK } from './trace.ts';

/** Compiled code: bytes of host stack left, guest address; returns where to go on, or a Leave. */
const REGION: Signature = { params: ['i32', 'i32'], results: ['i64'] };
/** Name and index of the table of compiled code. */
export const REGIONS = 'regions';
const REGIONS_TABLE = 1;
/** Host stack left, operation to begin at, is it nested in compiled code?; returns as compiled code does. */
export const INTERPRET: Signature = { params: ['i32', 'i32', 'i32'], results: ['i64'] };

/** A run at RIP: budget -> reason. Counts the instructions taken off by the loop and by rare handlers. */
export const run = defineFunction('run', ['i32'], ['i32'], (b, budget) => {
  for (const left of [BUDGET, REGION_BUDGET]) b.store('i32.store', 0, budget, left);
  b.store('i64.store', 0, -1n, NESTED_STACK);
  const first = b.call('trace.find', [b.load('i64.load', 0, RIP)], ['i32'])[0]!;
  b.call('interpret', [b.i32(REGION_STACK), first, b.i32(0)], ['i64']);
  const taken = (left: number): Value => b.sext(b.sub(budget, b.load('i32.load', 0, left)));
  const count = b.add(b.load('i64.load', 0, INSTRUCTIONS), b.add(taken(BUDGET), taken(REGION_BUDGET)));
  b.store('i64.store', 0, count, INSTRUCTIONS);
  b.return(b.load('i32.load', 0, EXIT_REASON));
});

/** What the loop has of the interpreter's parts (build.ts). */
interface MainLoopParts {
  readonly handlers: readonly Handler[];
  readonly hot: number;
  readonly stackPointer: number;
  readonly isCounting?: boolean;
}

function countHandler(e: Emitter, pc: number): void {
  const place = e.locals.keep('i32');
  e.get(pc);
  e.load('i32.load16_u', Op.handler);
  e.i32(2);
  e.op(0x74); // i32.shl
  e.tee(place);
  e.get(place);
  e.load('i32.load', FORM_COUNTS);
  e.i32(1);
  e.op(0x6a); // i32.add
  e.store('i32.store', FORM_COUNTS);
}

/**
 * interpret(host stack left, pc, is it nested?) -> where to go on. Local 3 is the budget left, 4 what is returned.
 *
 *   block returned
 *     block leave
 *       block fault
 *         loop enter: a trace begins; run compiled code until there is none
 *           loop next
 *             block hN .. block h0
 *               block rare
 *                 br_table on the operation's handler
 *               end rare: call the handler's function
 *             end h0 ... handler 0 ... end h1 ... handler 1 ...
 *       end fault: rip = the operation's
 *     end leave: the run is over, EXIT_REASON says why
 *   end returned
 *
 * Both loops begin at the top, and what is called stands there too, because the engine counts what its baseline code runs by the distance of each branch back
 * (src/arch/x64/hot.ts): with the beginning of traces at the end, a hello was optimised in vain for 60 ms.
 */
export function emitMain(module: ModuleWriter, parts: MainLoopParts, rareType: number): void {
  const code = new Bytes();
  const locals = new Locals(INTERPRET.params.length);
  const pc = 1;
  const budget = locals.keep('i32');
  const answer = locals.keep('i64');
  const isFirst = locals.keep('i32');
  const { stackPointer } = parts;
  const depths = { next: 0, enter: 0, fault: 0, leave: 0, returned: 0 };
  const at: MainLoop = { kind: 'hot', pc, budget, answer, stackPointer, branchOp: 0, isReturn: false, ...depths };
  const lowering = new InterpreterLowering(at);
  const e = new Emitter(code, locals, lowering, (name) => module.functionIndex(name));
  const hot = parts.handlers.slice(0, parts.hot);

  e.i32(0);
  e.load('i32.load', REGION_BUDGET);
  e.set(budget);
  e.get(IS_NESTED);
  e.op(0x45); // i32.eqz
  e.set(isFirst);
  e.open('block');
  at.returned = e.depth;
  e.open('block');
  at.leave = e.depth;
  e.open('block');
  at.fault = e.depth;
  e.open('loop');
  at.enter = e.depth;
  emitEnter(e, at, isFirst, module);
  e.open('loop');
  at.next = e.depth;
  for (let i = 0; i < hot.length; i++) e.open('block');
  e.open('block');
  if (parts.isCounting) countHandler(e, pc);
  e.get(pc);
  e.load('i32.load16_u', Op.handler);
  code.u8(Wasm.brTable);
  code.u32(hot.length);
  for (let i = 1; i <= hot.length; i++) code.u32(i);
  code.u32(0);
  e.end();
  e.get(pc);
  e.get(pc);
  e.load('i32.load16_u', Op.handler);
  e.i32(hot.length);
  e.op(0x6b); // i32.sub
  code.u8(Wasm.callIndirect);
  code.u32(rareType);
  code.u32(0);
  e.tee(pc);
  e.br(at.next, true);
  e.br(at.leave);
  for (const { statements, isJoined = false, isReturn = false } of hot) {
    e.end();
    locals.reset();
    at.branchOp = isJoined ? Op.bytes : 0;
    at.isReturn = isReturn;
    e.body(statements);
    lowering.next(e);
  }
  e.end();
  e.op(Wasm.unreachable);
  e.end();
  e.end();
  e.i32(0);
  e.get(pc);
  e.load('i64.load32_u', Op.rip);
  e.store('i64.store', RIP);
  e.end();
  e.i64(Leave.exit);
  e.set(answer);
  e.end();
  ifDropped(e);
  e.get(answer);
  e.i64(Leave.interpret);
  e.op(0x54); // i64.lt_u
  e.open('if');
  leaveByBudget(e, () => e.get(answer));
  e.i64(Leave.exit);
  e.set(answer);
  e.end();
  e.else();
  e.i32(0);
  e.get(budget);
  e.store('i32.store', REGION_BUDGET);
  e.end();
  e.get(answer);
  code.u8(Wasm.end);
  module.define('interpret', locals.types, code.take());
}

/** Parameters of 'interpret'. */
const STACK_LEFT = 0,
  IS_NESTED = 2;

/** Opens what is for a nested run during which code was dropped: the frames around it are to return (exec/regions.ts). */
function ifDropped(e: Emitter): void {
  e.i32(0);
  e.load('i32.load', REGION_BUDGET);
  e.i32(0);
  e.op(0x48); // i32.lt_s
  e.get(IS_NESTED);
  e.op(0x71); // i32.and
  e.open('if');
}

function countLeft(e: Emitter, at: number): void {
  e.i32(0);
  e.i32(0);
  e.load('i32.load', at);
  e.i32(1);
  e.op(0x6a); // i32.add
  e.store('i32.store', at);
}

/** Has the run be over because the time is up, at the address pushed. */
function leaveByBudget(e: Emitter, pushRip: () => void): void {
  countLeft(e, Left.budget);
  e.i32(0);
  pushRip();
  e.store('i64.store', RIP);
  e.i32(0);
  e.i32(Exit.budget);
  e.store('i32.store', EXIT_REASON);
}

/**
 * Where a trace begins, at pc: counts its heat, runs its compiled code, then goes on with the trace or leaves the run. The
 * trace at which the run begins, or compiled code asks for interpretation, is interpreted whatever its heat.
 */
function emitEnter(e: Emitter, at: MainLoop, isFirst: number, module: ModuleWriter): void {
  const { pc, budget, answer: next, leave } = at;
  const heat = e.locals.keep('i32');
  const region = e.locals.keep('i32');
  const header = (field: number): void => {
    e.get(pc);
    e.i32(Header.bytes - field);
    e.op(0x6b); // i32.sub
  };
  /** Opens what is for a trace with heat left: pushes where that is and how much. */
  const openIfHeated = (): void => {
    header(Header.heat);
    e.load('i32.load', 0);
    e.tee(heat);
    e.i32(1);
    e.op(0x4a); // i32.gt_s
    e.open('if');
    header(Header.heat);
    e.get(heat);
  };
  e.open('block');
  const begun = e.depth;
  e.get(isFirst);
  e.i32(0);
  e.set(isFirst);
  e.br(begun, true);
  e.open('loop');
  const check = e.depth;
  openIfHeated();
  e.i32(1);
  e.op(0x6b);
  e.store('i32.store', 0);
  e.br(begun);
  e.end();

  header(Header.region);
  e.load('i32.load', 0);
  e.tee(region);
  e.op(0x45); // i32.eqz
  e.open('if');
  e.get(pc);
  e.call('host.hot');
  e.br(check);
  e.end();

  ifDropped(e);
  leaveByBudget(e, () => {
    header(Header.rip);
    e.load('i64.load32_u', 0);
  });
  e.br(leave);
  e.end();
  e.i32(0);
  e.get(budget);
  e.store('i32.store', REGION_BUDGET);
  e.get(STACK_LEFT);
  header(Header.rip);
  e.load('i32.load', 0);
  e.get(region);
  e.code.u8(Wasm.callIndirect);
  e.code.u32(module.type(REGION));
  e.code.u32(REGIONS_TABLE);
  e.set(next);
  e.i32(0);
  e.load('i32.load', REGION_BUDGET);
  e.set(budget);

  e.get(next);
  e.i64(Leave.interpret);
  e.op(0x54); // i64.lt_u
  e.open('if');
  e.get(budget);
  e.i32(0);
  e.op(0x48); // i32.lt_s
  e.open('if');
  leaveByBudget(e, () => e.get(next));
  e.br(leave);
  e.end();
  pushIsReturned(e, at.stackPointer);
  // Back where it was entered, for want of host stack: frames must return.
  header(Header.rip);
  e.load('i64.load32_u', 0);
  e.get(next);
  e.op(0x51); // i64.eq
  e.get(IS_NESTED);
  e.op(0x71); // i32.and
  e.op(0x72); // i32.or
  e.br(at.returned, true);
  countLeft(e, Left.cold);
  lookUp(e, next);
  e.tee(pc);
  e.op(0x45); // i32.eqz
  e.br(leave, true);
  openIfHeated();
  e.i32(COMING_BACK);
  e.op(0x6b); // i32.sub
  e.i32(1);
  e.get(heat);
  e.i32(COMING_BACK);
  e.op(0x4a); // i32.gt_s
  e.op(Wasm.select);
  e.store('i32.store', 0);
  e.end();
  e.br(check);
  e.end();

  e.get(next);
  e.i64(Leave.interpret);
  e.op(0x52); // i64.ne
  e.open('if');
  countLeft(e, Left.exit);
  e.br(leave);
  e.end();
  countLeft(e, Left.interpret);
  e.i32(0);
  e.load('i64.load', RIP);
  e.call('trace.find');
  e.set(pc);
  e.end();
  e.end();
}
