// What the fuzzer feeds: sound files and documents, and what is done with a damaged one. Each ends in a result or an error.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asEngineError, EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { parseEdit } from '../../engine/document/edits.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { decodeAttribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { isDeep } from '../../engine/exr/shape.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import type { Random } from '../base/random.ts';
import { graph } from '../run/graph.ts';
import { mutateBytes, mutateText } from './mutate.ts';

export interface Case {
  /** The damaged file or text, to keep where it offends. */
  readonly bytes: Uint8Array;
  readonly name: string;
  /** Gives the code of the error it ended in, or `ok`. Throws what is a fault of Sluice. */
  run(): Promise<string>;
}

/** The code of the error that an act ends in, or `ok`. Throws what is no answer. */
export async function answer(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'ok';
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code === 'internal') throw thrown;
    return thrown.code;
  }
}

/** A damaged file, read whole through the codec and taken through a graph. */
export function fileCase(source: string, folder: string, random: Random): Case {
  const original = readFileSync(source);
  const header = Math.min(original.length, 65_536, headerLength(source) + 512);
  const bytes = mutateBytes(original, header, random);
  const path = join(folder, 'mutant.exr');
  return {
    bytes,
    name: basename(source),
    run: async () => {
      writeFileSync(path, bytes);
      const reading = await answer(() => readWhole(path));
      await answer(() => throughGraph(folder));
      return reading;
    },
  };
}

/** How many bytes the header of a file has. */
export function headerLength(source: string): number {
  const file = ExrFile.open(source);
  file.close();
  return file.header.byteLength;
}

function readWhole(path: string): void {
  const file = ExrFile.open(path);
  try {
    for (const [number, part] of file.header.parts.entries()) {
      for (const attribute of part.attributes) {
        try {
          decodeAttribute(attribute);
        } catch (thrown) {
          if (asEngineError(thrown).code === 'internal') throw thrown;
        }
      }
      for (const level of layoutOf(part).levels) {
        if (isDeep(part)) file.readDeep(number, { level });
        else file.readPart(number, { level, onMissing: 'black' });
      }
    }
  } finally {
    file.close();
  }
}

const COPY = graph(
  {
    read: { type: 'io.read', params: { path: 'mutant.exr', missingChunks: 'black' } },
    write: { type: 'io.write', params: { path: 'out/copy.exr', overwrite: 'replace' } },
  },
  ['read.image > write.image'],
);
const PACK = graph(
  {
    read: { type: 'io.read', params: { path: 'mutant.exr' } },
    write: {
      type: 'io.write',
      params: { path: 'out/pack.exr', overwrite: 'replace', compression: 'rle', layout: 'tiles' },
    },
  },
  ['read.image > write.image'],
);

async function throughGraph(folder: string): Promise<void> {
  for (const document of [COPY, PACK]) {
    const run = await runGraph({ document, folder, nodes, jobs: 0, roots: [folder] });
    const codes = [
      ...run.problems.map((p) => p.code),
      ...(run.result?.outcomes ?? []).flatMap((o) => (o.error ? [o.error.code] : [])),
    ];
    if (codes.includes('internal'))
      throw new Error(`A run ended in: ${JSON.stringify([run.problems, run.result?.outcomes])}`);
  }
}

/** A damaged document, loaded and, where it loads, validated against the roots by a dry run. */
export function documentCase(source: string, folder: string, random: Random): Case {
  const text = mutateText(readFileSync(source, 'utf8'), random);
  return {
    bytes: new TextEncoder().encode(text),
    name: basename(source),
    run: () =>
      answer(async () => {
        const { document, problems } = loadDocument(text);
        if (!document) {
          if (problems.length === 0) throw new Error('A document was refused without a problem.');
          throw new EngineError('invalid', problems[0]!.code, problems[0]!.message);
        }
        const run = await runGraph({ document, folder, nodes, jobs: 0, roots: [folder], dryRun: true, range: '1-2' });
        if (run.problems.some((p) => p.code === 'internal'))
          throw new Error(`A plan ended in: ${JSON.stringify(run.problems)}`);
      }),
  };
}

/** An edit made of damaged JSON, applied to a sound document. */
export function editCase(source: string, _folder: string, random: Random): Case {
  const { document } = loadDocument(readFileSync(source, 'utf8'));
  const [node = 'a', other = 'b'] = Object.keys(document?.nodes ?? {});
  const sound = random.pick([
    { op: 'setParam', node, name: 'path', value: { a: [1, 2, { b: null }] } },
    { op: 'addLink', from: `${node}.image`, to: `${other}.image` },
    {
      op: 'batch',
      edits: [
        { op: 'removeNode', id: node },
        { op: 'renameNode', id: other, to: 'x' },
      ],
    },
    { op: 'addNode', id: 'new', node: { type: 'io.read', version: 1, params: {}, at: [1, 2] }, index: 0 },
  ]);
  const text = mutateText(JSON.stringify(sound), random);
  return {
    bytes: new TextEncoder().encode(text),
    name: 'edit.json',
    run: () =>
      answer(() => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        const { document: edited, inverse } = applyEdit(document!, parseEdit(value));
        const back = applyEdit(edited, inverse).document;
        if (JSON.stringify(back) !== JSON.stringify(document))
          throw new Error('The inverse of an edit did not bring the document back.');
      }),
  };
}

/** Paths of sound EXR files below a folder, small ones first choice: large files make few cases a second. */
export function soundFiles(folder: string, largest: number): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (
      entry.isFile() &&
      entry.name.endsWith('.exr') &&
      !path.includes('damaged') &&
      readFileSync(path).length <= largest
    )
      found.push(path);
  }
  return found.sort().filter((path) => {
    try {
      ExrFile.open(path).close();
      return true;
    } catch {
      return false;
    }
  });
}

export function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
