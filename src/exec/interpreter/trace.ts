// Functions of the generated module that decode guest code into traces and find them again.
//
// A trace is a run of decoded operations from one guest address on: it goes through conditional branches that are not
// taken and ends at an unconditional transfer, at the end of its page, or where another trace begins.
//
// A trace is a header (layout.ts Header) and then its operations (layout.ts Op). Lists in PAGE_TRACES hold header addresses;
// bit 0 says that the list goes on at the header's link for the page after its own.

import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import {
  ARENA,
  ARENA_NEXT,
  FETCH_LIMIT,
  GENERATION,
  Header,
  Leave,
  Left,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  LOOKUP_USED,
  MOST_OPERATIONS,
  NESTED_FRAME,
  NESTED_STACK,
  NEVER,
  Op,
  PAGE_TRACES,
  SCRATCH,
  SHORTENED,
  THRESHOLD,
  WARM,
} from '../layout.ts';

/**
 * What a handler means for the trace it stands in, one byte a handler: goes on to the next operation; may leave; always
 * leaves; never gets past (raises an exception).
 */
export const HandlerClass = { plain: 0, branch: 1, end: 2, stop: 3 } as const;

/** Entries that one from compiled code counts as, besides: registers were stored for it. */
export const COMING_BACK = 3;

/** Room a trace may need: header, operations with their micro-operations, a closing goto. */
const TRACE_BYTES = Header.bytes + (2 * MOST_OPERATIONS + 2) * Op.bytes;

export interface TraceParameters {
  /** Address of the class bytes, one a handler. */
  readonly classes: number;
  /** Handler numbers of pseudo operations. */
  readonly goto: number;
  readonly fetch: number;
  readonly joints: JointTables;
  /** Slot of the stack pointer. */
  readonly stackPointer: number;
}

/** Marks the byte of a branch; the rest of it is its column. */
export const BRANCH = 0x80;

/** Addresses: a byte a handler that is the row of a first operation or the column of a branch; handler numbers of both. */
export interface JointTables {
  readonly rows: number;
  readonly both: number;
}

/** Stands in the table of regions for an address without compiled code: all frames return, and the interpreter goes on there. */
const back = defineFunction('region.back', ['i32', 'i32'], ['i64'], (b, _, rip) => b.return(b.zext(rip)));

/** Stands there for an address above 4 GiB, which RIP holds. */
const high = defineFunction('region.high', ['i32', 'i32'], ['i64'], (b) => b.return(b.i64(Leave.interpret)));

export function traceFunctions({ classes, goto, fetch, joints, stackPointer }: TraceParameters): readonly FunctionDefinition[] {
  /** Address of the entry that holds `rip`, or of the empty one where it belongs. */
  const entry = defineFunction('trace.entry', ['i32'], ['i32'], (b, rip) => {
    const at = b.variable('i32', b.shl(b.and(b.xor(rip, b.shrU(rip, LOOKUP_SHIFT)), LOOKUP_ENTRIES - 1), 3));
    b.loop((loop) => {
      const key = b.load('i32.load', at.get(), LOOKUP);
      b.if(b.or(b.eq(key, rip), b.eqz(key)), () => b.return(b.add(at.get(), LOOKUP)));
      at.set(b.and(b.add(at.get(), 8), LOOKUP_ENTRIES * 8 - 8));
      loop.continue();
    });
    b.return(b.i32(0));
  });

  /** Forgets everything decoded. */
  const flush = defineFunction('trace.flush', [], [], (b) => {
    b.store('i32.store', 0, ARENA, ARENA_NEXT);
    b.store('i32.store', 0, b.add(b.load('i32.load', 0, GENERATION), 1), GENERATION);
    b.store('i32.store', 0, 0, LOOKUP_USED);
    b.fill(b.i32(LOOKUP), b.i32(0), b.i32(LOOKUP_ENTRIES * 8), 'state');
    b.fill(b.i32(PAGE_TRACES), b.i32(0), b.i32(1 << 22), 'state');
  });

  /** An operation that is no instruction, at `op`: its handler, its own rip, and an address as immediate. */
  const pseudo = defineFunction('trace.pseudo', ['i32', 'i32', 'i32', 'i32'], [], (b, op, handler, rip, address) => {
    b.store('i64.store', op, 0n, 0);
    b.store('i64.store', op, 0n, 8);
    b.store('i64.store', op, 0n, 24);
    b.store('i32.store16', op, handler, Op.handler);
    b.store('i64.store', op, b.zext(address), Op.imm);
    b.store('i32.store', op, rip, Op.rip);
  });

  /** Gives the operation before the branch at `op` the handler that does both, if there is one. */
  const join = defineFunction('trace.join', ['i32'], [], (b, op) => {
    const before = b.sub(op, Op.bytes);
    const row = b.load('i32.load8_u', b.load('i32.load16_u', before, Op.handler), joints.rows);
    const column = b.load('i32.load8_u', b.load('i32.load16_u', op, Op.handler), joints.rows);
    b.if(b.and(b.ltU(b.sub(row, 1), BRANCH - 1), b.geU(column, BRANCH)), () => {
      const place = b.shl(b.add(b.shl(b.sub(row, 1), 4), b.sub(column, BRANCH)), 1);
      const both = b.load('i32.load16_u', place, joints.both);
      b.if(both, () => b.store('i32.store16', before, both, Op.handler));
    });
  });

  /**
   * An operation that faults, for an address where nothing may be fetched. Neither the table nor a page's list has it, since the
   * page may become executable later, and it is never hot: its header says nothing else.
   */
  const refused = defineFunction('trace.refused', ['i64'], ['i32'], (b, target) => {
    const header = b.load('i32.load', 0, ARENA_NEXT);
    b.store('i32.store', header, NEVER, Header.heat);
    const op = b.add(header, Header.bytes);
    const rip = b.wrap(target);
    b.call('trace.pseudo', [op, b.i32(fetch), rip, rip]);
    b.store('i64.store', op, target, Op.imm);
    b.store('i32.store', 0, b.add(op, Op.bytes), ARENA_NEXT);
    b.return(op);
  });

  /** Decodes the trace at `rip` and returns its first operation. */
  const build = defineFunction('trace.build', ['i32'], ['i32'], (b, rip) => {
    const isFull = b.gtU(b.load('i32.load', 0, ARENA_NEXT), SCRATCH - TRACE_BYTES);
    const isCrowded = b.gtU(b.load('i32.load', 0, LOOKUP_USED), (LOOKUP_ENTRIES * 3) / 4);
    b.if(b.or(isFull, isCrowded), () => b.call('trace.flush', []));
    const page = b.shrU(rip, 12);
    const list = b.shl(page, 2);
    b.if(b.eqz(b.load('i32.load', list, PAGE_TRACES)), () => {
      b.if(b.eqz(b.call('host.fetch', [page], ['i32'])[0]!), () => b.return(b.call('trace.refused', [b.zext(rip)], ['i32'])[0]!));
    });
    const header = b.load('i32.load', 0, ARENA_NEXT);
    const first = b.add(header, Header.bytes);
    b.store('i32.store', header, 0, Header.seen);
    const threshold = b.load('i32.load', 0, THRESHOLD);
    const warm = b.select(b.ltU(threshold, WARM), threshold, WARM);
    b.store('i32.store', header, b.select(b.ltU(threshold, NEVER), warm, NEVER), Header.heat);
    b.store('i32.store', header, 0, Header.region);
    b.store('i32.store', 0, b.shl(b.add(page, 1), 12), FETCH_LIMIT);
    const at = b.variable('i32', rip);
    const op = b.variable('i32', first);
    const count = b.variable('i32', 0);
    b.loop((loop) => {
      const next = b.call('decode.one', [at.get(), op.get()], ['i32'])[0]!;
      const last = b.sub(next, Op.bytes);
      op.set(next);
      count.set(b.add(count.get(), 1));
      at.set(b.add(at.get(), b.load('i32.load8_u', last, Op.length)));
      const kind = b.load('i32.load8_u', b.load('i32.load16_u', last, Op.handler), classes);
      b.if(kind, () => {
        b.if(b.eq(kind, HandlerClass.stop), () => loop.break());
        // The upper half of the immediate, which operations that leave a trace do not have.
        b.store('i32.store', last, count.get(), Op.count);
        b.store('i32.store', last, 0, Op.link);
        b.if(b.eq(kind, HandlerClass.end), () => loop.break());
        b.if(b.gtU(last, first), () => b.call('trace.join', [last]));
      });
      const isElsewhere = b.ne(b.shrU(at.get(), 12), page);
      const isLong = b.geU(b.add(count.get(), b.load('i32.load', 0, SHORTENED)), MOST_OPERATIONS);
      const stops = b.variable('i32', b.or(isElsewhere, isLong));
      b.if(b.eq(kind, HandlerClass.branch), () => {
        const known = b.load('i32.load', b.call('trace.entry', [at.get()], ['i32'])[0]!, 4);
        stops.set(b.or(stops.get(), b.ne(known, 0)));
      });
      b.if(b.eqz(stops.get()), () => loop.continue());
      b.call('trace.pseudo', [op.get(), b.i32(goto), at.get(), at.get()]);
      b.store('i32.store', op.get(), count.get(), Op.count);
      op.set(b.add(op.get(), Op.bytes));
      loop.break();
    });
    const end = op.get();
    b.store('i32.store', header, rip, Header.rip);
    b.store('i32.store', header, end, Header.end);
    b.store('i32.store', header, b.load('i32.load', list, PAGE_TRACES), Header.next);
    b.store('i32.store', list, header, PAGE_TRACES);
    b.store('i32.store', header, 0, Header.nextOfSecond);
    const lastByte = b.sub(at.get(), 1);
    b.if(b.gtU(b.shrU(lastByte, 12), page), () => {
      const second = b.add(list, 4);
      b.store('i32.store', header, b.load('i32.load', second, PAGE_TRACES), Header.nextOfSecond);
      b.store('i32.store', second, b.or(header, 1), PAGE_TRACES);
    });
    const slot = b.call('trace.entry', [rip], ['i32'])[0]!;
    b.if(b.eqz(b.load('i32.load', slot)), () => {
      b.store('i32.store', 0, b.add(b.load('i32.load', 0, LOOKUP_USED), 1), LOOKUP_USED);
    });
    b.store('i32.store', slot, rip, 0);
    b.store('i32.store', slot, first, 4);
    b.store('i32.store', 0, end, ARENA_NEXT);
    b.return(first);
  });

  /** The first operation at a guest address (decoded now if need be). */
  const find = defineFunction('trace.find', ['i64'], ['i32'], (b, target) => {
    // Address 0 cannot be a key, addresses above 4 GiB hold no code: both give an operation that faults.
    b.if(b.or(b.ne(b.shrU(target, 32), 0n), b.eqz(target)), () => {
      b.if(b.gtU(b.load('i32.load', 0, ARENA_NEXT), SCRATCH - TRACE_BYTES), () => b.call('trace.flush', []));
      b.return(b.call('trace.refused', [target], ['i32'])[0]!);
    });
    const rip = b.wrap(target);
    const known = b.load('i32.load', b.call('trace.entry', [rip], ['i32'])[0]!, 4);
    b.if(known, () => b.return(known));
    b.return(b.call('trace.build', [rip], ['i32'])[0]!);
  });

  /** Finds the target of the direct branch at `op` and remembers it there. */
  const link = defineFunction('trace.link', ['i32'], ['i32'], (b, op) => {
    const generation = b.load('i32.load', 0, GENERATION);
    const target = b.call('trace.find', [b.load('i64.load32_u', op, Op.imm)], ['i32'])[0]!;
    const isFetch = b.eq(b.load('i32.load16_u', target, Op.handler), fetch);
    const isStale = b.ne(generation, b.load('i32.load', 0, GENERATION));
    b.if(b.eqz(b.or(isFetch, isStale)), () => b.store('i32.store', op, target, Op.link));
    b.return(target);
  });

  /**
   * Stands there as a rule: a run of the interpreter inside compiled code, until the function that begins or goes on here returns,
   * so that the frames of its callers stay.
   */
  const cold = defineFunction('region.cold', ['i32', 'i32'], ['i64'], (b, stackLeft, rip) => {
    const left = b.sub(stackLeft, NESTED_FRAME);
    b.if(b.ltS(left, 0), () => b.return(b.zext(rip)));
    b.store('i32.store', 0, b.add(b.load('i32.load', 0, Left.cold), 1), Left.cold);
    const op = b.call('trace.find', [b.zext(rip)], ['i32'])[0]!;
    const header = b.sub(op, Header.bytes);
    const heat = b.load('i32.load', header, Header.heat);
    b.if(b.gtS(heat, 1), () => {
      b.store('i32.store', header, b.select(b.gtS(heat, COMING_BACK), b.sub(heat, COMING_BACK), 1), Header.heat);
    });
    const before = b.load('i64.load', 0, NESTED_STACK);
    b.store('i64.store', 0, b.load('i64.load', 0, stackPointer), NESTED_STACK);
    const next = b.call('interpret', [left, op, b.i32(1)], ['i64'])[0]!;
    b.store('i64.store', 0, before, NESTED_STACK);
    b.return(next);
  });

  return [entry, flush, pseudo, join, refused, build, find, link, back, high, cold];
}
