// Which part, channels, window and format of an image become a picture, and why some cannot.
import {
  type Box,
  box,
  boxHeight,
  boxWidth,
  type ChannelSpec,
  EngineError,
  findPart,
  formatOfName,
  type ImageSpec,
  listNames,
  MOST_EDGE,
  type NodeProblem,
  type PartSpec,
  type PictureDepth,
  type PictureFormat,
  partLabel,
  requireSize,
} from '../../../engine/authoring.ts';
import type { Params } from './params.ts';

/** What of the input becomes the picture. */
export interface Choice {
  readonly format: PictureFormat;
  readonly depth: PictureDepth;
  /** The part of the input, and its channels in the order of the picture. */
  readonly index: number;
  readonly part: PartSpec;
  readonly channels: readonly ChannelSpec[];
  /** True where the last channel is alpha. */
  readonly alpha: boolean;
  /** The window of the input, and that of the picture, which begins at (0, 0). */
  readonly window: Box;
  readonly frame: Box;
}

export const TITLES: Readonly<Record<PictureFormat, string>> = { png: 'PNG', tiff: 'TIFF', jpeg: 'JPEG', webp: 'WebP' };

const DEPTHS: Readonly<Record<Params['bits'], PictureDepth>> = { '8': 'uint8', '16': 'uint16', '32': 'float' };
const HELD: Readonly<Record<PictureFormat, readonly Params['bits'][]>> = {
  png: ['8', '16'],
  tiff: ['8', '16', '32'],
  jpeg: ['8'],
  webp: ['8'],
};

type Report = (problem: NodeProblem) => void;

/** Undefined where there is nothing that could be written; why has been reported. */
export function choose(params: Params, image: ImageSpec, report: Report): Choice | undefined {
  const format = chooseFormat(params, report);
  const picked = choosePart(params, image, report);
  if (!format || !picked) return undefined;
  if (!HELD[format].includes(params.bits)) {
    report({
      severity: 'error',
      code: 'picture-cannot-write',
      message: `${TITLES[format]} holds ${HELD[format].join(' or ')} bits a sample, not ${params.bits}.`,
      where: { param: 'bits' },
      fixes: HELD[format].map((bits) => ({ title: `Write ${bits} bits`, set: { bits } })),
    });
  }
  const alpha = picked.alpha && params.alpha !== 'drop' && format !== 'jpeg';
  const channels = picked.alpha && !alpha ? picked.channels.slice(0, -1) : picked.channels;
  refuseChannels(picked.part, picked.index, channels, report);
  const window = params.window === 'display' ? picked.part.displayWindow : picked.part.dataWindow;
  const depth = DEPTHS[params.bits];
  const [width, height] = [boxWidth(window), boxHeight(window)];
  refuseSize(format, [width, height], channels.length, depth, report);
  return { format, depth, ...picked, channels, alpha, window, frame: box(0, 0, width - 1, height - 1) };
}

function chooseFormat({ path, format }: Params, report: Report): PictureFormat | undefined {
  const named = formatOfName(path);
  if (format !== 'ending') {
    if (named && named !== format)
      report({
        severity: 'warning',
        code: 'picture-format',
        message: `${path} would be a ${TITLES[format]} file with the ending of ${TITLES[named]}.`,
        where: { param: 'path' },
        fixes: [{ title: `Write ${TITLES[named]}`, set: { format: named } }],
      });
    return format;
  }
  if (named) return named;
  const exr = /\.exr$/i.test(path) ? ' Write EXR writes EXR files.' : '';
  report({
    severity: 'error',
    code: 'picture-format',
    message: `Expected a name that ends in .png, .tif, .jpg or .webp, found ${path}.${exr}`,
    where: { param: 'path' },
  });
  return undefined;
}

interface Picked {
  readonly index: number;
  readonly part: PartSpec;
  readonly channels: readonly ChannelSpec[];
  readonly alpha: boolean;
}

function choosePart(params: Params, { parts }: ImageSpec, report: Report): Picked | undefined {
  const where = { param: params.part === '' ? 'channels' : 'part' };
  const asked = params.part === '' ? undefined : findPart(parts, params.part);
  if (params.part !== '' && asked === undefined) {
    const labels = listNames(parts.map(partLabel));
    report({
      severity: 'error',
      code: 'part-unknown',
      message: `There is no part ${params.part}. Parts: ${labels}.`,
      where,
    });
    return undefined;
  }
  for (const [index, part] of parts.entries()) {
    if (asked !== undefined && asked !== index) continue;
    const channels = pick(part, params.channels);
    if (!channels) continue;
    return { index, part, channels, alpha: channels.length === 2 || channels.length === 4 };
  }
  const among = asked === undefined ? parts : [parts[asked]!];
  const names = listNames(among.flatMap((part) => part.channels.map((c) => c.name)));
  const wanted = params.channels.length === 0 ? 'R, G, B or Y' : listNames(params.channels);
  report({
    severity: 'error',
    code: 'channel-unknown',
    message: `Expected a part with the channels ${wanted}, found ${names}. Name the channels to write.`,
    where: { param: 'channels' },
  });
  return undefined;
}

/** The channels that are named; or else RGB or grey, with alpha where there is one. */
function pick(part: PartSpec, names: readonly string[]): ChannelSpec[] | undefined {
  const find = (wanted: readonly string[]): ChannelSpec[] | undefined => {
    const found = wanted.map((name) => part.channels.find((c) => c.name === name));
    return found.every((c) => c !== undefined) ? found : undefined;
  };
  if (names.length > 0) return find(names);
  const colour = find(['R', 'G', 'B']) ?? find(['Y']);
  return colour && [...colour, ...(find(['A']) ?? [])];
}

function refuseChannels(part: PartSpec, index: number, channels: readonly ChannelSpec[], report: Report): void {
  const label = partLabel(part, index);
  const where = { param: 'channels', part: part.name ?? index };
  if (part.kind === 'deep') {
    const message = `${label} is deep, and a picture holds one sample a pixel. Put Flatten deep before, or choose another part.`;
    report({ severity: 'error', code: 'deep-unsupported', message, where });
  } else if (part.stored?.copyOnly) {
    const message = `${label} is stored as ${part.stored.compression}, which cannot be unpacked here. Convert it to zip or piz first.`;
    report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
  }
  for (const { name, type, sampling } of channels) {
    if (type === 'uint') {
      const message = `${name} holds whole numbers (uint), such as ids, and no picture. Choose channels of half or float.`;
      report({ severity: 'error', code: 'type-conversion', message, where: { ...where, channel: name } });
    }
    if (sampling.x !== 1 || sampling.y !== 1) {
      const message = `${name} has samples at every ${sampling.x}, ${sampling.y} pixels only. Choose channels of full resolution.`;
      report({ severity: 'error', code: 'sampling-mismatch', message, where: { ...where, channel: name } });
    }
  }
}

function refuseSize(
  format: PictureFormat,
  [width, height]: readonly [number, number],
  channels: number,
  depth: PictureDepth,
  report: Report,
): void {
  const refuse = (message: string): void =>
    report({ severity: 'error', code: 'picture-too-large', message, where: { param: 'window' } });
  const most = MOST_EDGE[format];
  if (width > most || height > most) {
    refuse(
      `${TITLES[format]} holds at most ${most} pixels a row and a column, and the picture has ${width} x ${height}.`,
    );
    return;
  }
  try {
    requireSize(width, height, channels, depth);
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    refuse(thrown.message);
  }
}
