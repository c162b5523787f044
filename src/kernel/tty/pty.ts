// Pseudo-terminals: a master that plays the screen and keyboard, and a slave that is a terminal for programs (pty(7)).

import { E } from '../../abi/errno.ts';
import { FIONREAD, O_RDWR } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import { RingBuffer } from '../../lib/ring-buffer.ts';
import type { Kernel } from '../kernel.ts';
import { BaseFile } from '../vfs/base-file.ts';
import type { Inode, IoctlMemory, OpenFile } from '../vfs/inode.ts';
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLPRI,
  POLLRDNORM,
  POLLWRNORM,
  WaitQueue,
  WOULD_BLOCK,
  type WouldBlock,
} from '../wait.ts';
import { signalGroup } from './group.ts';
import { LineDiscipline } from './line-discipline.ts';
import { TERMIOS_SIZE, VMIN, VTIME } from './termios.ts';

/** include/uapi/asm-generic/ioctls.h */
const TCGETS = 0x5401,
  TCSETS = 0x5402,
  TCSETSF = 0x5404,
  TCSBRK = 0x5409,
  TCXONC = 0x540a,
  TCFLSH = 0x540b,
  TIOCEXCL = 0x540c,
  TIOCNXCL = 0x540d,
  TIOCOUTQ = 0x5411,
  TIOCSTI = 0x5412,
  TIOCGWINSZ = 0x5413,
  TIOCSWINSZ = 0x5414,
  TIOCPKT = 0x5420,
  TIOCGETD = 0x5424,
  TCSBRKP = 0x5425,
  TIOCGPTN = 0x80045430,
  TIOCSPTLCK = 0x40045431,
  TIOCSIG = 0x40045436,
  TIOCGPKT = 0x80045438,
  TIOCGPTLCK = 0x80045439;
/** TCXONC and TCFLSH. */
const TCOOFF = 0,
  TCOON = 1,
  TCIOFLUSH = 2;
/** Packet mode's first byte (ioctl_tty(2), TIOCPKT). */
const PACKET = { flushRead: 1, flushWrite: 2, stop: 4, start: 8 } as const;
/** Bytes that wait for the master. */
const OUTPUT_ROOM = 32_768;
const IN = POLLIN | POLLRDNORM,
  OUT = POLLOUT | POLLWRNORM;

export class Pty {
  readonly number: number;
  readonly kernel: Kernel;
  readonly line: LineDiscipline;
  readonly output = new RingBuffer(OUTPUT_ROOM);
  readonly #windowSize = new Uint8Array(8);
  readonly master: PtyMaster;
  readonly slaves = new Set<PtySlave>();
  /** Of every slave, whoever opened it. */
  readonly slaveQueue = new WaitQueue();
  isLocked = true;
  /** The master has been closed. */
  isGone = false;
  /** A slave was open once, and none is any more. */
  isLeft = false;
  isExclusive = false;
  /** The session whose controlling terminal it is, and the group that it listens to; 0 without. */
  session = 0;
  foreground = 0;
  hasPackets = false;
  #packet = 0;
  readonly #onGone: () => void;

  constructor(kernel: Kernel, number: number, inode: Inode, flags: number, onGone: () => void) {
    this.kernel = kernel;
    this.number = number;
    this.#onGone = onGone;
    this.line = new LineDiscipline({
      emit: (bytes) => this.#emit(bytes),
      signal: (signal) => this.foreground !== 0 && signalGroup(kernel, this.foreground, signal),
      flushed: () => this.flushOutput(),
      flow: (isStopped) => this.#flow(isStopped),
    });
    this.master = new PtyMaster(this, inode, flags);
  }

  /** Echo is never refused for want of room: what does not fit is lost. */
  #emit(bytes: readonly number[]): void {
    this.output.write(Uint8Array.from(bytes));
    this.master.queue.wake(IN);
  }

  /** A program writes; the master has room for all of it at its end, or the rest waits. */
  write(from: Uint8Array): number | WouldBlock {
    if (this.line.isStopped) return WOULD_BLOCK;
    let done = 0;
    const bytes: number[] = [];
    while (done < from.length && bytes.length + 8 <= this.output.space) bytes.push(...this.line.processed(from[done++] ?? 0));
    this.output.write(Uint8Array.from(bytes));
    if (done > 0) this.master.queue.wake(IN);
    return done === 0 ? WOULD_BLOCK : done;
  }

  /** The master types. */
  type(from: Uint8Array): number | WouldBlock {
    const done = this.line.type(from);
    this.slaveQueue.wake(IN);
    return done === 0 && from.length > 0 ? WOULD_BLOCK : done;
  }

  get packet(): number {
    return this.#packet;
  }
  takePacket(): number {
    const packet = this.#packet;
    this.#packet = 0;
    return packet;
  }
  #note(packet: number): void {
    if (!this.hasPackets) return;
    this.#packet |= packet;
    this.master.queue.wake(POLLPRI | IN);
  }

  flushOutput(): void {
    this.output.read(new Uint8Array(this.output.length));
    this.#note(PACKET.flushWrite);
    this.slaveQueue.wake(OUT);
  }
  flushInput(): void {
    this.line.flushInput();
    this.#note(PACKET.flushRead);
    this.master.queue.wake(OUT);
  }
  #flow(isStopped: boolean): void {
    this.#packet &= ~(PACKET.stop | PACKET.start);
    this.#note(isStopped ? PACKET.stop : PACKET.start);
    if (!isStopped) this.slaveQueue.wake(OUT);
    this.master.queue.wake(IN);
  }

  /** Opens the slave: EIO while it is locked or when the master has gone. */
  open(inode: Inode, flags: number): PtySlave {
    if (this.isLocked || this.isGone) throw E.EIO;
    if (this.isExclusive && this.slaves.size > 0) throw E.EBUSY;
    this.isLeft = false;
    return new PtySlave(this, inode, flags);
  }

  /** A slave file was closed. */
  leave(slave: PtySlave): void {
    if (!this.slaves.delete(slave) || this.slaves.size > 0) return;
    this.isLeft = true;
    this.isExclusive = false;
    this.master.queue.wake(POLLHUP | IN);
  }

  /** The master was closed: programs are told and get no more. */
  end(): void {
    this.isGone = true;
    const { session, foreground, kernel } = this;
    this.hangUp();
    if (session !== 0) {
      kernel.controlling.delete(session);
      kernel.foreground.delete(session);
      const leader = kernel.processes.get(session);
      if (leader && !leader.exited) signalGroup(kernel, leader.pgid, SIGNAL.SIGHUP, (each) => each === leader);
      if (leader && !leader.exited) signalGroup(kernel, leader.pgid, SIGNAL.SIGCONT, (each) => each === leader);
      if (foreground !== 0) {
        signalGroup(kernel, foreground, SIGNAL.SIGHUP, (each) => each !== leader);
        signalGroup(kernel, foreground, SIGNAL.SIGCONT, (each) => each !== leader);
      }
    }
    this.#onGone();
  }

  /** Files that are open now are dead from here on (tty_vhangup). */
  hangUp(): void {
    this.session = this.foreground = 0;
    for (const slave of [...this.slaves]) slave.die();
    this.slaveQueue.wake(IN | OUT | POLLHUP | POLLERR);
  }

  /** What both ends answer alike. */
  ioctl(request: number, argument: number, memory: IoctlMemory, isMaster: boolean): number {
    const setInt = (value: number): number => {
      const bytes = memory.writable(argument, 4);
      new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, value, true);
      return 0;
    };
    if (request >= TCSETS && request <= TCSETSF) {
      const bytes = memory.bytes(argument, TERMIOS_SIZE).slice();
      if (request === TCSETSF) this.flushInput();
      this.line.set(bytes);
      this.slaveQueue.wake(IN | OUT);
      return 0;
    }
    switch (request) {
      case TCGETS:
        memory.writable(argument, TERMIOS_SIZE).set(this.line.termios.bytes);
        return 0;
      case TIOCGWINSZ:
        memory.writable(argument, 8).set(this.#windowSize);
        return 0;
      case TIOCSWINSZ:
        this.#resize(memory.bytes(argument, 8));
        return 0;
      case TCFLSH:
        if (argument < 0 || argument > TCIOFLUSH) throw E.EINVAL;
        if (isMaster ? argument !== 0 : argument !== 1) this.flushInput();
        if (isMaster ? argument !== 1 : argument !== 0) this.flushOutput();
        return 0;
      case TCXONC:
        if (argument < 0 || argument > 3) throw E.EINVAL;
        if (argument === TCOOFF) this.line.stop(true);
        else if (argument === TCOON) this.line.stop(false);
        return 0;
      case TCSBRK:
      case TCSBRKP:
        return 0;
      case TIOCEXCL:
      case TIOCNXCL:
        this.isExclusive = request === TIOCEXCL;
        return 0;
      case TIOCGETD:
        return setInt(0);
      case FIONREAD:
        return setInt(isMaster ? this.output.length : this.line.available);
      case TIOCOUTQ:
        return setInt(isMaster ? 0 : this.output.length);
      case TIOCSTI:
        this.type(memory.bytes(argument, 1).slice());
        return 0;
      default:
        if (!isMaster) throw E.ENOTTY;
        return this.#masterIoctl(request, argument, memory, setInt);
    }
  }

  #masterIoctl(request: number, argument: number, memory: IoctlMemory, setInt: (value: number) => number): number {
    const int = (): number => {
      const bytes = memory.bytes(argument, 4);
      return new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
    };
    switch (request) {
      case TIOCGPTN:
        return setInt(this.number);
      case TIOCSPTLCK:
        this.isLocked = int() !== 0;
        return 0;
      case TIOCGPTLCK:
        return setInt(Number(this.isLocked));
      case TIOCPKT:
        this.hasPackets = int() !== 0;
        this.#packet = 0;
        return 0;
      case TIOCGPKT:
        return setInt(Number(this.hasPackets));
      case TIOCSIG:
        if (argument < 1 || argument > 64) throw E.EINVAL;
        if (this.foreground !== 0) signalGroup(this.kernel, this.foreground, argument);
        return 0;
      default:
        throw E.ENOTTY;
    }
  }

  /** A change of size is told to the foreground group. */
  #resize(size: Uint8Array): void {
    if (size.every((byte, i) => byte === this.#windowSize[i])) return;
    this.#windowSize.set(size);
    if (this.foreground !== 0) signalGroup(this.kernel, this.foreground, SIGNAL.SIGWINCH);
  }
}

/** The end that /dev/ptmx opens. */
export class PtyMaster extends BaseFile {
  readonly pty: Pty;

  constructor(pty: Pty, inode: Inode, flags: number) {
    super(inode, O_RDWR | flags);
    this.pty = pty;
  }

  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    const { pty } = this;
    if (pty.hasPackets) {
      if (pty.packet !== 0) {
        into[0] = pty.takePacket();
        return 1;
      }
      into[0] = 0;
    }
    const done = pty.output.read(pty.hasPackets ? into.subarray(1) : into);
    if (done > 0) {
      pty.slaveQueue.wake(OUT);
      return pty.hasPackets ? done + 1 : done;
    }
    if (pty.isLeft) throw E.EIO;
    return WOULD_BLOCK;
  }

  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    return this.pty.type(from);
  }

  override poll(): number {
    const { output, isLeft, packet, line } = this.pty;
    let events = line.isFull ? 0 : OUT;
    if (output.length > 0) events |= IN;
    if (packet !== 0) events |= POLLPRI | IN;
    if (isLeft) events |= POLLHUP;
    return events;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    return this.pty.ioctl(request, argument, memory, true);
  }

  override close(): void {
    this.pty.end();
  }
}

/** The end that programs have as their terminal. */
export class PtySlave extends BaseFile implements OpenFile {
  readonly pty: Pty;
  #isDead = false;
  readonly #unsubscribe: () => void;

  constructor(pty: Pty, inode: Inode, flags: number) {
    super(inode, flags);
    this.pty = pty;
    pty.slaves.add(this);
    this.#unsubscribe = pty.slaveQueue.subscribe((events) => this.queue.wake(events));
  }

  /** The terminal was hung up: the end for readers, EIO for the rest. */
  get isDead(): boolean {
    return this.#isDead;
  }
  die(): void {
    this.#isDead = true;
    this.pty.leave(this);
    this.queue.wake(IN | OUT | POLLHUP | POLLERR);
  }

  /** VMIN and VTIME are the system call's business: here what is there is read, and none is WOULD_BLOCK. */
  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    if (this.#isDead) return 0;
    const { line, master } = this.pty;
    const done = line.read(into);
    if (done === undefined || (done === 0 && !line.isCanonical)) return WOULD_BLOCK;
    master.queue.wake(OUT);
    return done;
  }

  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    if (this.#isDead) throw E.EIO;
    return from.length === 0 ? 0 : this.pty.write(from);
  }

  /** Bytes that a raw read waits for, and tenths of a second that it waits. */
  get patience(): { readonly least: number; readonly time: number } | undefined {
    const { line } = this.pty;
    if (line.isCanonical) return undefined;
    return { least: line.termios.character(VMIN), time: line.termios.character(VTIME) };
  }

  override poll(): number {
    if (this.#isDead) return IN | OUT | POLLHUP | POLLERR;
    const { line, output } = this.pty;
    return (line.isReadable ? IN : 0) | (!line.isStopped && output.space >= 256 ? OUT : 0);
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    if (this.#isDead) throw E.EIO;
    return this.pty.ioctl(request, argument, memory, false);
  }

  override close(): void {
    this.#unsubscribe();
    this.pty.leave(this);
  }
}
