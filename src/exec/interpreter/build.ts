// Assembles the interpreter module: main loop over the hot handlers, a function for each rare one, decoder and helpers.

import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import { Builder } from '../../ir/builder.ts';
import { RIP } from '../../ir/slots.ts';
import { calleesOf } from '../../ir/walk.ts';
import { Value, Variable, type Statement } from '../../ir/value.ts';
import {
  BUDGET,
  DECODER_TABLES,
  Exit,
  EXIT_REASON,
  FORM_COUNTS,
  Header,
  INSTRUCTIONS,
  Left,
  Leave,
  Op,
  LOOKUP,
  NESTED_STACK,
  REGION_BUDGET,
  REGION_STACK,
  STATE_PAGES,
} from '../layout.ts';
import { Emitter, type Lowering, Locals } from '../wasm/emit.ts';
import { Bytes, ModuleWriter, type Signature, Wasm } from '../wasm/encode.ts';
import { flagFunctions } from './flags.ts';
import { InterpreterLowering, lookUp, type MainLoop, pushIsReturned } from './lowering.ts';
import { memoryFunctions } from './memory.ts';
import { BRANCH, COMING_BACK, HandlerClass, type JointTables, traceFunctions } from './trace.ts';

/** The meaning of one form, ready to be emitted. */
export interface Handler {
  readonly key: string;
  readonly statements: readonly Statement[];
  /** The statements include the branch of the operation behind. */
  readonly isJoined?: boolean;
  /** Returns from a function. */
  readonly isReturn?: boolean;
}

export interface InterpreterParts {
  /** By handler number; the first `hot` go into the main loop. */
  readonly handlers: readonly Handler[];
  readonly hot: number;
  /** The decoder's tables, placed at DECODER_TABLES. */
  readonly tables: Uint8Array;
  /** The decoder ('decode.one') and what rows call. */
  readonly functions: readonly FunctionDefinition[];
  /** Handler numbers of pseudo operations. */
  readonly goto: number;
  readonly fetch: number;
  /** Slot of the stack pointer. */
  readonly stackPointer: number;
  /** Pairs of handlers that a third does in one go: a comparison, the conditional branch behind it, both. */
  readonly joints?: readonly { readonly first: number; readonly branch: number; readonly both: number }[];
  /** Count how often each handler runs, in FORM_COUNTS: for tools/hot-forms.ts. */
  readonly isCounting?: boolean;
}

/** The whole interpreter as one module. */
export function buildInterpreter(parts: InterpreterParts): Uint8Array {
  return startModule(
    parts,
    plan(parts, () => true),
  );
}

/**
 * The interpreter as two modules: one with all that the keys of `isStart` need, which the engine can compile while the
 * rest of the system starts, and one with the other handlers, which is instantiated when the first of them runs, or the
 * first of the functions that `isLate` names, which are there even if the first module calls them.
 */
export function buildSplitInterpreter(
  parts: InterpreterParts,
  isStart: (key: string) => boolean,
  isLate: (name: string) => boolean,
): { start: Uint8Array; rest: Uint8Array } {
  const planned = plan(parts, isStart, isLate);
  return { start: startModule(parts, planned), rest: restModule(parts, planned) };
}

/** Name of the table of rare handlers among the exports of the start module. */
const HANDLERS = 'handlers';
/** Exports that JavaScript calls. */
const ENTRY_POINTS = ['run', 'decode.one', 'region.back', 'region.cold', 'region.high'];
/** What handlers call without naming it in their IR (lowering.ts). */
const LOWERED = ['flags.all', 'flags.condition', 'memory.refused', 'trace.find', 'trace.link'];
/** Compiled code: bytes of host stack left, guest address; returns where to go on, or a Leave. */
export const REGION: Signature = { params: ['i32', 'i32'], results: ['i64'] };
/** Name and index of the table of compiled code. */
export const REGIONS = 'regions';
const REGIONS_TABLE = 1;
const HANDLER: Signature = { params: ['i32'], results: ['i32'] };
/** Host stack left, operation to begin at, is it nested in compiled code?; returns as compiled code does. */
const INTERPRET: Signature = { params: ['i32', 'i32', 'i32'], results: ['i64'] };

/** A run at RIP: budget -> reason. Counts the instructions taken off by the loop and by rare handlers. */
const run = defineFunction('run', ['i32'], ['i32'], (b, budget) => {
  for (const left of [BUDGET, REGION_BUDGET]) b.store('i32.store', 0, budget, left);
  b.store('i64.store', 0, -1n, NESTED_STACK);
  const first = b.call('trace.find', [b.load('i64.load', 0, RIP)], ['i32'])[0]!;
  b.call('interpret', [b.i32(REGION_STACK), first, b.i32(0)], ['i64']);
  const taken = (left: number): Value => b.sext(b.sub(budget, b.load('i32.load', 0, left)));
  const count = b.add(b.load('i64.load', 0, INSTRUCTIONS), b.add(taken(BUDGET), taken(REGION_BUDGET)));
  b.store('i64.store', 0, count, INSTRUCTIONS);
  b.return(b.load('i32.load', 0, EXIT_REASON));
});

interface BuiltFunction extends FunctionDefinition {
  readonly variables: readonly Variable[];
  readonly statements: readonly Statement[];
}

/** Which handlers and functions stand in which module. */
interface Plan {
  readonly classes: number;
  readonly joints: JointTables & { readonly bytes: Uint8Array };
  readonly start: { readonly handlers: readonly Handler[]; readonly functions: readonly BuiltFunction[] };
  /** Functions of the rest module that the start module calls, through the table. */
  readonly gates: readonly BuiltFunction[];
  readonly rest: { readonly handlers: readonly Handler[]; readonly functions: readonly BuiltFunction[] };
}

function plan(parts: InterpreterParts, isStart: (key: string) => boolean, isLate: (name: string) => boolean = () => false): Plan {
  const classes = (DECODER_TABLES + parts.tables.length + 15) & ~15;
  const joints = jointTables(parts, (classes + parts.handlers.length + 15) & ~15);
  if (joints.end > LOOKUP) throw new Error('decoder tables do not fit below the others');
  const functions = [
    ...flagFunctions,
    ...memoryFunctions,
    ...traceFunctions({ ...parts, classes, joints }),
    run,
    ...parts.functions,
  ].map(built);
  const rare = parts.handlers.slice(parts.hot);
  const early = rare.filter(({ key }) => isStart(key));
  const late = rare.filter(({ key }) => !isStart(key));
  const needed = reachable(functions, [...parts.handlers.slice(0, parts.hot), ...early], isLate);
  const isEarly = ({ name }: BuiltFunction): boolean => late.length === 0 || (needed.has(name) && !isLate(name));
  return {
    classes,
    joints,
    start: { handlers: early, functions: functions.filter(isEarly) },
    gates: functions.filter((each) => needed.has(each.name) && !isEarly(each)),
    rest: { handlers: late, functions: functions.filter((each) => !isEarly(each)) },
  };
}

function built(definition: FunctionDefinition): BuiltFunction {
  const b = new Builder();
  const variables = definition.params.map((type) => new Variable(type));
  definition.build(b, ...variables.map((variable) => new Value(variable.type, { kind: 'variable', variable, args: [] })));
  return { ...definition, variables, statements: b.statements };
}

/** Names of the functions that the handlers, the lowering or the entry points come to call; not on behalf of late ones. */
function reachable(
  functions: readonly BuiltFunction[],
  handlers: readonly Handler[],
  isLate: (name: string) => boolean,
): ReadonlySet<string> {
  const byName = new Map(functions.map((each) => [each.name, each]));
  const names = new Set<string>();
  const visit = (name: string): void => {
    const found = byName.get(name);
    if (!found || names.has(name)) return;
    names.add(name);
    if (isLate(name)) return;
    for (const callee of calleesOf(found.statements)) visit(callee);
  };
  for (const name of [...ENTRY_POINTS, ...LOWERED]) visit(name);
  for (const { statements } of handlers) for (const callee of calleesOf(statements)) visit(callee);
  return names;
}

function importHost(module: ModuleWriter, hasRest: boolean): void {
  module.importMemory('memory', 'state', STATE_PAGES);
  module.importMemory('memory', 'guest', 1);
  module.importFunction('host', 'syscall', { params: [], results: ['i32'] });
  module.importFunction('host', 'access', { params: ['i32', 'i32', 'i32'], results: ['i32'] });
  module.importFunction('host', 'fetch', { params: ['i32'], results: ['i32'] });
  module.importFunction('host', 'rdtsc', { params: [], results: [] });
  module.importFunction('host', 'random', { params: [], results: [] });
  module.importFunction('host', 'hot', { params: ['i32'], results: [] });
  if (hasRest) module.importFunction('host', 'rest', { params: [], results: [] });
}

function startModule(parts: InterpreterParts, { classes, joints, start, gates, rest }: Plan): Uint8Array {
  const module = new ModuleWriter();
  importHost(module, rest.handlers.length > 0);
  module.declare('interpret', INTERPRET);
  declareAll(module, start);
  module.defineTable(HANDLERS, tableSize(parts, gates));
  module.defineTable(REGIONS, 1);
  placeHandlers(module, parts, start.handlers);
  for (const { name, params, results } of gates) {
    module.declare(name, { params, results });
    module.declare(`late ${name}`, { params, results });
  }
  placeGates(module, parts, gates, (name) => `late ${name}`);
  if (rest.handlers.length > 0) {
    module.declare('op.rest', HANDLER);
    for (const { key } of rest.handlers) module.element(placeOf(parts, key), 'op.rest');
  }
  emitMain(module, parts, module.type(HANDLER));
  emitAll(module, start);
  if (rest.handlers.length > 0) emitRest(module);
  gates.forEach((gate, i) => emitGate(module, gate, gatePlace(parts, i)));
  const all = start.functions.map(({ name }) => name);
  for (const name of new Set([...ENTRY_POINTS, ...all])) module.export(name);
  module.data(DECODER_TABLES, parts.tables);
  module.data(
    classes,
    Uint8Array.from(parts.handlers, ({ statements }) => classOf(statements)),
  );
  module.data(joints.rows, joints.bytes);
  return module.take();
}

/** Imports the functions and the table of the start module, and puts its handlers into that table. */
function restModule(parts: InterpreterParts, { start, gates, rest }: Plan): Uint8Array {
  const module = new ModuleWriter();
  importHost(module, false);
  for (const { name, params, results } of start.functions) module.importFunction('start', name, { params, results }, name);
  module.importTable('start', HANDLERS, tableSize(parts, gates));
  declareAll(module, rest);
  placeHandlers(module, parts, rest.handlers);
  placeGates(module, parts, gates, (name) => name);
  emitAll(module, rest);
  for (const { name } of rest.functions) module.export(name);
  return module.take();
}

function declareAll(module: ModuleWriter, { handlers, functions }: Plan['start']): void {
  for (const { name, params, results } of functions) module.declare(name, { params, results });
  for (const { key } of handlers) module.declare(`op ${key}`, HANDLER);
}

function emitAll(module: ModuleWriter, { handlers, functions }: Plan['start']): void {
  for (const definition of functions) emitFunction(module, definition);
  for (const handler of handlers) emitRare(module, handler);
}

const placeOf = ({ handlers, hot }: InterpreterParts, key: string): number =>
  handlers.findIndex((each) => each.key === key) - hot;

function placeHandlers(module: ModuleWriter, parts: InterpreterParts, handlers: readonly Handler[]): void {
  for (const { key } of handlers) module.element(placeOf(parts, key), `op ${key}`);
}

/** Gates stand in the table behind the handlers. */
const gatePlace = ({ handlers, hot }: InterpreterParts, i: number): number => handlers.length - hot + i;
const tableSize = (parts: InterpreterParts, gates: Plan['gates']): number => gatePlace(parts, gates.length);
function placeGates(
  module: ModuleWriter,
  parts: InterpreterParts,
  gates: Plan['gates'],
  functionOf: (name: string) => string,
): void {
  gates.forEach(({ name }, i) => void module.element(gatePlace(parts, i), functionOf(name)));
}

/**
 * The function in the start module that calls its namesake of the rest module through the table, and what stands in the
 * table until that is instantiated.
 */
function emitGate(module: ModuleWriter, { name, params, results }: BuiltFunction, place: number): void {
  const define = (what: string, isLate: boolean): void => {
    const code = new Bytes();
    const emitter = new Emitter(code, new Locals(params.length), noLowering, (callee) => module.functionIndex(callee));
    if (isLate) emitter.call('host.rest');
    params.forEach((_, i) => void emitter.get(i));
    emitter.i32(place);
    code.u8(Wasm.callIndirect);
    code.u32(module.type({ params, results }));
    code.u32(0);
    code.u8(Wasm.end);
    module.define(what, [], code.take());
  };
  define(name, false);
  define(`late ${name}`, true);
}

/** Stands in the table for every handler of the rest module: has it instantiated and runs the operation again. */
function emitRest(module: ModuleWriter): void {
  const code = new Bytes();
  const emitter = new Emitter(code, new Locals(1), noLowering, (name) => module.functionIndex(name));
  emitter.call('host.rest');
  emitter.get(0);
  code.u8(Wasm.end);
  module.define('op.rest', [], code.take());
}

/**
 * Tables of the joints, for trace.ts: a byte a handler (the row of a first from 1, BRANCH and the column of a branch, 0 =
 * neither), then rows of 16 handler numbers.
 */
function jointTables(
  { handlers, joints = [] }: InterpreterParts,
  rows: number,
): JointTables & { end: number; bytes: Uint8Array } {
  const firsts = [...new Set(joints.map(({ first }) => first))];
  const branches = [...new Set(joints.map(({ branch }) => branch))];
  const byHandler = new Uint8Array((handlers.length + 15) & ~15);
  firsts.forEach((handler, i) => {
    byHandler[handler] = i + 1;
  });
  branches.forEach((handler, i) => {
    byHandler[handler] = BRANCH | i;
  });
  const both = new Uint16Array(firsts.length * 16);
  for (const joint of joints) both[firsts.indexOf(joint.first) * 16 + branches.indexOf(joint.branch)] = joint.both;
  const bytes = new Uint8Array(byHandler.length + both.byteLength);
  bytes.set(byHandler);
  bytes.set(new Uint8Array(both.buffer), byHandler.length);
  return { rows, both: rows + byHandler.length, end: rows + bytes.length, bytes };
}

function classOf(statements: readonly Statement[]): number {
  const kinds = new Set(statements.map(({ kind }) => kind));
  if (kinds.has('jump') || kinds.has('syscall')) return HandlerClass.end;
  if (kinds.has('branch')) return HandlerClass.branch;
  if (kinds.has('raise') || kinds.has('raiseFetch')) return HandlerClass.stop;
  return HandlerClass.plain;
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

function emitRare(module: ModuleWriter, { key, statements }: Handler): void {
  const code = new Bytes();
  const locals = new Locals(1);
  const lowering = new InterpreterLowering({ kind: 'rare', pc: 0, branchOp: 0 });
  const emitter = new Emitter(code, locals, lowering, (name) => module.functionIndex(name));
  emitter.body(statements);
  lowering.next(emitter);
  code.u8(Wasm.end);
  module.define(`op ${key}`, locals.types, code.take());
}

/** Helper functions have no operation: whatever is the guest's is a mistake there. */
const noLowering = new Proxy({} as Lowering, {
  get: (_, name) => {
    throw new Error(`a helper function cannot use ${String(name)}`);
  },
});

function emitFunction(module: ModuleWriter, { name, params, variables, statements, results }: BuiltFunction): void {
  const code = new Bytes();
  const locals = new Locals(params.length);
  const places = new Map(variables.map((variable, i) => [variable, i]));
  const emitter = new Emitter(code, locals, noLowering, (callee) => module.functionIndex(callee), places);
  emitter.body(statements);
  if (results.length) code.u8(Wasm.unreachable);
  code.u8(Wasm.end);
  module.define(name, locals.types, code.take());
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
function emitMain(module: ModuleWriter, parts: InterpreterParts, rareType: number): void {
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
