// When the command started: imported first, so that this is the first statement of the bundle.

const [seconds, nanoseconds] = process.hrtime();

/** Milliseconds on the clock of nodeHost. */
export const startTime = seconds * 1000 + nanoseconds / 1e6;
