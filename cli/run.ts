// `elfin [run]`: makes a machine as the options say, runs the program in it, and returns the exit status.

import { nodeFiles } from '../src/host/node/files.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { type ByteString, printable, utf8 } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import type { Strace } from '../src/kernel/strace.ts';
import type { ExecutionFactory } from '../src/arch/arch.ts';
import { Machine, ProgramError } from '../src/machine.ts';
import { syscallLines, type Tracer } from '../src/kernel/tracer.ts';
import { environment, standardStreams, user, workingDirectory } from './environment.ts';
import { executions } from './executions.ts';
import { forwardSignals } from './forward-signals.ts';
import { decompress, mountsOf, rootOf } from './mounts.ts';
import type { Settings } from './options.ts';
import type { Ending } from './leave.ts';
import type { Parts } from './main.ts';
import { openOutput, toStderr, type WriteLine } from './output.ts';
import { BootChart, keptInMemory, MapAtExit, statsLines } from './reports.ts';
import { VERSION } from './version.ts';

/** Of `timeout(1)`. */
const TIMED_OUT = 124;
const SIGINT = 2,
  SIGKILL = 9;

export async function run(settings: Settings, operands: readonly ByteString[], parts: Parts): Promise<Ending> {
  const [program, ...args] = operands;
  if (program === undefined) throw new UsageError('no program named', { withUsage: true });
  const write = settings.output === undefined ? toStderr : openOutput(settings.output, '-o');
  const writeProfile = settings.profile === undefined ? undefined : openOutput(settings.profile, '--profile');
  const chart = new BootChart(parts.startTime);
  const strace = straceOf(settings, write, parts);
  const map = settings.mmap ? new MapAtExit() : undefined;
  const cpu = executions(settings, parts);
  const machine = await makeMachine(
    settings,
    cpu.factory,
    parts,
    [...tracersOf(settings, write), ...(strace ? [strace] : []), ...(map ? [map] : [])],
    write,
  );
  chart.mark('file systems');
  const streams = standardStreams();
  const release = (): void => {
    for (const stream of streams) stream?.release();
  };
  try {
    const files = streams.map(
      (stream, fd) =>
        stream && machine.open(stream, fd === 0 && stream.kind !== 'tty' ? 'read' : stream.kind === 'tty' ? 'both' : 'write'),
    );
    const guest = machine.spawn({
      program,
      args,
      environ: environment(settings),
      cwd: workingDirectory(machine, settings),
      argv0: settings.argv0,
      files,
      interpreter: settings.interpreter,
    });
    if (map) map.process = guest;
    // As in a container: the end of the first process is the end of all.
    guest.onExit(() => machine.kernel.stop({ signal: SIGKILL }));
    chart.mark('program');
    await cpu.ready;
    chart.mark('interpreter');
    announce(settings, operands, chart);
    const forwarding = forwardSignals(machine, guest);
    let isTimedOut = false;
    if (settings.timeout !== undefined) {
      setTimeout(() => {
        isTimedOut = true;
        machine.kernel.stop({ signal: SIGKILL });
      }, settings.timeout * 1000);
    }
    const profile = writeProfile && machine.profile();
    await machine.run();
    if (profile) writeProfile?.(profile.json());
    forwarding.stop();
    release();
    for (const line of map?.lines ?? []) write(line);
    if (strace && settings.straceSummary) write(strace.summary());
    if (settings.stats) for (const line of statsLines(machine, settings.stats)) toStderr(line);
    const kept = keptInMemory(machine);
    if (kept) toStderr(kept);
    const { instructions } = machine.kernel.counters;
    if (isTimedOut) return { status: TIMED_OUT, instructions };
    const exit = guest.exited;
    if (!exit) throw new Error('the program ended without a status');
    if ('code' in exit) return { status: exit.code, instructions };
    return { status: 128 + exit.signal, instructions, isInterrupted: exit.signal === SIGINT && forwarding.wasInterrupted };
  } catch (error) {
    release();
    if (!(error instanceof ProgramError)) throw error;
    toStderr(`elfin: ${error.message}`);
    return { status: error.status, instructions: machine.kernel.counters.instructions };
  }
}

async function makeMachine(
  settings: Settings,
  cpu: ExecutionFactory,
  parts: Parts,
  tracers: readonly Tracer[],
  write: WriteLine,
): Promise<Machine> {
  return Machine.create({
    host: nodeHost,
    executions: cpu,
    rest: () => parts.rest().machine,
    root: rootOf(settings, parts.rest),
    mounts: mountsOf(settings),
    environment: { files: nodeFiles, decompress },
    memoryLimit: settings.memory,
    hasAslr: settings.hasAslr,
    hostname: settings.hostname,
    user: user(settings),
    hasLoopback: settings.net === 'loopback',
    maxProcesses: settings.maxProcesses,
    maxFiles: settings.maxFiles,
    channels: settings.trace.filter((name) => name !== 'syscalls'),
    trace: write,
    tracers,
    diagnostic: toStderr,
    verbose: settings.isVerbose ? toStderr : undefined,
  });
}

function tracersOf(settings: Settings, write: WriteLine): Tracer[] {
  return settings.trace.includes('syscalls') ? [syscallLines(write)] : [];
}

function straceOf({ strace, straceSummary }: Settings, write: WriteLine, { rest }: Parts): Strace | undefined {
  return strace || straceSummary ? new (rest().Strace)({ write, patterns: strace, isSummary: straceSummary }) : undefined;
}

/** OSv's boot lines, on stderr. */
function announce({ isVerbose, bootchart }: Settings, operands: readonly ByteString[], chart: BootChart): void {
  if (!isVerbose && !bootchart) return;
  const booted = bootchart ? chart.lines().join('\n') : `Booted up in ${chart.total().toFixed(2)} ms`;
  const lines = [`elfin v${VERSION}`, booted, `Cmdline: ${printable(operands.join(' '))}`];
  toStderr(utf8(lines.join('\n')));
}
