// Builds the image that `npm start` runs: hello.c compiled by gcc, with the C library and the dynamic linker of the host.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const image = join(import.meta.dirname, '../.cache/seed');
const hello = join(image, 'hello');

mkdirSync(image, { recursive: true });
const gcc = (...args: string[]): string => {
  try {
    return execFileSync('gcc', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') process.exit(1);
    process.stderr.write('gcc is needed to compile hello.c: apt install gcc libc6-dev\n');
    process.exit(1);
  }
};

gcc('-O2', '-o', hello, join(import.meta.dirname, 'seed/hello.c'));
writeFileSync(
  join(image, 'seed.manifest'),
  `[manifest]
/hello: ${hello}
/lib64/libc.so.6: ${gcc('-print-file-name=libc.so.6')}
/usr/lib/ld-linux-x86-64.so.2: ${gcc('-print-file-name=ld-linux-x86-64.so.2')}
`,
);
