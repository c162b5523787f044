// Signals of Linux: numbers, default actions, si_code values, flags of sigaction (signal(7), asm-generic/siginfo.h).

export const SIGNAL = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;
export type SignalName = keyof typeof SIGNAL;

export const SIGRTMIN = 32;
/** Number of signals; they are 1 .. 64. */
export const SIGNAL_COUNT = 64;

const names: (string | undefined)[] = [];
for (const name in SIGNAL) names[SIGNAL[name as SignalName]] = name;

/** SIGTERM, SIGRT_3, or the bare number. */
export function signalName(number: number): string {
  return names[number] ?? (number >= SIGRTMIN && number <= SIGNAL_COUNT ? `SIGRT_${number - SIGRTMIN}` : String(number));
}

export type DefaultAction = 'terminate' | 'core' | 'ignore' | 'stop' | 'continue';

const ACTIONS: Readonly<Record<Exclude<DefaultAction, 'terminate'>, readonly SignalName[]>> = {
  core: ['SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGXCPU', 'SIGXFSZ', 'SIGSYS'],
  ignore: ['SIGCHLD', 'SIGURG', 'SIGWINCH'],
  stop: ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'],
  continue: ['SIGCONT'],
};

const defaults: DefaultAction[] = new Array(SIGNAL_COUNT + 1).fill('terminate');
for (const action of ['core', 'ignore', 'stop', 'continue'] as const)
  for (const name of ACTIONS[action]) defaults[SIGNAL[name]] = action;

export const defaultAction = (signal: number): DefaultAction => defaults[signal] ?? 'terminate';

export const SIG_DFL = 0,
  SIG_IGN = 1;

/** sa_flags. */
export const SA = {
  SA_NOCLDSTOP: 1,
  SA_NOCLDWAIT: 2,
  SA_SIGINFO: 4,
  SA_RESTORER: 0x04000000,
  SA_ONSTACK: 0x08000000,
  SA_RESTART: 0x10000000,
  SA_NODEFER: 0x40000000,
  SA_RESETHAND: 0x80000000,
} as const;

/** ss_flags of sigaltstack(2). */
export const SS_ONSTACK = 1,
  SS_DISABLE = 2,
  SS_AUTODISARM = 0x80000000;

/** si_code values that say who sent a signal. */
export const SI_USER = 0,
  SI_KERNEL = 0x80,
  SI_QUEUE = -1,
  SI_TIMER = -2,
  SI_MESGQ = -3,
  SI_TKILL = -6;
export const CLD_EXITED = 1,
  CLD_KILLED = 2,
  CLD_STOPPED = 5,
  CLD_CONTINUED = 6;

/** si_code values of faults. */
export const ILL_ILLOPN = 2,
  FPE_INTDIV = 1,
  FPE_FLTDIV = 3,
  FPE_FLTOVF = 4,
  FPE_FLTUND = 5,
  FPE_FLTRES = 6,
  FPE_FLTINV = 7;
export const SEGV_MAPERR = 1,
  SEGV_ACCERR = 2,
  BUS_ADRALN = 1,
  BUS_ADRERR = 2,
  TRAP_BRKPT = 1,
  TRAP_TRACE = 2;

const CODE_NAMES: Readonly<Record<string, readonly string[]>> = {
  SIGILL: ['', 'ILL_ILLOPC', 'ILL_ILLOPN'],
  SIGFPE: ['', 'FPE_INTDIV', 'FPE_INTOVF', 'FPE_FLTDIV', 'FPE_FLTOVF', 'FPE_FLTUND', 'FPE_FLTRES', 'FPE_FLTINV'],
  SIGSEGV: ['', 'SEGV_MAPERR', 'SEGV_ACCERR'],
  SIGBUS: ['', 'BUS_ADRALN', 'BUS_ADRERR'],
  SIGTRAP: ['', 'TRAP_BRKPT', 'TRAP_TRACE'],
  SIGCHLD: ['', 'CLD_EXITED', 'CLD_KILLED', 'CLD_DUMPED', 'CLD_TRAPPED', 'CLD_STOPPED', 'CLD_CONTINUED'],
};

/** The name of an si_code, as strace shows it. */
export function codeName(signal: number, code: number): string {
  switch (code) {
    case SI_USER:
      return 'SI_USER';
    case SI_KERNEL:
      return 'SI_KERNEL';
    case SI_QUEUE:
      return 'SI_QUEUE';
    case SI_TIMER:
      return 'SI_TIMER';
    case SI_TKILL:
      return 'SI_TKILL';
    default:
      return CODE_NAMES[signalName(signal)]?.[code] || String(code);
  }
}
