// System calls as C programs make them: what the programs print is what they print natively. A case is a file beside this one.

import { cCases } from '../support/c-cases.ts';

cCases(import.meta.dirname, { inMemory: true });
