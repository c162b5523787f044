// Assertions: what must hold unless the program itself is wrong.

/** An error of the program itself, never of the guest or the user: it stops the machine with a dump. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}
