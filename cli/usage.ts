// The text of `elfin help`, made from the option rows.

import { OPTIONS } from './options.ts';

const COLUMN = 30;

export function usage(): string {
  const lines = OPTIONS.map(({ names, value, isOptional, help }) => {
    const long = names.at(-1) as string;
    const placeholder = value === undefined ? '' : isOptional ? `[=${value}]` : ` ${value}`;
    const left = `  ${names.length > 1 ? names.join(', ') : long.startsWith('--') ? `    ${long}` : long}${placeholder}`;
    return left.length < COLUMN ? `${left.padEnd(COLUMN)}${help}` : `${left}\n${' '.repeat(COLUMN)}${help}`;
  });
  return `usage: elfin [run] [OPTIONS] PROGRAM [ARG...]     run a Linux x86-64 program
       elfin ldd PROGRAM                          libraries it needs, and where they are found
       elfin manifest PROGRAM                     a manifest of a host program and its libraries
       elfin pack MANIFEST -o FILE.tar            the files of a manifest as a tar
       elfin syscalls                             the system calls that are built
       elfin help

PROGRAM is searched in the guest's PATH if it has no slash.

${lines.join('\n')}

Exit status: the program's; 128+N after signal N; 127 not found; 126 not executable; 125 a mistake
in the command line or an image; 124 after --timeout.
`;
}
