// struct termios and its flags (termios(3), include/uapi/asm-generic/termbits.h).

/** struct termios of the kernel: four flag words, c_line, c_cc[19]. */
export const TERMIOS_SIZE = 36;
const CONTROL_OFFSET = 17;

export const ISTRIP = 0o40,
  INLCR = 0o100,
  IGNCR = 0o200,
  ICRNL = 0o400,
  IUCLC = 0o1000,
  IXON = 0o2000,
  IXANY = 0o4000,
  IMAXBEL = 0o20000,
  IUTF8 = 0o40000;
export const OPOST = 0o1,
  OLCUC = 0o2,
  ONLCR = 0o4,
  OCRNL = 0o10,
  ONOCR = 0o20,
  ONLRET = 0o40,
  XTABS = 0o14000;
export const ISIG = 0o1,
  ICANON = 0o2,
  ECHO = 0o10,
  ECHOE = 0o20,
  ECHOK = 0o40,
  ECHONL = 0o100,
  NOFLSH = 0o200,
  TOSTOP = 0o400,
  ECHOCTL = 0o1000,
  ECHOKE = 0o4000,
  IEXTEN = 0o100000;
/** Places in c_cc. */
export const VINTR = 0,
  VQUIT = 1,
  VERASE = 2,
  VKILL = 3,
  VEOF = 4,
  VTIME = 5,
  VMIN = 6,
  VSTART = 8,
  VSTOP = 9,
  VSUSP = 10,
  VEOL = 11,
  VREPRINT = 12,
  VWERASE = 14,
  VLNEXT = 15,
  VEOL2 = 16;

/** ICRNL|IXON, OPOST|ONLCR, B38400|CS8|CREAD, ISIG|ICANON|ECHO|ECHOE|ECHOK|ECHOCTL|ECHOKE|IEXTEN, as a new tty has them. */
const FLAGS = [0x500, 0x5, 0xbf, 0x8a3b];
/** ^C ^\ DEL ^U ^D, VTIME 0, VMIN 1, -, ^Q ^S ^Z, -, ^R ^O ^W ^V (include/asm-generic/termios.h, INIT_C_CC). */
const CONTROL = [3, 0x1c, 0x7f, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1a, 0, 0x12, 0xf, 0x17, 0x16, 0, 0, 0];

export class Termios {
  readonly #bytes = new Uint8Array(TERMIOS_SIZE);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    FLAGS.forEach((flags, i) => {
      this.#view.setUint32(4 * i, flags, true);
    });
    this.#bytes.set(CONTROL, CONTROL_OFFSET);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
  set(bytes: Uint8Array): void {
    this.#bytes.set(bytes);
  }

  /** Flag words as tests: is any of these bits set. */
  input(flags: number): boolean {
    return (this.#view.getUint32(0, true) & flags) !== 0;
  }
  output(flags: number): boolean {
    return (this.#view.getUint32(4, true) & flags) !== 0;
  }
  get expandsTabs(): boolean {
    return (this.#view.getUint32(4, true) & XTABS) === XTABS;
  }
  local(flags: number): boolean {
    return (this.#view.getUint32(12, true) & flags) !== 0;
  }

  /** A control character; 0 (_POSIX_VDISABLE) is none. */
  character(place: number): number {
    return this.#bytes[CONTROL_OFFSET + place] ?? 0;
  }
  is(byte: number, place: number): boolean {
    const character = this.character(place);
    return character !== 0 && character === byte;
  }
}
