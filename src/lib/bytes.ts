// Byte strings: argv, environment and path names are bytes, kept in JavaScript strings whose code units are 0 .. 255.

/** A string in which each code unit is one byte (0 .. 255). Only a name for readers: the type is `string`. */
export type ByteString = string;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a byte string. */
export function toBytes(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The byte string of some bytes. */
export function fromBytes(bytes: Uint8Array): ByteString {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

/** Unicode text as the byte string of its UTF-8 form: for names and arguments that come from JavaScript. */
export function utf8(text: string): ByteString {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return fromBytes(encoder.encode(text));
  return text;
}

/** The text a byte string means as UTF-8, for messages to people. */
export const printable = (text: ByteString): string => decoder.decode(toBytes(text));
