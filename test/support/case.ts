// Headers of case files: lines `// key: value` (or `# key: value`) before the first line of anything else.

import { readFileSync } from 'node:fs';

export interface CaseFile {
  /** Values by key, in the order of lines. */
  readonly header: ReadonlyMap<string, readonly string[]>;
  readonly body: readonly string[];
}

export function readCase(path: string): CaseFile {
  const lines = readFileSync(path, 'latin1').split('\n');
  const header = new Map<string, string[]>();
  let at = 0;
  for (; at < lines.length; at++) {
    const match = /^(?:\/\/|#) ([a-z+]+): (.*)$/.exec(lines[at] ?? '');
    if (match) header.set(match[1] ?? '', [...(header.get(match[1] ?? '') ?? []), match[2] ?? '']);
    else if (!/^(\/\/|# |#$)/.test(lines[at] ?? '')) break;
  }
  return { header, body: lines.slice(at) };
}

/** Words as a shell splits them: '…', "…" and $'…', the last two with escapes of C. */
export function words(line: string): string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"])+/g)) {
    found.push(
      word.replace(
        /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
        (_, escaped?: string, single?: string, double?: string) => single ?? unescape(escaped ?? double ?? ''),
      ),
    );
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', e: '\x1b' };

/** Escapes of C in a text: \n \t \r \0 \e \xHH, else the character itself. */
export const unescape = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex?: string, one = '') =>
    hex === undefined ? (ESCAPES[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
