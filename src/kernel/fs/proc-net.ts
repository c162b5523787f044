// /proc/net: the sockets of the machine and its one interface, as programs read them (proc(5)).

import type { ByteString } from '../../lib/bytes.ts';
import { fromBytes } from '../../lib/bytes.ts';
import type { Kernel } from '../kernel.ts';
import { bytesOf, type Endpoint, isV4 } from '../net/endpoint.ts';
import { nowhere } from '../net/inet-socket.ts';
import type { InetSocket } from '../net/inet-socket.ts';
import { AF } from '../../abi/socket.ts';
import { TCP_STATES, TcpSocket } from '../net/tcp.ts';
import type { UnixSocket } from '../net/unix-name.ts';
import { type Children, type ProcContext, ProcDirectory, ProcText } from './proc-node.ts';

const TCP_HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n';
const V6_HEADER =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const UDP_HEADER =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n';
const DEV_HEADER =
  'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
const ROUTE_HEADER = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';

export function networkDirectory(context: ProcContext, kernel: Kernel): ProcDirectory {
  const text = (make: () => ByteString) => (own: ProcContext) => new ProcText(own, make);
  const sockets = (list: () => Iterable<InetSocket>, family: number, header: string) =>
    text(
      () =>
        header +
        [...list()]
          .filter((each) => each.family === family)
          .map(socketLine)
          .join(''),
    );
  const files: Children = {
    dev: text(() => DEV_HEADER + (kernel.network.hasLoopback ? `    lo: ${'       0'.repeat(16).trimStart()}\n` : '')),
    if_inet6: text(() => (kernel.network.hasLoopback ? `${'0'.repeat(31)}1 01 80 10 80       lo\n` : '')),
    route: text(() => `${ROUTE_HEADER.padEnd(127)}\n`),
    tcp: sockets(() => kernel.network.tcp.all(), AF.AF_INET, TCP_HEADER),
    tcp6: sockets(() => kernel.network.tcp.all(), AF.AF_INET6, V6_HEADER),
    udp: sockets(() => kernel.network.udp.all(), AF.AF_INET, UDP_HEADER),
    udp6: sockets(() => kernel.network.udp.all(), AF.AF_INET6, V6_HEADER),
    unix: text(() => unixText(kernel)),
  };
  return new ProcDirectory(context, files);
}

/** An address as the kernel's words in memory: each four bytes reversed. */
function endpointText({ host, port }: Endpoint, family: number): string {
  const bytes = bytesOf(family === AF.AF_INET ? (isV4(host) ? host.slice(24) : '00000000') : host);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4)
    for (let i = 3; i >= 0; i--) text += (bytes[at + i] ?? 0).toString(16).padStart(2, '0');
  return `${text}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

const UDP_STATE = 7;
function socketLine(socket: InetSocket, index: number): string {
  const state = socket instanceof TcpSocket ? TCP_STATES[socket.state] : UDP_STATE;
  const own = endpointText(socket.local ?? nowhere(socket.family), socket.family),
    other = endpointText(socket.remote ?? nowhere(socket.family), socket.family);
  const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, '0');
  const queues = `${hex(socket.unsentBytes, 8)}:${hex(socket.isListening ? 0 : socket.readableBytes, 8)}`;
  const line = `${String(index).padStart(4)}: ${own} ${other} ${hex(state, 2)} ${queues} 00:00000000 00000000     0        0 ${socket.number} 1 0000000000000000`;
  return `${line.padEnd(149)}\n`;
}

/** SO_ACCEPTCON */
const LISTENING = 0x10000;
function unixText(kernel: Kernel): ByteString {
  const line = (socket: UnixSocket): string => {
    const { address } = socket.identity;
    const name = fromBytes(address.subarray(2)).replaceAll('\0', '@').replace(/@$/, '');
    const flags = (socket.isListening ? LISTENING : 0).toString(16).padStart(8, '0');
    const state = socket.isListening || !isConnected(socket) ? '01' : '03';
    const kind = socket.kind.toString(16).padStart(4, '0');
    return `0000000000000000: 00000002 00000000 ${flags} ${kind} ${state} ${String(socket.number).padStart(5)}${name ? ` ${name}` : ''}\n`;
  };
  return `Num       RefCount Protocol Flags    Type St Inode Path\n${[...kernel.network.unixSockets].map(line).join('')}`;
}
const isConnected = (socket: UnixSocket): boolean => socket.peerSender.pid !== 0;
