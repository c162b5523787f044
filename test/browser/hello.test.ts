// The same hello, by the same kernel, in a worker of headless Chromium.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'elfin-browser-'));
after(() => rmSync(directory, { recursive: true }));

/** hello.c, dynamically linked, with its program interpreter and C library, as a tar. */
function makeImage(): void {
  const hello = join(directory, 'hello');
  execFileSync('gcc', ['-O2', '-o', hello, join(root, 'tools/seed/hello.c')]);
  const libc = execFileSync('gcc', ['-print-file-name=libc.so.6'], { encoding: 'utf8' }).trim();
  const manifest = join(directory, 'hello.manifest');
  writeFileSync(
    manifest,
    `/hello: ${hello}\n/lib64/ld-linux-x86-64.so.2: /lib64/ld-linux-x86-64.so.2\n/lib/x86_64-linux-gnu/libc.so.6: ${libc}\n`,
  );
  execFileSync(process.execPath, [join(root, 'cli/bin.cjs'), 'pack', manifest, '-o', join(directory, 'hello.tar')]);
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

async function serve(): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://host');
    const file =
      pathname === '/'
        ? join(root, 'web/index.html')
        : pathname.startsWith('/dist/')
          ? join(root, pathname)
          : join(directory, pathname);
    if (!existsSync(file)) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('hello runs in a worker of a page', { skip: !existsSync(CHROMIUM) && 'no chromium' }, async () => {
  makeImage();
  const server = await serve();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--headless'] });
  try {
    const page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?image=hello.tar&program=/hello`);
    const result = await page.waitForFunction("document.getElementById('output').dataset.result", undefined, { timeout: 60_000 });
    const reply = JSON.parse(String(await result.jsonValue())) as { stdout?: string; code?: number; error?: string };
    assert.equal(reply.error, undefined);
    assert.deepEqual({ stdout: reply.stdout, code: reply.code }, { stdout: 'Hello from C code\n', code: 0 });
  } finally {
    await browser.close();
    server.close();
  }
});
