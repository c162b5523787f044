// A helper function of the generated module, written with the same builder as instruction meanings.

import type { Builder } from './builder.ts';
import type { Type } from './ops.ts';
import type { Value } from './value.ts';

export interface FunctionDefinition {
  readonly name: string;
  readonly params: readonly Type[];
  readonly results: readonly Type[];
  /** Builds the body; it ends with b.return(...) on every path that has results. Parameters are plain values. */
  readonly build: (b: Builder, ...params: Value[]) => void;
}

/** Defines a function that rows and other functions call by name: b.call('f80.add', [...], [...]). */
export function defineFunction(
  name: string,
  params: readonly Type[],
  results: readonly Type[],
  build: (b: Builder, ...params: Value[]) => void,
): FunctionDefinition {
  return { name, params, results, build };
}
