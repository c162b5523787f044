// elfin's version, put in by the bundler; from source it is unknown.

declare const ELFIN_VERSION: string | undefined;

export const VERSION = typeof ELFIN_VERSION === 'string' ? ELFIN_VERSION : '0.0.0-source';
