// Names of e_machine values (System V gABI, chapter 4), for messages about programs that cannot run here.

const NAMES: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'i386',
  4: 'm68k',
  8: 'MIPS',
  15: 'PA-RISC',
  18: 'SPARC32+',
  20: 'PowerPC',
  21: 'PowerPC64',
  22: 'S/390',
  40: 'ARM',
  42: 'SuperH',
  43: 'SPARC V9',
  50: 'IA-64',
  62: 'x86-64',
  83: 'AVR',
  92: 'OpenRISC',
  93: 'ARC',
  94: 'Xtensa',
  183: 'AArch64',
  189: 'MicroBlaze',
  195: 'ARCv2',
  224: 'AMD GPU',
  243: 'RISC-V',
  247: 'BPF',
  252: 'C-SKY',
  258: 'LoongArch',
  0x9026: 'Alpha',
};

export const machineName = (machine: number): string => NAMES[machine] ?? `machine ${machine}`;
