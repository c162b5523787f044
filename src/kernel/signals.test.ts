// Signals with scripted programs: pending, ignored, waited for, timed, interrupted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRNO } from '../abi/errno.ts';
import { SI_USER, SIG_IGN, SIGNAL } from '../abi/signals.ts';
import { fakeHost } from '../host/fake/host.ts';
import { PendingSignals, SignalSet } from './signal-set.ts';
import { SCRATCH, type Script, testMachine } from './testing.ts';

const NR = {
  rt_sigaction: 13,
  rt_sigprocmask: 14,
  pause: 34,
  getpid: 39,
  kill: 62,
  rt_sigpending: 127,
  rt_sigtimedwait: 128,
  sigaltstack: 131,
  tgkill: 234,
  exit_group: 231,
  timer_create: 222,
  timer_settime: 223,
  timer_getoverrun: 225,
  timer_delete: 226,
  setitimer: 38,
  wait4: 61,
};
const SET = SCRATCH + 0x100,
  INFO = SCRATCH + 0x200,
  TIME = SCRATCH + 0x300,
  OUT = SCRATCH + 0x400;

test('pending signals: standard ones once, the lowest first, faults before all', () => {
  const pending = new PendingSignals();
  for (const signal of [15, 10, 10, 40, 40]) pending.add({ signal, code: SI_USER });
  pending.add({ signal: 11, code: 1, vector: 14 });
  const order: number[] = [];
  for (let next = pending.take(() => true); next; next = pending.take(() => true)) order.push(next.signal);
  assert.deepEqual(order, [11, 10, 15, 40, 40]);
  assert.ok(pending.set.isEmpty);
});

test('sets: 32 and 33 lie in different halves; SIGKILL and SIGSTOP cannot be blocked', () => {
  const set = new SignalSet(-1, -1);
  assert.ok(set.has(32) && set.has(33) && set.has(64));
  set.delete(33);
  assert.equal(set.high, -2);
  assert.ok(!set.blockable().has(SIGNAL.SIGKILL) && !set.blockable().has(SIGNAL.SIGSTOP));
});

test('a blocked signal is pending, taken by sigtimedwait; without one it times out', async () => {
  const machine = testMachine(fakeHost());
  const seen: number[] = [];
  machine.start(function* ({ memory }): Script {
    memory.setU32(SET, 1 << (SIGNAL.SIGUSR1 - 1));
    yield { call: NR.rt_sigprocmask, args: [0, SET, 0, 8] };
    yield { call: NR.kill, args: [1, SIGNAL.SIGUSR1] };
    yield { call: NR.rt_sigpending, args: [OUT, 8] };
    seen.push(memory.getU32(OUT));
    memory.setI64(TIME, 1);
    seen.push(yield { call: NR.rt_sigtimedwait, args: [SET, INFO, TIME, 8] });
    seen.push(memory.getI32(INFO), memory.getI32(INFO + 16));
    seen.push(yield { call: NR.rt_sigtimedwait, args: [SET, INFO, TIME, 8] });
    seen.push(yield { call: NR.rt_sigtimedwait, args: [SET, INFO, TIME, 4] });
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(seen, [1 << 9, 10, 10, 1, -ERRNO.EAGAIN, -ERRNO.EINVAL]);
});

test('another process wakes a sigtimedwait; ignored signals do nothing', async () => {
  const machine = testMachine(fakeHost());
  const seen: number[] = [];
  machine.start(function* ({ memory }): Script {
    memory.setI64(SCRATCH, SIG_IGN);
    yield { call: NR.rt_sigaction, args: [SIGNAL.SIGUSR2, SCRATCH, 0, 8] };
    memory.setU32(SET, 1 << (SIGNAL.SIGTERM - 1));
    yield { call: NR.rt_sigprocmask, args: [0, SET, 0, 8] };
    seen.push(yield { call: NR.rt_sigtimedwait, args: [SET, INFO, 0, 8] });
    yield { call: NR.exit_group };
  });
  machine.start(function* (): Script {
    seen.push(yield { call: NR.kill, args: [1, SIGNAL.SIGUSR2] });
    seen.push(yield { call: NR.kill, args: [1, SIGNAL.SIGTERM] });
    seen.push(yield { call: NR.kill, args: [77, 0] }, yield { call: NR.kill, args: [1, 65] });
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(seen, [0, 0, -ERRNO.ESRCH, -ERRNO.EINVAL, SIGNAL.SIGTERM]);
});

test('a stopped process goes on with SIGCONT and dies by SIGKILL even when stopped', async () => {
  const host = fakeHost();
  const machine = testMachine(host);
  const process = machine.start(function* (): Script {
    yield { call: NR.kill, args: [1, SIGNAL.SIGSTOP] };
    yield { call: NR.exit_group, args: [4] };
  });
  const other = machine.start(function* (): Script {
    yield { call: NR.kill, args: [2, SIGNAL.SIGSTOP] };
    yield { call: NR.exit_group };
  });
  const { clock, kernel } = { clock: machine.kernel.clock, kernel: machine.kernel };
  clock.at(host.clock.monotonic() + 100, () => {
    assert.ok(process.isStopped && other.isStopped);
    kernel.kill(process.pid, SIGNAL.SIGCONT);
    kernel.kill(other.pid, SIGNAL.SIGKILL);
  });
  await kernel.run();
  assert.deepEqual([process.exited, other.exited], [{ code: 4 }, { signal: 9 }]);
});

test('a null read ends the process with a message that names it', async () => {
  const machine = testMachine(fakeHost());
  const process = machine.start(function* (it): Script {
    it.name = 'crash';
    it.argv = ['/bin/crash'];
    yield { fault: { vector: 14, address: 0n, errorCode: 4 } };
  });
  await machine.kernel.run();
  assert.deepEqual(process.exited, { signal: SIGNAL.SIGSEGV });
  assert.deepEqual(machine.diagnostics, ['elfin: /bin/crash: SIGSEGV at address 0x0 (rip 0x0, read)']);
});

test('a fault whose signal is ignored or blocked is deadly all the same', async () => {
  const machine = testMachine(fakeHost());
  const process = machine.start(function* ({ memory }): Script {
    memory.setI64(SCRATCH, SIG_IGN);
    yield { call: NR.rt_sigaction, args: [SIGNAL.SIGFPE, SCRATCH, 0, 8] };
    yield { fault: { vector: 0, address: 0n, errorCode: 0 } };
  });
  await machine.kernel.run();
  assert.deepEqual(process.exited, { signal: SIGNAL.SIGFPE });
});

test('a POSIX timer sends its signal with its value and counts overruns', async () => {
  const machine = testMachine(fakeHost());
  const seen: number[] = [];
  machine.start(function* ({ memory }): Script {
    memory.setU32(SET, 1 << (SIGNAL.SIGUSR1 - 1));
    yield { call: NR.rt_sigprocmask, args: [0, SET, 0, 8] };
    memory.setI64(SCRATCH, 0x55);
    memory.setU32(SCRATCH + 8, SIGNAL.SIGUSR1);
    memory.setU32(SCRATCH + 12, 0);
    seen.push(yield { call: NR.timer_create, args: [1, SCRATCH, OUT] });
    memory.setI64(TIME, 0);
    memory.setI64(TIME + 8, 10_000_000);
    memory.setI64(TIME + 16, 0);
    memory.setI64(TIME + 24, 10_000_000);
    seen.push(yield { call: NR.timer_settime, args: [0, 0, TIME, 0] });
    seen.push(yield { call: NR.rt_sigtimedwait, args: [SET, INFO, 0, 8] });
    seen.push(memory.getI32(INFO + 8), memory.getI32(INFO + 24));
    seen.push(yield { call: NR.timer_delete, args: [0] }, yield { call: NR.timer_delete, args: [0] });
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.deepEqual(seen, [0, 0, SIGNAL.SIGUSR1, -2, 0x55, 0, -ERRNO.EINVAL]);
});

test('without children wait4 is ECHILD', async () => {
  const machine = testMachine(fakeHost());
  let result = 0;
  machine.start(function* (): Script {
    result = yield { call: NR.wait4, args: [-1, 0, 0, 0] };
    yield { call: NR.exit_group };
  });
  await machine.kernel.run();
  assert.equal(result, -ERRNO.ECHILD);
});
