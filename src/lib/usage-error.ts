// A mistake of the user, or of what the user gave us: the command line prints its message and exits with 125.

export class UsageError extends Error {
  /** Print the usage after the message. */
  readonly withUsage: boolean;

  constructor(message: string, { withUsage = false }: { withUsage?: boolean } = {}) {
    super(message);
    this.withUsage = withUsage;
  }
}
