// Makes the interpreter module from the x86-64 rows.

import { decodeFunctions } from '../src/arch/x64/decode.ts';
import { instructionTexts } from '../src/arch/x64/disasm.ts';
import { packForms } from '../src/arch/x64/form-table.ts';
import { buildForms, type Form, type FormSet, pseudoForm } from '../src/arch/x64/forms.ts';
import { hotForms, startForms } from '../src/arch/x64/hot.ts';
import { hotFormsV3 } from '../src/arch/x64/hot-v3.ts';
import { coreFunctions, coreRows, functions, rows } from '../src/arch/x64/insns/index.ts';
import { instantiate } from '../src/arch/x64/instantiate.ts';
import { RSP } from '../src/arch/x64/regs.ts';
import { FORMS_SECTION, INFO_SECTION } from '../src/cpu.ts';
import { TEXTS_SECTION } from '../src/disassembler.ts';
import { buildInterpreter, buildSplitInterpreter, type InterpreterParts } from '../src/exec/interpreter/build.ts';
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
  const { set, parts } = prepare(options);
  return Uint8Array.from([
    ...withSections(buildInterpreter(parts), set, true),
    ...formsSection(set, options.selection ?? 'core'),
  ]);
}

/** The core interpreter in two modules, for the command: what starts a program, and the rest; texts are in the rest. */
export function makeSplitInterpreter(): { start: Uint8Array<ArrayBuffer>; rest: Uint8Array<ArrayBuffer> } {
  const { set, parts } = prepare({});
  const { start, rest } = buildSplitInterpreter(
    parts,
    (key) => startForms.has(key),
    (name) => name.startsWith('float.'),
  );
  return { start: withSections(start, set, false), rest: Uint8Array.from([...rest, ...formsSection(set, 'core')]) };
}

function prepare(options: InterpreterOptions): { set: FormSet; parts: InterpreterParts } {
  const selected = SELECTIONS[options.selection ?? 'core'];
  const set = buildForms(selected.rows, options.hot ?? selected.hot);
  const { forms, hotCount, missing, tables } = set;
  if (missing.length > 0 && !options.isCounting) throw new Error(`hot forms without rows: ${missing.join(', ')}`);
  const handlers = forms.map((form) => ({
    key: form.key,
    statements: instantiate(form).statements,
    isJoined: form.branch !== undefined,
    isReturn: form.row.name === 'ret',
  }));
  const parts: InterpreterParts = {
    handlers,
    joints: jointsOf(forms),
    hot: hotCount,
    tables,
    functions: [...decodeFunctions, ...selected.functions],
    goto: pseudoForm(forms, '.goto').id,
    fetch: pseudoForm(forms, '.fetch').id,
    stackPointer: RSP,
    isCounting: options.isCounting ?? false,
  };
  return { set, parts };
}

function withSections(module: Uint8Array, set: FormSet, hasTexts: boolean): Uint8Array<ArrayBuffer> {
  const bail = pseudoForm(set.forms, '.bail').id;
  const info = customSection(INFO_SECTION, [bail & 0xff, bail >> 8]);
  const texts = hasTexts ? customSection(TEXTS_SECTION, new TextEncoder().encode(JSON.stringify(instructionTexts(set)))) : [];
  return Uint8Array.from([...module, ...info, ...texts]);
}

/** What the compiler asks about handlers. */
function formsSection(set: FormSet, selection: keyof typeof SELECTIONS): Uint8Array {
  const packed = packForms(set.forms, SELECTIONS[selection].rows);
  return customSection(FORMS_SECTION, new TextEncoder().encode(JSON.stringify(packed)));
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
