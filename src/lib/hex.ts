// Hexadecimal text.

/** `value` in hex with at least `digits` digits, without 0x. */
export const hex = (value: number | bigint, digits = 1): string => value.toString(16).padStart(digits, '0');
