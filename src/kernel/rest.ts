// What the kernel needs only when a guest first asks for it. A host may load it then, as a part of its own: programs start
// faster without it. Whatever else is in the kernel has types of it only, and reaches it through `kernel.rest`.

export { syscallName } from '../abi/syscall-names.ts';
export { dump } from './dump.ts';
export { describeFault, instructionAt } from './fault-message.ts';
export { DevFs } from './fs/dev.ts';
export { Devices } from './fs/devices.ts';
export { DevPtsFs } from './fs/devpts.ts';
export { Fifos } from './fs/fifo.ts';
export { ProcFs } from './fs/proc.ts';
export { SysFs } from './fs/sys.ts';
export { Ipc } from './ipc/ipc.ts';
export { Network } from './net/network.ts';
export {
  heldBack,
  ownTerminal,
  readSlave,
  readTerminal,
  slaveOf,
  stopsWriters,
  takeOpened,
  terminalIoctl,
} from './tty/job-control.ts';
export { rows } from './syscalls/table.ts';
