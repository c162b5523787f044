// The terminal of the host as the guest's ioctls see it: termios kept here, the line discipline the host's own.

import { E } from '../../abi/errno.ts';
import { SIGNAL } from '../../abi/signals.ts';
import type { HostStream } from '../../host/host.ts';
import { ECHO, ICANON, ICRNL, ISIG, ONLCR, OPOST, TERMIOS_SIZE, Termios, VINTR, VQUIT, VSUSP } from '../tty/termios.ts';
import { deviceNumber } from '../vfs/base-inode.ts';
import type { IoctlMemory } from '../vfs/inode.ts';

/** include/uapi/asm-generic/ioctls.h */
const TCGETS = 0x5401,
  TCSETS = 0x5402,
  TCSETSW = 0x5403,
  TCSETSF = 0x5404,
  TCSBRK = 0x5409,
  TCXONC = 0x540a,
  TCFLSH = 0x540b;
const TIOCGWINSZ = 0x5413;

/** What the guest sees of it: the first terminal of /dev/pts. */
export const HOST_TERMINAL = { name: '/dev/pts/0', dev: 0x1f, ino: 3, rdev: deviceNumber(136, 0) } as const;

const CR = 13,
  LF = 10;
const SIGNALS = [
  [VINTR, SIGNAL.SIGINT],
  [VQUIT, SIGNAL.SIGQUIT],
  [VSUSP, SIGNAL.SIGTSTP],
] as const;

export class Terminal {
  readonly #stream: HostStream;
  readonly #termios = new Termios();

  constructor(stream: HostStream) {
    this.#stream = stream;
  }

  /** The signal that a byte read one by one stands for; in line mode the host's own terminal sees to that. */
  signalOf(byte: number): number | undefined {
    if (!this.#termios.local(ISIG) || this.#termios.local(ICANON)) return undefined;
    return SIGNALS.find(([place]) => this.#termios.is(byte, place))?.[1];
  }

  /** A byte as the guest reads it: in line mode the host's terminal has seen to that. */
  typed(byte: number): number {
    return byte === CR && !this.#termios.local(ICANON) && this.#termios.input(ICRNL) ? LF : byte;
  }

  #setModes(): void {
    const termios = this.#termios;
    this.#stream.setModes?.({
      isRaw: !termios.local(ICANON),
      echoes: termios.local(ECHO),
      returns: termios.output(OPOST) && termios.output(ONLCR),
    });
  }

  ioctl(request: number, argument: number, memory: IoctlMemory): number {
    switch (request) {
      case TCGETS:
        memory.writable(argument, TERMIOS_SIZE).set(this.#termios.bytes);
        return 0;
      case TCSETS:
      case TCSETSW:
      case TCSETSF:
        this.#termios.set(memory.bytes(argument, TERMIOS_SIZE));
        this.#setModes();
        return 0;
      case TIOCGWINSZ: {
        const { rows, columns } = this.#stream.windowSize?.() ?? { rows: 0, columns: 0 };
        memory.writable(argument, 8).set([rows & 0xff, rows >> 8, columns & 0xff, columns >> 8, 0, 0, 0, 0]);
        return 0;
      }
      // Output is written at once and input is the host's, so there is nothing to drain, stop or flush.
      case TCSBRK:
      case TCXONC:
      case TCFLSH:
        return 0;
      default:
        throw E.ENOTTY;
    }
  }
}
