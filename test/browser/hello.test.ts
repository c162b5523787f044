// The same hello, by the same kernel, in a worker of headless Chromium; and a program that runs long enough to be compiled.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import type { Stats } from '../../src/machine.ts';

const CHROMIUM = '/usr/bin/chromium';
const HOT = join(import.meta.dirname, 'hot.c');
const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'elfin-browser-'));
after(() => rmSync(directory, { recursive: true }));

/** hello.c and a hot program, dynamically linked, with their program interpreter and C library, as a tar. */
function makeImage(): void {
  const hello = join(directory, 'hello');
  execFileSync('gcc', ['-O2', '-o', hello, join(root, 'tools/seed/hello.c')]);
  const hot = join(directory, 'hot');
  execFileSync('gcc', ['-O2', '-o', hot, HOT]);
  const libc = execFileSync('gcc', ['-print-file-name=libc.so.6'], { encoding: 'utf8' }).trim();
  const manifest = join(directory, 'hello.manifest');
  writeFileSync(
    manifest,
    `/hello: ${hello}\n/hot: ${hot}\n/lib64/ld-linux-x86-64.so.2: /lib64/ld-linux-x86-64.so.2\n/lib/x86_64-linux-gnu/libc.so.6: ${libc}\n`,
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

interface Reply {
  readonly stdout?: string;
  readonly code?: number;
  readonly error?: string;
  readonly stats?: Stats;
}

describe('in a worker of a page', { skip: !existsSync(CHROMIUM) && 'no chromium' }, () => {
  let server: Server;
  let browser: Browser;
  before(async () => {
    makeImage();
    server = await serve();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--headless'] });
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  async function run(query: Readonly<Record<string, string>>): Promise<Reply> {
    const page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?${new URLSearchParams({ image: 'hello.tar', ...query })}`);
    const result = await page.waitForFunction("document.getElementById('output').dataset.result", undefined, { timeout: 60_000 });
    const text = String(await result.jsonValue());
    await page.close();
    return JSON.parse(text) as Reply;
  }

  test('hello runs', async () => {
    const { error, stdout, code } = await run({ program: '/hello' });
    assert.deepEqual({ error, stdout, code }, { error: undefined, stdout: 'Hello from C code\n', code: 0 });
  });

  const OUTPUT = execFileSync('sh', ['-c', 'gcc -O2 -o "$1" "$2" && "$1" 40', 'sh', join(directory, 'native'), HOT], {
    encoding: 'utf8',
  });
  const hot = async (options: object): Promise<Stats> => {
    const { error, stdout, code, stats } = await run({ program: '/hot', arg: '40', options: JSON.stringify(options) });
    assert.deepEqual({ error, stdout, code }, { error: undefined, stdout: OUTPUT, code: 0 });
    return stats as Stats;
  };

  test('a program that runs for a while is compiled', async () => {
    const { instructions, compiler } = await hot({});
    assert.ok(instructions > 100_000_000, `${instructions} instructions`);
    assert.ok(compiler && compiler.regions > 0 && compiler.left.interpret > 0, JSON.stringify(compiler));
  });

  test('with reads checked by window as well', async () => {
    const { compiler } = await hot({ memoryCheck: 'window' });
    assert.ok(compiler && compiler.regions > 0, JSON.stringify(compiler));
  });

  test('without a compiler it is interpreted', async () => {
    assert.equal((await hot({ jit: false })).compiler, undefined);
    assert.equal((await hot({ compilerUrl: '/none.mjs' })).compiler?.regions, 0);
  });
});
