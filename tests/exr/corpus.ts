// The corpus of real files for tests: where it is, what it lists, and what to do where it is absent.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe } from 'vitest';
import type { ExrHeader, WritePart } from '../../engine/exr/header.ts';

const root = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/** The path of a corpus file. */
export const corpusFile = (path: string): string => join(root, path);

const present = existsSync(join(root, 'reference.jsonl'));

/** A suite that needs the corpus: skipped where it is absent, but never on the build server. */
export const describeCorpus = (title: string, body: () => void): void => {
  if (present || process.env['CI'] === 'true') describe(title, body);
  else describe.skip(`${title} (skipped: no corpus at ${root})`, body);
};

export interface ReferenceChannel {
  readonly name: string;
  readonly type: string;
  readonly sampling: readonly [number, number];
  readonly samples: readonly [number, number];
  readonly sha256: string;
}

export interface ReferencePart {
  readonly name: string;
  readonly type: string;
  readonly dataWindow: readonly [number, number, number, number];
  readonly compression: number;
  /** Of a deep part: SHA-256 of the number of samples at each pixel, and how many samples a channel has. */
  readonly sampleCounts?: string;
  readonly totalSamples?: number;
  readonly channels?: readonly ReferenceChannel[];
  readonly levels?: readonly {
    readonly level: readonly [number, number];
    readonly channels: readonly ReferenceChannel[];
  }[];
}

/** What the reference library made of a file. */
export interface Reference {
  readonly file: string;
  readonly parts: readonly ReferencePart[];
}

export const references = (): Reference[] =>
  readFileSync(corpusFile('reference.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reference);

/** The number of the last method of OpenEXR 3.1 that loses nothing, piz. */
const LAST_EXACT = 4;

export const isFlat = (part: ReferencePart): boolean => !part.type.startsWith('deep');

/** Files all of whose parts are flat: these are read whole. */
export const readableReferences = (): Reference[] => references().filter(({ parts }) => parts.every(isFlat));

/** Those of them whose methods lose nothing, without HTJ2K, which the judges here do not know. */
export const exactReferences = (): Reference[] =>
  readableReferences().filter(({ parts }) => parts.every(({ compression }) => compression <= LAST_EXACT));

/** Paths below the corpus of all files in a folder and the folders in it. */
export function corpusFolder(folder: string): string[] {
  return readdirSync(corpusFile(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

/** Whether oiiotool can be a judge: tests that need it are skipped where it is absent, but never on the build server. */
export const hasOiiotool: boolean =
  spawnSync('oiiotool', ['--help']).error === undefined || process.env['CI'] === 'true';

/** A folder that is removed when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-exr-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The parts of a header as they would be written unedited. */
export const unedited = (header: ExrHeader): WritePart[] =>
  header.parts.map((part) => ({ ...part, headerOrder: part.attributes.map(({ name }) => name) }));
