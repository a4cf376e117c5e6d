import { defineConfig } from 'vitest/config';

const BROWSER = 'tests/editor/browser/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'node', include: ['tests/**/*.test.ts'], exclude: [BROWSER] } },
      {
        extends: true,
        // A test waits for states and never for a time, so that a busy machine only makes it longer.
        test: {
          name: 'browser',
          include: [BROWSER],
          globalSetup: ['tests/editor/browser/setup.ts'],
          testTimeout: 180_000,
        },
      },
    ],
  },
});
