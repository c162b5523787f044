// Which shared objects a program loads, as its own program interpreter tells.

import { MemoryStream } from '../src/host/memory-stream.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { nodeFiles } from '../src/host/node/files.ts';
import { elfBytes, ElfError, type ElfImage, readElf } from '../src/elf/image.ts';
import { GuestFiles } from '../src/guest-files.ts';
import { HostError } from '../src/host/host.ts';
import { type ByteString, fromBytes, printable } from '../src/lib/bytes.ts';
import * as rest from '../src/rest.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { Machine, ProgramError } from '../src/machine.ts';
import { environment, user, workingDirectory } from './environment.ts';
import { imageRoot } from './image-root.ts';
import { executions } from './executions.ts';
import { decompress, mountsOf, rootOf } from './mounts.ts';
import type { Settings } from './options.ts';

const EM_X86_64 = 62;
/** Makes ld.so list the objects it would load instead of starting the program (ld.so(8)). */
const LIST_OBJECTS = 'LD_TRACE_LOADED_OBJECTS=1';

export interface Listing {
  readonly image: ElfImage;
  /** What ld.so printed; empty for a static program. */
  readonly text: ByteString;
  readonly errors: ByteString;
  readonly code: number;
}

/** Throws ProgramError and UsageError. */
export async function loadedObjects(settings: Settings, program: ByteString): Promise<Listing> {
  const machine = await Machine.create({
    host: nodeHost,
    executions: executions(settings).factory,
    rest: () => rest,
    root: rootOf(settings, () => ({ imageRoot })),
    mounts: mountsOf(settings),
    environment: { files: nodeFiles, decompress },
    user: user(settings),
    diagnostic: () => {},
  });
  const cwd = workingDirectory(machine, settings);
  const path = program.startsWith('/') ? program : `${cwd}/${program}`;
  const image = await imageOf(machine, path);
  if (image.interp === undefined) return { image, text: '', errors: '', code: 0 };
  const [output, errors] = [new MemoryStream(Infinity), new MemoryStream(Infinity)];
  const guest = machine.spawn({
    program: path,
    args: [],
    environ: [...environment(settings).filter((entry) => !entry.startsWith('LD_TRACE')), LIST_OBJECTS],
    cwd,
    files: [undefined, machine.open(output, 'write'), machine.open(errors, 'write')],
    interpreter: settings.interpreter,
  });
  await machine.run();
  const { exited } = guest;
  return {
    image,
    text: fromBytes(output.take()),
    errors: fromBytes(errors.take()),
    code: exited && 'code' in exited ? exited.code : 1,
  };
}

async function imageOf(machine: Machine, path: ByteString): Promise<ElfImage> {
  try {
    return readElf(elfBytes(await new GuestFiles(machine).readFile(printable(path))), EM_X86_64);
  } catch (error) {
    if (error instanceof ElfError) throw new ProgramError(126, `${printable(path)}: ${error.message}`);
    if (error instanceof HostError) throw new UsageError(error.message);
    throw error;
  }
}
