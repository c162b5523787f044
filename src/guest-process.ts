// A program that runs in a machine, as the public API shows it.

import { SIGNAL, type SignalName, signalName } from './abi/signals.ts';
import { MemoryStream } from './host/memory-stream.ts';
import { TerminalStream } from './host/terminal-stream.ts';
import type { Process } from './kernel/process.ts';
import type { OpenFile } from './kernel/vfs/inode.ts';
import { type ByteString, utf8 } from './lib/bytes.ts';
import type { Machine } from './machine.ts';
import { feed, inputOf, outputOf, PIPE_BYTES } from './web-streams.ts';

/** Bytes or text to read, a stream of bytes, or 'pipe': write to `process.stdin`. */
export type StandardInput = Uint8Array | string | ReadableStream<Uint8Array> | 'pipe';

export interface SpawnOptions {
  /** The whole environment; default: the machine's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute guest directory; default `/`. */
  readonly cwd?: string;
  readonly argv0?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Default 'pipe'; for a text of that name use bytes. */
  readonly stdin?: StandardInput;
  /** A terminal instead of pipes: stdin and stdout are its other end, stderr stays empty. */
  readonly tty?: { readonly cols: number; readonly rows: number };
  /** Kills the program (SIGKILL) when aborted. */
  readonly signal?: AbortSignal;
  /** Where output goes instead of `stdout` and `stderr`. */
  readonly sinks?: { readonly stdout: MemoryStream; readonly stderr: MemoryStream };
}

/** How a program ended: exactly one member is present. */
export type Exit = { readonly code: number } | { readonly signal: string };

export class GuestProcess {
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #terminal: TerminalStream | undefined;
  readonly pid: number;
  /** Closing it is the end of the program's input. */
  readonly stdin: WritableStream<Uint8Array>;
  /** A program waits when it is 64 KiB ahead of the reader; cancelling is EPIPE for it. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly exited: Promise<Exit>;

  private constructor(machine: Machine, process: Process, streams: Streams) {
    this.#machine = machine;
    this.#process = process;
    this.#terminal = streams.terminal;
    this.pid = process.pid;
    this.stdin = inputOf(streams.input);
    this.stdout = outputOf(streams.output);
    this.stderr = outputOf(streams.errors);
    this.exited = new Promise((resolve, reject) => {
      process.onExit((status) => resolve('code' in status ? status : { signal: signalName(status.signal) }));
      machine.run().catch(reject);
    });
  }

  /** Used by Elfin.spawn. */
  static start(
    machine: Machine,
    program: string,
    args: readonly string[],
    options: SpawnOptions,
    environ: readonly ByteString[],
  ): GuestProcess {
    if (options.signal?.aborted) throw new Error('aborted before the start');
    const streams = makeStreams(options);
    const terminal =
      options.tty && new TerminalStream(streams.input, streams.output, { columns: options.tty.cols, rows: options.tty.rows });
    const { input, output, errors } = streams;
    const files = terminal
      ? openThrice(machine, terminal)
      : [machine.open(input, 'read'), machine.open(output, 'write'), machine.open(errors, 'write')];
    const process = machine.spawn({
      program: utf8(program),
      args: args.map(utf8),
      environ,
      cwd: utf8(options.cwd ?? '/'),
      argv0: options.argv0 === undefined ? undefined : utf8(options.argv0),
      user: options.user,
      files,
    });
    const kill = (): void => void machine.kernel.kill(process.pid, SIGNAL.SIGKILL);
    options.signal?.addEventListener('abort', kill, { once: true });
    process.onExit(() => {
      options.signal?.removeEventListener('abort', kill);
      if (options.tty) streams.errors.end();
    });
    return new GuestProcess(machine, process, { ...streams, terminal });
  }

  /** Sends a signal by name or number; false if the program has ended. */
  kill(signal: SignalName | number = 'SIGTERM'): boolean {
    const number = typeof signal === 'number' ? signal : SIGNAL[signal];
    if (number === undefined) throw new RangeError(`no signal ${signal}`);
    return this.#machine.kernel.kill(this.pid, number);
  }

  /** Tells the program's terminal its new size; needs `tty`. */
  resize(columns: number, rows: number): void {
    if (!this.#terminal) throw new Error('the program has no terminal');
    this.#terminal.resize(columns, rows);
    this.#machine.kernel.kill(this.pid, SIGNAL.SIGWINCH);
  }

  /** Instructions it has executed. */
  get instructions(): number {
    return this.#process.instructions;
  }
}

interface Streams {
  readonly input: MemoryStream;
  readonly output: MemoryStream;
  readonly errors: MemoryStream;
  readonly terminal?: TerminalStream | undefined;
}

/** One open file under three descriptors, as a login gives its shell. */
function openThrice(machine: Machine, terminal: TerminalStream): OpenFile[] {
  const file = machine.open(terminal, 'both');
  return [file, file, file];
}

function makeStreams({ stdin = 'pipe', sinks }: SpawnOptions): Streams {
  const input = new MemoryStream(PIPE_BYTES);
  if (stdin instanceof ReadableStream) feed(stdin, input).catch(() => {});
  else if (stdin !== 'pipe') {
    input.push(typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin.slice());
    input.end();
  }
  return { input, output: sinks?.stdout ?? new MemoryStream(PIPE_BYTES), errors: sinks?.stderr ?? new MemoryStream(PIPE_BYTES) };
}
