// What the compiler does to make code faster, and can be told to leave out (--jit-without): the code then does the same, slower.

export const PASSES = {
  'flag-liveness': 'flags are not computed where nothing wants them',
  'flag-fusion': 'a condition reads the operands that were compared',
  'constant-conditions': 'what an immediate decides is decided',
  'shared-checks': 'accesses near each other share a page check',
  guards: 'what was found not to need the interpreter is not asked again',
  'vector-lanes': 'parts of vectors are stored as they are',
  inlining: 'short functions are copied to where they are called',
  'jump-tables': 'targets of indirect jumps are found beforehand',
  'self-calls': 'a function that calls itself needs no table for it',
  hubs: 'indirect jumps by one table meet',
} as const;

export type PassName = keyof typeof PASSES;

/** Passes that are left out. */
export type Without = ReadonlySet<PassName>;

export const isPass = (name: string): name is PassName => Object.hasOwn(PASSES, name);
