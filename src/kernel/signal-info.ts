// siginfo_t in guest memory: 128 bytes, a union by kind of signal (include/uapi/asm-generic/siginfo.h).

import { SI_TIMER, SIGNAL } from '../abi/signals.ts';
import type { SignalInfo } from './signal-set.ts';

export const SIGINFO_SIZE = 128;

const FAULTS: ReadonlySet<number> = new Set([SIGNAL.SIGILL, SIGNAL.SIGFPE, SIGNAL.SIGSEGV, SIGNAL.SIGBUS, SIGNAL.SIGTRAP]);

export function encodeSignalInfo(info: SignalInfo): Uint8Array {
  const bytes = new Uint8Array(SIGINFO_SIZE);
  if (info.raw) bytes.set(info.raw.subarray(0, SIGINFO_SIZE));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, info.signal, true);
  view.setInt32(8, info.code, true);
  if (info.raw) return bytes;
  if (FAULTS.has(info.signal) && info.code > 0 && info.address !== undefined) {
    view.setBigUint64(16, info.address, true);
    return bytes;
  }
  if (info.code === SI_TIMER) {
    view.setInt32(16, info.timer ?? 0, true);
    view.setInt32(20, info.overrun ?? 0, true);
  } else {
    view.setInt32(16, info.pid ?? 0, true);
    view.setUint32(20, info.uid ?? 0, true);
  }
  if (info.signal === SIGNAL.SIGCHLD && info.code > 0) view.setInt32(24, info.status ?? 0, true);
  else if (info.value) {
    view.setInt32(24, info.value[0], true);
    view.setInt32(28, info.value[1], true);
  }
  return bytes;
}
