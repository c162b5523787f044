// Real programs: the same output, status and files as natively. A case is a file here.
//
// A .c or .cc file is a program; ../support/c-cases.ts tells what its header may say.
// A .run file in a folder is a command (../support/run-file.ts).

import { suite, test } from 'node:test';
import { fetchPackage } from '../../tools/npm-package.ts';
import { runBoth } from '../support/both.ts';
import { CONCURRENCY, cCases } from '../support/c-cases.ts';
import { runFiles } from '../support/run-file.ts';

const isHost = process.platform === 'linux' && process.arch === 'x64';

cCases(import.meta.dirname);

for (const [group, cases] of Object.entries(Object.groupBy(runFiles(import.meta.dirname), ({ group }) => group))) {
  suite(group, { concurrency: CONCURRENCY }, () => {
    for (const { name, program, args, options, missing, packages } of cases ?? []) {
      const skip = !isHost ? 'needs Linux on x86-64' : missing !== undefined ? `needs ${missing}` : false;
      test(name, { skip }, async () => {
        for (const each of packages) await fetchPackage(each);
        await runBoth(program, args, options);
      });
    }
  });
}
