// Internet addresses with ports, IPv4 ones in their IPv6 form, and struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)).

import { E } from '../../abi/errno.ts';
import { AF } from '../../abi/socket.ts';

/** An address is 32 hexadecimal digits; an IPv4 address is the IPv4-mapped IPv6 address. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const MAPPED = '00000000000000000000ffff';
export const ANY_V6 = '0'.repeat(32),
  ANY_V4 = `${MAPPED}00000000`,
  LOOPBACK_V6 = `${'0'.repeat(31)}1`,
  LOOPBACK_V4 = `${MAPPED}7f000001`;
export const BROADCAST_V4 = `${MAPPED}ffffffff`;

const V4_SIZE = 16,
  V6_SIZE = 28,
  /** Without sin6_scope_id (RFC 2133), which is still accepted. */
  V6_SHORT = 24;

export const isV4 = (host: string): boolean => host.startsWith(MAPPED);
export const isAny = (host: string): boolean => host === ANY_V4 || host === ANY_V6;
/** 127.0.0.0/8 and ::1: what the machine itself answers to. */
export const isLocal = (host: string): boolean => host === LOOPBACK_V6 || host.startsWith(`${MAPPED}7f`);
export const isMulticast = (host: string): boolean =>
  isV4(host) ? /^[ef]/.test(host.slice(24, 25)) && host !== BROADCAST_V4 : host.startsWith('ff');

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const bytesOf = (host: string): Uint8Array =>
  Uint8Array.from({ length: host.length / 2 }, (_, i) => Number.parseInt(host.slice(2 * i, 2 * i + 2), 16));

/** struct sockaddr of a family as an endpoint; EINVAL when short, EAFNOSUPPORT for another family. */
export function endpointOf(address: Uint8Array, family: number): Endpoint {
  const given = familyOf(address);
  if (address.length < (family === AF.AF_INET ? V4_SIZE : V6_SHORT)) throw E.EINVAL;
  if (given !== family) throw E.EAFNOSUPPORT;
  const port = (address[2] ?? 0) * 256 + (address[3] ?? 0);
  if (family === AF.AF_INET) return { host: MAPPED + hexOf(address.subarray(4, 8)), port };
  return { host: hexOf(address.subarray(8, 24)), port };
}

export function familyOf(address: Uint8Array): number {
  if (address.length < 2) throw E.EINVAL;
  return (address[0] ?? 0) + 256 * (address[1] ?? 0);
}

/** The struct sockaddr that a socket of a family shows. */
export function sockaddrOf({ host, port }: Endpoint, family: number): Uint8Array {
  const bytes = new Uint8Array(family === AF.AF_INET ? V4_SIZE : V6_SIZE);
  bytes.set([family, 0, port >> 8, port & 0xff]);
  if (family === AF.AF_INET) bytes.set(bytesOf(isV4(host) ? host.slice(24) : '00000000'), 4);
  else bytes.set(bytesOf(host), 8);
  return bytes;
}
