// The one network interface, lo, as ioctls see it (netdevice(7)).

import { E } from '../../abi/errno.ts';
import type { IoctlMemory } from '../vfs/inode.ts';
import type { Network } from './network.ts';
import { AF } from '../../abi/socket.ts';

export const LO = { name: 'lo', index: 1, mtu: 65_536, flags: 0x49 /* UP|LOOPBACK|RUNNING */ } as const;

/** include/uapi/linux/sockios.h */
const SIOCGIFNAME = 0x8910,
  SIOCGIFCONF = 0x8912,
  SIOCGIFFLAGS = 0x8913,
  SIOCGIFADDR = 0x8915,
  SIOCGIFBRDADDR = 0x8919,
  SIOCGIFNETMASK = 0x891b,
  SIOCGIFMETRIC = 0x891d,
  SIOCGIFMTU = 0x8921,
  SIOCGIFHWADDR = 0x8927,
  SIOCGIFINDEX = 0x8933,
  SIOCGIFTXQLEN = 0x8942;
/** struct ifreq: a name of 16 bytes, then a union of 24. */
const NAME_SIZE = 16,
  REQUEST_SIZE = 40;
const ARPHRD_LOOPBACK = 772;

/** Bytes of the union for each request. */
const ANSWERS: Readonly<Record<number, readonly number[]>> = {
  [SIOCGIFFLAGS]: [LO.flags, 0],
  [SIOCGIFADDR]: [AF.AF_INET, 0, 0, 0, 127, 0, 0, 1],
  [SIOCGIFBRDADDR]: [AF.AF_INET, 0, 0, 0, 0, 0, 0, 0],
  [SIOCGIFNETMASK]: [AF.AF_INET, 0, 0, 0, 255, 0, 0, 0],
  [SIOCGIFMETRIC]: [0, 0, 0, 0],
  [SIOCGIFMTU]: [0, 0, 1, 0],
  [SIOCGIFHWADDR]: [ARPHRD_LOOPBACK & 0xff, ARPHRD_LOOPBACK >> 8, 0, 0, 0, 0, 0, 0],
  [SIOCGIFINDEX]: [LO.index, 0, 0, 0],
  [SIOCGIFTXQLEN]: [0xe8, 3, 0, 0],
};

export function interfaceIoctl(request: number, argument: number, memory: IoctlMemory, network: Network): number {
  if (request === SIOCGIFCONF) return listInterfaces(argument, memory, network);
  if (request === SIOCGIFNAME) {
    const asked = memory.writable(argument, REQUEST_SIZE);
    if (!network.hasLoopback || asked[NAME_SIZE] !== LO.index) throw E.ENODEV;
    asked.fill(0, 0, NAME_SIZE).set(nameBytes());
    return 0;
  }
  const answer = ANSWERS[request];
  if (!answer) throw E.ENOTTY;
  const asked = memory.writable(argument, REQUEST_SIZE);
  const end = asked.indexOf(0);
  const name = String.fromCharCode(...asked.subarray(0, end < 0 || end > NAME_SIZE ? NAME_SIZE : end));
  if (!network.hasLoopback || name !== LO.name) throw E.ENODEV;
  asked.set(answer, NAME_SIZE);
  return 0;
}

const nameBytes = (): Uint8Array => Uint8Array.from(LO.name, (letter) => letter.charCodeAt(0));

/** struct ifconf: a length, and the address of a list of struct ifreq; with a null address, the length is the answer. */
function listInterfaces(argument: number, memory: IoctlMemory, network: Network): number {
  const header = memory.writable(argument, 16);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const room = view.getInt32(0, true);
  const at = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32;
  const isListed = network.hasLoopback && (at === 0 || room >= REQUEST_SIZE);
  if (isListed && at !== 0) {
    const entry = memory.writable(at, REQUEST_SIZE);
    entry.fill(0).set(nameBytes());
    entry.set(ANSWERS[SIOCGIFADDR] ?? [], NAME_SIZE);
  }
  const again = memory.writable(argument, 4);
  new DataView(again.buffer, again.byteOffset).setInt32(0, isListed ? REQUEST_SIZE : 0, true);
  return 0;
}
