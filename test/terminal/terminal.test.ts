// Programs at a terminal: the screen after each key is the one that the native program shows, read by a terminal emulator.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import headless from '@xterm/headless';
import { elfin, patience } from '../support/run.ts';

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly keys: readonly string[];
  /** A program beside the first. */
  readonly needs?: string;
  /** Lines that show times, names and the like. */
  readonly differs?: RegExp;
  /** The program is the host's own both times, and $RUN before a command of its has it run in elfin. */
  readonly isOutside?: boolean;
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
    keys: [
      'echo ab\x7fcd\r',
      'x=1\x15echo killed\r',
      'read a; echo "<$a>"\r',
      'word\r',
      'stty -echo\r',
      'read a\r',
      'secret\r',
      'stty echo; echo "<$a>"\r',
      'stty -icanon -echo; head -c 2 | od -c; stty icanon echo\r',
      'a\r',
      'exit 3\r',
    ],
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
  {
    name: 'Ctrl-Z and Ctrl-C: elfin as a job of the host',
    argv: ['/bin/bash', '--norc', '--noprofile'],
    isOutside: true,
    keys: [
      "PS1='> '\r",
      '$RUN cat\r',
      'one\r',
      '\x1a',
      'jobs; fg\r',
      'two\r',
      '\x04',
      '$RUN sh -c "trap \'echo caught\' INT; echo ready; cat; echo done"\r',
      '\x03',
      '$RUN less text\r',
      '\x1a',
      'fg\r',
      'q',
      '$RUN tty | grep -c pts\r',
      'for i in 1 2; do $RUN cat; done; echo left\r',
      'typed\r',
      '\x03',
      'echo $?\r',
      'exit\r',
    ],
  },
  {
    name: 'Ctrl-Z and Ctrl-C: jobs of a shell in elfin',
    argv: ['/bin/bash', '--norc', '--noprofile'],
    keys: [
      "PS1='> '\r",
      'cat\r',
      '\x1a',
      'sleep 100 | sleep 100\r',
      '\x1a',
      'jobs\r',
      'fg %2\r',
      '\x03',
      'fg\r',
      'three\r',
      '\x04',
      'vim -u NONE -N -n -i NONE text\r',
      '\x1a',
      'fg\r',
      ':q\r',
      'tty | grep -c pts\r',
      'exit\r',
    ],
  },
  {
    name: 'tmux: panes',
    argv: [
      '/bin/sh',
      '-c',
      'printf "set -g default-command /bin/dash\\nset -g status-right \\"\\"\\nset -g automatic-rename off\\n" >conf; TMUX_TMPDIR=/dev/shm exec tmux -f conf -L test$$ new-session',
    ],
    needs: '/usr/bin/tmux',
    keys: [
      '\x02%',
      'echo right$((1+1))\r',
      '\x02o',
      'echo left$((2+2)); stty size\r',
      '\x02"',
      'sleep 100\r',
      '\x03',
      'echo $?\r',
      '\x02z',
      'seq 40\r',
      '\x02z',
      'exit\r',
      'exit\r',
      'exit\r',
    ],
  },
  {
    name: 'top',
    argv: ['/bin/sh', '-c', 'top -d 100 -p $$; echo left'],
    keys: ['h', 'q', 'q'],
    differs: /^(top -|Tasks:|%Cpu|MiB|~| *\d+ )|Help for Interactive/,
  },
];

const scratch = mkdtempSync(join(tmpdir(), 'elfin-terminal-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const env = { PATH: '/usr/bin:/bin', TERM: 'xterm', LC_ALL: 'C.UTF-8', HOME: '/tmp', HISTFILE: '', LESSHISTFILE: '-' };

suite('at a terminal', () => {
  for (const { name, argv, keys, needs, differs, isOutside = false } of CASES) {
    const missing = [argv[0] ?? '', needs ?? '/'].find((path) => !existsSync(path));
    const skip =
      process.platform !== 'linux' || process.arch !== 'x64'
        ? 'needs Linux on x86-64'
        : missing === undefined
          ? false
          : `needs ${missing}`;
    test(name, { skip }, async () => {
      const run = [process.execPath, elfin, '-v', `${scratch}:${scratch}`];
      const without = (screen: string): string =>
        screen
          .split('\n')
          .filter((line) => !differs?.test(line))
          .join('\n');
      const native = await screens({ argv, keys, run: '', without });
      const guest = { argv: isOutside ? argv : [...run, ...argv], keys, run: run.join(' '), without, expected: native };
      (await screens(guest)).forEach((screen, step) => {
        assert.equal(screen, native[step], `${name}: after ${step === 0 ? 'the start' : JSON.stringify(keys[step - 1])}`);
      });
    });
  }
});

interface Session {
  readonly argv: readonly string[];
  readonly keys: readonly string[];
  /** $RUN in the program's environment. */
  readonly run: string;
  /** The screen without what may differ. */
  readonly without: (screen: string) => string;
  /** What the screens should come to be: a slow program is waited for. */
  readonly expected?: readonly string[];
}
/** Milliseconds without output after which a program is done with a key, and with one that led to what was expected. */
const QUIET = 400,
  QUIET_AS_EXPECTED = 120;
/** Milliseconds that a program may take for its start, and to come to what is expected. */
const LONGEST = 15_000 * patience;

/** What the screen shows at first and after each key, and last the exit status. */
async function screens({ argv, keys, run, without, expected }: Session): Promise<string[]> {
  const directory = join(scratch, 'work');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFileSync(join(directory, 'text'), Array.from({ length: 100 }, (_, i) => `this is line ${i + 1}\n`).join(''));
  const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const child = spawn('python3', [join(import.meta.dirname, 'drive.py'), ...argv], {
    cwd: directory,
    env: { ...env, RUN: run },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let lastOutput = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    terminal.write(bytes);
    lastOutput = performance.now();
  });
  // It may end before its last key.
  child.stdin.on('error', () => {});
  let status: number | null | undefined;
  child.on('close', (code) => {
    status = code;
  });
  const screen = async (): Promise<string> => {
    await new Promise<void>((resolve) => terminal.write('', resolve));
    const { active } = terminal.buffer;
    const rows = Array.from({ length: 24 }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
    return without(rows.join('\n').trimEnd());
  };
  const settled = async (wanted: string | undefined): Promise<string> => {
    const start = performance.now();
    for (;;) {
      await setTimeout(20);
      const now = performance.now();
      const quiet = now - Math.max(lastOutput, start);
      if (status !== undefined || now - start > LONGEST) return screen();
      if (lastOutput === 0) continue;
      if (wanted === undefined ? quiet > QUIET : quiet > QUIET_AS_EXPECTED && (await screen()) === wanted) return screen();
    }
  };
  const seen = [await settled(expected?.[0])];
  for (const [i, key] of keys.entries()) {
    child.stdin.write(key, 'latin1');
    seen.push(await settled(expected?.[i + 1]));
  }
  // Its last key ends a program as a rule.
  for (const start = performance.now(); status === undefined && performance.now() - start < (expected ? LONGEST : QUIET); )
    await setTimeout(20);
  child.stdin.end();
  while (status === undefined) await setTimeout(20);
  terminal.dispose();
  return [...seen, `status ${status}`];
}
