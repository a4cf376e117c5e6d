// Templates at work: a graph inside a node gives the bytes that the same graph gives unfolded by hand.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Sluice
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { templateFrom } from '../../engine/document/gather.ts';
import type { Document } from '../../engine/document/schema.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';
import { digest, filesBelow, run, temporary, text, writeSequence } from '../run/files.ts';
import { bench, graph, type NodeSketch, never } from '../run/graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const FRAMES = [1, 2, 3];
const folder = temporary();

beforeAll(async () => {
  const window = box(0, 0, 90, 79);
  await writeSequence(folder, 'a.%04d.exr', FRAMES, {
    channels: ['A', 'B', 'G', 'R', 'Z:float'],
    window,
    attributes: [text('owner', 'a')],
  });
  await writeSequence(folder, 'b.%04d.exr', FRAMES, { channels: ['N.X:float', 'id:uint'], window, compression: 'piz' });
});

const tag = (value: string): Json => [{ op: 'set', name: 'comment', type: 'string', value }];

/** Two reads, a shuffle, an attribute that names variable and frame, exposure, and a write. */
const flat = (out: string, stops = 1, comment = '${shot} at ${frame:4}, $$5'): Document =>
  graph(
    {
      a: { type: 'io.read', params: { path: 'a.%04d.exr' } },
      b: { type: 'io.read', params: { path: 'b.%04d.exr' } },
      shuffle: {
        type: 'channel.shuffle',
        params: {
          rows: [
            { to: '*', from: 'beauty:*' },
            { to: 'normal.X', from: 'utility:N.X' },
          ],
          others: 'drop',
          attributes: { resolveAll: 'beauty' },
        },
      },
      tag: { type: 'metadata.set', params: { edits: tag(comment) } },
      light: { type: 'color.exposure', params: { stops } },
      write: { type: 'io.write', params: { path: `${out}/\${shot}.%04d.exr` } },
    },
    [
      'b.image > shuffle.sources.utility',
      'a.image > shuffle.sources.beauty',
      'shuffle.image > tag.image',
      'tag.image > light.image',
      'light.image > write.image',
    ],
    {
      variables: { shot: { type: 'string', default: 'sh010' }, take: { type: 'number', default: 7 } },
      promoted: [{ name: 'gain', title: 'Gain', to: ['light.stops'] }],
    },
  );

const gathered = (document: Document, ids: readonly string[], name = 'recombine'): Document =>
  applyEdit(document, templateFrom(document, ids, { name }).edit).document;

async function outputs(document: Document, out: string, more: Parameters<typeof run>[2] = {}): Promise<string[]> {
  const done = await run(document, folder, more);
  expect(done.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(done.exitCode).toBe(0);
  const files = filesBelow(join(folder, out)).filter((file) => file.endsWith('.exr'));
  return files.map((file) => `${file} ${digest(join(folder, out, file))}`);
}

describe('the same bytes', () => {
  const overrides = { params: { gain: 2.5 }, variables: { shot: 'sh$020' } };
  it.each([
    ['around shuffle, attribute and exposure', ['shuffle', 'tag', 'light']],
    ['around everything, write included', ['a', 'b', 'shuffle', 'tag', 'light', 'write']],
    ['around the sources', ['a']],
    ['around the sink', ['light', 'write']],
  ])('%s', async (name, ids) => {
    const out = name.replaceAll(' ', '-');
    const plain = await outputs(flat(`${out}/flat`), `${out}/flat`);
    expect(plain).toHaveLength(FRAMES.length);
    expect(await outputs(gathered(flat(`${out}/inline`), ids), `${out}/inline`)).toEqual(plain);
    const workers = { jobs: 2, worker: WORKER };
    expect(await outputs(gathered(flat(`${out}/workers`), ids), `${out}/workers`, workers)).toEqual(plain);
    const other = await outputs(flat(`${out}/flat2`), `${out}/flat2`, { overrides });
    expect(other).not.toEqual(plain);
    expect(await outputs(gathered(flat(`${out}/set`), ids), `${out}/set`, { overrides })).toEqual(other);
  });

  it('with templates inside templates', async () => {
    const inner = gathered(flat('nested'), ['tag', 'light'], 'inner');
    const outer = gathered(inner, ['shuffle', 'inner'], 'outer');
    expect(Object.keys(outer.nodes)).toEqual(['a', 'b', 'outer', 'write']);
    expect(await outputs(outer, 'nested')).toEqual(await outputs(flat('plain'), 'plain'));
  });

  it('with one template twice, each with values of its own', async () => {
    const { template } = templateFrom(flat('x'), ['light'], { name: 'brighten' });
    const again = (out: string, port: string, more: Record<string, NodeSketch>): Document =>
      graph(
        {
          a: { type: 'io.read', params: { path: 'a.%04d.exr' } },
          ...more,
          write: { type: 'io.write', params: { path: `${out}/o.%04d.exr` } },
        },
        [`a.image > one.${port}`, `one.image > two.${port}`, 'two.image > write.image'],
      );
    const held = template as unknown as Json;
    const hand = again('hand', 'image', {
      one: { type: 'color.exposure', params: { stops: -2 } },
      two: { type: 'color.exposure', params: { stops: 1 } },
    });
    const twice = again('twice', 'inputs.tag', {
      one: { type: 'template.instance', params: { template: held, values: { gain: -2 } } },
      two: { type: 'template.instance', params: { template: held } },
    });
    expect(await outputs(twice, 'twice')).toEqual(await outputs(hand, 'hand'));
  });

  it('of chunks that pass through dots and templates, without being unpacked', async () => {
    const links = ['a.image > d.image', 'd.image > e.image', 'e.image > write.image'];
    const dotted = (out: string): Document =>
      graph(
        {
          a: { type: 'io.read', params: { path: 'b.%04d.exr' } },
          d: { type: 'graph.dot' },
          e: { type: 'graph.dot' },
          write: { type: 'io.write', params: { path: `${out}/b.%04d.exr` } },
        },
        links,
      );
    const inputs = FRAMES.map((n) => `b.000${n}.exr ${digest(join(folder, `b.000${n}.exr`))}`);
    expect(await outputs(dotted('dots'), 'dots')).toEqual(inputs);
    expect(await outputs(gathered(dotted('inside'), ['d', 'e']), 'inside')).toEqual(inputs);
  });
});

it('a bypassed template hands on what comes into its first connected input', async () => {
  const document = gathered(flat('bypassed'), ['shuffle', 'tag', 'light']);
  const bypassed = applyEdit(document, { op: 'setDisabled', node: 'recombine', disabled: true }).document;
  const plain = flat('not');
  const direct = { ...plain, links: [{ from: 'b.image', to: 'write.image' }] };
  expect(await outputs(bypassed, 'bypassed')).toEqual(await outputs(direct, 'not'));
});

/** A graph of pattern sources and nodes that recombine, each fed by earlier ones; every one is written by nobody. */
function randomGraph(seed: number): Document {
  const rng = random(seed);
  const nodes: Record<string, NodeSketch> = {
    n0: { type: 'test.pattern', params: { seed } },
    n1: { type: 'test.pattern', params: { seed: seed + 1 } },
  };
  const links: string[] = [];
  for (let i = 2; i < 10; i++) {
    const id = `n${i}`;
    const feed = (): string => `n${rng.int(Math.max(0, i - 4), i - 1)}.image`;
    switch (rng.int(0, 3)) {
      case 0:
        nodes[id] = { type: 'graph.dot' };
        links.push(`${feed()} > ${id}.image`);
        break;
      case 1:
        nodes[id] = {
          type: 'color.exposure',
          params: { stops: rng.int(-3, 3), channels: [rng.pick(['R', '*', 'x.*'])] },
        };
        links.push(`${feed()} > ${id}.image`);
        break;
      case 2:
        nodes[id] = { type: 'metadata.set', params: { edits: tag('${name} ${frame} of $${name}') } };
        links.push(`${feed()} > ${id}.image`);
        break;
      default:
        nodes[id] = {
          type: 'channel.shuffle',
          params: {
            rows: [
              { to: 'x.*', from: 'main:*' },
              { to: 'R', from: 'other:*R' },
            ],
            attributes: { resolveAll: 'main' },
          },
        };
        links.push(`${feed()} > ${id}.sources.other`, `${feed()} > ${id}.sources.main`);
    }
  }
  const promoted = Object.keys(nodes)
    .filter((id) => nodes[id]!.type === 'color.exposure')
    .map((id) => ({ name: `gain-${id}`, title: 'Gain', to: [`${id}.stops`] }));
  return graph(nodes, links, { promoted, variables: { name: { type: 'string', default: 'a$b' } } });
}

/** What a node gives: its description and every sample, or its first problem without the names of nodes. */
async function given(document: Document, id: string): Promise<unknown> {
  const { descriptions, evaluator } = bench(document);
  const { spec, problems } = await descriptions.describe(id, 3);
  if (!spec || problems.some((p) => p.severity === 'error')) return 'in error';
  const samples: string[] = [];
  for (const [part, { channels }] of spec.parts.entries()) {
    const names = channels.map((c) => c.name);
    const planes = await evaluator
      .planes(id, 3, { part, channels: names, box: box(-4, 0, 20, 6) }, never)
      .catch(() => []);
    for (const [name, plane] of planes) samples.push(`${name} ${Buffer.from(planeBytes(plane)).toString('base64')}`);
  }
  const parts = spec.parts.map((part) => ({
    ...part,
    channels: part.channels.map(({ origin: _, ...channel }) => channel),
    attributes: part.attributes.map(({ source: _, ...attribute }) => attribute),
  }));
  return { parts, samples };
}

it('whatever is selected, what is outside gives what it gave before, and undo brings everything back', async () => {
  let gatheredCount = 0;
  let refused = 0;
  let compared = 0;
  let inError = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const rng = random(seed);
    let document = randomGraph(seed);
    for (let round = 0; round < 3; round++) {
      const ids = Object.keys(document.nodes);
      const from = rng.int(0, ids.length - 1);
      const some = ids.slice(from, from + rng.int(1, 4)).filter(() => rng.chance(0.8));
      try {
        const made = templateFrom(document, some, { name: `t${round}` });
        const { document: after, inverse } = applyEdit(document, made.edit);
        expect(applyEdit(after, inverse).document).toEqual(document);
        for (const id of Object.keys(after.nodes)) {
          if (id === made.instance.id) continue;
          const before = await given(document, id);
          expect(await given(after, id)).toEqual(before);
          if (before === 'in error') inError += 1;
          else compared += 1;
        }
        document = after;
        gatheredCount += 1;
      } catch (thrown) {
        if (!(thrown instanceof EngineError)) throw thrown;
        refused += 1;
      }
    }
  }
  expect(gatheredCount + refused).toBe(360);
  expect(gatheredCount).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(50);
  expect(compared).toBeGreaterThan(500);
  expect(inError).toBeLessThan(compared);
});
