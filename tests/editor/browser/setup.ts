// Before the tests in a browser: the pages are built where they are out of date, and a small fixture shot is rendered.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPages } from '../../../fixtures/pages.ts';
import { renderShot } from '../../../fixtures/render.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the small shot. */
    readonly shot: string;
  }
}

/** Pixels of the small shot. */
export const SHOT = { width: 96, height: 54 } as const;

/** Returns what takes the shot away again. */
export async function setup(project: TestProject): Promise<() => void> {
  buildPages();
  const shot = mkdtempSync(join(tmpdir(), 'sluice-shot-'));
  await renderShot({ folder: shot, ...SHOT, grid: 1 });
  project.provide('shot', shot);
  return () => rmSync(shot, { recursive: true, force: true });
}
