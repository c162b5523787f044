// Modules of Node that take milliseconds to load and that most runs do without.

const load = <K extends 'node:child_process' | 'node:net' | 'node:tty' | 'node:os' | 'node:crypto'>(name: K) =>
  process.getBuiltinModule(name);

export const childProcess = () => load('node:child_process');
export const net = () => load('node:net');
export const tty = () => load('node:tty');
export const os = () => load('node:os');
export const crypto = () => load('node:crypto');
