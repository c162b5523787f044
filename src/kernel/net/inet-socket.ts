// What TCP and UDP sockets share: addresses, and who answers at them.

import type { Task } from '../task.ts';
import { E } from '../../abi/errno.ts';
import type { Network } from './network.ts';
import {
  ANY_V4,
  ANY_V6,
  BROADCAST_V4,
  type Endpoint,
  endpointOf,
  familyOf,
  isAny,
  isLocal,
  isMulticast,
  isV4,
  LOOPBACK_V4,
  LOOPBACK_V6,
} from './endpoint.ts';
import type { Ports } from './ports.ts';
import { AF } from '../../abi/socket.ts';
import type { Socket } from './socket.ts';

export interface InetSocket extends Socket {
  /** Set when it has a port. */
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  /** The port was asked for, so that others may not have it. */
  readonly isBound: boolean;
}

/** Ports below it are the superuser's. */
const FIRST_UNPRIVILEGED = 1024;

/** What bind(2) is asked for; EADDRNOTAVAIL for addresses that are not the machine's, EACCES. */
export function bindable(task: Task, network: Network, socket: InetSocket, address: Uint8Array): Endpoint {
  const { family } = socket;
  // As __inet_bind has it: AF_UNSPEC with INADDR_ANY is AF_INET.
  const isUnspecified = family === AF.AF_INET && address.length >= 16 && familyOf(address) === AF.AF_UNSPEC;
  const wanted = endpointOf(isUnspecified ? withFamily(address) : address, family);
  const { host, port } = wanted;
  if (isUnspecified && !isAny(host)) throw E.EAFNOSUPPORT;
  if (!isAny(host) && !(network.hasLoopback && isLocal(host))) throw E.EADDRNOTAVAIL;
  if (socket.settings.isV6Only && isV4(host)) throw E.EINVAL;
  if (port !== 0 && port < FIRST_UNPRIVILEGED && task.process.credentials.euid !== 0) throw E.EACCES;
  if (socket.local) throw E.EINVAL;
  return wanted;
}

function withFamily(address: Uint8Array): Uint8Array {
  const copy = address.slice();
  copy[0] = AF.AF_INET;
  return copy;
}

/** Where something is sent to: any address means the machine itself; ENETUNREACH beyond it. */
export function reachable(network: Network, socket: InetSocket, address: Uint8Array): Endpoint {
  const given = endpointOf(address, socket.family);
  const host = given.host === ANY_V4 ? LOOPBACK_V4 : given.host === ANY_V6 ? LOOPBACK_V6 : given.host;
  if (host === BROADCAST_V4 || isMulticast(host)) throw E.ENETUNREACH;
  if (socket.family === AF.AF_INET6 && isV4(host) && socket.settings.isV6Only) throw E.ENETUNREACH;
  if (!network.hasLoopback || !isLocal(host)) throw E.ENETUNREACH;
  return { host, port: given.port };
}

/** Gives a socket that sends without a name one: any port, and the address it is reached from. */
export function autobind(ports: Ports, socket: InetSocket): Endpoint {
  return socket.local ?? ports.take(socket, { host: socket.family === AF.AF_INET ? ANY_V4 : ANY_V6, port: 0 });
}

/** The address of this end of a connection to `remote`. */
export const sourceFor = (local: Endpoint, remote: Endpoint): Endpoint =>
  isAny(local.host)
    ? { host: isV4(remote.host) ? (remote.host === LOOPBACK_V4 ? LOOPBACK_V4 : remote.host) : LOOPBACK_V6, port: local.port }
    : local;

/** What a socket of a family shows as the address it has not got. */
export const nowhere = (family: number): Endpoint => ({ host: family === AF.AF_INET ? ANY_V4 : ANY_V6, port: 0 });
