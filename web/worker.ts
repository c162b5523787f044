// The worker of the smoke page: runs one program in a machine and posts how it went.

import { Elfin, tar } from './library.ts';

/** What the page asks for. */
export interface Request {
  /** URL of the image, a tar. */
  readonly image: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Reply =
  | {
      readonly stdout: string;
      readonly stderr: string;
      readonly code?: number;
      readonly signal?: string;
      readonly milliseconds: number;
    }
  | { readonly error: string };

declare const self: { onmessage: ((event: MessageEvent<Request>) => void) | null; postMessage(reply: Reply): void };

self.onmessage = async ({ data: { image, program, args = [], env = {} } }) => {
  const start = performance.now();
  try {
    const vm = await Elfin.create({ root: tar(image) });
    const { stdoutBytes: _out, stderrBytes: _err, ...result } = await vm.run(program, args, { env });
    await vm.dispose();
    self.postMessage({ ...result, milliseconds: performance.now() - start });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
};
