// strace's lines and summary for scripted programs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeHost } from '../host/fake/host.ts';
import { Strace } from './strace.ts';
import { SCRATCH, type Script, testMachine } from './testing.ts';
import { syscallLines } from './tracer.ts';

const NR = {
  rt_sigaction: 13,
  rt_sigprocmask: 14,
  pipe2: 293,
  nanosleep: 35,
  getpid: 39,
  kill: 62,
  getrandom: 318,
  brk: 12,
  exit_group: 231,
};

async function trace(patterns: string[], script: Parameters<ReturnType<typeof testMachine>['start']>[0], isSummary = false) {
  const lines: string[] = [];
  const strace = new Strace({ write: (line) => lines.push(line), patterns, isSummary });
  const machine = testMachine(fakeHost(), strace);
  machine.start(script);
  await machine.kernel.run();
  return { lines, strace };
}

test('inputs, outputs, errors and the end', async () => {
  const { lines } = await trace([], function* (process): Script {
    yield { call: NR.pipe2, args: [SCRATCH, 0o2004000] };
    yield { call: NR.pipe2, args: [SCRATCH, 1] };
    process.memory.setU32(SCRATCH + 64, (1 << 1) | (1 << 14));
    yield { call: NR.rt_sigprocmask, args: [0, SCRATCH + 64, 0, 8] };
    yield { call: NR.getpid };
    yield { call: NR.kill, args: [1, 0] };
    yield { call: 9999, args: [1] };
    yield { call: NR.exit_group, args: [3] };
  });
  assert.deepEqual(lines, [
    'pipe2([0, 1], O_NONBLOCK|O_CLOEXEC)     = 0',
    'pipe2(0x10000, 0x1)                     = -1 EINVAL (Invalid argument)',
    'rt_sigprocmask(SIG_BLOCK, [INT TERM], NULL, 8) = 0',
    'getpid()                                = 1',
    'kill(1, 0)                              = 0',
    'syscall_0x270f(0x1, NULL, NULL, NULL, NULL, NULL) = -1 ENOSYS (Function not implemented)',
    'exit_group(3)                           = ?',
    '+++ exited with 3 +++',
  ]);
});

test('patterns choose calls; a deadly signal is shown', async () => {
  const { lines } = await trace(['ki*'], function* (): Script {
    yield { call: NR.getpid };
    yield { call: NR.kill, args: [1, 15] };
  });
  assert.deepEqual(lines, [
    'kill(1, SIGTERM)                        = 0',
    '--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=1, si_uid=0} ---',
    '+++ killed by SIGTERM +++',
  ]);
});

test('a call that another process interrupts in the trace is cut and resumed', async () => {
  const lines: string[] = [];
  const machine = testMachine(fakeHost(), new Strace({ write: (line) => lines.push(line) }));
  machine.start(function* (process): Script {
    process.memory.setI64(SCRATCH, 1);
    yield { call: NR.nanosleep, args: [SCRATCH, 0] };
    yield { call: NR.exit_group };
  });
  machine.start(function* (): Script {
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(lines, [
    '[pid     1] nanosleep({tv_sec=1, tv_nsec=0},  <unfinished ...>',
    '[pid     2] exit_group(0)                           = ?',
    '[pid     2] +++ exited with 0 +++',
    '<... nanosleep resumed>, NULL)          = 0',
    'exit_group(0)                           = ?',
    '+++ exited with 0 +++',
  ]);
});

test('the summary counts calls and errors', async () => {
  const { lines, strace } = await trace(
    [],
    function* (): Script {
      yield { call: NR.getpid };
      yield { call: NR.getpid };
      yield { call: NR.kill, args: [77, 0] };
      yield { call: NR.exit_group };
    },
    true,
  );
  assert.deepEqual(lines, []);
  assert.match(strace.summary(), /% time +seconds +usecs\/call +calls +errors syscall/);
  assert.match(strace.summary(), / 2 +getpid\n/);
  assert.match(strace.summary(), / 1 +1 kill\n/);
  assert.match(strace.summary(), /100\.00 .* 1 total$/);
});

test("the seed's lines", async () => {
  const lines: string[] = [];
  const machine = testMachine(
    fakeHost(),
    syscallLines((line) => lines.push(line)),
  );
  machine.start(function* (): Script {
    yield { call: NR.brk };
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(lines, ['-> syscall: 012', '-> syscall: 231']);
});
