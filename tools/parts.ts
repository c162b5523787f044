// The command as two bundles: dist/elfin.cjs, with what starts a program, and dist/elfin-rest.cjs, which takes the modules that
// both need from the first one.

import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export interface Parts {
  readonly root: string;
  /** Entry points. */
  readonly start: string;
  readonly rest: string;
  readonly options: BuildOptions;
}

/** cli/bin.cjs makes of each a script whose value is this function; they are modules besides. */
export const WRAPPER: BuildOptions = {
  // cli/bin.cjs reads them byte by byte.
  charset: 'ascii',
  banner: {
    js: '(f=>typeof module==="object"?f(exports,require,module,__dirname):f)(function(exports,require,module,__dirname){',
  },
  footer: { js: '})' },
};

export async function buildParts({ root, start, rest, options }: Parts): Promise<void> {
  // esbuild splits modules alone, which cannot be loaded at once: each part becomes a bundle in a second step.
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: { start: join(root, start), rest: join(root, rest) },
    outdir: root,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared',
    write: false,
    metafile: true,
    define: { ...options.define, 'import.meta.dirname': '__dirname' },
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const textOf = (name: string): string => {
    const text = texts.get(join(root, name));
    if (text === undefined) throw new Error(`no part ${name}`);
    return text;
  };
  const bundle = async (contents: string, name: string): Promise<void> => {
    await build({
      ...options,
      ...WRAPPER,
      stdin: { contents, resolveDir: root },
      outfile: join(root, 'dist', name),
      format: 'cjs',
      external: ['./elfin.cjs'],
      plugins: [
        {
          name: 'parts',
          setup: ({ onResolve, onLoad }) => {
            onResolve({ filter: /^\.\/(start|shared)\.js$/ }, ({ path }) => ({ path, namespace: 'part' }));
            onLoad({ filter: /./, namespace: 'part' }, ({ path }) => ({ contents: textOf(path) }));
          },
        },
      ],
    });
  };
  const shared = metafile.outputs['shared.js']?.exports.join(',');
  // The value of a function, as making an object of so many takes time at each start.
  await bundle(
    `export * from './start.js'; import {${shared}} from './shared.js'; export const shared = () => ({${shared}});`,
    'elfin.cjs',
  );
  const imported = /^import\{([^}]*)\}from"\.\/shared\.js";/;
  const text = textOf('rest.js');
  if (!imported.test(text)) throw new Error('the rest shares nothing with the start');
  await bundle(
    text.replace(imported, (_, names: string) => `const{${names.replaceAll(' as ', ':')}}=require("./elfin.cjs").shared();`),
    'elfin-rest.cjs',
  );
}
