// Checks the shape of a part against the rules of the format, for files read and for files to be written.
import { type Box, boxHeight, boxText, boxWidth } from '../base/box.ts';
import type { ErrorCode } from '../base/codes.ts';
import { EngineError } from '../base/error.ts';
import { encodeText } from '../base/text.ts';
import { type ExrChannel, isDeep, isTiled, type PartShape } from './shape.ts';

/** Coordinates lie strictly between -LIMIT and LIMIT, so that sizes fit 32 bits (as the reference library has it). */
const LIMIT = 0x3fffffff;
/** Tiles are no larger than this on a side (as the reference library has it). */
const LARGEST_TILE = 0x1fffffff;

const refuse = (code: ErrorCode, message: string, channel?: string): EngineError =>
  new EngineError('invalid', code, message, channel === undefined ? {} : { channel });

/** Throws `exr-window` for a window that is empty or too far out. */
export function checkWindow(name: string, window: Box): void {
  const { minX, minY, maxX, maxY } = window;
  const sound = [minX, minY, maxX, maxY].every((value) => Number.isInteger(value) && Math.abs(value) < LIMIT);
  if (!sound || maxX < minX || maxY < minY) {
    throw refuse(
      'exr-window',
      `Expected ${name} to hold a pixel and to lie within ±${LIMIT - 1}, found ${boxText(window)}.`,
    );
  }
}

/** OpenEXR's order of channels: by the bytes of their names. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Throws `exr-window`, `exr-channels` or `exr-tiles` where the shape breaks a rule of the format. */
export function checkShape(shape: PartShape): void {
  checkWindow('dataWindow', shape.dataWindow);
  checkOrder(shape.channels);
  for (const channel of shape.channels) checkSampling(channel, shape);
  if (!isTiled(shape)) return;
  const { tiles } = shape;
  if (
    !tiles ||
    ![tiles.width, tiles.height].every((size) => Number.isInteger(size) && size > 0 && size <= LARGEST_TILE)
  ) {
    throw refuse(
      'exr-tiles',
      `Expected tiles of 1 to ${LARGEST_TILE} pixels on a side, found ${tiles ? `${tiles.width} x ${tiles.height}` : 'no description of tiles'}.`,
    );
  }
}

function checkOrder(channels: readonly ExrChannel[]): void {
  if (channels.length === 0) throw refuse('exr-channels', 'Expected at least one channel, found none.');
  let last: Uint8Array | undefined;
  for (const { name } of channels) {
    const bytes = encodeText(name);
    const order = last ? compareBytes(last, bytes) : -1;
    if (order === 0) throw refuse('exr-channels', `Expected names of channels to differ, found "${name}" twice.`, name);
    if (order > 0) throw refuse('exr-channels', `Expected channels sorted by name, found "${name}" too late.`, name);
    last = bytes;
  }
}

function checkSampling({ name, sampling }: ExrChannel, shape: PartShape): void {
  const { x, y } = sampling;
  if (![x, y].every((step) => Number.isInteger(step) && step >= 1 && step <= 0x7fffffff)) {
    throw refuse('exr-channels', `Expected sampling of at least 1, found ${x}, ${y} of channel "${name}".`, name);
  }
  if ((x !== 1 || y !== 1) && (isTiled(shape) || isDeep(shape))) {
    throw refuse(
      'exr-channels',
      `Expected sampling 1, 1 in a ${shape.type} part, found ${x}, ${y} of "${name}".`,
      name,
    );
  }
  const { dataWindow } = shape;
  const whole = [dataWindow.minX % x, boxWidth(dataWindow) % x, dataWindow.minY % y, boxHeight(dataWindow) % y];
  if (whole.some((rest) => rest !== 0)) {
    throw refuse(
      'exr-channels',
      `Expected the data window to begin at and to span multiples of the sampling ${x}, ${y} of channel "${name}", found ${boxText(dataWindow)}.`,
      name,
    );
  }
}

const sorted = new WeakMap<PartShape, PartShape>();

/** The part with its channels in OpenEXR's order; the same object where they are. */
export function sortedPart<P extends PartShape>(part: P): P {
  let found = sorted.get(part) as P | undefined;
  if (!found) {
    const keyed = part.channels.map((channel) => ({ channel, key: encodeText(channel.name) }));
    const inOrder = keyed.every(({ key }, i) => i === 0 || compareBytes(keyed[i - 1]!.key, key) <= 0);
    const channels = keyed.sort((a, b) => compareBytes(a.key, b.key)).map(({ channel }) => channel);
    found = inOrder ? part : { ...part, channels };
    sorted.set(part, found);
  }
  return found;
}
