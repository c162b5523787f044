// What glibc is told natively so that it uses no more than elfin's CPU has.

/** What glibc is not to use at each level of --cpu, by its own names (manual, Hardware Capability Tunables). */
const ABOVE: Readonly<Record<string, string>> = {
  'x86-64-v3': '-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD,-ERMS,-FSRM,-RTM,-FMA4',
  'x86-64-v2': '-AVX,-AVX2,-FMA,-F16C,-BMI1,-BMI2,-LZCNT,-MOVBE',
  'x86-64': '-SSE3,-SSSE3,-SSE4_1,-SSE4_2,-POPCNT',
};

/** The environment of a native reference for a guest with this `--cpu`. */
export function cpuTunables(cpu: string): { readonly GLIBC_TUNABLES: string } {
  const levels = Object.keys(ABOVE);
  const [level = 'x86-64'] = cpu.split(',').filter((name) => levels.includes(name));
  const hidden = levels.slice(0, levels.indexOf(level) + 1).map((name) => ABOVE[name]);
  return { GLIBC_TUNABLES: `glibc.cpu.hwcaps=${hidden.join()}` };
}
