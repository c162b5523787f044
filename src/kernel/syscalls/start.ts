// The calls by which programs start, and read and write: the families that every program needs; table.ts has all.

import type { SyscallRow } from './define.ts';
import { fdRows } from './fd.ts';
import { fileRows } from './file.ts';
import { ioRows } from './io.ts';
import { limitRows } from './limits.ts';
import { mmapRows } from './mmap.ts';
import { startupRows } from './startup.ts';

export const startRows: readonly SyscallRow[] = [...ioRows, ...fileRows, ...fdRows, ...mmapRows, ...startupRows, ...limitRows];

/** The row of each of them by x86-64 number. */
export const startTable: readonly (SyscallRow | undefined)[] = byNumber(startRows);

/** An array with the row of each x86-64 number. */
export function byNumber(rows: readonly SyscallRow[]): (SyscallRow | undefined)[] {
  const last = Math.max(...rows.map((row) => row.x64 ?? 0));
  const table = new Array<SyscallRow | undefined>(last + 1).fill(undefined);
  for (const row of rows) if (row.x64 !== undefined) table[row.x64] = row;
  return table;
}
