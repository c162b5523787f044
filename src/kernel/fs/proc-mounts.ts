// The list of mounts as /proc/mounts and /proc/PID/mountinfo show it (proc(5)).

import type { ByteString } from '../../lib/bytes.ts';
import { majorOf, minorOf } from '../../abi/stat.ts';
import type { Mount } from '../vfs/mount.ts';
import type { Path } from '../vfs/path.ts';
import type { Vfs } from '../vfs/vfs.ts';

/** Space, tab, newline and backslash would break the columns. */
const escaped = (text: ByteString): ByteString =>
  text.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);

const options = (mount: Mount): string => `${mount.isReadOnly ? 'ro' : 'rw'},relatime`;

export const mountsText = (vfs: Vfs, root?: Path): ByteString =>
  vfs.mounts
    .map((mount) => `${escaped(mount.source)} ${escaped(mount.root.print(root))} ${mount.fs.type} ${options(mount)} 0 0\n`)
    .join('');

export const mountInfoText = (vfs: Vfs, root?: Path): ByteString =>
  vfs.mounts
    .map((mount) => {
      const { dev } = mount.root.inode.stat();
      const parent = mount.point?.mount?.id ?? mount.id;
      const place = `${mount.id} ${parent} ${majorOf(dev)}:${minorOf(dev)} / ${escaped(mount.root.print(root))}`;
      return `${place} ${options(mount)} - ${mount.fs.type} ${escaped(mount.source)} ${mount.isReadOnly ? 'ro' : 'rw'}\n`;
    })
    .join('');
