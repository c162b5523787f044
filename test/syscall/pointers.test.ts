// Walks the system call table with bad addresses in every pointer argument: what is EFAULT on Linux is refused by elfin, most
// of it as EFAULT (another error may be noticed first), and whatever the call, the host gets no exception. The program is made from the rows.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allRows } from '../../src/kernel/syscalls/table.ts';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

/** Calls that end or replace the process, or make one that shares its memory; and those that change the machine that tests run on. */
const LEFT_OUT = new Set([
  ...['exit', 'exit_group', 'fork', 'vfork', 'clone', 'clone3', 'rt_sigreturn', 'execve', 'execveat', 'pause'],
  ...['sethostname', 'setdomainname', 'settimeofday', 'clock_settime'],
]);
/** The last byte before a page without access: elfin stores what has room, Linux says EFAULT of some files. */
const STRADDLING = '4';
const POINTERS = /struct|buffer|path|iovec|address|stat|sigset|sigaction|status|event|list|args/;

/** P pointer, F descriptor, and values by kind. */
function kindOf(label: string): string {
  if (label === 'fd') return 'F';
  if (label === 'dirfd') return 'D';
  if (label.startsWith('path')) return 'N';
  if (POINTERS.test(label)) return 'P';
  if (label === 'size') return '8';
  if (label === 'pid') return 'I';
  if (label === 'int' || label === 'unsigned' || label === 'signal' || label === 'socket type') return '1';
  return '0';
}

const rows = allRows
  .filter(({ x64, name }) => x64 !== undefined && !LEFT_OUT.has(name))
  .map(({ x64, name, args }) => ({ x64, name, kinds: args.map(({ label }) => kindOf(label)).join('') }))
  .filter(({ kinds }) => /[PN]/.test(kinds));

const source = `#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
static struct { int number; const char *name, *kinds; } rows[] = {
${rows.map(({ x64, name, kinds }) => `  {${x64}, "${name}", "${kinds}"},`).join('\n')}
};
static long good[8192];
static void late(int s) { (void)s; }
static int descriptor(int kind) {
  int v[2];
  switch (kind) {
    case 0: return open("f", O_RDWR);
    case 1: pipe2(v, O_NONBLOCK); write(v[1], "12345678", 8); return v[0];
    case 2: pipe2(v, O_NONBLOCK); return v[1];
    case 3: socketpair(AF_UNIX, SOCK_STREAM, 0, v); write(v[1], "12345678", 8); return v[0];
    case 4: socketpair(AF_UNIX, SOCK_DGRAM, 0, v); write(v[1], "12345678", 8); return v[0];
    case 5: return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    case 6: return socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    case 7: return epoll_create1(0);
    case 8: return eventfd(1, EFD_NONBLOCK);
    case 9: return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    case 10: return inotify_init1(IN_NONBLOCK);
    case 11: return open(".", O_RDONLY | O_DIRECTORY);
    default: return open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  }
}
#define KINDS 13
static void attempt(int row, int bad, unsigned long address, int kind, int which) {
  long a[6] = {0};
  const char *kinds = rows[row].kinds;
  for (int i = 0; kinds[i]; i++)
    a[i] = kinds[i] == 'F' ? descriptor(kind) : kinds[i] == 'D' ? AT_FDCWD : kinds[i] == 'N' ? (long)"f"
      : kinds[i] == 'P' ? (long)good : kinds[i] == 'I' ? getpid() : kinds[i] - '0';
  a[bad] = address;
  struct itimerval t = {{0, 30000}, {0, 30000}};
  setitimer(ITIMER_REAL, &t, 0);
  errno = 0;
  long r = syscall(rows[row].number, a[0], a[1], a[2], a[3], a[4], a[5]);
  int e = r == -1 ? errno : 0;
  t = (struct itimerval){0};
  setitimer(ITIMER_REAL, &t, 0);
  printf("%s %d %d %d %s\\n", rows[row].name, bad, which, kind, e ? strerrorname_np(e) : "fine");
  fflush(stdout);
}
int main(void) {
  char *pages = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_NONE);
  unsigned long bad[] = {8, 0xffffffff00000000, 0x7ffffffffff0, (unsigned long)pages + 4096, (unsigned long)pages + 4095};
  close(open("f", O_RDWR | O_CREAT, 0644));
  for (int row = 0; row < (int)(sizeof rows / sizeof *rows); row++) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
      struct sigaction s = {.sa_handler = late};
      sigaction(SIGALRM, &s, 0);
      for (int i = 0; rows[row].kinds[i]; i++)
        if (rows[row].kinds[i] == 'P' || rows[row].kinds[i] == 'N')
          for (int w = 0; w < 5; w++) {
            int hasFile = strchr(rows[row].kinds, 'F') != 0;
            for (int kind = 0; kind < (hasFile ? KINDS : 1); kind++) {
              attempt(row, i, bad[w], kind, w);
              for (int fd = 3; fd < 20; fd++) close(fd);
            }
          }
      _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status)) printf("%s ended by signal\\n", rows[row].name);
  }
  puts("end");
}
`;

const scratch = mkdtempSync(join(tmpdir(), 'elfin-pointers-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

test('bad pointers', { skip: whyNot('pie') ?? false }, async () => {
  const path = join(scratch, 'pointers.c');
  writeFileSync(path, source);
  const program = await compile(path, 'pie');
  const options = { cwd: scratch, timeout: 200_000 };
  const guest = await runElfin([program], options);
  assert.equal(guest.status, 0, guest.stderr.slice(0, 2000));
  assert.match(guest.stdout, /\nend\n$/);
  const native = await run(program, [], options);
  assert.match(native.stdout, /\nend\n$/);
  const key = (line: string): [string, string] => [line.replace(/ \S+$/, ''), line.replace(/^.* /, '')];
  const ours = new Map(guest.stdout.trim().split('\n').map(key));
  const wrong = native.stdout
    .trim()
    .split('\n')
    .map(key)
    .filter(([call, theirs]) => theirs === 'EFAULT' && ours.get(call) === 'fine' && call.split(' ')[2] !== STRADDLING)
    .map(([call]) => `${call}: ${ours.get(call)}`);
  assert.deepEqual(wrong, []);
  const faults = [...ours.values()].filter((each) => each === 'EFAULT').length;
  assert.ok(faults > 1000, `${faults} calls with EFAULT`);
});
