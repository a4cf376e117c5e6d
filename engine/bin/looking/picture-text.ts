// One picture as people and scripts read it: size, storage, channels, colours, texts, and what is not read.
import { createHash } from 'node:crypto';
import {
  asEngineError,
  box,
  decodePicture,
  openPicture,
  type PictureFile,
  type Plane,
  pictureFacts,
  picturePlane,
  pictureQuality,
  planeBytes,
  taggedColour,
} from '../../files.ts';
import { columns, printable } from '../terminal.ts';
import type { Change, SequenceChanges } from './changes.ts';
import type { Looked } from './open.ts';
import { gatherStatistics, type Statistics } from './statistics.ts';

const TITLES = { png: 'PNG', tiff: 'TIFF', jpeg: 'JPEG', webp: 'WebP' } as const;

/** What was found out about samples, which are floats however the file keeps them. */
export interface PictureFindings {
  readonly statistics?: ReadonlyMap<string, Statistics>;
  readonly checksums?: ReadonlyMap<string, string>;
}

/** Unpacks the picture as far as that is asked for. Throws as `decodePicture`. */
export async function pictureFindings(
  file: PictureFile,
  asked: { readonly stats: boolean; readonly checksums: boolean },
): Promise<PictureFindings> {
  if (!asked.stats && !asked.checksums) return {};
  const { width, height, channels } = file.header;
  const pixels = await decodePicture(file);
  const planes = new Map(channels.map((name) => [name, picturePlane(pixels, name, box(0, 0, width - 1, height - 1))]));
  const each = <T>(make: (plane: Plane) => T): ReadonlyMap<string, T> =>
    new Map([...planes].map(([name, plane]) => [name, make(plane)]));
  return {
    ...(asked.stats ? { statistics: each(gatherStatistics) } : {}),
    ...(asked.checksums
      ? { checksums: each((plane) => createHash('sha256').update(planeBytes(plane)).digest('hex')) }
      : {}),
  };
}

export const pictureTitle = ({ path, identity, header }: PictureFile): string =>
  `${printable(path)}  ${TITLES[header.format]}, ${identity.size} bytes`;

export function pictureLines(file: PictureFile, { statistics, checksums }: PictureFindings): string[] {
  const { tier, because } = tierOf(file);
  const facts = [
    ...pictureFacts(file),
    ['quality', `${tier}${because === undefined ? '' : `: ${because}`}`] as const,
  ].map(([name, text]) => [name, printable(text)]);
  const rows = (title: string, list: string[][]): string[] =>
    list.length === 0 ? [] : [`  ${title}`, ...columns(list, 4)];
  return [
    ...columns(facts, 2),
    ...rows(
      'texts',
      file.header.texts.map(({ name, text }) => [printable(name), printable(text)]),
    ),
    ...rows(
      'samples',
      [...(statistics ?? [])].map(([name, { min, max, mean, nan, infinite }]) => [
        name,
        ...[['min', min] as const, ['max', max] as const, ['mean', mean] as const].map(
          ([word, value]) => `${word} ${value === undefined ? '-' : Number(value.toPrecision(7))}`,
        ),
        `nan ${nan}`,
        `inf ${infinite}`,
      ]),
    ),
    ...rows(
      'checksums',
      [...(checksums ?? [])].map(([name, sum]) => [name, sum]),
    ),
  ];
}

/** What its numbers are good for. */
function tierOf({ header }: PictureFile): { readonly tier: string; readonly because?: string } {
  const quality = pictureQuality(header.depth, taggedColour(header.colour));
  return quality ? { tier: quality.tier, because: quality.reason } : { tier: 'reference' };
}

export function pictureJson(file: PictureFile, { statistics, checksums }: PictureFindings): object {
  const { path, identity, header } = file;
  const { channels, ...rest } = header;
  return {
    file: path,
    bytes: identity.size,
    ...rest,
    ...tierOf(file),
    channels: channels.map((name) => ({
      name,
      type: 'float',
      ...(statistics ? { stats: statistics.get(name) } : {}),
    })),
    ...(checksums ? { checksums: Object.fromEntries(checksums) } : {}),
  };
}

/** What differs from frame to frame of a sequence, by the heads alone. */
export function pictureChanges({ files }: Looked): SequenceChanges & {
  /** By place in the sequence; undefined where the file cannot be read. */
  readonly pictures: readonly (PictureFile | undefined)[];
} {
  const errors: SequenceChanges['errors'][number][] = [];
  const steps = new Map<string, Change['steps'][number][]>();
  let before: ReadonlyMap<string, string> | undefined;
  const pictures = files.map(({ frame = 0, path }) => {
    try {
      const picture = openPicture(path);
      const facts = pictureFacts(picture);
      for (const name of before ? new Set([...before.keys(), ...facts.keys()]) : []) {
        const [from, to] = [before?.get(name), facts.get(name)];
        if (from === to) continue;
        const step = { frame, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        steps.set(name, [...(steps.get(name) ?? []), step]);
      }
      before = facts;
      return picture;
    } catch (thrown) {
      errors.push({ frame, error: asEngineError(thrown, { file: path, frame }).toJSON() });
      return undefined;
    }
  });
  const changes = [...steps].map(
    ([name, list]): Change => ({ what: 'storage', name, frames: list.map(({ frame }) => frame), steps: list }),
  );
  return { changes, errors, pictures };
}
