// For tests of pictures in graphs: a node that gives the numbers that it is given, and graphs that write and read them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type AnyNode, box, createPlane, defineNode, encodeAttribute, sortChannels } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { decodePicture, openPicture, picturePlane } from '../../engine/raster/picture.ts';
import { type GraphRun, type RunGraphOptions, runGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { temporary } from '../run/files.ts';
import { graph, pattern } from '../run/graph.ts';

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** One row of samples a channel; attributes as name, type and value. */
export const values = defineNode({
  type: 'test.values',
  version: 1,
  title: 'Values',
  doc: 'Gives the numbers that it is given.',
  params: z.strictObject({
    channels: z.record(z.string(), z.array(z.union([z.number(), z.string()]))),
    type: z.enum(['half', 'float', 'uint']).default('float'),
    sampling: z.int().default(1),
    attributes: z.array(z.tuple([z.string(), z.string(), z.json()])).default([]),
    name: z.string().default(''),
  }),
  inputs: {},
  spec: ({ params }) => {
    const window = box(0, 0, Object.values(params.channels)[0]!.length - 1, 0);
    return {
      parts: [
        {
          ...(params.name === '' ? {} : { name: params.name }),
          kind: 'flat',
          dataWindow: window,
          displayWindow: window,
          channels: sortChannels(
            Object.keys(params.channels).map((name) => ({
              name,
              type: params.type,
              sampling: { x: params.sampling, y: 1 },
              pLinear: 0,
              origin: { from: 'computed' },
            })),
          ),
          attributes: params.attributes.map(([name, type, value]) => encodeAttribute(name, type, value as Json)),
        },
      ],
    };
  },
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name) => {
        const plane = createPlane('float', want.box);
        for (let x = want.box.minX; x <= want.box.maxX; x++) {
          const value = params.channels[name]![x]!;
          plane.samples[x - want.box.minX] = typeof value === 'number' ? value : SPECIAL[value]!;
        }
        return [name, convertPlane(plane, params.type).plane];
      }),
    ),
});

export interface Exported {
  readonly run: GraphRun;
  /** The file of frame 1. */
  readonly file: string;
  /** Its samples by channel. */
  samples(): Promise<Record<string, number[]>>;
  /** `kind item name: reason` of each line of the ledger, with counts where there are some. */
  readonly ledger: readonly string[];
  readonly problems: readonly string[];
}

/** The samples of a picture by channel, in the order of the file. */
export async function samplesOf(path: string): Promise<Record<string, number[]>> {
  const picture = openPicture(path);
  const pixels = await decodePicture(picture);
  const { width, height, channels } = picture.header;
  return Object.fromEntries(
    channels.map((name) => [name, [...picturePlane(pixels, name, box(0, 0, width - 1, height - 1)).samples]]),
  );
}

/** A folder, and graphs of one source and Write picture that are run in it. */
export function exporting() {
  const folder = temporary();
  let outputs = 0;
  const pass = async (
    source: { readonly type: string; readonly params: Readonly<Record<string, Json>> },
    write: Readonly<Record<string, Json>>,
    more: Partial<RunGraphOptions> = {},
  ): Promise<Exported> => {
    const params = { path: `out${outputs++}/o.%04d.png`, ...write };
    const document = graph({ source, w: { type: 'io.export', params } }, ['source.image > w.image']);
    const nodes = [...builtIn, pattern as AnyNode, values as AnyNode];
    const run = await runGraph({ document, folder, nodes, jobs: 0, range: '1', ...more });
    const file = join(folder, String(params.path).replace('%04d', '0001'));
    return {
      run,
      file,
      samples: () => samplesOf(file),
      ledger: (run.result?.ledger ?? []).map(
        ({ kind, item, name, reason, samples, altered }) =>
          `${kind} ${item} ${name}: ${reason}${samples === undefined ? '' : ` ${altered}/${samples}`}`,
      ),
      problems: run.problems.map((p) => `${p.severity} ${p.code}${p.where.param ? ` ${p.where.param}` : ''}`),
    };
  };
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return name;
  };
  return { folder, pass, put };
}
