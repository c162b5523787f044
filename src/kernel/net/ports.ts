// The ports of one protocol: who has bound which, which are free, and who answers at an address (ip(7), socket(7)).

import { E } from '../../abi/errno.ts';
import { ANY_V4, ANY_V6, type Endpoint, isAny, isV4 } from './endpoint.ts';
import type { InetSocket } from './inet-socket.ts';

/** net.ipv4.ip_local_port_range */
const FIRST = 32_768,
  LAST = 60_999;

export class Ports {
  readonly #sockets = new Map<number, Set<InetSocket>>();
  #next = FIRST;

  /** Every socket with a port. */
  *all(): IterableIterator<InetSocket> {
    for (const sockets of this.#sockets.values()) yield* sockets;
  }

  /** Gives a socket an address; port 0 is any free one. EADDRINUSE. */
  take(socket: InetSocket, wanted: Endpoint): Endpoint {
    const port = wanted.port === 0 ? this.#free(socket, wanted.host) : wanted.port;
    if (wanted.port !== 0 && this.conflicts(socket, wanted.host, port)) throw E.EADDRINUSE;
    this.add(socket, port);
    return { host: wanted.host, port };
  }

  /** Counts a socket that shares a port as accepted ones do. */
  add(socket: InetSocket, port: number): void {
    const sockets = this.#sockets.get(port);
    if (sockets) sockets.add(socket);
    else this.#sockets.set(port, new Set([socket]));
  }

  give(socket: InetSocket, port: number): void {
    const sockets = this.#sockets.get(port);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#sockets.delete(port);
  }

  /** Is there such a connection already? */
  isConnected(local: Endpoint, remote: Endpoint): boolean {
    for (const { local: own, remote: other } of this.#sockets.get(local.port) ?? [])
      if (other && own?.host === local.host && other.host === remote.host && other.port === remote.port) return true;
    return false;
  }

  /** Who takes what comes to an address: the best of those that a test lets through; several that share it take turns. */
  find({ host, port }: Endpoint, test: (socket: InetSocket) => number): InetSocket | undefined {
    let best: InetSocket | undefined;
    let bestScore = 0;
    const sockets = this.#sockets.get(port);
    for (const socket of sockets ?? []) {
      if (!answers(socket, host)) continue;
      const own = test(socket);
      const score = own === 0 ? 0 : own + (isAny(socket.local?.host ?? ANY_V6) ? 0 : 2) + (socket.family === 2 ? 1 : 0);
      if (score <= bestScore) continue;
      best = socket;
      bestScore = score;
    }
    // The next one's turn, where several share the port (SO_REUSEPORT).
    if (best?.settings.reusesPort && sockets) {
      sockets.delete(best);
      sockets.add(best);
    }
    return best;
  }

  /** Would binding to it meet another socket (inet_csk_get_port). */
  conflicts(socket: InetSocket, host: string, port: number): boolean {
    for (const other of this.#sockets.get(port) ?? []) {
      if (other === socket || !overlap(socket, host, other)) continue;
      if (socket.settings.reusesPort && other.settings.reusesPort) continue;
      if (socket.settings.reusesAddress && other.settings.reusesAddress && !other.isListening) continue;
      return true;
    }
    return false;
  }

  #free(socket: InetSocket, host: string): number {
    for (let tries = FIRST; tries <= LAST; tries++) {
      const port = this.#next;
      this.#next = port === LAST ? FIRST : port + 1;
      if (!this.#sockets.has(port) || !this.conflicts(socket, host, port)) return port;
    }
    throw E.EADDRINUSE;
  }
}

/** Does a bound socket get what is sent to an address. */
function answers(socket: InetSocket, host: string): boolean {
  const own = socket.local?.host;
  if (own === undefined) return false;
  if (own === host) return true;
  if (own === ANY_V4) return isV4(host);
  return own === ANY_V6 && (!isV4(host) || !socket.settings.isV6Only);
}

function overlap(socket: InetSocket, host: string, other: InetSocket): boolean {
  const theirs = other.local?.host ?? ANY_V6;
  if (host === theirs) return true;
  if (host === ANY_V6) return !socket.settings.isV6Only || !isV4(theirs);
  if (theirs === ANY_V6) return !other.settings.isV6Only || !isV4(host);
  return (host === ANY_V4 && isV4(theirs)) || (theirs === ANY_V4 && isV4(host));
}
