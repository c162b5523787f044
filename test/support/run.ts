// Runs programs natively and under elfin, in the same environment.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { constants } from 'node:os';

export const root = join(import.meta.dirname, '../..');
/** The command as users start it. */
export const elfin = join(root, 'cli/bin.cjs');

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: Uint8Array | string;
  /** In place of ENVIRONMENT. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which a run is killed and fails, times `patience`; default 30,000. */
  readonly timeout?: number;
  readonly argv0?: string;
}

export interface Outcome {
  /** As a shell sees it: 128 + N after signal N. */
  readonly status: number;
  /** One character a byte. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What both sides start with: nothing of who runs the tests. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/tmp',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/** How many times longer than by default all may take, from the environment: for slow machines and options. */
export const patience = Number(process.env.ELFIN_TEST_PATIENCE ?? 1);

/** Runs a command of the host. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { cwd, argv0, env = ENVIRONMENT } = options;
    const timeout = (options.timeout ?? 30_000) * patience;
    const child = spawn(command, args, {
      env,
      stdio: 'pipe',
      ...(cwd !== undefined && { cwd }),
      ...(argv0 !== undefined && { argv0 }),
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    // A program may end without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeout);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const [out, errors] = [stdout, stderr].map((chunks) => Buffer.concat(chunks).toString('latin1'));
      if (isLate)
        reject(
          new Error(`${command} ${args.join(' ')}: not ended after ${timeout} ms\n${out?.slice(0, 500)}${errors?.slice(0, 500)}`),
        );
      else resolve({ status: code ?? 128 + (signal ? constants.signals[signal] : 0), stdout: out ?? '', stderr: errors ?? '' });
    });
  });
}

/** Options of elfin that all runs get, e.g. `--jit-threshold 1`, from the environment. */
const EXTRA = (process.env.ELFIN_TEST_OPTIONS ?? '').split(' ').filter(Boolean);

/** Runs elfin with these arguments. */
export const runElfin = (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
  run(process.execPath, [elfin, ...EXTRA, ...args], options);
