// Prints the documented errors that no program of test/syscall provokes, by the reason; those without one first.

import { documentedErrors, provokedErrors, unprovokedErrors } from './manual-errors.ts';

const provoked = new Set(provokedErrors());
const documented = new Set(documentedErrors());
const left = [...documented].filter((pair) => !provoked.has(pair));
const byReason = unprovokedErrors(left);
const explained = new Set([...byReason.values()].flat());
const print = (reason: string, pairs: readonly string[]): void => {
  if (pairs.length > 0) process.stdout.write(`${pairs.join(', ')}\n    ${reason}\n`);
};
print(
  'no reason',
  left.filter((pair) => !explained.has(pair)),
);
for (const [line, pairs] of byReason) print(line.slice(line.indexOf(':') + 2), pairs);
process.stdout.write(
  `${documented.size} documented, ${documented.size - left.length} provoked, ${explained.size} with a reason\n`,
);
