// Sizes as people write them.

const UNITS = ' kmgt';

/** Bytes of 4096, '512M', '1GiB': powers of 1024. Throws RangeError for anything else. */
export function byteSize(size: number | string): number {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(String(size));
  const bytes = match ? Math.floor(Number(match[1]) * 1024 ** UNITS.indexOf(match[2]?.toLowerCase() || ' ')) : 0;
  if (bytes <= 0) throw new RangeError(`not a size: ${size}`);
  return bytes;
}
