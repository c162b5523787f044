// `elfin syscalls`: the system calls that are built, with what is missing of them.

import { allRows } from '../src/kernel/syscalls/table.ts';

export function syscalls(): string {
  const rows = allRows.filter(({ x64 }) => x64 !== undefined).sort((a, b) => (a.x64 ?? 0) - (b.x64 ?? 0));
  return rows.map(({ x64, name, note }) => `${String(x64).padStart(3)} ${note ? `${name.padEnd(24)}${note}` : name}\n`).join('');
}
