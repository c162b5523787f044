// An inotify instance: what it watches, and the events that wait to be read (inotify(7)).

import { E } from '../abi/errno.ts';
import { FIONREAD, O_RDONLY } from '../abi/fcntl.ts';
import { type ByteString, toBytes } from '../lib/bytes.ts';
import type { Kernel } from './kernel.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import type { Inode, InodeWatcher, IoctlMemory } from './vfs/inode.ts';
import { IN } from './vfs/notify.ts';
import { POLLIN, POLLRDNORM, WOULD_BLOCK, type WouldBlock } from './wait.ts';

/** fs.inotify.max_queued_events */
const MAX_EVENTS = 16_384;
/** struct inotify_event without its name: wd, mask, cookie, length of the name. */
const HEADER = 16;
/** Events that a mask may ask for. */
const ALL_EVENTS = 0xfff;

interface Watch {
  readonly wd: number;
  readonly inode: Inode;
  mask: number;
  readonly watcher: InodeWatcher;
}

interface Event {
  readonly wd: number;
  readonly mask: number;
  readonly cookie: number;
  readonly name: ByteString;
}

export class InotifyFile extends BaseFile {
  readonly #watches = new Map<number, Watch>();
  #lastWatch = 0;
  #events: Event[] = [];

  constructor(kernel: Kernel, flags: number) {
    super(new AnonymousInode(0o600, kernel.vfs.anonymousIno(), 'anon_inode:inotify'), O_RDONLY | flags);
  }

  /** The number of a watch; an inode has one, whose mask is replaced or added to. */
  add(inode: Inode, mask: number): number {
    for (const watch of this.#watches.values()) {
      if (watch.inode !== inode) continue;
      if (mask & IN.IN_MASK_CREATE) throw E.EEXIST;
      watch.mask = mask & IN.IN_MASK_ADD ? watch.mask | mask : mask;
      return watch.wd;
    }
    const wd = ++this.#lastWatch;
    const watcher: InodeWatcher = (event, name, cookie) => this.#happened(watch, event, name, cookie);
    const watch: Watch = { wd, inode, mask, watcher };
    this.#watches.set(wd, watch);
    inode.watchers ??= new Set();
    inode.watchers.add(watcher);
    return wd;
  }

  /** EINVAL for a number that is none. */
  remove(wd: number): void {
    const watch = this.#watches.get(wd);
    if (!watch) throw E.EINVAL;
    this.#drop(watch);
  }

  #happened(watch: Watch, event: number, name: ByteString | undefined, cookie: number): void {
    if (event & watch.mask & ALL_EVENTS) {
      this.#push({ wd: watch.wd, mask: event, cookie, name: name ?? '' });
      if (watch.mask & IN.IN_ONESHOT) this.#drop(watch);
    }
    if (event & IN.IN_DELETE_SELF && this.#watches.has(watch.wd)) this.#drop(watch);
  }

  #drop(watch: Watch): void {
    watch.inode.watchers?.delete(watch.watcher);
    if (watch.inode.watchers?.size === 0) watch.inode.watchers = undefined;
    this.#watches.delete(watch.wd);
    this.#push({ wd: watch.wd, mask: IN.IN_IGNORED, cookie: 0, name: '' });
  }

  #push(event: Event): void {
    const last = this.#events.at(-1);
    // Equal neighbours are one event.
    if (last && last.wd === event.wd && last.mask === event.mask && last.cookie === event.cookie && last.name === event.name)
      return;
    if (this.#events.length > MAX_EVENTS) return;
    const isFull = this.#events.length === MAX_EVENTS;
    this.#events.push(isFull ? { wd: -1, mask: IN.IN_Q_OVERFLOW, cookie: 0, name: '' } : event);
    this.queue.wake(POLLIN | POLLRDNORM);
  }

  override read(into: Uint8Array): number | WouldBlock {
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
    let done = 0,
      count = 0;
    for (const event of this.#events) {
      const length = sizeOf(event);
      if (done + length > into.length) break;
      into.fill(0, done, done + length);
      view.setInt32(done, event.wd, true);
      view.setUint32(done + 4, event.mask, true);
      view.setUint32(done + 8, event.cookie, true);
      view.setUint32(done + 12, length - HEADER, true);
      into.set(toBytes(event.name), done + HEADER);
      done += length;
      count++;
    }
    if (count === 0) {
      if (this.#events.length > 0) throw E.EINVAL;
      return WOULD_BLOCK;
    }
    this.#events.splice(0, count);
    return done;
  }

  override poll(): number {
    return this.#events.length > 0 ? POLLIN | POLLRDNORM : 0;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    if (request !== FIONREAD) throw E.ENOTTY;
    const bytes = memory.writable(argument, 4);
    const waiting = this.#events.reduce((sum, event) => sum + sizeOf(event), 0);
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, waiting, true);
    return 0;
  }

  override write(): number {
    throw E.EBADF;
  }

  override close(): void {
    for (const { inode, watcher } of this.#watches.values()) {
      inode.watchers?.delete(watcher);
      if (inode.watchers?.size === 0) inode.watchers = undefined;
    }
    this.#watches.clear();
  }
}

/** The name is followed by at least one NUL and filled up to a multiple of the header. */
const sizeOf = ({ name }: Event): number => HEADER + (name === '' ? 0 : HEADER * Math.ceil((name.length + 1) / HEADER));
