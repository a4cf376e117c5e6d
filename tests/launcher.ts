// The program that tests start: the clone's, or with SLUICE_BUILT the package's in dist/, which starts three times as fast.
import { fileURLToPath } from 'node:url';

export const BUILT = process.env['SLUICE_BUILT'] === '1';

export const LAUNCHER = fileURLToPath(
  new URL(BUILT ? '../dist/engine/bin/sluice.js' : '../engine/bin/sluice.js', import.meta.url),
);
