// The table of the islands of a tile as JSON: keys in a fixed order, one line an island.
import type { Chart } from '../../../engine/authoring.ts';
import type { Extent } from './extent.ts';

export interface Table {
  readonly tile: number;
  readonly uvSet: string;
  /** Rising. */
  readonly charts: readonly Chart[];
  /** By the id of the island. */
  readonly extents: ReadonlyMap<number, Extent>;
  readonly y: 'up' | 'down';
}

export function tableText({ tile, uvSet, charts, extents, y }: Table): string {
  const lines = charts.map(({ id, flipU, flipV, bounds }) => {
    const { pixels, box } = extents.get(id) ?? { pixels: 0, box: undefined };
    return rowText({
      id,
      flip_u: flipU,
      flip_v: flipV,
      pixel_count: pixels,
      bbox_uv: bounds.map(rounded),
      bbox_px: box ? [box.minX, box.minY, box.maxX, box.maxY] : null,
    });
  });
  const list = lines.length === 0 ? '[]' : `[\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]`;
  return `{
  "tile": ${tile},
  "uv_set": ${JSON.stringify(uvSet)},
  "charts": ${list},
  "y_channel": "${y === 'up' ? '+Y' : '-Y'}"
}
`;
}

function rowText(row: Readonly<Record<string, number | boolean | readonly number[] | null>>): string {
  const pairs = Object.entries(row).map(([key, value]) => {
    const text = Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{ ${pairs.join(', ')} }`;
}

/** To a millionth of a tile, less than what a mesh file or a loader rounds off. */
const rounded = (value: number): number => Number(value.toFixed(6));
