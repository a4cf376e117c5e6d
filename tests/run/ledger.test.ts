// The law of the ledger: what an input holds is in the output or listed, and what no input holds is listed as added.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Attribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { ExrPart } from '../../engine/exr/header.ts';
import type { LedgerEntry } from '../../engine/run/ledger.ts';
import { random } from '../base/random.ts';
import { type PartSketch, run, sums, temporary, text, writeExr } from './files.ts';
import { graph, type NodeSketch } from './graph.ts';

const folder = temporary();

interface Held {
  readonly file: string;
  readonly parts: readonly ExrPart[];
  readonly sums: Readonly<Record<string, string>>;
}

function held(file: string): Held {
  const opened = ExrFile.open(file);
  const { parts } = opened.header;
  opened.close();
  return { file, parts, sums: sums(file) };
}

const label = (part: ExrPart, index: number): string => part.name ?? `#${index}`;
const sumOf = (of: Held, part: number, channel: string): string =>
  of.sums[`${of.parts[part]!.name ?? part}/${channel}`]!.split(' ')[1]!;

/** Described by the format, or stated by parts: not attributes that a graph hands on. */
const STATED = new Set([
  'channels',
  'compression',
  'dataWindow',
  'displayWindow',
  'lineOrder',
  'tiles',
  'type',
  'chunkCount',
  'name',
  'view',
  'pixelAspectRatio',
  'screenWindowCenter',
  'screenWindowWidth',
]);
const ownAttributes = (part: ExrPart): Attribute[] => part.attributes.filter((a) => !STATED.has(a.name));
const bytesOf = (a: Attribute): string => `${a.type} ${Buffer.from(a.bytes).toString('hex')}`;

/**
 * What breaks the law, in words; empty where it holds. Every part, channel and attribute is told apart by its samples or bytes,
 * which differ between all inputs.
 */
function broken(inputs: ReadonlyMap<string, Held>, output: Held, ledger: readonly LedgerEntry[]): string[] {
  const faults: string[] = [];
  const listed = (kinds: readonly string[], item: string, name: string, from: string): boolean =>
    ledger.some((e) => kinds.includes(e.kind) && e.item === item && e.name === name && e.from === from);
  const outSums = new Set(output.parts.flatMap((p, i) => p.channels.map((c) => sumOf(output, i, c.name))));
  const holding = (sum: string): ExrPart[] =>
    output.parts.filter((p, i) => p.channels.some((c) => sumOf(output, i, c.name) === sum));

  for (const [node, input] of inputs) {
    for (const [index, part] of input.parts.entries()) {
      const prefix = input.parts.length > 1 ? `${label(part, index)}/` : '';
      const kept = part.channels.filter((c) => outSums.has(sumOf(input, index, c.name)));
      const gone = listed(['lost'], 'part', label(part, index), node);
      if (kept.length === 0) {
        if (!gone) faults.push(`${node}: part ${label(part, index)} is gone and not listed`);
        continue;
      }
      if (gone) faults.push(`${node}: part ${label(part, index)} is listed as lost but is there`);
      const targets = kept.flatMap((c) => holding(sumOf(input, index, c.name)));
      for (const c of part.channels) {
        const lost = listed(['lost'], 'channel', prefix + c.name, node);
        if (kept.includes(c) === lost)
          faults.push(`${node}: channel ${prefix}${c.name} ${lost ? 'is listed but there' : 'is gone'}`);
      }
      for (const a of ownAttributes(part)) {
        const there = targets.some((t) => t.attributes.some((b) => b.name === a.name && bytesOf(a) === bytesOf(b)));
        const named = targets.some((t) => t.attributes.some((b) => b.name === a.name || bytesOf(a) === bytesOf(b)));
        const lost = listed(['lost'], 'attribute', prefix + a.name, node);
        const changed = listed(['changed'], 'attribute', prefix + a.name, node);
        if (there && (lost || changed)) faults.push(`${node}: attribute ${prefix}${a.name} is listed but there`);
        if (!there && !lost && !changed) faults.push(`${node}: attribute ${prefix}${a.name} is gone`);
        if (!there && !named && changed)
          faults.push(`${node}: attribute ${prefix}${a.name} is lost but listed as changed`);
      }
      for (const window of ['dataWindow', 'displayWindow'] as const) {
        const same = targets.some((t) => JSON.stringify(t[window]) === JSON.stringify(part[window]));
        if (!same && !listed(['lost', 'changed'], 'window', prefix + window, node))
          faults.push(`${node}: ${window} is gone`);
      }
      for (const field of ['name', 'view'] as const) {
        if (part[field] === undefined || targets.some((t) => t[field] === part[field])) continue;
        if (!listed(['lost', 'changed'], 'attribute', prefix + field, node))
          faults.push(`${node}: ${field} of ${prefix} is gone`);
      }
      const stored = targets.some((t) => t.compression === part.compression);
      if (
        !stored &&
        !ledger.some((e) => e.item === 'storage' && e.name === `${prefix}compression` && e.from === node) &&
        !ledger.some((e) => e.item === 'storage' && e.name === 'compression')
      )
        faults.push(`${node}: compression of ${prefix} is gone`);
    }
  }

  const inputSums = new Set(
    [...inputs.values()].flatMap((h) => h.parts.flatMap((p, i) => p.channels.map((c) => sumOf(h, i, c.name)))),
  );
  const inputAttributes = [...inputs.values()].flatMap((h) => h.parts.flatMap(ownAttributes));
  for (const [index, part] of output.parts.entries()) {
    const prefix = output.parts.length > 1 ? `${label(part, index)}/` : '';
    const added = (item: string, name: string): boolean =>
      ledger.some((e) => e.kind === 'added' && e.item === item && e.name === prefix + name);
    for (const c of part.channels) {
      if (!inputSums.has(sumOf(output, index, c.name)) && !added('channel', c.name))
        faults.push(`output: channel ${prefix}${c.name} came from nowhere`);
    }
    for (const a of ownAttributes(part)) {
      const known = inputAttributes.some((b) => b.name === a.name);
      if (!known && !added('attribute', a.name)) faults.push(`output: attribute ${prefix}${a.name} came from nowhere`);
    }
    for (const name of ['view', ...(output.parts.length > 1 ? [] : ['name'])] as const) {
      const value = part[name as 'view' | 'name'];
      const known = [...inputs.values()].some((h) => h.parts.some((p) => p[name as 'view' | 'name'] !== undefined));
      if (value !== undefined && !known && !added('attribute', name)) faults.push(`output: ${name} came from nowhere`);
    }
  }
  return faults;
}

const CHANNELS = ['R', 'G', 'B', 'A', 'Z:float', 'id:uint', 'N.X:float', 'mask'];
const NAMES = ['owner', 'comment', 'shot', 'lens'];

/** A graph by chance: sources of one to three parts, then layers of nodes of every kind, then one sink. */
async function randomGraph(seed: number) {
  const { int, pick, chance } = random(seed);
  const nodes: Record<string, NodeSketch> = {};
  const links: string[] = [];
  const files = new Map<string, string>();
  const window = { minX: 0, minY: 0, maxX: 19, maxY: 15 };
  let ends: string[] = [];
  for (let i = 0; i < int(1, 3); i++) {
    const id = `read${i}`;
    const parts = Array.from({ length: int(1, 3) }, (_, p): PartSketch => {
      const first = int(0, 4);
      return {
        ...(chance(0.8) ? { name: `${id}.${p}` } : { name: `part${p}` }),
        ...(chance(0.2) ? { view: pick(['left', 'right']) } : {}),
        channels: CHANNELS.slice(first, first + int(1, 4)),
        window,
        seed: seed * 1000 + i * 10 + p,
        compression: pick(['zip', 'rle', 'none', 'piz']),
        attributes: NAMES.filter(() => chance(0.6)).map((name) => text(name, `${name} ${seed} ${i} ${p}`)),
      };
    });
    const path = join(folder, `${seed}-${id}.exr`);
    await writeExr(path, parts);
    files.set(id, path);
    nodes[id] = { type: 'io.read', params: { path } };
    ends.push(id);
  }
  for (let i = 0; i < int(1, 5); i++) {
    const id = `node${i}`;
    const kind = pick(['set', 'set', 'select', 'assemble', 'shuffle']);
    const from = pick(ends);
    if (kind === 'set') {
      const edit = (): Json =>
        pick<Json>([
          { op: 'set', name: pick(NAMES), type: 'string', value: `new ${i}` },
          { op: 'set', name: `extra${i}`, type: 'int', value: i },
          { op: 'delete', name: pick([...NAMES, '*o*']) },
          { op: 'rename', name: pick(NAMES), to: `moved${i}` },
        ]);
      nodes[id] = { type: 'metadata.set', params: { edits: Array.from({ length: int(1, 3) }, edit) } };
      links.push(`${from}.image > ${id}.image`);
    } else if (kind === 'select') {
      nodes[id] = {
        type: 'part.select',
        params: { parts: [pick(['#0', '#1', '*.0', '*'])], rename: chance(0.3) ? { '#0': `r${i}` } : {} },
      };
      links.push(`${from}.image > ${id}.image`);
    } else if (kind === 'assemble') {
      const names = ['x', 'y'].slice(0, int(1, 2));
      nodes[id] = { type: 'part.assemble', params: {} };
      for (const name of names) links.push(`${pick(ends)}.image > ${id}.parts.${name}`);
    } else {
      const names = ['x', 'y'].slice(0, int(1, 2));
      const rows: Json[] = [{ to: '*', from: `x:${pick(['*', '#0/*'])}` }];
      if (chance(0.5)) rows.push({ to: `made.${i}`, value: i + 0.5, type: pick(['half', 'float']) });
      if (names.length > 1 && chance(0.6)) rows.push({ to: 'y.*', from: 'y:#0/*' });
      nodes[id] = {
        type: 'channel.shuffle',
        params: {
          rows,
          others: pick(['keep', 'drop']),
          attributes: { resolveAll: pick<Json>(['x', { leaveOut: true }]) },
        },
      };
      for (const name of names) links.push(`${pick(ends)}.image > ${id}.sources.${name}`);
    }
    ends = chance(0.7) ? [...ends, id] : [...ends.filter((e) => e !== from), id];
  }
  const last = ends.at(-1)!;
  nodes['w'] = {
    type: 'io.write',
    params: {
      path: `${seed}-out.exr`,
      overwrite: 'replace',
      ...(chance(0.3) ? { compression: pick(['zip', 'rle']) } : {}),
      ...(chance(0.2) ? { partNames: ['main'] } : {}),
    },
  };
  links.push(`${last}.image > w.image`);
  return { document: graph(nodes, links), files };
}

describe('random graphs', () => {
  it('lose nothing and add nothing that the ledger does not list', async () => {
    const counts = { ran: 0, refused: 0, lost: 0, changed: 0, added: 0 };
    for (let seed = 1; seed <= 250; seed++) {
      const { document, files } = await randomGraph(seed);
      const done = await run(document, folder);
      if (done.exitCode === 3) {
        counts.refused += 1;
        expect(done.problems.some((p) => p.severity === 'error' && p.code !== 'internal')).toBe(true);
        continue;
      }
      expect([seed, done.exitCode, done.result!.outcomes[0]!.error]).toEqual([seed, 0, undefined]);
      counts.ran += 1;
      const reached = new Set(document.nodes['w'] ? above(document.links, 'w') : []);
      const inputs = new Map([...files].filter(([id]) => reached.has(id)).map(([id, file]) => [id, held(file)]));
      const { ledger } = done.result!;
      expect([seed, broken(inputs, held(join(folder, `${seed}-out.exr`)), ledger)]).toEqual([seed, []]);
      for (const { kind } of ledger) if (kind in counts) counts[kind as 'lost'] += 1;
      // The same is told without writing anything.
      const dry = await run(document, folder, { dryRun: true });
      expect(dry.result!.ledger).toEqual(ledger);
      const strict = await run(document, folder, { dryRun: true, failOnLoss: true });
      expect(strict.exitCode).toBe(ledger.some((e) => e.kind === 'lost') ? 5 : 0);
    }
    expect(counts.ran).toBeGreaterThan(100);
    expect(Math.min(counts.lost, counts.changed, counts.added)).toBeGreaterThan(30);
  }, 120_000);
});

function above(links: readonly { readonly from: string; readonly to: string }[], id: string): string[] {
  const feeds = links.filter((l) => l.to.startsWith(`${id}.`)).map((l) => l.from.split('.')[0]!);
  return [...feeds, ...feeds.flatMap((f) => above(links, f))];
}

describe('twins', () => {
  const read = (path: string): NodeSketch => ({ type: 'io.read', params: { path } });
  const set = (edits: Json): NodeSketch => ({ type: 'metadata.set', params: { edits } });

  it('a loss on one branch is not excused by a replacement on another', async () => {
    await writeExr(join(folder, 'one.exr'), [{ name: 'one', channels: ['R'], attributes: [text('comment', 'same')] }]);
    await writeExr(join(folder, 'two.exr'), [{ name: 'two', channels: ['G'], attributes: [text('comment', 'same')] }]);
    const document = graph(
      {
        r1: read('one.exr'),
        r2: read('two.exr'),
        s1: set([{ op: 'set', name: 'comment', type: 'string', value: 'new' }]),
        s2: set([{ op: 'delete', name: 'comment' }]),
        p: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'twins.exr' } },
      },
      [
        'r1.image > s1.image',
        'r2.image > s2.image',
        's1.image > p.parts.a',
        's2.image > p.parts.b',
        'p.image > w.image',
      ],
    );
    const done = await run(document, folder);
    expect(done.result!.ledger.map((e) => [e.kind, e.from, e.name])).toEqual([
      ['lost', 'r2', 'comment'],
      ['changed', 'r1', 'comment'],
    ]);
    expect(
      (await run({ ...document, nodes: document.nodes }, folder, { failOnLoss: true, dryRun: true, resume: true }))
        .exitCode,
    ).toBe(5);
  });

  it('an attribute that another part happens to have in the same words is lost all the same', async () => {
    const document = graph(
      {
        r1: read('one.exr'),
        r2: read('two.exr'),
        s: set([{ op: 'delete', name: 'comment' }]),
        p: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'words.exr' } },
      },
      ['r1.image > p.parts.a', 'r2.image > s.image', 's.image > p.parts.b', 'p.image > w.image'],
    );
    const done = await run(document, folder);
    expect(done.result!.ledger.map((e) => [e.kind, e.from, e.name])).toEqual([['lost', 'r2', 'comment']]);
  });

  it('what is renamed first and deleted then is lost', async () => {
    const document = graph(
      {
        r: read('one.exr'),
        s1: set([{ op: 'rename', name: 'comment', to: 'note' }]),
        s2: set([{ op: 'delete', name: 'note' }]),
        w: { type: 'io.write', params: { path: 'gone.exr' } },
      },
      ['r.image > s1.image', 's1.image > s2.image', 's2.image > w.image'],
    );
    const done = await run(document, folder, { failOnLoss: true });
    expect(done.exitCode).toBe(5);
    expect(done.result!.ledger.map((e) => [e.kind, e.from, e.name])).toEqual([['lost', 'r', 'comment']]);
  });

  it('each sink has its own account', async () => {
    const w = (path: string): NodeSketch => ({ type: 'io.write', params: { path } });
    const document = graph(
      { r: read('one.exr'), s: set([{ op: 'delete', name: 'comment' }]), all: w('all.exr'), less: w('less.exr') },
      ['r.image > all.image', 'r.image > s.image', 's.image > less.image'],
    );
    const done = await run(document, folder);
    expect(done.result!.ledger.map((e) => [e.kind, e.sink, e.name])).toEqual([['lost', 'less', 'comment']]);
  });
});
