// The command line's grammar: which words are options, which name the subcommand, the program and its arguments.

import { newSettings, OPTIONS, type Option, type Settings } from './options.ts';
import { UsageError } from '../src/lib/usage-error.ts';

export const COMMANDS = ['run', 'ldd', 'manifest', 'pack', 'syscalls', 'help'] as const;
export type Command = (typeof COMMANDS)[number];

export interface CommandLine {
  readonly command: Command;
  readonly settings: Settings;
  /** What is left: for `run` the program and its arguments. */
  readonly operands: readonly string[];
}

const byName = new Map<string, Option>();
for (const option of OPTIONS) for (const name of option.names) byName.set(name, option);

/**
 * Reads the words after `elfin`. Options end at the first other word or after `--`; that word is a subcommand if it is
 * one of COMMANDS, else the program. Subcommands but `run` take options anywhere. Throws UsageError.
 */
export function parse(words: readonly string[]): CommandLine {
  const settings = newSettings();
  const { at, isForced } = takeOptions(settings, words, 0);
  const word = words[at];
  const command = isForced ? undefined : COMMANDS.find((each) => each === word);
  if (command === undefined)
    return { command: word === undefined && settings.help ? 'help' : 'run', settings, operands: words.slice(at) };
  if (command === 'run') return { command, settings, operands: words.slice(takeOptions(settings, words, at + 1).at) };
  const operands: string[] = [];
  for (let next = at + 1; next < words.length; ) {
    const taken = takeOptions(settings, words, next);
    if (taken.isForced) {
      operands.push(...words.slice(taken.at));
      break;
    }
    if (taken.at < words.length) operands.push(words[taken.at] as string);
    next = taken.at + 1;
  }
  return { command, settings, operands };
}

/** Applies options from `at` on; returns where they end, and whether `--` ended them. */
function takeOptions(settings: Settings, words: readonly string[], at: number): { at: number; isForced: boolean } {
  while (at < words.length) {
    const word = words[at] as string;
    if (word === '--') return { at: at + 1, isForced: true };
    if (!word.startsWith('-') || word === '-') break;
    at = takeOption(settings, words, at);
  }
  return { at, isForced: false };
}

/** Applies the option at `at`; returns the index after it. */
function takeOption(settings: Settings, words: readonly string[], at: number): number {
  const word = words[at] as string;
  const { name, value } = split(word);
  const option = byName.get(name);
  if (!option) throw new UsageError(`unknown option ${name}`, { withUsage: true });
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${name} takes no value`, { withUsage: true });
    option.set(settings, '', name);
    return at + 1;
  }
  if (value !== undefined || option.isOptional) {
    option.set(settings, value ?? '', name);
    return at + 1;
  }
  const next = words[at + 1];
  if (next === undefined) throw new UsageError(`${name} needs a value: ${option.value}`, { withUsage: true });
  option.set(settings, next, name);
  return at + 2;
}

/** `--name=value`, `-xvalue`; without a value it is undefined. */
function split(word: string): { name: string; value?: string } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    return equals < 0 ? { name: word } : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  }
  const name = word.slice(0, 2);
  // An option without a value cannot have letters stuck to it: name the whole word.
  if (word.length > 2 && byName.get(name)?.value === undefined) return { name: word };
  return word.length > 2 ? { name, value: word.slice(word[2] === '=' ? 3 : 2) } : { name };
}
