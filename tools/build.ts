// Builds dist/: the interpreter, the command as one file, and the library for Node and browsers.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildParts, WRAPPER } from './parts.ts';
import { makeInterpreter, makeSplitInterpreter } from './interpreter.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'interpreter.wasm'), makeInterpreter());
const split = makeSplitInterpreter();
writeFileSync(join(dist, 'interpreter-start.wasm'), split.start);
writeFileSync(join(dist, 'interpreter-rest.wasm'), split.rest);
writeFileSync(join(dist, 'interpreter-v3.wasm'), makeInterpreter({ selection: 'extended' }));
copyFileSync(join(root, 'image/base.tar.zst'), join(dist, 'base-image.tar.zst'));

const common: BuildOptions = {
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { ELFIN_VERSION: JSON.stringify(version) },
};
const browser: BuildOptions = { ...common, platform: 'browser', target: 'es2022', format: 'esm' };
const node: BuildOptions = { ...common, platform: 'node', target: 'node24' };

await Promise.all([
  buildParts({ root, start: 'cli/main.ts', rest: 'cli/rest.ts', options: node }),
  build({ ...node, entryPoints: [join(root, 'cli/library.ts')], outfile: join(dist, 'elfin-node.mjs'), format: 'esm' }),
  build({
    ...node,
    ...WRAPPER,
    entryPoints: [join(root, 'src/compiler.ts')],
    outfile: join(dist, 'elfin-compiler.cjs'),
    format: 'cjs',
  }),
  build({ ...browser, entryPoints: [join(root, 'src/compiler.ts')], outfile: join(dist, 'elfin-compiler.mjs') }),
  build({ ...browser, entryPoints: [join(root, 'web/library.ts')], outfile: join(dist, 'elfin-browser.mjs') }),
  build({ ...browser, entryPoints: [join(root, 'web/worker.ts')], outfile: join(dist, 'elfin-worker.mjs') }),
]);

// npm links the commands of dependencies only: this one lets `npx elfin` and `npm start` work in the checkout.
const command = join(root, 'cli/bin.cjs');
const link = join(root, 'node_modules/.bin/elfin');
chmodSync(command, 0o755);
if (existsSync(join(root, 'node_modules/.bin'))) {
  rmSync(link, { force: true });
  symlinkSync('../../cli/bin.cjs', link);
}

// The code cache holds what a run compiled (cli/bin.cjs): any dynamic program will do, with streams of different kinds.
const SAMPLE = '/bin/ls';
for (const file of readdirSync(dist)) if (file.endsWith('.cache')) rmSync(join(dist, file));
if (process.platform === 'linux' && process.arch === 'x64' && existsSync(SAMPLE)) {
  // Compiled code belongs to the engine's flags: those of the shell's part of the command, and none.
  for (const runner of ['/bin/sh', process.execPath])
    for (const [what, options] of [
      ['start', ''],
      ['compiler', '--jit-threshold 20'],
    ] as const) {
      const env = { ...process.env, ELFIN_WRITE_CODE_CACHE: what };
      const script = `"$0" '${command}' ${options} ${SAMPLE} -l < '${command}' 2>&1 | cat`;
      const { status, stdout } = spawnSync('/bin/sh', ['-c', script, runner], { cwd: dist, env, encoding: 'utf8' });
      if (status !== 0 || !stdout.includes('elfin.cjs')) throw new Error(`${SAMPLE} failed under the new build: ${stdout}`);
    }
}
