// Where the module that worker threads run lies: beside this one, in the clone and in the package.

export const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
