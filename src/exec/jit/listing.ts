// A region as text for people: each guest instruction with its IR, and the WebAssembly that was made of it.
//
//   ;; 401126: 8d 47 05                 lea    eax,[rdi+0x5]
//   ;;     %0 = rdi
//   ;;     rax = i64.extend_i32_u(i32.add(i32.wrap_i64(%0), 5))
//       local.get $rdi
//       ...

import type { LinuxAbi, Meanings } from '../../arch/arch.ts';
import { type FieldTexts, irText } from '../../ir/text.ts';
import { hex } from '../../lib/hex.ts';
import { instructionLines } from '../wasm/text.ts';
import type { CompiledModule } from './compile.ts';
import type { Region } from './discover.ts';
import { type Instruction, type Operation, slotAddress } from './operation.ts';
import type { RegionCode } from './region-function.ts';

export interface ListingContext {
  readonly meanings: Meanings;
  readonly disassemble: LinuxAbi['disassemble'];
  /** The guest's memory, as it was when the region was compiled. */
  readonly guest: Uint8Array;
}

export function listing(region: Region, module: CompiledModule, context: ListingContext): string {
  const { body, locals, entries, marks, localNames } = module.code;
  const memories = Object.entries(module.memories);
  const lines = instructionLines(body, {
    local: (local) => ['left', 'at'][local] ?? localNames.get(local),
    function: (number) => module.functionNames.get(number),
    memory: (number) => memories.find(([, memory]) => memory === number)?.[0],
  });
  const waiting = [...marks];
  const text = [
    `;; region ${hex(region.root)}, entered at ${entries.map((entry) => hex(entry)).join(' ')}`,
    `(func $${hex(region.root)} (param $left i32) (param $at i32) (result i64)`,
    `  ${locals.map((type, i) => `(local ${localNames.has(i + 2) ? `$${localNames.get(i + 2)} ` : ''}${type})`).join(' ')}`,
  ];
  for (const line of lines) {
    while (waiting[0] && waiting[0].at <= line.at)
      text.push(...heading((waiting.shift() as RegionCode['marks'][number]).instruction, context));
    text.push(`    ${line.text}`);
  }
  return `${text.join('\n')}\n)\n`;
}

function heading({ rip, next, operations }: Instruction, { meanings, disassemble, guest }: ListingContext): string[] {
  const bytes = guest.slice(rip, next);
  const code = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return [
    `;; ${hex(rip)}: ${code.padEnd(24)} ${disassemble(bytes, rip).text}`,
    ...operations.flatMap((operation) =>
      irText(meanings.statements(operation.handler), fieldsOf(operation, meanings)).map((line) => `;;     ${line}`),
    ),
  ];
}

function fieldsOf(operation: Operation, { registers }: Meanings): FieldTexts {
  const name = (address: number): string => {
    const unit = registers.find((each) => address >= each.address && address < each.address + each.bytes);
    if (!unit) return address === 0 ? '0' : `[0x${hex(address)}]`;
    return address === unit.address ? unit.name : `${unit.name}+${address - unit.address}`;
  };
  return {
    slot: (slot) => name(slotAddress(operation, slot)),
    field: (field, slot) => {
      if (field === 'slot') return slot ? String(slotAddress(operation, slot)) : '0';
      if (field === 'target') return `0x${hex(Number(BigInt.asUintN(32, operation.imm)))}`;
      const value = operation[field];
      return field === 'rip' || field === 'next' ? `0x${hex(Number(value))}` : String(value);
    },
  };
}
