// Assembles the interpreter module: main loop over the hot handlers, a function for each rare one, decoder and helpers.

import type { FunctionDefinition } from '../../ir/function.ts';
import { Builder } from '../../ir/builder.ts';
import { calleesOf } from '../../ir/walk.ts';
import { Value, Variable, type Statement } from '../../ir/value.ts';
import { DECODER_TABLES, LOOKUP, STATE_PAGES } from '../layout.ts';
import { Emitter, type Lowering, Locals } from '../wasm/emit.ts';
import { Bytes, ModuleWriter, type Signature, Wasm } from '../wasm/encode.ts';
import { flagFunctions } from './flags.ts';
import { InterpreterLowering } from './lowering.ts';
import { emitMain, INTERPRET, REGIONS, run } from './main-loop.ts';
import { memoryFunctions } from './memory.ts';
import { BRANCH, HandlerClass, type JointTables, traceFunctions } from './trace.ts';

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
const HANDLER: Signature = { params: ['i32'], results: ['i32'] };
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
