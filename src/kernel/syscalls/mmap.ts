// Syscalls that make the memory map; what they mean stands in kernel/mm, and the others in advice.ts.

import { MAP_ANONYMOUS, MAP_FLAGS, PROT, PROT_NONE } from '../../abi/mman.ts';
import { E } from '../../abi/errno.ts';
import { map } from '../mm/map.ts';
import { flags, hex, pointer, rawFd, size } from './args.ts';
import { syscall } from './define.ts';

const prot = flags({ PROT_NONE, ...PROT });

const mmap = syscall(
  'mmap',
  { x64: 9, generic: 222 },
  [pointer, size, prot, flags(MAP_FLAGS), rawFd, hex],
  (task, address, length, protection, mapFlags, fd, offset) => {
    const { process } = task;
    if (offset % 4096 !== 0) throw E.EINVAL;
    const file = mapFlags & MAP_ANONYMOUS ? undefined : process.fds.file(fd);
    return map(process.mm, { address, length, prot: protection, flags: mapFlags, file, offset });
  },
  'addresses lie below 4 GiB; a MAP_FIXED above gives ENOMEM; no huge pages (ENOMEM)',
);

const munmap = syscall('munmap', { x64: 11, generic: 215 }, [pointer, size], (task, address, length) => {
  task.process.mm.unmap(address, length);
  return 0;
});

const mprotect = syscall('mprotect', { x64: 10, generic: 226 }, [pointer, size, prot], (task, address, length, protection) => {
  task.process.mm.protect(address, length, protection);
  return 0;
});

const brk = syscall('brk', { x64: 12, generic: 214 }, [pointer], (task, address) => task.process.mm.setBrk(address));

export const mmapRows = [mmap, munmap, mprotect, brk];
