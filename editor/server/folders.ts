// Looking around on disk: folders, sequences and documents below the roots, and what is in a sequence.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  asEngineError,
  box,
  EngineError,
  ExrFile,
  type ExrPart,
  findSequence,
  formatFrames,
  formatSpans,
  type ImageSpec,
  isDeep,
  isPicture,
  listSequences,
  openPicture,
  type PartSpec,
  PICTURE_ENDINGS,
  type PictureFile,
  pictureFacts,
} from '../../engine/index.ts';
import type { FolderView, SequenceView } from '../protocol.ts';
import { attributeRows } from './attributes.ts';
import { bareImage } from './node-views.ts';
import type { Roots } from './roots.ts';

/** How the names of graphs end. */
export const DOCUMENT = '.sluice.json';

/**
 * What is in a folder; `base` is the folder that stands for none and that relative ones begin at. Files are told by these
 * endings, without dots.
 */
export function browse(roots: Roots, folder: string, base: string, extensions?: readonly string[]): FolderView {
  const start = folder === '' && !roots.holds(base) ? (roots.list[0] ?? base) : folder;
  const path = roots.check(start === '' ? '.' : start, base, 'read');
  const entries = entriesOf(path).filter((entry) => !entry.name.startsWith('.'));
  const parent = dirname(path);
  return {
    folder: path,
    ...(parent !== path && roots.holds(parent) ? { parent } : {}),
    folders: entries
      .filter((entry) => isFolder(entry, path) && roots.holds(join(path, entry.name)))
      .map((entry) => entry.name)
      .sort(),
    sequences: [
      ...listSequences(path, { extensions: ['exr', ...PICTURE_ENDINGS] }).map(({ pattern, frames, gaps }) => ({
        pattern,
        ...(frames.length > 0 ? { frames: formatFrames(frames) } : {}),
        ...(gaps.length > 0 ? { gaps: formatSpans(gaps) } : {}),
      })),
      ...entries
        .filter((entry) => !entry.isDirectory() && entry.name.endsWith(DOCUMENT))
        .map((entry) => ({ pattern: entry.name, document: true }))
        .sort((a, b) => (a.pattern < b.pattern ? -1 : 1)),
    ],
    ...(extensions ? { files: filesOf(entries, path, extensions) } : {}),
    roots: roots.list,
  };
}

function filesOf(entries: readonly Dirent[], folder: string, extensions: readonly string[]): string[] {
  const endings = extensions.map((one) => `.${one.toLowerCase()}`);
  const fits = (name: string): boolean =>
    extensions.includes('*') || endings.some((ending) => name.toLowerCase().endsWith(ending));
  return entries
    .filter((entry) => fits(entry.name) && !isFolder(entry, folder))
    .map(({ name }) => name)
    .sort();
}

/** Parts, channels and attributes of a sequence at a frame: the first one where none is named. */
export function inspect(roots: Roots, path: string, base: string, frame: number | undefined): SequenceView {
  const sequence = findSequence(roots.check(path, base, 'read'), { otherwise: PICTURE_ENDINGS });
  const file = sequence.files(frame ?? sequence.frames[0] ?? 1);
  if (file === undefined) {
    const has = formatFrames(sequence.frames);
    throw new EngineError('invalid', 'frame-missing', `${path} has no frame ${frame}; it has ${has}.`, { file: path });
  }
  const found = {
    path: sequence.pattern.text,
    frames: formatFrames(sequence.frames),
    gaps: formatSpans(sequence.gaps),
  };
  const checked = roots.check(file, base, 'read');
  if (isPicture(checked)) return { ...found, ...pictureView(openPicture(checked)) };
  const exr = ExrFile.open(checked);
  try {
    const image: ImageSpec = { parts: exr.header.parts.map(partOf) };
    return { ...found, image: bareImage(image), attributes: attributeRows(image) };
  } finally {
    exr.close();
  }
}

/** A picture as its head has it: what it says stands in for attributes. */
function pictureView(file: PictureFile): Pick<SequenceView, 'image' | 'attributes'> {
  const { width, height, channels, texts } = file.header;
  const window = box(0, 0, width - 1, height - 1);
  const part: PartSpec = {
    kind: 'flat',
    dataWindow: window,
    displayWindow: window,
    channels: channels.toSorted().map((name) => ({
      name,
      type: 'float',
      sampling: { x: 1, y: 1 },
      pLinear: 0,
      origin: { from: 'computed' },
    })),
    attributes: [],
  };
  const facts = [...pictureFacts(file), ...texts.map(({ name, text }) => [name, text] as const)];
  return {
    image: { parts: [part] },
    attributes: facts.map(([name, text]) => ({ part: 0, name, type: 'string', value: text, text: text.slice(0, 200) })),
  };
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    throw asEngineError(thrown, { file: folder });
  }
}

function isFolder(entry: Dirent, folder: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A part as its header has it. The attributes that its fields state ride along: they are only shown. */
const partOf = (part: ExrPart): PartSpec => ({
  ...(part.name === undefined ? {} : { name: part.name }),
  ...(part.view === undefined ? {} : { view: part.view }),
  kind: isDeep(part) ? 'deep' : 'flat',
  dataWindow: part.dataWindow,
  displayWindow: part.displayWindow,
  channels: part.channels.map(({ name, type, sampling, pLinear }) => ({
    name,
    type,
    sampling,
    pLinear,
    origin: { from: 'computed' },
  })),
  attributes: part.attributes,
  stored: {
    compression: part.compression,
    lineOrder: part.lineOrder,
    ...(part.tiles ? { tiles: part.tiles } : {}),
    headerOrder: [],
  },
});
