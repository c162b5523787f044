// How strace writes values: quoted strings, flags by name, addresses.

/** Names with their values; a list keeps the order and may repeat values. */
export type Names = Readonly<Record<string, number>> | readonly (readonly [name: string, value: number])[];

const pairs = (names: Names): readonly (readonly [string, number])[] =>
  Array.isArray(names) ? (names as readonly (readonly [string, number])[]) : Object.entries(names as Record<string, number>);

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** Bytes in quotes as strace escapes them; `limit` bytes at most, then "...". */
export function quote(bytes: ArrayLike<number>, limit = 32, total = bytes.length): string {
  const count = Math.min(bytes.length, limit);
  let text = '"';
  for (let i = 0; i < count; i++) {
    const byte = bytes[i]!;
    const escape = ESCAPES[byte];
    if (escape) text += escape;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else {
      const next = i + 1 < count ? bytes[i + 1]! : 0;
      const digits = byte.toString(8);
      text += `\\${next >= 48 && next <= 55 ? digits.padStart(3, '0') : digits}`;
    }
  }
  return total > count ? `${text}"...` : `${text}"`;
}

/** NULL or hex. */
export const address = (value: number): string => (value === 0 ? 'NULL' : `0x${value.toString(16)}`);

/** A|B, unknown bits in hex at the end; 0 when nothing is set, unless a name has the value 0. */
export function flagNames(value: number, names: Names): string {
  let rest = value >>> 0;
  const found: string[] = [];
  for (const [name, bits] of pairs(names)) {
    const mask = bits >>> 0;
    if (mask === 0 ? value === 0 : rest !== 0 && (rest & mask) >>> 0 === mask) {
      found.push(name);
      rest = (rest & ~mask) >>> 0;
    }
  }
  if (rest !== 0) found.push(`0x${rest.toString(16)}`);
  return found.join('|') || '0';
}

/** The name of one value, or the value in `radix` form. */
export function valueName(value: number, names: Names): string {
  for (const [name, each] of pairs(names)) if (each === value) return name;
  return value < 0 || value < 10 ? String(value) : `0x${value.toString(16)}`;
}

/** An octal mode: 0644, 000. */
export const octal = (value: number): string => (value === 0 ? '000' : `0${value.toString(8)}`);
