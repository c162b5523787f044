// Manifests: which host files make up an image, in OSv's syntax.
//
//   [manifest]                           header; may be left out
//   # comment                            also ; at the start of a line
//   /usr/lib/libm.so.6: %(libs)s/libm.so.6    a file; %(name)s is a variable, %% a percent sign
//   /etc/**: ../static/etc/**            all that is below a host directory
//   /&/etc/hosts: ../static/&            what follows & in the guest's path is repeated in the host's
//   /bin/sh: ->/bin/busybox              a symbolic link

import type { TreeEntry } from '../kernel/fs/tree.ts';
import { type ByteString, printable } from '../lib/bytes.ts';
import { UsageError } from '../lib/usage-error.ts';

export interface ManifestOptions {
  /** Name of the manifest in messages. */
  readonly name: string;
  /** Directory that relative host paths start from: the manifest's own. */
  readonly base: ByteString;
  readonly variables?: Readonly<Record<string, ByteString>>;
}

/** The entries of a manifest in order. Throws UsageError with file and line. */
export function parseManifest(text: ByteString, { name, base, variables = {} }: ManifestOptions): TreeEntry[] {
  const entries: TreeEntry[] = [];
  text.split('\n').forEach((raw, index) => {
    const where = `${name}:${index + 1}`;
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    if (line.startsWith('[')) {
      if (line !== '[manifest]') throw new UsageError(`${where}: unknown section ${printable(line)}; only [manifest] is known`);
      return;
    }
    entries.push(parseLine(expandVariables(line, variables, where), base, where));
  });
  return entries;
}

function parseLine(line: ByteString, base: ByteString, where: string): TreeEntry {
  const colon = line.indexOf(':');
  if (colon < 0) throw new UsageError(`${where}: expected GUEST: HOST, found ${printable(line)}`);
  const guest = line.slice(0, colon).trim(),
    host = line.slice(colon + 1).trim();
  if (!guest.startsWith('/'))
    throw new UsageError(`${where}: the guest's path ${printable(guest) || '(empty)'} must start with /`);
  if (guest.split('/').includes('..')) throw new UsageError(`${where}: the guest's path ${printable(guest)} must not contain ..`);
  if (host === '') throw new UsageError(`${where}: ${printable(guest)} has no host path`);
  if (host.startsWith('->')) {
    const target = host.slice(2).trim();
    if (target === '') throw new UsageError(`${where}: link ${printable(guest)} has no target`);
    return { kind: 'link', guest, target, where };
  }
  const isTree = guest.endsWith('/**');
  if (isTree !== (host.endsWith('/**') || host === '**')) throw new UsageError(`${where}: /** must end both paths or neither`);
  if (isTree) return { kind: 'tree', guest: guest.slice(0, -3) || '/', host: absolute(base, host.slice(0, -2)), where };
  const [prefix = '', suffix] = split(guest, '/&/');
  if (suffix === undefined) {
    if (host.endsWith('/&') || host === '&') throw new UsageError(`${where}: & in the host's path needs /&/ in the guest's`);
    return { kind: 'file', guest, host: absolute(base, host), where };
  }
  if (!host.endsWith('/&') && host !== '&')
    throw new UsageError(`${where}: /&/ in the guest's path needs /& at the end of the host's`);
  return { kind: 'file', guest: `${prefix}/${suffix}`, host: absolute(base, host.slice(0, -1) + suffix), where };
}

function split(text: ByteString, separator: string): [ByteString, ByteString?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

const absolute = (base: ByteString, path: ByteString): ByteString => (path.startsWith('/') ? path : `${base}/${path}`);

function expandVariables(line: ByteString, variables: Readonly<Record<string, ByteString>>, where: string): ByteString {
  return line.replace(/%(?:\(([^)]*)\)s|%|)/g, (found, variable: string | undefined) => {
    if (found === '%%') return '%';
    if (variable === undefined) throw new UsageError(`${where}: % must be followed by (name)s or %`);
    const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (value === undefined) throw new UsageError(`${where}: unknown variable %(${variable})s`);
    return value;
  });
}
