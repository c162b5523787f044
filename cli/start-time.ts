// When the command started: imported first, so that this is the first statement of the bundle.

export const startTime = performance.now();
