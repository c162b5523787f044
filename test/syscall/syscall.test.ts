// System calls as C programs make them: what the programs print is what they print natively. A case is a file beside this one.
//
// A program whose header asks for nothing but compiler flags runs with others in one machine (../support/batch.ts); `alone:` or
// any other key gives it a run of its own.

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { batchCases } from '../support/batch.ts';
import { cCases } from '../support/c-cases.ts';
import { type CaseFile, readCase } from '../support/case.ts';

const directory = import.meta.dirname;
const isPlain = (header: CaseFile['header']): boolean => [...header.keys()].every((key) => key === 'flags');

cCases(directory, { inMemory: true }, (header) => !isPlain(header));
batchCases(
  globSync('*.c', { cwd: directory })
    .sort()
    .map((file) => ({ path: join(directory, file), header: readCase(join(directory, file)).header }))
    .filter(({ header }) => isPlain(header)),
);
