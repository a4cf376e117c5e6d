// Descriptions of the parts of an EXR file, as they flow through the graph.
import {
  type ExrPart,
  isDeep,
  methodTakesDeep,
  type PartSpec,
  STRUCTURAL_ATTRIBUTES,
} from '../../../engine/authoring.ts';

/** States something of deep samples that is as true of those of some of the channels. */
const DEEP_ONLY = 'maxSamplesPerPixel';

/** A part of a file as a description: structural attributes become fields, all others ride along with their bytes. */
export function partSpec(part: ExrPart, index: number, file: string, node: string): PartSpec {
  const deep = isDeep(part);
  return {
    ...(part.name === undefined ? {} : { name: part.name }),
    ...(part.view === undefined ? {} : { view: part.view }),
    kind: deep ? 'deep' : 'flat',
    dataWindow: part.dataWindow,
    displayWindow: part.displayWindow,
    channels: part.channels.map((channel) => ({ ...channel, origin: { from: 'computed' } })),
    attributes: part.attributes
      .filter((a) => !Object.hasOwn(STRUCTURAL_ATTRIBUTES, a.name) || a.name === DEEP_ONLY)
      .map((a) => ({ ...a, source: node })),
    stored: {
      compression: part.compression,
      lineOrder: part.lineOrder,
      ...(part.tiles ? { tiles: part.tiles } : {}),
      headerOrder: part.attributes.map((a) => a.name),
      chunks: { file, part: index },
      ...(deep && !methodTakesDeep(part.compression) ? { copyOnly: true } : {}),
    },
  };
}

/** The same part of a file that lacks chunks, which are read as black: its chunks cannot be copied. */
export function withHoles(part: PartSpec): PartSpec {
  const { chunks: _, ...stored } = part.stored!;
  return { ...part, stored };
}
