// What a region is looked for by: a hash of the guest code at its root and of where in its file that stands.

/** Bytes of code that are hashed, fewer at the end of a page. */
const HASHED = 32;

/** `offset`: of the root in its file, or its address. 64 bits as text; two regions may have the same. */
export function regionKey(guest: DataView, root: number, offset: number): string {
  let low = 0x811c9dc5 ^ offset,
    high = 0x9e3779b1 + offset;
  const end = Math.min(root + HASHED, (root | 0xfff) + 1);
  for (let at = root; at < end; at++) {
    const byte = guest.getUint8(at);
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul((high ^ byte) + (high >>> 15), 0x85ebca6b);
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}
