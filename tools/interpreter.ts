// Makes the interpreter module from the x86-64 rows.

import { decodeFunctions } from '../src/arch/x64/decode.ts';
import { instructionTexts } from '../src/arch/x64/disasm.ts';
import { buildForms, type Form, pseudoForm } from '../src/arch/x64/forms.ts';
import { hotForms } from '../src/arch/x64/hot.ts';
import { hotFormsV3 } from '../src/arch/x64/hot-v3.ts';
import { coreFunctions, coreRows, functions, rows } from '../src/arch/x64/insns/index.ts';
import { instantiate } from '../src/arch/x64/instantiate.ts';
import { INFO_SECTION } from '../src/cpu.ts';
import { TEXTS_SECTION } from '../src/disassembler.ts';
import { buildInterpreter } from '../src/exec/interpreter/build.ts';
import { Bytes } from '../src/exec/wasm/encode.ts';

/** What an interpreter can do: up to x86-64-v2, or everything (src/arch/x64/cpuid.ts, EXTENDED). */
const SELECTIONS = {
  core: { rows: coreRows, functions: coreFunctions, hot: hotForms },
  extended: { rows, functions, hot: new Set([...hotForms, ...hotFormsV3]) },
} as const;

export interface InterpreterOptions {
  readonly selection?: keyof typeof SELECTIONS;
  readonly hot?: ReadonlySet<string>;
  readonly isCounting?: boolean;
}

/** The module's bytes, with the number of the '.bail' handler and the disassembler's texts in custom sections. */
export function makeInterpreter(options: InterpreterOptions = {}): Uint8Array<ArrayBuffer> {
  const selected = SELECTIONS[options.selection ?? 'core'];
  const set = buildForms(selected.rows, options.hot ?? selected.hot);
  const { forms, hotCount, missing, tables } = set;
  if (missing.length > 0 && !options.isCounting) throw new Error(`hot forms without rows: ${missing.join(', ')}`);
  const module = buildInterpreter({
    handlers: forms.map((form) => ({
      key: form.key,
      statements: instantiate(form).statements,
      isJoined: form.branch !== undefined,
    })),
    joints: jointsOf(forms),
    hot: hotCount,
    tables,
    functions: [...decodeFunctions, ...selected.functions],
    goto: pseudoForm(forms, '.goto').id,
    fetch: pseudoForm(forms, '.fetch').id,
    isCounting: options.isCounting ?? false,
  });
  const bail = pseudoForm(forms, '.bail').id;
  const texts = new TextEncoder().encode(JSON.stringify(instructionTexts(set)));
  return Uint8Array.from([
    ...module,
    ...customSection(INFO_SECTION, [bail & 0xff, bail >> 8]),
    ...customSection(TEXTS_SECTION, texts),
  ]);
}

/** WebAssembly core specification 5.5.3: id 0, size, name, content. */
function customSection(name: string, content: ArrayLike<number>): Uint8Array {
  const body = new Bytes();
  body.name(name);
  body.raw(content);
  const section = new Bytes();
  section.u8(0);
  section.u32(body.length);
  section.raw(body.take());
  return section.take();
}

/** Handler numbers of joined forms, with those of their parts. */
function jointsOf(forms: readonly Form[]): { first: number; branch: number; both: number }[] {
  const ids = new Map(forms.map(({ key, id }) => [key, id]));
  return forms.flatMap(({ id, key, branch }) => {
    const [first, jump] = [ids.get(key.split(' + ')[0] ?? ''), ids.get(`j${branch} rel`)];
    return branch !== undefined && first !== undefined && jump !== undefined ? [{ first, branch: jump, both: id }] : [];
  });
}
