// The compiler of hot code as a part of its own: it has all the instruction rows, which most programs never need.

import type { PackedForms } from './arch/x64/form-table.ts';
import { coreFunctions, coreRows, functions, rows } from './arch/x64/insns/index.ts';
import { meaningsOf } from './arch/x64/meanings.ts';
import type { CompilerMaker } from './cpu.ts';
import { RegionCompiler } from './exec/jit/compile.ts';
import { hasFusedMadd } from './exec/wasm/probe.ts';

/** `forms` is the section of that name of the interpreter module at work. */
export const makeCompiler: CompilerMaker = (forms, isExtended, without) => {
  const packed = JSON.parse(forms) as PackedForms;
  const parts = isExtended ? { rows, functions } : { rows: coreRows, functions: coreFunctions };
  const engine = { hasFusedMadd: isExtended && hasFusedMadd() };
  const identity = `${isExtended ? 'extended' : 'core'}${engine.hasFusedMadd ? '-fused' : ''}`;
  return new RegionCompiler(meaningsOf(packed, { ...parts, engine }), identity, without);
};
