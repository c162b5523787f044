// Makes the interpreter module from the x86-64 rows.

import { decodeFunctions } from '../src/arch/x64/decode.ts';
import { buildForms, pseudoForm } from '../src/arch/x64/forms.ts';
import { hotForms } from '../src/arch/x64/hot.ts';
import { functions, rows } from '../src/arch/x64/insns/index.ts';
import { instantiate } from '../src/arch/x64/instantiate.ts';
import { INFO_SECTION } from '../src/cpu.ts';
import { buildInterpreter } from '../src/exec/interpreter/build.ts';

/** The module's bytes, with the number of the '.bail' handler in a custom section. */
export function makeInterpreter(): Uint8Array<ArrayBuffer> {
  const { forms, hotCount, missing, tables } = buildForms(rows, hotForms);
  if (missing.length > 0) throw new Error(`hot forms without rows: ${missing.join(', ')}`);
  const module = buildInterpreter({
    handlers: forms.map((form) => ({ key: form.key, statements: instantiate(form).statements })),
    hot: hotCount,
    tables,
    functions: [...decodeFunctions, ...functions],
    goto: pseudoForm(forms, '.goto').id,
    fetch: pseudoForm(forms, '.fetch').id,
  });
  const bail = pseudoForm(forms, '.bail').id;
  const name = new TextEncoder().encode(INFO_SECTION);
  // Custom section (WebAssembly core specification 5.5.3): id 0, size, name, content.
  const section = [0, name.length + 3, name.length, ...name, bail & 0xff, bail >> 8];
  return Uint8Array.from([...module, ...section]);
}
