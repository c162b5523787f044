// An epoll instance: which files it watches, and which of them are ready (epoll(7)).
//
// Each watch subscribes to its file's queue; an event puts the watch on the ready list and wakes the instance's own
// queue. wait() polls the watches of the list again: level-triggered ones stay on it while they are ready,
// edge-triggered ones leave it until the next event.

import { E } from '../abi/errno.ts';
import { isAlwaysReady } from './fs/devices.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { type OpenFile, S_IFDIR, S_IFREG } from './vfs/inode.ts';
import { POLLERR, POLLHUP, POLLIN } from './wait.ts';

/** include/uapi/linux/eventpoll.h; the low bits are those of poll. */
export const EPOLLEXCLUSIVE = 1 << 28,
  EPOLLWAKEUP = 1 << 29,
  EPOLLONESHOT = 1 << 30,
  EPOLLET = 1 << 31;
const CONTROL_BITS = EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET;
/** EP_MAX_NESTS. */
const MAX_DEPTH = 4;

interface Watch {
  readonly fd: number;
  readonly file: OpenFile;
  events: number;
  data: readonly [low: number, high: number];
  unsubscribe: () => void;
}

export interface ReadyEvent {
  readonly events: number;
  readonly data: readonly [low: number, high: number];
}

export class EpollFile extends BaseFile {
  /** By descriptor and then file: a number may be reused while the old file lives on under another. */
  readonly #watches = new Map<number, Watch[]>();
  #ready = new Set<Watch>();

  constructor(ino: number, flags: number) {
    super(new AnonymousInode(0o600, ino, 'anon_inode:[eventpoll]'), flags);
  }

  /** It knows no requests but its own, and says so its own way (fs/eventpoll.c, ep_eventpoll_ioctl). */
  override ioctl(): number {
    throw E.EINVAL;
  }

  /** EPERM for files that are always ready, ELOOP for circles, EEXIST. */
  add(fd: number, file: OpenFile, events: number, data: readonly [number, number]): void {
    if (file.inode.type === S_IFREG || file.inode.type === S_IFDIR || isAlwaysReady(file)) throw E.EPERM;
    if (file === this) throw E.EINVAL;
    if (file instanceof EpollFile && (file.#reaches(this) || file.#depth() >= MAX_DEPTH)) throw E.ELOOP;
    if (this.#find(fd, file)) throw E.EEXIST;
    const watch: Watch = { fd, file, events, data, unsubscribe: () => {} };
    watch.unsubscribe = file.queue.subscribe((happened) => this.#happened(watch, happened));
    const list = this.#watches.get(fd);
    if (list) list.push(watch);
    else this.#watches.set(fd, [watch]);
    this.#check(watch);
  }

  modify(fd: number, file: OpenFile, events: number, data: readonly [number, number]): void {
    const watch = this.#find(fd, file);
    if (!watch) throw E.ENOENT;
    if ((watch.events | events) & EPOLLEXCLUSIVE) throw E.EINVAL;
    watch.events = events;
    watch.data = data;
    this.#check(watch);
  }

  remove(fd: number, file: OpenFile): void {
    const watch = this.#find(fd, file);
    if (!watch) throw E.ENOENT;
    this.#drop(watch);
  }

  /** Up to `limit` ready events. */
  collect(limit: number): ReadyEvent[] {
    const found: ReadyEvent[] = [];
    for (const watch of [...this.#ready]) {
      if (found.length >= limit) break;
      this.#ready.delete(watch);
      const events = this.#state(watch);
      if (events === 0) continue;
      found.push({ events, data: watch.data });
      if (watch.events & EPOLLONESHOT) watch.events &= CONTROL_BITS;
      // At the end of the list, so that a small limit serves all in turn.
      else if (!(watch.events & EPOLLET)) this.#ready.add(watch);
    }
    return found;
  }

  override poll(): number {
    for (const watch of this.#ready) {
      if (this.#state(watch) !== 0) return POLLIN;
      this.#ready.delete(watch);
    }
    return 0;
  }

  override close(): void {
    for (const list of this.#watches.values()) for (const watch of list) watch.unsubscribe();
    this.#watches.clear();
    this.#ready.clear();
  }

  #wanted(watch: Watch): number {
    const plain = watch.events & ~CONTROL_BITS;
    return plain === 0 && watch.events & EPOLLONESHOT ? 0 : plain | POLLERR | POLLHUP;
  }

  #state(watch: Watch): number {
    if ((watch.file.references ?? 1) <= 0) {
      this.#drop(watch);
      return 0;
    }
    return watch.file.poll() & this.#wanted(watch);
  }

  #check(watch: Watch): void {
    const events = this.#state(watch);
    if (events !== 0) this.#happened(watch, events);
  }

  #happened(watch: Watch, events: number): void {
    if ((events & this.#wanted(watch)) === 0) return;
    this.#ready.add(watch);
    this.queue.wake(POLLIN);
  }

  #find(fd: number, file: OpenFile): Watch | undefined {
    return this.#watches.get(fd)?.find((watch) => watch.file === file);
  }

  #drop(watch: Watch): void {
    watch.unsubscribe();
    this.#ready.delete(watch);
    const rest = (this.#watches.get(watch.fd) ?? []).filter((each) => each !== watch);
    if (rest.length > 0) this.#watches.set(watch.fd, rest);
    else this.#watches.delete(watch.fd);
  }

  #inner(): EpollFile[] {
    return [...this.#watches.values()].flat().flatMap(({ file }) => (file instanceof EpollFile ? [file] : []));
  }

  #reaches(target: EpollFile): boolean {
    return this === target || this.#inner().some((each) => each.#reaches(target));
  }

  #depth(): number {
    return 1 + Math.max(0, ...this.#inner().map((each) => each.#depth()));
  }
}
