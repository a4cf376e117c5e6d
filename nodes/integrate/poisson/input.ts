// What the solver is given: slopes as rises to the right and down, all of them numbers, and the numbers of islands.
import type { Box, CountedRows, ImageSource, ImageSpec, Planes } from '../../../engine/authoring.ts';
import { metricNames, type Params } from './describe.ts';
import type { Islands } from './finest.ts';

/** What a texel is on the surface: uu, vu and vv of each pixel, by which slopes s and t become s · uu and s · vu + t · vv. */
export type Metric = readonly [uu: Float32Array, vu: Float32Array, vv: Float32Array];

/** The metric in a region, where heights are to be in millimetres. */
export async function metricIn(
  params: Params,
  spec: ImageSpec | undefined,
  charts: ImageSource | undefined,
  box: Box,
): Promise<Metric | undefined> {
  if (params.units !== 'mm' || !spec || !charts) return undefined;
  const channels = metricNames(params);
  const part = spec.parts.findIndex((one) => channels.every((name) => one.channels.some((c) => c.name === name)));
  const planes = await charts.planes({ part, channels, box }, 'float');
  const [uu, vu, vv] = channels.map((name) => planes.get(name)!.samples as Float32Array);
  return [uu!, vu!, vv!];
}

/** Rises from slopes across and up. Those that are no numbers become 0 and are told of, row by row. */
export function risesOf(
  planes: Planes,
  [u, v]: readonly [string, string],
  metric: Metric | undefined,
  tell: (rows: CountedRows) => void,
): { readonly p: Float32Array; readonly q: Float32Array } {
  const { samples, columns, rows, box } = planes.get(u)!;
  const [across, up] = [samples as Float32Array, planes.get(v)!.samples as Float32Array];
  // A plane may be shared, so it is not changed.
  const [p, q] = [new Float32Array(across.length), new Float32Array(across.length)];
  const counts: [number, number][] = [];
  for (let y = 0; y < rows; y++) {
    let wrong = 0;
    for (let i = y * columns; i < (y + 1) * columns; i++) {
      if (metric) {
        p[i] = across[i]! * metric[0][i]!;
        q[i] = -(across[i]! * metric[1][i]! + up[i]! * metric[2][i]!);
      } else {
        p[i] = across[i]!;
        q[i] = -up[i]!;
      }
      if (Math.abs(p[i]!) < Infinity && Math.abs(q[i]!) < Infinity) continue;
      p[i] = q[i] = 0;
      wrong += 1;
    }
    if (wrong > 0) counts.push([box.minY + y, wrong]);
  }
  if (counts.length > 0) tell({ from: box.minX, to: box.maxX, counts });
  return { p, q };
}

/** The numbers of islands in a region: 0 where there is none. Undefined where everything is one island. */
export async function islandsIn(
  { idChannel, maskChannel }: Params,
  spec: ImageSpec | undefined,
  charts: ImageSource | undefined,
  box: Box,
): Promise<Islands> {
  if (!spec || !charts) return undefined;
  const find = (name: string) => {
    const part = spec.parts.findIndex(({ channels }) => channels.some((c) => c.name === name));
    return part < 0 ? undefined : { part, type: spec.parts[part]!.channels.find((c) => c.name === name)!.type };
  };
  const [ids, mask] = [find(idChannel), maskChannel === '' ? undefined : find(maskChannel)];
  const read = async (name: string, part: number, as: 'uint' | 'float') =>
    (await charts.planes({ part, channels: [name], box }, as)).get(name)!.samples as Float32Array | Uint32Array;
  const numbers = ids && (await read(idChannel, ids.part, ids.type === 'uint' ? 'uint' : 'float'));
  if (!mask) return numbers;
  const covered = await read(maskChannel, mask.part, 'float');
  const kept = new Float64Array(covered.length);
  for (let i = 0; i < kept.length; i++) if (covered[i]! >= 0.5) kept[i] = numbers ? numbers[i]! : 1;
  // Whole numbers beyond 2^24 are not kept apart by floats.
  return numbers instanceof Float32Array ? Float32Array.from(kept) : Uint32Array.from(kept);
}
