// Programs at a terminal: the screen after each key is the one that the native program shows, read by a terminal emulator.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import headless from '@xterm/headless';
import { elfin, run } from '../support/run.ts';

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly keys: readonly string[];
  /** Lines that show times, names and the like. */
  readonly differs?: RegExp;
}

const ESC = '\x1b';
const CASES: readonly Case[] = [
  {
    name: 'bash: line editing, history, job control',
    argv: ['/bin/bash', '--norc', '--noprofile'],
    keys: [
      "PS1='> '\r",
      'echo helo\x02\x02l\r',
      `${ESC}[A${ESC}[D${ESC}[D!\r`,
      'cat\r',
      'typed\r',
      '\x04',
      'sleep 100\r',
      '\x03',
      'echo $?\r',
      'stty size\r',
      'ech\t foo | tr a-z A-Z\x01: ; \x05\r',
      '\x04',
    ],
  },
  {
    name: 'dash: lines by the terminal',
    argv: ['/bin/dash'],
    keys: ['echo ab\x7fcd\r', 'x=1\x15echo killed\r', 'read a; echo "<$a>"\r', 'word\r', 'exit 3\r'],
  },
  { name: 'less', argv: ['/usr/bin/less', 'text'], keys: [' ', '/line 70\r', 'g', 'G', '-N\r', 'q'] },
  {
    name: 'vim',
    argv: ['/usr/bin/vim', '-u', 'NONE', '-N', '-n', '-i', 'NONE', 'text'],
    keys: ['ihello ', ESC, 'yyp', ':%s/line/LINE/g\r', 'G', 'dd', 'u', '/LINE 50\r', ':w other\r', ':q!\r'],
    differs: / ago$/,
  },
  {
    name: 'python: its prompt',
    argv: ['/usr/bin/python3', '-q', '-S', '-E'],
    keys: ['1 + 1\r', 'for i in range(2):\r', '  print(i)\r', '\r', `x = 5${ESC}[D${ESC}[D\x7f\r`, '\x04'],
  },
];

const scratch = mkdtempSync(join(tmpdir(), 'elfin-terminal-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const env = { PATH: '/usr/bin:/bin', TERM: 'xterm', LC_ALL: 'C.UTF-8', HOME: '/tmp', HISTFILE: '', LESSHISTFILE: '-' };

suite('at a terminal', () => {
  for (const { name, argv, keys, differs } of CASES) {
    const [program = ''] = argv;
    const skip =
      process.platform !== 'linux' || process.arch !== 'x64'
        ? 'needs Linux on x86-64'
        : existsSync(program)
          ? false
          : `needs ${program}`;
    test(name, { skip }, async () => {
      const native = await screens(argv, keys);
      const guest = await screens([process.execPath, elfin, '-v', `${scratch}:${scratch}`, ...argv], keys);
      const shown = (list: readonly string[]): string[] =>
        list.map((screen) =>
          screen
            .split('\n')
            .filter((line) => !differs?.test(line))
            .join('\n'),
        );
      const [ours, theirs] = [shown(guest), shown(native)];
      theirs.forEach((screen, step) => {
        assert.equal(ours[step], screen, `${name}: after ${step === 0 ? 'the start' : JSON.stringify(keys[step - 1])}`);
      });
    });
  }
});

/** What the screen shows at first and after each key, and last the exit status. */
async function screens(argv: readonly string[], keys: readonly string[]): Promise<string[]> {
  const directory = join(scratch, 'work');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFileSync(join(directory, 'text'), Array.from({ length: 100 }, (_, i) => `this is line ${i + 1}\n`).join(''));
  const { stdout } = await run('python3', [join(import.meta.dirname, 'drive.py'), JSON.stringify(keys), ...argv], {
    cwd: directory,
    env,
    timeout: 120_000,
  });
  const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const seen: string[] = [];
  for (const line of stdout.trim().split('\n')) {
    const part: unknown = JSON.parse(line);
    if (typeof part !== 'string') {
      seen.push(`status ${part}`);
      continue;
    }
    await new Promise<void>((resolve) => terminal.write(Buffer.from(part, 'latin1'), resolve));
    const { active } = terminal.buffer;
    const rows = Array.from({ length: 24 }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
    seen.push(rows.join('\n').trimEnd());
  }
  terminal.dispose();
  return seen;
}
