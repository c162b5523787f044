// What a region is looked for by: a hash of the guest code at its root and of where in its file that stands.

/** Bytes of code that are hashed, fewer at the end of a page. */
const HASHED = 32;

/** The half that tells at once, for nearly all code that is not known, that it is not; `offset` as below. */
export function shortKey(guest: DataView, root: number, offset: number): number {
  let hash = 0x811c9dc5 ^ offset;
  for (let at = root, end = endOf(root); at < end; at++) hash = Math.imul(hash ^ guest.getUint8(at), 0x01000193);
  return hash >>> 0;
}

/** `offset`: of the root in its file, or its address. 64 bits as text; two regions may have the same. */
export function regionKey(guest: DataView, root: number, offset: number): string {
  let high = 0x9e3779b1 + offset;
  for (let at = root, end = endOf(root); at < end; at++)
    high = Math.imul((high ^ guest.getUint8(at)) + (high >>> 15), 0x85ebca6b);
  return digits(high) + digits(shortKey(guest, root, offset));
}

export const shortKeyOf = (key: string): number => Number.parseInt(key.slice(-DIGITS), 16);

const endOf = (root: number): number => Math.min(root + HASHED, (root | 0xfff) + 1);

const DIGITS = 8;
const digits = (half: number): string => (half >>> 0).toString(16).padStart(DIGITS, '0');
