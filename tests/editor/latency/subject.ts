// What the editor is measured on: the fixture shot, and a frame of the benchmark, each with an exposure to turn.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, emptyDocument, saveDocument } from '../../../engine/index.ts';
import { renderShot } from '../../../fixtures/render.ts';
import { makeFiles } from '../../bench/frame.ts';

export interface Subject {
  readonly name: string;
  readonly graph: string;
  readonly roots: readonly string[];
  readonly frames: number;
  /** Milliseconds from an edit to its picture. */
  readonly goal: number;
}

/** A sequence, and an exposure on it that hands on all its other channels. */
function gradeOf(path: string, range: string): Document {
  return {
    ...emptyDocument('latency'),
    frames: { range, mismatch: 'stop-at-shortest', align: 'number' },
    nodes: {
      read: { type: 'io.read', version: 1, params: { path }, at: [0, 0] },
      grade: { type: 'color.exposure', version: 1, params: { stops: 0.5 }, at: [280, 0] },
    },
    links: [{ from: 'read.image', to: 'grade.image' }],
  };
}

function write(folder: string, document: Document): string {
  mkdirSync(folder, { recursive: true });
  const graph = join(folder, 'latency.sluice.json');
  writeFileSync(graph, saveDocument(document));
  return graph;
}

/** The shot of 480x270 pixels, rendered into a folder. */
export async function shot(folder: string): Promise<Subject> {
  await renderShot({ folder: join(folder, 'in') });
  const graph = write(folder, gradeOf('in/sh010_beauty.%04d.exr', '1001-1008'));
  return { name: '480x270', graph, roots: [], frames: 8, goal: 100 };
}

/** A frame of 14 channels as a sequence of eight, with its graph in a folder. */
export async function large(folder: string, say: (text: string) => void): Promise<Subject> {
  const files = await makeFiles({ width: 4096, height: 1716 }, say);
  const graph = write(folder, gradeOf(files.sequence, '1-8'));
  return { name: '4096x1716', graph, roots: [files.folder], frames: 8, goal: 400 };
}
