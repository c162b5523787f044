// Compares what two runs left, and says how they differ line by line.

import assert from 'node:assert/strict';

/** Lines of a difference that are shown. */
const SHOWN = 12;

/** Asserts that texts and numbers by name are equal. */
export function assertSame(
  guest: Readonly<Record<string, string | number>>,
  native: Readonly<Record<string, string | number>>,
): void {
  const differences: string[] = [];
  for (const key of new Set([...Object.keys(native), ...Object.keys(guest)])) {
    if (guest[key] !== native[key]) differences.push(...difference(key, guest[key], native[key]));
  }
  if (differences.length > 0) assert.fail(['differs from native (-)', ...differences].join('\n'));
}

function difference(key: string, guest: string | number | undefined, native: string | number | undefined): string[] {
  if (typeof guest !== 'string' || typeof native !== 'string') return [`${key}:`, `  - ${shown(native)}`, `  + ${shown(guest)}`];
  const [ours, theirs] = [guest.split('\n'), native.split('\n')];
  const lines = [`${key}:`];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (ours[i] === theirs[i]) continue;
    if (lines.length > SHOWN) return [...lines, '  ...'];
    lines.push(`  ${i + 1} - ${shown(theirs[i])}`, `  ${i + 1} + ${shown(ours[i])}`);
  }
  return lines;
}

const shown = (value: string | number | undefined): string =>
  value === undefined ? '(nothing)' : JSON.stringify(value).slice(0, 500);
