// Real programs: the same output, status and files as natively. A case is a file beside this one.
//
// A .c or .cc file is a program; ../support/c-cases.ts tells what its header may say.
// A .run file lists commands (../support/run-file.ts).

import { suite, test } from 'node:test';
import { runBoth } from '../support/both.ts';
import { CONCURRENCY, cCases } from '../support/c-cases.ts';
import { readRun, runFiles } from '../support/run-file.ts';

const isHost = process.platform === 'linux' && process.arch === 'x64';

cCases(import.meta.dirname);

for (const file of runFiles(import.meta.dirname)) {
  const { name, options, missing, commands } = readRun(file);
  suite(name, { concurrency: CONCURRENCY }, () => {
    for (const { line, program, args } of commands) {
      const skip = !isHost ? 'needs Linux on x86-64' : missing !== undefined ? `needs ${missing}` : false;
      test(line, { skip }, async () => {
        await runBoth(program, args, options);
      });
    }
  });
}
