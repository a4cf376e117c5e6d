// Deep parts in graphs: flattening against the plainest form of its rules and oiiotool, choosing channels, what is refused.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { checksumChannels, checksumDeep } from '../../engine/exr/checksum.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { convertPlane, convertSamples } from '../../engine/pixels/convert.ts';
import type { DeepPlanes } from '../../engine/pixels/deep.ts';
import { type GraphRun, runGraph } from '../../engine/run/run.ts';
import { type Coverage, Flattener } from '../../nodes/deep/flatten/stack.ts';
import { flatten } from '../../nodes/deep/flatten.ts';
import { nodes } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import { attribute, channelLines, describeNode, lossLines, part, picture, problemLines } from './spec-builder.ts';
import { STAGES } from './stages.ts';
import { deepPart, deepSamples, writeDeep, writeStageDeep } from './stages-deep.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-deep-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => writeStageDeep(folder));

const withFile = <T>(path: string, act: (file: ExrFile) => T): T => {
  const file = ExrFile.open(path);
  try {
    return act(file);
  } finally {
    file.close();
  }
};

/** Runs a chain of nodes from a read to a write, and gives what the run says. */
async function runChain(
  path: string,
  chain: readonly NodeSketch[],
  write: Readonly<Record<string, Json>> = {},
): Promise<GraphRun> {
  const ids = chain.map((_, i) => `n${i}`);
  const sketches: Record<string, NodeSketch> = { read: { type: 'io.read', params: { path } } };
  const links: string[] = [];
  let last = 'read';
  for (const [i, sketch] of chain.entries()) {
    sketches[ids[i]!] = sketch;
    links.push(`${last}.image > ${ids[i]}.${sketch.type === 'channel.shuffle' ? 'sources.a' : 'image'}`);
    last = ids[i]!;
  }
  sketches['write'] = { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace', ...write } };
  links.push(`${last}.image > write.image`);
  return runGraph({ document: graph(sketches, links), folder, nodes, range: '1', jobs: 0 });
}

const out = join(folder, 'out.exr');

interface Sample {
  readonly front: number;
  readonly back: number;
  readonly alpha: number;
  readonly colour: number;
}

/** "Interpreting OpenEXR Deep Pixels", sample by sample: split at every depth, merge two by two, over. */
function plainly(samples: readonly Sample[]): { alpha: number; colour: number } {
  const depths = [...new Set(samples.flatMap(({ front, back }) => [front, back]))].sort((a, b) => a - b);
  const pieces = samples.flatMap((sample): Sample[] => {
    const { front, back, alpha, colour } = sample;
    if (front === back) return [sample];
    const inside = depths.filter((depth) => depth >= front && depth <= back);
    return inside.slice(1).map((end, i) => {
      const share = (end - inside[i]!) / (back - front);
      const own = alpha === 1 ? 1 : -Math.expm1(share * Math.log1p(-alpha));
      const light = alpha === 1 ? colour : alpha === 0 ? colour * share : (own / alpha) * colour;
      return { front: inside[i]!, back: end, alpha: own, colour: light };
    });
  });
  const merged = new Map<string, Sample[]>();
  for (const piece of pieces) {
    const key = `${piece.front} ${piece.back}`;
    merged.set(key, [...(merged.get(key) ?? []), piece]);
  }
  const layers = [...merged.values()]
    .map((group): Sample => {
      const opaque = group.filter(({ alpha }) => alpha === 1);
      const [first] = group as [Sample];
      if (opaque.length > 0) {
        return { ...first, alpha: 1, colour: opaque.reduce((sum, { colour }) => sum + colour, 0) / opaque.length };
      }
      return group.reduce((a, b) => {
        const alpha = a.alpha + b.alpha - a.alpha * b.alpha;
        const [u1, u2] = [-Math.log1p(-a.alpha), -Math.log1p(-b.alpha)];
        const light = a.colour * (a.alpha > 0 ? u1 / a.alpha : 1) + b.colour * (b.alpha > 0 ? u2 / b.alpha : 1);
        return { front: a.front, back: a.back, alpha, colour: light * (u1 + u2 > 0 ? alpha / (u1 + u2) : 1) };
      });
    })
    .sort((a, b) => a.front - b.front || a.back - b.back);
  let [alpha, colour] = [0, 0];
  for (const layer of layers) {
    colour += (1 - alpha) * layer.colour;
    alpha += (1 - alpha) * layer.alpha;
  }
  return { alpha, colour };
}

const flattened = (samples: readonly Sample[]) => {
  const row = (of: (sample: Sample) => number): Float32Array => Float32Array.from(samples, of);
  const coverage: Coverage = { alpha: row((s) => s.alpha), colours: [row((s) => s.colour)] };
  const flattener = new Flattener({ front: row((s) => s.front), back: row((s) => s.back), coverages: [coverage] });
  const { alphas, colours, ...rest } = flattener.flatten(0, samples.length);
  return { alpha: alphas[0]!, colour: colours[0]![0]!, ...rest };
};

describe('the rules', () => {
  test('sums give what splitting and merging sample by sample gives', () => {
    const { int, chance } = random(21);
    const worst = { alpha: 0, colour: 0 };
    let overlapping = 0;
    for (let round = 0; round < 4000; round++) {
      const samples = Array.from({ length: int(1, 9) }, (): Sample => {
        const front = int(0, 9) / 2;
        const alpha = chance(0.1) ? 1 : chance(0.1) ? 0 : Math.fround(int(1, 999) / 1000);
        return {
          front,
          back: chance(0.4) ? front : front + int(1, 6) / 2,
          alpha,
          colour: Math.fround(int(0, 999) / 500),
        };
      });
      const [expected, found] = [plainly(samples), flattened(samples)];
      worst.alpha = Math.max(worst.alpha, Math.abs(found.alpha - expected.alpha));
      worst.colour = Math.max(worst.colour, Math.abs(found.colour - expected.colour));
      if (samples.some((a, i) => samples.some((b, j) => i < j && a.front < b.back && b.front < a.back))) overlapping++;
    }
    expect(overlapping).toBeGreaterThan(2000);
    expect(worst.alpha).toBeLessThan(1e-12);
    expect(worst.colour).toBeLessThan(1e-11);
  });

  const fog: Sample = { front: 2, back: 6, alpha: 0.75, colour: 0.3 };
  const point = (front: number, alpha: number, colour: number): Sample => ({ front, back: front, alpha, colour });

  test('a point in the middle of a volume has half of its optical depth before it', () => {
    const { alpha, colour } = flattened([fog, point(4, 1, 1)]);
    const half = 1 - Math.sqrt(1 - 0.75);
    expect(alpha).toBe(1);
    expect(colour).toBeCloseTo((half / 0.75) * 0.3 + (1 - half), 7);
  });

  test('a volume in two halves is the volume, and the order of samples does not matter', () => {
    const half = 1 - Math.sqrt(1 - 0.75);
    const piece = { alpha: half, colour: (half / 0.75) * 0.3 };
    const halves = flattened([
      { front: 4, back: 6, ...piece },
      { front: 2, back: 4, ...piece },
    ]);
    expect(halves.alpha).toBeCloseTo(0.75, 7);
    expect(halves.colour).toBeCloseTo(0.3, 7);
    const samples = [fog, point(4, 0.5, 0.2), { front: 1, back: 5, alpha: 0.4, colour: 0.4 }];
    expect(flattened(samples.toReversed()).colour).toBeCloseTo(flattened(samples).colour, 12);
  });

  test('points at one depth merge, opaque ones that meet are averaged, what is behind is hidden', () => {
    expect(flattened([point(3, 0.5, 0.5), point(3, 0.5, 0.5)]).alpha).toBeCloseTo(0.75, 12);
    expect(flattened([point(3, 1, 0.5), point(3, 1, 0.25), point(2.5, 0, 0)]).colour).toBe(0.375);
    expect(flattened([point(9, 1, 7), point(3, 1, 0.5)])).toMatchObject({ alpha: 1, colour: 0.5, front: 3, back: 3 });
  });

  test('a thin dense volume leaves nothing behind, and one without opacity gives its light', () => {
    const thin: Sample = { front: 1, back: 1.0000001, alpha: 0.999999, colour: 0 };
    const deep: Sample = { front: 0, back: 1000, alpha: 0.001, colour: 0 };
    expect(flattened([thin, deep]).alpha).toBeCloseTo(
      plainly(
        [thin, deep].map((s) => ({
          ...s,
          front: Math.fround(s.front),
          back: Math.fround(s.back),
          alpha: Math.fround(s.alpha),
        })),
      ).alpha,
      12,
    );
    expect(flattened([{ front: 1, back: 3, alpha: 0, colour: 0.5 }, point(2, 0, 0.25)]).colour).toBeCloseTo(0.75, 12);
  });

  test('depths are those of what is seen', () => {
    expect(flattened([point(1, 0, 0), point(2, 0.5, 0.1), fog, point(9, 0.1, 0)])).toMatchObject({
      sample: 1,
      front: 2,
      back: 9,
    });
    expect(flattened([point(2, 0.5, 0.1), point(4, 1, 0), point(9, 1, 0)])).toMatchObject({ front: 2, back: 4 });
    expect(flattened([point(5, 0, 0), point(4, 0, 0)])).toMatchObject({ sample: 1, front: 4 });
  });

  test('numbers that are none do not spread: depths without sense are points, opacities are held to 0 and 1', () => {
    const odd = [
      { front: Number.NaN, back: 1, alpha: 0.5, colour: 0.5 },
      { front: 3, back: Number.POSITIVE_INFINITY, alpha: 0.5, colour: 0.25 },
      { front: 4, back: 2, alpha: Number.NaN, colour: 0.125 },
      { front: 5, back: 5, alpha: -3, colour: 0 },
    ];
    expect(flattened(odd)).toMatchObject({
      alpha: 0.75,
      colour: 0.25 + 0.5 * 0.125 + 0.5 * 0.5,
      front: 3,
      back: Number.POSITIVE_INFINITY,
    });
    expect(flattened([point(1, 7, 0.5), point(2, 1, 1)])).toMatchObject({ alpha: 1, colour: 0.5 });
  });

  test('a hundred thousand volumes in one pixel take no more than it takes to sort them', () => {
    const { int } = random(4);
    const samples = Array.from({ length: 100_000 }, (): Sample => {
      const front = int(0, 1e6) / 16;
      return { front, back: front + int(1, 1e6) / 16, alpha: int(0, 1) / 1e6, colour: 0 };
    });
    const begun = performance.now();
    expect(flattened(samples).alpha).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});

describe('volumes against oiiotool', () => {
  test('split and merged by its deepmerge, then flattened, they are what they are here', async () => {
    const names = ['A', 'B', 'G', 'R', 'Z', 'ZBack'];
    const { tiles: _, ...scanLines } = { ...deepPart, type: 'deepscanline' as const };
    const part = {
      ...scanLines,
      channels: deepPart.channels.filter((c) => names.includes(c.name)).map((c) => ({ ...c, type: 'float' as const })),
    };
    const deep = deepSamples();
    const row = (name: string): Float32Array => {
      const { type, samples } = deep.channels.get(name)!;
      return convertSamples(samples, type, 'float').samples as Float32Array;
    };
    /** Every second sample of each pixel: oiiotool makes pixels tidy only where it merges two. */
    const half = (which: number): DeepPlanes => {
      const kept: number[] = [];
      const offsets = [0];
      for (let i = 0; i + 1 < deep.offsets.length; i++) {
        for (let s = deep.offsets[i]!; s < deep.offsets[i + 1]!; s++)
          if ((s - deep.offsets[i]!) % 2 === which) kept.push(s);
        offsets.push(kept.length);
      }
      const channels = names.map(
        (name) => [name, { type: 'float' as const, samples: Float32Array.from(kept, (s) => row(name)[s]!) }] as const,
      );
      return { ...deep, offsets: Uint32Array.from(offsets), channels: new Map(channels) };
    };
    for (const which of [0, 1]) await writeDeep(join(folder, `half${which}.exr`), part, half(which));
    const [a, b, merged] = ['half0.exr', 'half1.exr', 'merged.exr'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    execFileSync('oiiotool', [a, b, '--deepmerge', '--flatten', '-o', merged]);
    const judged = withFile(merged, (file) => file.readPart(0));
    const rows = new Map(names.map((name) => [name, row(name)]));
    const [front, back] = [rows.get('Z')!, rows.get('ZBack')!];
    const colours = ['B', 'G', 'R'];
    const flattener = new Flattener({
      front,
      back,
      coverages: [{ alpha: rows.get('A')!, colours: colours.map((name) => rows.get(name)!) }],
    });
    const pixels = { volumes: 0, others: 0 };
    for (let i = 0; i + 1 < deep.offsets.length; i++) {
      const [start, end] = [deep.offsets[i]!, deep.offsets[i + 1]!];
      if (start === end) continue;
      // oiiotool puts a point behind the volume that begins at its depth, against the document.
      if (front.subarray(start, end).some((z, s) => back[start + s] === z)) {
        pixels.others++;
        continue;
      }
      const { alphas, colours: made } = flattener.flatten(start, end);
      expect(alphas[0]).toBeCloseTo(judged.get('A')!.samples[i]!, 5);
      for (const [n, name] of colours.entries()) expect(made[0]![n]).toBeCloseTo(judged.get(name)!.samples[i]!, 5);
      pixels.volumes++;
    }
    expect(pixels).toEqual({ volumes: 198, others: 1050 });
  });
});

describeCorpus('flattening of real files', () => {
  test('colours are those of oiiotool', async () => {
    const counts = { channels: 0, samples: 0, meeting: 0 };
    for (const name of [
      'openexr-images/v2/LowResLeftView/Balls.exr',
      'openexr-images/v2/LowResLeftView/Trunks.exr',
      'openexr-tests/11.deep.exr',
      'openexr-tests/multivariate.deep.exr',
    ]) {
      const run = await runChain(corpusFile(name), [{ type: 'deep.flatten' }]);
      expect(run.exitCode, JSON.stringify(run)).toBe(0);
      const judged = join(folder, 'judged.exr');
      execFileSync('oiiotool', [corpusFile(name), '--flatten', '-d', 'float', '-o', judged]);
      const [mine, theirs] = [out, judged].map((path) => withFile(path, (file) => file.readPart(0)));
      const { offsets, channels } = withFile(corpusFile(name), (file) => file.readDeep(0, { channels: ['Z'] }));
      const depths = channels.get('Z')!.samples;
      // Points at one depth are merged; oiiotool lays them over each other.
      const meeting = new Set<number>();
      for (let i = 0; i + 1 < offsets.length; i++) {
        for (let s = offsets[i]! + 1; s < offsets[i + 1]!; s++) if (depths[s] === depths[s - 1]) meeting.add(i);
      }
      counts.meeting += meeting.size;
      for (const channel of ['R', 'G', 'B', 'A']) {
        const [a, b] = [mine!, theirs!].map((planes) => convertPlane(planes.get(channel)!, 'float').plane.samples);
        // Half a unit of half's last place, and what oiiotool's floats lose.
        let worst = 0;
        for (let i = 0; i < a!.length; i++) {
          if (!meeting.has(i)) worst = Math.max(worst, Math.abs(a![i]! - b![i]!) / Math.max(0.001, b![i]!));
        }
        expect(worst, `${name} ${channel}`).toBeLessThan(2 ** -11 + 1e-4);
        counts.channels++;
        counts.samples += a!.length;
      }
    }
    expect(counts).toEqual({ channels: 16, samples: 4 * (764 * 406 + 1024 * 435 + 2 * 256 * 256), meeting: 48 });
  });

  test('one sample a pixel is that sample, and none is 0', async () => {
    const name = corpusFile('openexr-images/v2/LowResLeftView/Trunks.exr');
    await runChain(name, [{ type: 'deep.flatten' }]);
    const deep = withFile(name, (file) => file.readDeep(0));
    const flat = withFile(out, (file) => file.readPart(0));
    let single = 0;
    for (let i = 0; i + 1 < deep.offsets.length; i++) {
      const [start, end] = [deep.offsets[i]!, deep.offsets[i + 1]!];
      if (end > start + 1) continue;
      single++;
      for (const [channel, { samples }] of deep.channels) {
        if (flat.get(channel)!.samples[i] !== (end > start ? samples[start] : 0)) throw new Error(`${channel} at ${i}`);
      }
    }
    expect(single).toBeGreaterThan(400_000);
  });
});

describe('a deep part in a graph', () => {
  const source = (): ReturnType<typeof deepSamples> => deepSamples();
  const drop = (rows: Json): NodeSketch => ({ type: 'channel.shuffle', params: { rows, others: 'drop' } });
  const ledger = (run: GraphRun): string[] =>
    run.result!.ledger.map((e) => `${e.kind} ${e.item} ${e.name}: ${e.reason}`);

  test('channels are chosen and renamed, attributes edited, samples and counts kept', async () => {
    const rows = [
      { to: 'mist.*', from: 'fog.*' },
      { to: 'Z', from: 'Z' },
      { to: 'object', from: 'id' },
    ];
    const edit: NodeSketch = {
      type: 'metadata.set',
      params: { edits: [{ op: 'set', name: 'comment', type: 'string', value: 'chosen' }] },
    };
    const run = await runChain('deep.exr', [drop(rows), edit]);
    expect(run.exitCode, JSON.stringify(run)).toBe(0);
    const deep = source();
    withFile(out, (file) => {
      const [header] = file.header.parts;
      expect(header!.type).toBe('deeptile');
      expect(header!.maxSamplesPerPixel).toBe(7);
      expect(header!.channels.map(({ name }) => name)).toEqual(['Z', 'mist.A', 'mist.B', 'mist.G', 'mist.R', 'object']);
      const made = file.readDeep(0);
      expect(made.offsets).toEqual(deep.offsets);
      for (const [to, from] of [
        ['Z', 'Z'],
        ['mist.A', 'fog.A'],
        ['mist.R', 'fog.R'],
        ['object', 'id'],
      ] as const) {
        expect(made.channels.get(to)).toEqual(deep.channels.get(from));
      }
    });
    expect(ledger(run).filter((line) => line.startsWith('lost'))).toEqual(
      ['A', 'B', 'G', 'R', 'ZBack', 'shade'].map((name) => `lost channel ${name}: n0: no row takes it`),
    );
  });

  test('all channels renamed are copied as chunks; another method or layout is packed anew', async () => {
    const rows = [{ to: 'all.*', from: '*' }];
    for (const [write, compression, type] of [
      [{}, 'zips', 'deeptile'],
      [{ compression: 'rle' }, 'rle', 'deeptile'],
      [{ compression: 'none', layout: 'scanlines' }, 'none', 'deepscanline'],
      [{ layout: 'tiles', tileSize: [7, 5], lineOrder: 'decreasing' }, 'zips', 'deeptile'],
    ] as const) {
      const run = await runChain('deep.exr', [drop(rows)], write as Readonly<Record<string, Json>>);
      expect(run.exitCode, JSON.stringify(run)).toBe(0);
      const sums = withFile(join(folder, 'deep.exr'), (file) => checksumDeep(file, 0));
      withFile(out, (file) => {
        expect(file.header.parts[0]).toMatchObject({ compression, type });
        const made = checksumDeep(file, 0);
        expect(made.counts).toBe(sums.counts);
        expect([...made.channels].sort()).toEqual([...sums.channels].map(([name, sum]) => [`all.${name}`, sum]).sort());
      });
    }
  });

  test('workers give the same bytes', async () => {
    const sketches = {
      read: { type: 'io.read', params: { path: 'deep.exr' } },
      flat: { type: 'deep.flatten' },
      write: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace' } },
    };
    const sums: unknown[] = [];
    for (const jobs of [0, 2]) {
      const document = graph(sketches, ['read.image > flat.image', 'flat.image > write.image']);
      expect((await runGraph({ document, folder, nodes, range: '1', jobs })).exitCode).toBe(0);
      sums.push(withFile(out, (file) => [...checksumChannels(file, 0)]));
    }
    expect(sums[1]).toEqual(sums[0]);
  });

  test('a flat part says in the ledger that it was deep, and no longer speaks of deep samples', async () => {
    const run = await runChain('deep.exr', [{ type: 'deep.flatten' }]);
    expect(run.exitCode).toBe(0);
    expect(ledger(run)).toEqual([
      'cleared attribute maxSamplesPerPixel: n0: it speaks of deep samples',
      'changed storage samples: deep became flat',
    ]);
    withFile(out, (file) => {
      expect(file.header.parts[0]).toMatchObject({ type: 'tiledimage' });
      expect(file.header.parts[0]!.attributes.map(({ name }) => name)).not.toContain('version');
    });
  });

  test('a frame of black has no samples', async () => {
    await writeDeep(join(folder, 'gap.0001.exr'), deepPart, deepSamples());
    await writeDeep(join(folder, 'gap.0003.exr'), deepPart, deepSamples());
    for (const [chain, deep] of [
      [['channel.shuffle'], true],
      [['deep.flatten'], false],
    ] as const) {
      const sketches: Record<string, NodeSketch> = {
        read: { type: 'io.read', params: { path: 'gap.%04d.exr', missing: 'black' } },
        node: chain[0] === 'deep.flatten' ? { type: 'deep.flatten' } : drop([{ to: 'Z', from: 'Z' }]),
        write: { type: 'io.write', params: { path: 'gapped.%04d.exr', overwrite: 'replace' } },
      };
      const port = deep ? 'sources.a' : 'image';
      const document = graph(sketches, [`read.image > node.${port}`, 'node.image > write.image']);
      const run = await runGraph({ document, folder, nodes, range: '2', jobs: 0 });
      expect(run.result?.outcomes.map(({ state }) => state)).toEqual(['substituted']);
      withFile(join(folder, 'gapped.0002.exr'), (file) => {
        if (deep) expect(file.readDeep(0).offsets.at(-1)).toBe(0);
        else expect(Math.max(...file.readPart(0, { channels: ['A'] }).get('A')!.samples)).toBe(0);
      });
    }
  });

  test.each<[string, readonly NodeSketch[], Readonly<Record<string, Json>>, string]>([
    ['a method that is not for deep parts', [], { compression: 'piz' }, 'exr-compression-unsupported'],
    ['another type', [], { types: [{ channels: 'Z', type: 'half' }] }, 'deep-unsupported'],
    [
      'a constant beside its channels',
      [
        drop([
          { to: '*', from: '*' },
          { to: 'one', value: 1 },
        ]),
      ],
      {},
      'deep-unsupported',
    ],
    ['a channel of another type', [drop([{ to: 'Z', from: 'Z', type: 'half' }])], {}, 'deep-unsupported'],
    ['work on its colours', [{ type: 'color.exposure', params: { stops: 1 } }], {}, 'deep-unsupported'],
    [
      'another window',
      [{ type: 'transform.crop', params: { area: 'box', box: [0, 0, 9, 9] } }],
      {},
      'deep-unsupported',
    ],
  ])('is refused before anything is rendered: %s', async (_title, chain, write, code) => {
    const run = await runChain('deep.exr', chain, write);
    expect(run.exitCode).toBe(3);
    expect(run.problems.filter((p) => p.severity === 'error').map((p) => p.code)).toContain(code);
  });

  test('every node works on deep parts, hands them on, or says that it does not', async () => {
    const channels = [
      'R',
      'G',
      'B',
      'A',
      'Y',
      'RY',
      'BY',
      'Z:float',
      'ZBack:float',
      'N.X:float',
      'N.Y:float',
      'N.Z:float',
    ];
    const deep = picture(part({ kind: 'deep', channels, stored: { compression: 'zips' } }));
    const done: Record<string, string[]> = { refused: [], passed: [], flat: [], otherwise: [] };
    for (const node of nodes) {
      if (!node.spec || Object.keys(node.inputs).length === 0 || NEEDS_MORE.includes(node.type)) continue;
      const ports = Object.entries(node.inputs as Record<string, { kind: string; many: boolean }>);
      if (ports.some(([, { kind }]) => kind !== 'image')) continue;
      const inputs = Object.fromEntries(ports.map(([name, { many }]) => [name, many ? { a: deep } : deep]));
      const { spec, problems } = await describeNode(node, { ...node.params.parse({}), ...PARAMS[node.type] }, inputs);
      if (problems.some(({ severity }) => severity === 'error')) {
        const known = problems.some(({ code }) => code === 'deep-unsupported');
        done[known ? 'refused' : 'otherwise']!.push(node.type);
        continue;
      }
      for (const { kind, channels, dataWindow } of spec.parts) {
        const made = channels.every(({ origin }) => origin.from === 'computed');
        const passed = kind === 'deep' && channels.every(({ origin }) => origin.from === 'input');
        expect(passed || (kind === 'flat' && made), node.type).toBe(true);
        expect(dataWindow, node.type).toEqual(deep.parts[0]!.dataWindow);
        done[passed ? 'passed' : 'flat']!.push(node.type);
      }
    }
    expect(done['flat']).toEqual(['deep.flatten']);
    console.log(done);
    expect(done['passed']!.sort()).toEqual(PASSES);
    expect(done['refused']!.length).toBeGreaterThan(20);
  });
});

/** Nodes that need files, meshes or parameters of their own to be described at all. */
const NEEDS_MORE = ['color.lut', 'color.ocio', 'template.instance', 'view.select', 'view.join', 'time.range'];
/** Parameters with which a node does something, where that is not so by default. */
const PARAMS: Readonly<Record<string, Record<string, unknown>>> = Object.fromEntries(
  Object.entries(STAGES).map(([type, { params }]) => [type, params]),
);
const PASSES: readonly string[] = [];

describe('the description', () => {
  const deep = (...channels: string[]) =>
    picture(
      part({
        kind: 'deep',
        channels,
        attributes: [attribute('deepImageState', 'deepImageState', 'tidy')],
        stored: { compression: 'zips' },
      }),
    );

  test('all channels stay, in their types', async () => {
    const done = await describeNode(flatten, {}, { image: deep('A', 'R', 'Z:float', 'id:uint') });
    expect(channelLines(done.spec)).toEqual(['A:half ← ?', 'R:half ← ?', 'Z:float ← ?', 'id:uint ← ?']);
    expect(done.spec.parts[0]).toMatchObject({ kind: 'flat' });
    expect(problemLines(done)).toEqual([]);
    expect(lossLines(done)).toEqual(['^attribute image #0 deepImageState: it speaks of deep samples']);
  });

  test('depth is needed, alpha missed, other methods cannot be unpacked', async () => {
    expect(problemLines(await describeNode(flatten, {}, { image: deep('A', 'Z:uint') }))).toEqual([
      'error channel-unknown',
    ]);
    expect(problemLines(await describeNode(flatten, {}, { image: deep('R', 'Z') }))).toEqual([
      'warning channel-unknown',
    ]);
    const odd = picture(part({ kind: 'deep', channels: ['A', 'Z'], stored: { compression: 'piz', copyOnly: true } }));
    expect(problemLines(await describeNode(flatten, {}, { image: odd }))).toEqual([
      'error exr-compression-unsupported',
    ]);
  });

  test('flat parts pass', async () => {
    const done = await describeNode(flatten, {}, { image: picture(part({ channels: ['R'] })) });
    expect(channelLines(done.spec)).toEqual(['R:half ← image #0 R']);
  });
});
