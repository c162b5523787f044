// Text of guest instructions for messages, by the decoder of the interpreter module; made when first asked for.

import type { LinuxAbi } from './arch/arch.ts';
import { type InstructionTexts, instructionText } from './arch/x64/disasm.ts';
import { ARENA, FEATURES, FETCH_LIMIT, Op, STATE_PAGES } from './exec/layout.ts';

/** Custom section of the interpreter module with the disassembler's texts, JSON of InstructionTexts. */
export const TEXTS_SECTION = 'elfin.texts';

/** `features`: bits of what CPUID offers, so that text says what the guest's CPU would do. */
export function disassembler(module: () => WebAssembly.Module, features: number): LinuxAbi['disassemble'] {
  let decode: LinuxAbi['disassemble'] | undefined;
  return (bytes, address) => {
    decode ??= create(module(), features);
    return decode(bytes, address);
  };
}

function create(module: WebAssembly.Module, features: number): LinuxAbi['disassemble'] {
  const [section] = WebAssembly.Module.customSections(module, TEXTS_SECTION);
  if (!section) throw new Error('not an interpreter module: its texts are missing');
  const texts = JSON.parse(new TextDecoder().decode(new Uint8Array(section))) as InstructionTexts;
  const state = new WebAssembly.Memory({ initial: STATE_PAGES, maximum: STATE_PAGES });
  const guest = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const host = { syscall: () => 0, access: () => 0, fetch: () => 0, rdtsc: () => {}, random: () => {}, hot: () => {} };
  const instance = new WebAssembly.Instance(module, { memory: { state, guest }, host });
  const one = instance.exports['decode.one'] as (rip: number, op: number) => number;
  const view = new DataView(state.buffer);
  view.setUint32(FEATURES, features, true);
  return (bytes, address) => {
    // Decoded at address 0 and then told where it is: only what is relative to rip depends on that.
    new Uint8Array(guest.buffer).fill(0).set(bytes);
    view.setUint32(FETCH_LIMIT, bytes.length, true);
    const end = one(0, ARENA);
    const length = view.getUint8(end - Op.bytes + Op.length);
    return { text: instructionText(texts, view, ARENA, address), length };
  };
}
