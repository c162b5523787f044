// What a machine needs only when a guest first asks for it; see kernel/rest.ts.

export * from './kernel/rest.ts';
export { signalFrames } from './arch/x64/signal-frame.ts';
export { disassembler } from './disassembler.ts';
export { Profile } from './debug/profile.ts';
