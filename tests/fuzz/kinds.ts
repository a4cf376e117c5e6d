// The kinds of cases that the fuzzer makes, how often, and of which sound files.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Random } from '../base/random.ts';
import { makeMeshes, meshCase } from './meshes.ts';
import { chunkCase, deflateCase, expressionCase, headerCase, pictureCase, tableCase } from './readers.ts';
import { type Case, documentCase, editCase, emptied, fileCase, soundFiles } from './subjects.ts';

/** Paths of sound files by what they are. */
export interface Sources {
  readonly exr: readonly string[];
  readonly graph: readonly string[];
  readonly picture: readonly string[];
  readonly config: readonly string[];
  readonly mesh: readonly string[];
}

interface Kind {
  readonly make: (source: string, folder: string, random: Random) => Case;
  readonly source: keyof Sources;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
}

export const KINDS = {
  file: { make: fileCase, source: 'exr', weight: 6 },
  header: { make: headerCase, source: 'exr', weight: 3 },
  chunk: { make: chunkCase, source: 'exr', weight: 6 },
  deflate: { make: deflateCase, source: 'exr', weight: 2 },
  picture: { make: pictureCase, source: 'picture', weight: 2 },
  document: { make: documentCase, source: 'graph', weight: 2 },
  edit: { make: editCase, source: 'graph', weight: 2 },
  expression: { make: expressionCase, source: 'config', weight: 2 },
  table: { make: tableCase, source: 'config', weight: 3 },
  mesh: { make: meshCase, source: 'mesh', weight: 1 },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

/** The sound files below the project and the corpus; EXR files of at most so many bytes. Pictures and meshes are made in the folder. */
export async function makeSources(root: string, corpus: string, folder: string, largest = 1 << 20): Promise<Sources> {
  const below = (path: string, ending: string): string[] =>
    readdirSync(join(root, path))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(root, path, name));
  const folders = [corpus, join(root, 'graphs/in')].filter((path) => existsSync(path));
  return {
    exr: folders.flatMap((path) => soundFiles(path, largest)),
    graph: ['graphs', 'fixtures/graphs/v1'].flatMap((path) => below(path, '.json')),
    config: below('fixtures/ocio', '.ocio'),
    picture: await makePictures(emptied(join(folder, 'pictures'))),
    mesh: makeMeshes(emptied(join(folder, 'meshes'))),
  };
}

async function makePictures(folder: string): Promise<string[]> {
  const raw = Uint8Array.from({ length: 24 * 20 * 4 }, (_, i) => (i * 37) & 0xff);
  const picture = () => sharp(raw, { raw: { width: 24, height: 20, channels: 4 } }).withExif({ IFD0: { Artist: 'a' } });
  const made = {
    'plain.png': picture().png(),
    'palette.png': picture().png({ palette: true }),
    'profile.png': picture().withIccProfile('p3').png(),
    'deep.tiff': picture().toColourspace('rgb16').tiff({ compression: 'lzw' }),
    'plain.jpeg': picture().withIccProfile('srgb').jpeg(),
    'plain.webp': picture().webp({ lossless: true }),
  };
  return Promise.all(
    Object.entries(made).map(async ([name, made]) => {
      const path = join(folder, name);
      writeFileSync(path, await made.toBuffer());
      return path;
    }),
  );
}
