// The decoder alone, as a module without handlers: bytes to operations and text.

import { decodeFunctions } from '../../src/arch/x64/decode.ts';
import { instructionText, instructionTexts } from '../../src/arch/x64/disasm.ts';
import { buildForms, pseudoForm } from '../../src/arch/x64/forms.ts';
import { hotForms } from '../../src/arch/x64/hot.ts';
import { functions, rows } from '../../src/arch/x64/insns/index.ts';
import { RSP } from '../../src/arch/x64/regs.ts';
import { buildInterpreter } from '../../src/exec/interpreter/build.ts';
import { FEATURES, FETCH_LIMIT, Op, STATE_PAGES } from '../../src/exec/layout.ts';

const AT = 0x900000;

export interface Decoded {
  readonly text: string;
  readonly length: number;
  /** Keys of the operations' forms. */
  readonly keys: readonly string[];
}

export class Decoder {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly #forms = buildForms(rows, hotForms);
  readonly #texts = instructionTexts(this.#forms);
  readonly #one: (rip: number, op: number) => number;
  /** What host.fetch answers, and the pages it was asked for. */
  fetch: (page: number) => boolean = () => true;

  constructor() {
    const { forms, tables } = this.#forms;
    const module = buildInterpreter({
      handlers: forms.map(({ key }) => ({ key, statements: [] })),
      hot: 0,
      tables,
      functions: [...decodeFunctions, ...functions],
      goto: pseudoForm(forms, '.goto').id,
      fetch: pseudoForm(forms, '.fetch').id,
      stackPointer: RSP,
    });
    const state = new WebAssembly.Memory({ initial: STATE_PAGES, maximum: STATE_PAGES });
    const guest = new WebAssembly.Memory({ initial: 256, maximum: 65536 });
    this.view = new DataView(state.buffer);
    this.bytes = new Uint8Array(guest.buffer);
    const host = {
      syscall: () => 0,
      access: () => 0,
      rdtsc: () => {},
      random: () => {},
      hot: () => {},
      fetch: (page: number) => {
        if (!this.fetch(page)) return 0;
        this.view.setUint32(FETCH_LIMIT, (page + 1) << 12, true);
        return 1;
      },
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module)), {
      memory: { state, guest },
      host,
    });
    this.#one = instance.exports['decode.one'] as (rip: number, op: number) => number;
  }

  set features(bits: number) {
    this.view.setUint32(FEATURES, bits, true);
  }

  /** Decodes what lies at `rip`; the text is that of the same bytes at `address`. */
  at(rip: number, address = rip): Decoded {
    const end = this.#one(rip, AT);
    const keys: string[] = [];
    for (let op = AT; op < end; op += Op.bytes) keys.push(this.#forms.forms[this.view.getUint16(op, true)]?.key ?? '?');
    return {
      text: instructionText(this.#texts, this.view, AT, address),
      length: this.view.getUint8(end - Op.bytes + Op.length),
      keys,
    };
  }

  decode(code: readonly number[] | Uint8Array, rip = 0x401000, address = rip): Decoded {
    this.view.setUint32(FETCH_LIMIT, this.bytes.length - 4096, true);
    this.bytes.fill(0, rip, rip + 32);
    this.bytes.set(code, rip);
    return this.at(rip, address);
  }
}
