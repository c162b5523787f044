// The line discipline of a terminal: editing, echo, signals and flow control on what is typed, and what output becomes
// on its way out (termios(3); Linux drivers/tty/n_tty.c).

import { SIGNAL } from '../../abi/signals.ts';
import {
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNCR,
  IMAXBEL,
  INLCR,
  ISIG,
  ISTRIP,
  IUCLC,
  IUTF8,
  IXANY,
  IXON,
  NOFLSH,
  OCRNL,
  OLCUC,
  ONLCR,
  ONLRET,
  ONOCR,
  OPOST,
  Termios,
  VEOF,
  VEOL,
  VEOL2,
  VERASE,
  VINTR,
  VKILL,
  VLNEXT,
  VMIN,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VTIME,
  VWERASE,
} from './termios.ts';

/** N_TTY_BUF_SIZE: characters that wait to be read. */
const ROOM = 4095;
const LF = 10,
  CR = 13,
  TAB = 9,
  BS = 8,
  BEL = 7,
  DEL = 0x7f;
/** The end of a line that VEOF made: it delimits, and is not read. */
const EOF_MARK = -1;
const SIGNALS = [
  [VINTR, SIGNAL.SIGINT],
  [VQUIT, SIGNAL.SIGQUIT],
  [VSUSP, SIGNAL.SIGTSTP],
] as const;

/** Where a discipline sends what it makes. */
export interface LineEnds {
  /** Bytes for the screen. */
  emit(bytes: readonly number[]): void;
  /** A key that means a signal for the foreground group. */
  signal(signal: number): void;
  /** What was typed and not read, and what was written and not shown, is dropped. */
  flushed(): void;
  /** Output was stopped or goes on. */
  flow(isStopped: boolean): void;
}

export class LineDiscipline {
  readonly termios = new Termios();
  readonly #ends: LineEnds;
  /** Lines that are complete, or in raw mode all that came: bytes, and EOF_MARK. */
  #ready: number[] = [];
  #readyLines = 0;
  /** The line that is being edited. */
  #line: number[] = [];
  #column = 0;
  /** Column at which the line being edited began. */
  #lineColumn = 0;
  #isLiteral = false;
  isStopped = false;

  constructor(ends: LineEnds) {
    this.#ends = ends;
  }

  get isCanonical(): boolean {
    return this.termios.local(ICANON);
  }

  /** Bytes that may be read without waiting (FIONREAD). */
  get available(): number {
    if (!this.isCanonical) return this.#ready.length;
    const end = this.#endOfLine();
    return end < 0 ? 0 : this.#ready.slice(0, end).filter((byte) => byte !== EOF_MARK).length;
  }

  /** Is a line complete, or has as much come as poll waits for. */
  get isReadable(): boolean {
    if (this.isCanonical) return this.#readyLines > 0;
    const least = this.termios.character(VTIME) === 0 ? Math.max(1, this.termios.character(VMIN)) : 1;
    return this.#ready.length >= least;
  }

  /** Is there room for more to be typed: a full line in the making takes no more, but never makes the typist wait. */
  get isFull(): boolean {
    return !this.isCanonical && this.#ready.length >= ROOM;
  }

  /** New settings; in raw mode the line being edited is there to read. */
  set(bytes: Uint8Array): void {
    const wasCanonical = this.isCanonical;
    this.termios.set(bytes);
    if (wasCanonical && !this.isCanonical) {
      this.#ready = [...this.#ready.filter((byte) => byte !== EOF_MARK), ...this.#line];
      this.#line = [];
      this.#readyLines = 0;
    } else if (!wasCanonical && this.isCanonical && this.#ready.length > 0) {
      this.#readyLines = 1;
      this.#ready.push(EOF_MARK);
    }
    if (!this.termios.input(IXON) && this.isStopped) this.stop(false);
  }

  flushInput(): void {
    this.#ready = [];
    this.#line = [];
    this.#readyLines = 0;
  }

  stop(isStopped: boolean): void {
    if (this.isStopped === isStopped) return;
    this.isStopped = isStopped;
    this.#ends.flow(isStopped);
  }

  /** One line, or in raw mode what is there: bytes moved, undefined when a canonical read has to wait. */
  read(into: Uint8Array): number | undefined {
    if (!this.isCanonical) {
      const part = this.#ready.splice(0, into.length);
      into.set(part);
      return part.length;
    }
    const end = this.#endOfLine();
    if (end < 0) return undefined;
    const count = Math.min(end, into.length);
    let done = 0;
    for (let at = 0; at < count; at++) {
      const byte = this.#ready[at] ?? 0;
      if (byte !== EOF_MARK) into[done++] = byte;
    }
    // A line that fits but for its EOF mark is read with it.
    const taken = this.#ready[count] === EOF_MARK && count === end - 1 ? count + 1 : count;
    this.#ready.splice(0, taken);
    if (taken === end) this.#readyLines--;
    return done;
  }

  /** One past the delimiter of the first complete line; -1 without one. */
  #endOfLine(): number {
    if (this.#readyLines === 0) return -1;
    const at = this.#ready.findIndex((byte) => byte === EOF_MARK || this.#isDelimiter(byte));
    return at < 0 ? this.#ready.length : at + 1;
  }

  #isDelimiter(byte: number): boolean {
    return byte === LF || this.termios.is(byte, VEOL) || (this.termios.is(byte, VEOL2) && this.termios.local(IEXTEN));
  }

  /** Takes what was typed; returns how many bytes were taken. */
  type(bytes: Uint8Array): number {
    let done = 0;
    for (const byte of bytes) {
      if (this.isFull) break;
      this.#key(byte);
      done++;
    }
    return done;
  }

  #key(given: number): void {
    const { termios } = this;
    let byte = termios.input(ISTRIP) ? given & 0x7f : given;
    if (termios.input(IUCLC) && termios.local(IEXTEN) && byte >= 65 && byte <= 90) byte += 32;
    if (this.#isLiteral) {
      this.#isLiteral = false;
      this.#append(byte);
      return;
    }
    if (termios.input(IXON)) {
      if (termios.is(byte, VSTOP) && !(this.isStopped && termios.is(byte, VSTART))) return this.stop(true);
      if (termios.is(byte, VSTART)) return this.stop(false);
      if (this.isStopped && termios.input(IXANY)) this.stop(false);
    }
    if (termios.local(ISIG)) {
      const signal = SIGNALS.find(([place]) => termios.is(byte, place))?.[1];
      if (signal !== undefined) return this.#interrupt(byte, signal);
    }
    if (byte === CR) {
      if (termios.input(IGNCR)) return;
      if (termios.input(ICRNL)) byte = LF;
    } else if (byte === LF && termios.input(INLCR)) byte = CR;
    if (termios.local(ICANON)) this.#edit(byte);
    else this.#append(byte);
  }

  #interrupt(byte: number, signal: number): void {
    if (!this.termios.local(NOFLSH)) {
      this.flushInput();
      this.#ends.flushed();
    }
    if (this.isStopped && this.termios.input(IXON)) this.stop(false);
    if (this.termios.local(ECHO)) this.#echo(byte);
    this.#ends.signal(signal);
  }

  #edit(byte: number): void {
    const { termios } = this;
    const isExtended = termios.local(IEXTEN);
    if (termios.is(byte, VERASE)) return this.#erase(1);
    if (termios.is(byte, VWERASE) && isExtended) return this.#eraseWord();
    if (termios.is(byte, VKILL)) return this.#kill(byte);
    if (termios.is(byte, VLNEXT) && isExtended) {
      this.#isLiteral = true;
      if (termios.local(ECHO) && termios.local(ECHOCTL)) this.#raw([0x5e, BS]);
      return;
    }
    if (termios.is(byte, VREPRINT) && isExtended && termios.local(ECHO)) {
      this.#echo(byte);
      this.#out(LF);
      this.#lineColumn = this.#column;
      for (const each of this.#line) this.#echo(each);
      return;
    }
    if (termios.is(byte, VEOF)) return this.#finish(EOF_MARK);
    if (this.#isDelimiter(byte)) {
      if (byte === LF ? termios.local(ECHO) || termios.local(ECHONL) : termios.local(ECHO)) {
        if (byte === LF) this.#out(LF);
        else this.#echo(byte);
      }
      return this.#finish(byte);
    }
    this.#append(byte);
  }

  #append(byte: number): void {
    if (this.isCanonical && this.#line.length >= ROOM) {
      if (this.termios.input(IMAXBEL)) this.#raw([BEL]);
      return;
    }
    if (this.termios.local(ECHO)) {
      if (this.#line.length === 0) this.#lineColumn = this.#column;
      if (byte === LF) this.#out(LF);
      else this.#echo(byte);
    }
    if (this.isCanonical) this.#line.push(byte);
    else this.#ready.push(byte);
  }

  #finish(delimiter: number): void {
    this.#ready.push(...this.#line, delimiter);
    this.#line = [];
    this.#readyLines++;
  }

  #erase(count: number): void {
    for (let i = 0; i < count && this.#line.length > 0; i++) {
      // All bytes of a character in UTF-8 go together.
      let byte = this.#line.pop() ?? 0;
      while (this.termios.input(IUTF8) && (byte & 0xc0) === 0x80 && this.#line.length > 0) byte = this.#line.pop() ?? 0;
      if (!this.termios.local(ECHO)) continue;
      if (!this.termios.local(ECHOE)) this.#echo(this.termios.character(VERASE));
      else this.#rubOut(byte);
    }
  }

  /** Removes the picture of a character from the screen. */
  #rubOut(byte: number): void {
    const isControl = (byte < 32 || byte === DEL) && byte !== TAB;
    if (byte === TAB) {
      const from = this.#column;
      const to = this.#width();
      this.#raw(new Array<number>(Math.max(0, from - to)).fill(BS));
      this.#column = to;
      return;
    }
    const width = isControl ? (this.termios.local(ECHOCTL) ? 2 : 0) : 1;
    for (let i = 0; i < width; i++) this.#raw([BS, 32, BS]);
    this.#column -= width;
  }

  /** Column behind the line being edited. */
  #width(): number {
    let column = this.#lineColumn;
    for (const byte of this.#line) {
      if (byte === TAB) column = (column | 7) + 1;
      else if (byte < 32 || byte === DEL) column += this.termios.local(ECHOCTL) ? 2 : 0;
      else if (!this.termios.input(IUTF8) || (byte & 0xc0) !== 0x80) column++;
    }
    return column;
  }

  #eraseWord(): void {
    const isWord = (byte: number): boolean => byte === 0x5f || /[0-9A-Za-z]/.test(String.fromCharCode(byte)) || byte >= 0x80;
    let seen = false;
    while (this.#line.length > 0) {
      const last = this.#line.at(-1) ?? 0;
      if (isWord(last)) seen = true;
      else if (seen) break;
      this.#erase(1);
    }
  }

  #kill(byte: number): void {
    const { termios } = this;
    if (termios.local(ECHO) && termios.local(ECHOE) && termios.local(ECHOKE)) return this.#erase(this.#line.length);
    this.#line = [];
    if (!termios.local(ECHO)) return;
    this.#echo(byte);
    if (termios.local(ECHOK)) this.#out(LF);
  }

  /** Shows a key; control characters as ^X. */
  #echo(byte: number): void {
    const isControl = (byte < 32 || byte === DEL) && byte !== TAB;
    if (isControl && this.termios.local(ECHOCTL)) {
      this.#raw([0x5e, byte ^ 0x40]);
      this.#column += 2;
    } else this.#out(byte);
  }

  #raw(bytes: readonly number[]): void {
    this.#ends.emit(bytes);
  }
  #out(byte: number): void {
    this.#ends.emit(this.processed(byte));
  }

  /** What a byte that a program writes becomes. */
  processed(byte: number): readonly number[] {
    const { termios } = this;
    if (!termios.output(OPOST)) {
      this.#advance(byte);
      return [byte];
    }
    switch (byte) {
      case LF:
        if (termios.output(ONLRET)) this.#column = 0;
        if (!termios.output(ONLCR)) return [LF];
        this.#column = 0;
        return [CR, LF];
      case CR:
        if (termios.output(ONOCR) && this.#column === 0) return [];
        if (termios.output(OCRNL)) {
          if (termios.output(ONLRET)) this.#column = 0;
          return [LF];
        }
        this.#column = 0;
        return [CR];
      case TAB: {
        const spaces = 8 - (this.#column & 7);
        this.#column += spaces;
        return termios.expandsTabs ? new Array<number>(spaces).fill(32) : [TAB];
      }
      default: {
        const shown = termios.output(OLCUC) && byte >= 97 && byte <= 122 ? byte - 32 : byte;
        this.#advance(shown);
        return [shown];
      }
    }
  }

  #advance(byte: number): void {
    if (byte === BS) this.#column = Math.max(0, this.#column - 1);
    else if (byte === CR) this.#column = 0;
    else if (byte >= 32 && byte !== DEL && (byte & 0xc0) !== 0x80) this.#column++;
  }
}
