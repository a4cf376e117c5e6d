// Which pixels belong to mirrored islands, and slopes turned there.
import type { Box, ImageSource, ImageSpec, Samples } from '../../../engine/authoring.ts';
import type { Params } from './describe.ts';

/** For each pixel 1 where x is turned, 2 where y is, 3 for both. Undefined where nothing is mirrored. */
export async function mirroredBy(
  params: Params,
  spec: ImageSpec | undefined,
  charts: ImageSource | undefined,
  box: Box,
): Promise<Uint8Array | undefined> {
  if (!spec || !charts) return undefined;
  const find = (name: string): number => spec.parts.findIndex((part) => part.channels.some((c) => c.name === name));
  const named = params.mirrorU.length + params.mirrorV.length > 0;
  const [ids, mirror] = [named ? find(params.idChannel) : -1, find(params.mirrorChannel)];
  if (ids < 0 && mirror < 0) return undefined;
  const samples = async (part: number, name: string, as: 'uint'): Promise<Samples> =>
    (await charts.planes({ part, channels: [name], box }, as)).get(name)!.samples;
  const turned = new Uint8Array((box.maxX - box.minX + 1) * (box.maxY - box.minY + 1));
  if (mirror >= 0) {
    const told = await samples(mirror, params.mirrorChannel, 'uint');
    for (let i = 0; i < turned.length; i++) turned[i] = told[i]! & 3;
  }
  if (ids >= 0) {
    const numbers = await samples(ids, params.idChannel, 'uint');
    const [u, v] = [new Set(params.mirrorU), new Set(params.mirrorV)];
    for (let i = 0; i < turned.length; i++) turned[i]! |= (u.has(numbers[i]!) ? 1 : 0) | (v.has(numbers[i]!) ? 2 : 0);
  }
  return turned;
}

/** Turning a component of a normal turns the slope along it, and nothing else. */
export function turnSlopes(u: Float32Array, v: Float32Array, mirrored: Uint8Array): void {
  for (let i = 0; i < mirrored.length; i++) {
    if (mirrored[i]! & 1) u[i] = 0 - u[i]!;
    if (mirrored[i]! & 2) v[i] = 0 - v[i]!;
  }
}
