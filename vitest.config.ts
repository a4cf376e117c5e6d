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
        // A browser on a busy machine may miss a gesture; what fails three times over is broken.
        test: { name: 'browser', include: [BROWSER], globalSetup: ['tests/editor/browser/setup.ts'], retry: 2 },
      },
    ],
  },
});
