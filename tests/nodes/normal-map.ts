// Normal maps for tests: a source by formula in so many bits, and a graph that makes one by expressions and decodes it.
import { z } from 'zod';
import { box, createPlane, defineNode, type Plane } from '../../engine/authoring.ts';
import type { Document } from '../../engine/document/schema.ts';
import { graph } from '../run/graph.ts';

/** A square map `R`, `G`, `B` of components from -1 to 1, stored from 0 to 1 with as many bits as are said; 32 are floats. */
export const mapped = (size: number, normal: (x: number, y: number) => readonly number[], bits: number) => {
  const most = 2 ** bits - 1;
  const stored = (component: number): number =>
    bits === 32 ? (component + 1) / 2 : Math.round(((component + 1) / 2) * most) / most;
  const all = Array.from({ length: size * size }, (_, i) => normal(i % size, Math.floor(i / size)));
  return defineNode({
    type: 'test.map',
    version: 1,
    title: 'Map',
    doc: 'Gives normals.',
    params: z.strictObject({}),
    inputs: {},
    spec: () => {
      const window = box(0, 0, size - 1, size - 1);
      const channels = ['B', 'G', 'R'].map((name) => ({
        name,
        type: 'float' as const,
        sampling: { x: 1, y: 1 },
        pLinear: 0,
        origin: { from: 'computed' as const },
      }));
      return { parts: [{ kind: 'flat', dataWindow: window, displayWindow: window, attributes: [], channels }] };
    },
    pull: async (_, want) =>
      new Map(
        want.channels.map((name): [string, Plane] => {
          const plane = createPlane('float', want.box);
          for (let i = 0; i < plane.samples.length; i++) {
            const [x, y] = [want.box.minX + (i % plane.columns), want.box.minY + Math.floor(i / plane.columns)];
            plane.samples[i] = stored(all[y * size + x]!['RGB'.indexOf(name)]!);
          }
          return [name, plane];
        }),
      ),
  });
};

export interface MapSketch {
  readonly format: readonly [number, number];
  readonly frames?: string;
  /** 1 where green grows up. */
  readonly green: 1 | -1;
}

/** A graph whose node `decode` reads the normals of waves as +Y. */
export function normalMap({ format, frames = '', green }: MapSketch): Document {
  const rise = { u: '(0.6 * cos(x * 0.1) * cos(y * 0.08))', v: '(0.48 * sin(x * 0.1) * sin(y * 0.08))' };
  const length = `sqrt(1 + ${rise.u} ^ 2 + ${rise.v} ^ 2)`;
  const row = (to: string, component: string) => ({
    to,
    expression: `0.5 + 0.5 * ${component} / ${length}`,
    type: 'float',
  });
  return graph(
    {
      blank: { type: 'generate.constant', params: { format: [...format], type: 'float', channels: 'rgb', frames } },
      map: {
        type: 'channel.expression',
        params: { rows: [row('R', `-${rise.u}`), row('G', `${-green} * ${rise.v}`), row('B', '1')] },
      },
      decode: { type: 'normal.decode' },
      write: { type: 'io.write', params: { path: 'slopes.%04d.exr', overwrite: 'replace' } },
    },
    ['blank.image > map.image', 'map.image > decode.image', 'decode.image > write.image'],
  );
}
