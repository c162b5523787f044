// The public API on Node from the sources, as cli/library.ts binds it.

import { interpreterModule } from '../../cli/executions.ts';
import { nodeFiles } from '../../src/host/node/files.ts';
import { nodeHost } from '../../src/host/node/host.ts';
import { type CreateOptions, Elfin, type Platform } from '../../src/index.ts';

const module = interpreterModule();
const platform: Platform = { host: nodeHost, files: nodeFiles, interpreter: async () => module };

export const createMachine = (options: CreateOptions = {}): Promise<Elfin> => Elfin.create(platform, options);
