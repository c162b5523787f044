// CPU features that rows can ask for and CPUID can show, by the SDM's names (volume 2, CPUID).

export const FEATURES = [
  'sse3', 'ssse3', 'sse4.1', 'sse4.2', 'popcnt', 'cmpxchg16b', 'lahf', 'movbe', 'aes', 'pclmulqdq', 'sha',
  'avx', 'avx2', 'fma', 'f16c', 'bmi1', 'bmi2', 'lzcnt', 'adx', 'rdrand', 'rdseed', 'fsgsbase', 'xsave', 'rdtscp', 'clflushopt',
] as const;
export type Feature = (typeof FEATURES)[number];
