// A program's stdin, stdout and stderr as web streams, over the byte streams in memory that the guest uses.

import type { MemoryStream } from './host/memory-stream.ts';

/** Bytes the guest may be ahead of or behind its other end. */
export const PIPE_BYTES = 1 << 16;

/** What the guest reads: writes wait while the guest is behind, `close()` is the end of its input. */
export function inputOf(stream: MemoryStream): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    async write(chunk) {
      while (!stream.writable) await readiness(stream, 'write');
      stream.push(chunk.slice());
    },
    close: () => stream.end(),
    abort: () => stream.end(),
  });
}

/** What the guest writes; cancelling it makes the guest's next write EPIPE. */
export function outputOf(stream: MemoryStream): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        while (!stream.readable) await readiness(stream, 'read');
        if (stream.length > 0) controller.enqueue(stream.take());
        else controller.close();
      },
      cancel: () => stream.abandon(),
    },
    { highWaterMark: 0 },
  );
}

/** All bytes until the end. */
export async function collect(stream: MemoryStream): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    while (!stream.readable) await readiness(stream, 'read');
    if (stream.length === 0) break;
    const part = stream.take();
    parts.push(part);
    length += part.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Feeds a stream of the caller's to the guest. */
export async function feed(from: ReadableStream<Uint8Array>, to: MemoryStream): Promise<void> {
  const reader = from.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) break;
      to.push(value.slice());
      while (!to.writable) await readiness(to, 'write');
    }
  } finally {
    to.end();
    reader.releaseLock();
  }
}

const readiness = (stream: MemoryStream, event: 'read' | 'write'): Promise<void> =>
  new Promise((resolve) => stream.onReady(event, () => resolve()));
