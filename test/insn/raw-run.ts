// Runs raw cases in batches and counts their verdicts.

import type { Case, Result } from './cases.ts';
import { runNative } from './native.ts';
import type { Random } from './random.ts';
import type { RawCases } from './raw.ts';

const BATCH = 1000;

export interface Counts {
  agree: number;
  skipped: number;
  /** By name: instructions of features that are not shown. */
  readonly absent: Map<string, number>;
  readonly different: { readonly code: string; readonly text: string; readonly lines: readonly string[] }[];
}

export function runAll(cases: RawCases, strings: Iterator<readonly number[]>, random: Random, onlyLegality: boolean): Counts {
  const counts: Counts = { agree: 0, skipped: 0, absent: new Map(), different: [] };
  for (let batch: Case[] = []; ; batch = []) {
    while (batch.length < BATCH) {
      const next = strings.next();
      if (next.done) break;
      batch.push(cases.make(next.value, random));
    }
    if (batch.length === 0) return counts;
    runNative(batch).forEach((native, i) => {
      const one = batch[i] as Case;
      const first = cases.judge(one, native, onlyLegality);
      // A random address may have hit the stack of the native child, which is elsewhere the next time.
      const verdict = first.kind === 'differs' ? cases.judge(one, runNative([one])[0] as Result, onlyLegality) : first;
      if (verdict.kind === 'agrees') counts.agree++;
      else if (verdict.kind === 'skipped') counts.skipped++;
      else if (verdict.kind === 'absent') counts.absent.set(verdict.name, (counts.absent.get(verdict.name) ?? 0) + 1);
      else counts.different.push({ code: hexOf(one.code), text: verdict.text, lines: verdict.lines });
    });
  }
}

const hexOf = (code: Uint8Array): string => Array.from(code, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

export function report({ agree, skipped, absent, different }: Counts, what: string, show: number): void {
  for (const { code, text, lines } of different.slice(0, show)) console.log(`${code}  ${text}: ${lines.slice(0, 4).join('; ')}`);
  const names = [...absent].sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
  console.log(`not shown by CPUID: ${names.join(', ')}`);
  const missing = [...absent.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${what}: ${agree} agree, ${missing} of features not shown, ${skipped} skipped, ${different.length} differ`);
  process.exitCode = different.length ? 1 : 0;
}
