// What the command needs only when it is asked for: subcommands, help, observers, and the rest of the kernel. tools/parts.ts
// makes a bundle of its own of it, which cli/bin.cjs loads at the first use; other files of the command have types of it only.

export * as machine from '../src/rest.ts';
export { Strace } from '../src/kernel/strace.ts';
export { FileStore } from './code-store.ts';
export { dumpTo } from './dump.ts';
export { imageRoot } from './image-root.ts';
export { ldd } from './ldd.ts';
export { manifest } from './manifest.ts';
export { pack } from './pack.ts';
export { syscalls } from './syscalls.ts';
export { usage } from './usage.ts';
