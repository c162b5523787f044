// The worker of the smoke page: runs one program in a machine and posts how it went.

import { type BrowserOptions, Elfin, type Stats, tar } from './library.ts';

/** What the page asks for. */
export interface Request {
  /** URL of the image, a tar. */
  readonly image: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** As of Elfin.create. */
  readonly options?: BrowserOptions;
}

export type Reply =
  | {
      readonly stdout: string;
      readonly stderr: string;
      readonly code?: number;
      readonly signal?: string;
      readonly milliseconds: number;
      readonly stats: Stats;
    }
  | { readonly error: string };

declare const self: { onmessage: ((event: MessageEvent<Request>) => void) | null; postMessage(reply: Reply): void };

self.onmessage = async ({ data: { image, program, args = [], env = {}, options = {} } }) => {
  const start = performance.now();
  try {
    const vm = await Elfin.create({ ...options, root: tar(image) });
    const { stdoutBytes: _out, stderrBytes: _err, ...result } = await vm.run(program, args, { env });
    const stats = vm.stats();
    await vm.dispose();
    self.postMessage({ ...result, stats, milliseconds: performance.now() - start });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
};
