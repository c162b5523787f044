// How test results are printed: a line a file, failures in full, at the end `N passed, N failed, N skipped`.

import { relative } from 'node:path';
import type { run } from 'node:test';
import { inspect } from 'node:util';

/** What node:test's run() and its reporters get; only the members that are read here. */
type TestEvent = ReturnType<typeof run> extends AsyncIterable<infer Event> ? Event : never;

export interface Result {
  readonly name: string;
  /** Where the test is written, and the file that was run: a helper makes tests for several. */
  readonly file?: string | undefined;
  readonly entryFile?: string | undefined;
  readonly details: { readonly duration_ms?: number; readonly error?: Error };
  /** The test or suite it is in. */
  readonly classname?: string | undefined;
  readonly skip?: string | boolean | undefined;
}

export class Report {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  readonly #files = new Map<string, FileResult>();
  readonly #failures: string[] = [];
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void = (text) => void process.stdout.write(text)) {
    this.#print = print;
  }

  /** Nothing passed is a failure too: something is wrong with the list of files. */
  get hasFailed(): boolean {
    return this.#failed > 0 || this.#passed === 0;
  }

  /** A check that is no test file; `problem` is what it printed when it failed. */
  check(name: string, milliseconds: number, problem: string | undefined): void {
    if (problem === undefined) this.#passed++;
    else this.#fail(name, problem);
    this.#print(`${problem === undefined ? 'ok  ' : 'FAIL'} ${name} (${seconds(milliseconds)})\n`);
  }

  event(event: TestEvent): void {
    switch (event.type) {
      case 'test:pass':
        return this.#pass(event.data as Result);
      case 'test:fail':
        return this.#failure(event.data as Result);
      case 'test:diagnostic':
        if (event.data.file !== undefined) this.#file(fileOf(event.data as unknown as Result)).notes.push(event.data.message);
        return;
      case 'test:summary':
        if (event.data.file !== undefined) this.#close(event.data.file, event.data.duration_ms);
        return;
      case 'test:stderr':
      case 'test:stdout':
        return this.#print(event.data.message);
    }
  }

  summary(): string {
    const failures = this.#failures.map((text) => `\n${text}\n`).join('');
    return `${failures}\n${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`;
  }

  #pass(result: Result): void {
    if (isWholeFile(result) || (result.details as { type?: string }).type === 'suite') return;
    const file = this.#file(fileOf(result));
    if (result.skip === undefined || result.skip === false) {
      this.#passed++;
      file.passed++;
    } else {
      this.#skipped++;
      file.notes.push(`skipped: ${result.name}${typeof result.skip === 'string' ? `: ${result.skip}` : ''}`);
    }
  }

  #failure(result: Result): void {
    const error = result.details.error as (Error & { failureType?: string }) | undefined;
    // The tests inside were counted.
    if (error?.failureType === 'subtestsFailed' && !isWholeFile(result)) return;
    this.#file(fileOf(result)).failed++;
    this.#fail(
      isWholeFile(result)
        ? nameOf(result.name)
        : `${nameOf(fileOf(result))}: ${result.classname === undefined ? '' : `${result.classname}: `}${result.name}`,
      textOf(error),
    );
    if (isWholeFile(result)) this.#close(result.name, result.details.duration_ms ?? 0);
  }

  #fail(name: string, problem: string): void {
    this.#failed++;
    this.#failures.push(`FAIL ${name}\n${problem.replace(/^/gm, '  ')}`);
  }

  #close(path: string, milliseconds: number): void {
    const { passed, failed, notes } = this.#file(path);
    this.#print(
      `${failed > 0 ? 'FAIL' : 'ok  '} ${nameOf(path)}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} (${seconds(milliseconds)})\n`,
    );
    for (const note of notes) this.#print(`       ${note}\n`);
  }

  #file(path = '(no file)'): FileResult {
    let file = this.#files.get(path);
    if (!file) this.#files.set(path, (file = { passed: 0, failed: 0, notes: [] }));
    return file;
  }
}

interface FileResult {
  passed: number;
  failed: number;
  readonly notes: string[];
}

/** A file that failed outside of its tests, or one that has none, is reported as a test that is named by its path. */
const isWholeFile = ({ name, file }: Result): boolean => name === file || name.endsWith('.test.ts');

const fileOf = ({ entryFile, file }: Result): string | undefined => entryFile ?? file;

const nameOf = (path = '(no file)'): string => relative(process.cwd(), path);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** The error that the test threw, without the frames of node:test. */
function textOf(error: Error | undefined): string {
  const cause = error?.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : inspect(error?.cause ?? error);
  const text = (cause.stack ?? cause.message).split('\n').filter((line) => !/^\s+at .*node:internal/.test(line));
  return text.join('\n');
}
