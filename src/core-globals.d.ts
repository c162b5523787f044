/** The parts of the Encoding standard the core uses, declared here because the core compiles without DOM types. */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
/** The parts of the Streams standard and of AbortSignal the public API uses. */
declare class ReadableStream<R = unknown> {
  constructor(
    source?: {
      start?(controller: ReadableStreamController<R>): void;
      pull?(controller: ReadableStreamController<R>): void | Promise<void>;
      cancel?(reason?: unknown): void;
    },
    strategy?: { highWaterMark?: number },
  );
  getReader(): ReadableStreamReader<R>;
}
interface ReadableStreamController<R> {
  enqueue(chunk: R): void;
  close(): void;
  error(reason: unknown): void;
}
interface ReadableStreamReader<R> {
  read(): Promise<{ done: false; value: R } | { done: true; value?: R | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
declare class WritableStream<W = unknown> {
  constructor(
    sink?: { write?(chunk: W): void | Promise<void>; close?(): void; abort?(reason: unknown): void },
    strategy?: { highWaterMark?: number },
  );
}
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare function fetch(url: string): Promise<{ ok: boolean; status: number; arrayBuffer(): Promise<ArrayBuffer> }>;
