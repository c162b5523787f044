// The terminal of the host as the guest's ioctls see it: termios kept here, the line discipline the host's own.

import { E } from '../../abi/errno.ts';
import { SIGNAL } from '../../abi/signals.ts';
import type { HostStream } from '../../host/host.ts';
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

/** struct termios of the kernel: four flag words, c_line, c_cc[19]. */
const TERMIOS_SIZE = 36;
const LFLAG_OFFSET = 12;
const ISIG = 0o1,
  ICANON = 0o2;
/** c_cc, and which of its characters send what. */
const CONTROL_OFFSET = 17;
const VINTR = 0,
  VQUIT = 1,
  VSUSP = 10;
const SIGNALS = [
  [VINTR, SIGNAL.SIGINT],
  [VQUIT, SIGNAL.SIGQUIT],
  [VSUSP, SIGNAL.SIGTSTP],
] as const;

/** ICRNL|IXON, OPOST|ONLCR, B38400|CS8|CREAD, ISIG|ICANON|ECHO|ECHOE|ECHOK|ECHOCTL|ECHOKE|IEXTEN, as a new tty has them. */
const FLAGS = [0x500, 0x5, 0xbf, 0x8a3b];
/** ^C ^\ DEL ^U ^D, VTIME 0, VMIN 1, -, ^Q ^S ^Z, -, ^R ^O ^W ^V (include/asm-generic/termios.h, INIT_C_CC). */
const CONTROL = [3, 0x1c, 0x7f, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1a, 0, 0x12, 0xf, 0x17, 0x16, 0, 0, 0];

export class Terminal {
  readonly #stream: HostStream;
  readonly #termios = new Uint8Array(TERMIOS_SIZE);

  constructor(stream: HostStream) {
    this.#stream = stream;
    const view = new DataView(this.#termios.buffer);
    FLAGS.forEach((flags, i) => {
      view.setUint32(4 * i, flags, true);
    });
    this.#termios.set(CONTROL, CONTROL_OFFSET);
  }

  /** The signal that a byte read one by one stands for; in line mode the host's own terminal sees to that. */
  signalOf(byte: number): number | undefined {
    const flags = this.#termios[LFLAG_OFFSET] ?? 0;
    if ((flags & ISIG) === 0 || (flags & ICANON) !== 0 || byte === 0) return undefined;
    return SIGNALS.find(([index]) => this.#termios[CONTROL_OFFSET + index] === byte)?.[1];
  }

  ioctl(request: number, argument: number, memory: IoctlMemory): number {
    switch (request) {
      case TCGETS:
        memory.writable(argument, TERMIOS_SIZE).set(this.#termios);
        return 0;
      case TCSETS:
      case TCSETSW:
      case TCSETSF:
        this.#termios.set(memory.bytes(argument, TERMIOS_SIZE));
        this.#stream.setRaw?.(((this.#termios[LFLAG_OFFSET] ?? 0) & ICANON) === 0);
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
