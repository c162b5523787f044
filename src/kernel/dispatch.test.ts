// Dispatch and scheduling with scripted programs: results, errors, blocking, time, stops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRNO } from '../abi/errno.ts';
import { fakeHost } from '../host/fake/host.ts';
import type { ExitStatus } from './process.ts';
import { SCRATCH, type Script, testMachine } from './testing.ts';

const NR = {
  read: 0,
  write: 1,
  pause: 34,
  nanosleep: 35,
  alarm: 37,
  getpid: 39,
  exit: 60,
  kill: 62,
  uname: 63,
  getppid: 110,
  futex: 202,
  exit_group: 231,
  pipe2: 293,
};

test('results and errors reach the registers', async () => {
  const machine = testMachine(fakeHost());
  const seen: number[] = [];
  const process = machine.start(function* (): Script {
    seen.push(yield { call: NR.getpid }, yield { call: NR.getppid });
    seen.push(yield { call: NR.uname, args: [0] }, yield { call: 999 }, yield { call: 1_000_000 });
    yield { call: NR.exit_group, args: [0x107] };
  });
  await machine.kernel.run();
  assert.deepEqual(seen, [1, 0, -ERRNO.EFAULT, -ERRNO.ENOSYS, -ERRNO.ENOSYS]);
  assert.deepEqual(process.exited, { code: 7 });
  assert.deepEqual(machine.verbose, [
    'unimplemented syscall: syscall_0x3e7(999)',
    'unimplemented syscall: syscall_0xf4240(1000000)',
  ]);
});

test('futex: a changed word is EAGAIN, a sleeper times out, a bad address is EFAULT', async () => {
  const machine = testMachine(fakeHost());
  const seen: number[] = [];
  machine.start(function* (process): Script {
    process.memory.setU32(SCRATCH, 7);
    process.memory.setI64(SCRATCH + 16, 1);
    seen.push(yield { call: NR.futex, args: [SCRATCH, 0, 1] });
    seen.push(yield { call: NR.futex, args: [SCRATCH, 128, 7, SCRATCH + 16] });
    seen.push(yield { call: NR.futex, args: [0x400, 0, 1] });
    seen.push(yield { call: NR.futex, args: [SCRATCH + 2, 0, 1] });
    seen.push(yield { call: NR.futex, args: [SCRATCH, 1, 1] });
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(seen, [-ERRNO.EAGAIN, -ERRNO.ETIMEDOUT, -ERRNO.EFAULT, -ERRNO.EINVAL, 0]);
});

test('nanosleep ends at its deadline and leaves the processor to others', async () => {
  const machine = testMachine(fakeHost());
  const order: string[] = [];
  let elapsed = 0;
  machine.start(function* (process): Script {
    process.memory.setI64(SCRATCH, 2);
    process.memory.setI64(SCRATCH + 8, 500_000_000);
    const start = machine.kernel.clock.monotonic();
    order.push(`slept ${yield { call: NR.nanosleep, args: [SCRATCH, 0] }}`);
    elapsed = machine.kernel.clock.monotonic() - start;
    yield { call: NR.exit_group };
  });
  machine.start(function* (): Script {
    order.push('other');
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(order, ['other', 'slept 0']);
  assert.ok(elapsed >= 2500 && elapsed < 2600, String(elapsed));
});

test('a blocked wait without anyone to wake it ends by stop', async () => {
  const host = fakeHost();
  const machine = testMachine(host);
  const process = machine.start(function* (): Script {
    yield { call: NR.pause };
  });
  machine.kernel.clock.at(host.clock.monotonic() + 1000, () => machine.kernel.stop({ code: 124 }));
  await machine.kernel.run();
  assert.deepEqual(process.exited, { code: 124 } satisfies ExitStatus);
});

test('endless computing yields to the host and ends by kill', async () => {
  const host = fakeHost({ tick: 1 });
  const machine = testMachine(host);
  const process = machine.start(function* (): Script {
    for (;;) yield { compute: 1e6 };
  });
  machine.kernel.clock.at(host.clock.monotonic() + 50, () => machine.kernel.kill(process.pid, 15));
  await machine.kernel.run();
  assert.deepEqual(process.exited, { signal: 15 });
});

test('alarm ends a paused process; its default action is deadly', async () => {
  const machine = testMachine(fakeHost());
  const process = machine.start(function* (): Script {
    yield { call: NR.alarm, args: [3] };
    yield { call: NR.pause };
  });
  await machine.kernel.run();
  assert.deepEqual(process.exited, { signal: 14 });
});

test('an unexpected exception stops the machine with a dump', async () => {
  const machine = testMachine(fakeHost());
  const process = machine.start(function* (): Script {
    yield { call: NR.getpid };
    throw new TypeError('kernel bug');
  });
  await assert.rejects(machine.kernel.run(), /kernel bug[\s\S]*last syscall: getpid[\s\S]*task 1/);
  assert.ok(process.exited);
});
