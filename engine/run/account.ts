// The account of one frame of a sink: what of its inputs reaches the file, found by comparing descriptions.
import { boxContains, boxEquals, boxText } from '../base/box.ts';
import { type Attribute, findAttribute, sameAttribute } from '../image/attribute.ts';
import { partLabel } from '../image/parts.ts';
import type { ImageSpec, PartSpec, Stored } from '../image/spec.ts';
import type { Delivery, Loss } from '../node/define.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { LedgerItem } from './ledger.ts';
import { lowerings } from './lowering.ts';
import { isSource, originOf, Provenance } from './provenance.ts';
import type { PartTraces } from './sinking.ts';
import { reachedChannels, usedChannels } from './uses.ts';

interface Maker {
  readonly node: string;
  readonly frame: number;
  /** What it gives, but for what it changed of it: that is as it was found. */
  readonly spec: ImageSpec;
}

/** A loss that a node gave a reason for, and the parts of sources that it is about. */
interface GivenLoss extends Loss {
  readonly node: string;
  readonly about: ReadonlySet<string>;
}

/** A part as it will be written, and where it comes from. */
interface Target {
  readonly spec: PartSpec;
  /** As the sink was given it. */
  readonly given: PartSpec | undefined;
  readonly origins: ReadonlySet<string>;
}

interface Entry extends Omit<LedgerItem, 'sink'> {}

/**
 * Compares every part, channel, attribute and window that the sources above a sink give with what the sink will write.
 * Knows no node type: a source is a node that no image feeds, and reasons are those that nodes gave for their losses. A
 * loss counts as replaced only where something does stand in the written part instead.
 */
export async function account(
  descriptions: Descriptions,
  sink: string,
  frame: number,
  delivery: Delivery,
  traces: PartTraces,
): Promise<LedgerItem[]> {
  const provenance = new Provenance(descriptions);
  const { makers, losses } = await survey(descriptions, provenance, sink, frame, delivery.losses ?? []);
  const targets = await targetsOf(descriptions, provenance, sink, frame, delivery, traces);
  const reached = await reachedChannels(descriptions, traces);
  const used = await usedChannels(descriptions, sink, frame, reached);
  const entries: Entry[] = [];
  for (const maker of makers) {
    for (const [index, part] of maker.spec.parts.entries()) {
      const origin = originOf(maker.node, maker.frame, index);
      const among = (all: ReadonlySet<string>): Set<string> =>
        new Set(part.channels.map(({ name }) => name).filter((name) => all.has(`${origin}/${name}`)));
      const own = losses.filter((loss) => loss.about.has(origin));
      const into = targets.filter((target) => target.origins.has(origin));
      entries.push(
        ...accountPart(maker, index, { part, kept: among(reached), used: among(used), losses: own, targets: into }),
      );
    }
  }
  entries.push(...(await additions(descriptions, makers, targets, traces)));
  entries.push(...(await lowerings(descriptions, { sink, frame }, targets, reached)));
  for (const { name, reason } of delivery.changes)
    entries.push({ kind: 'changed', item: 'storage', name, from: sink, reason });
  return entries.map((entry) => ({ ...entry, sink }));
}

function accountPart(
  maker: Maker,
  index: number,
  of: {
    readonly part: PartSpec;
    /** Names of the channels that reach the file. */
    readonly kept: ReadonlySet<string>;
    /** Those too that something else in the file was made of. */
    readonly used: ReadonlySet<string>;
    readonly losses: readonly GivenLoss[];
    readonly targets: readonly Target[];
  },
): Entry[] {
  const { part, kept, used, losses, targets } = of;
  const from = maker.node;
  const label = partLabel(part, index);
  const prefix = maker.spec.parts.length > 1 ? `${label}/` : '';
  const reasonFor = (kind: Loss['kind'], name: string): GivenLoss | undefined =>
    losses.find((l) => l.kind === kind && l.name === name);
  const told = (loss: GivenLoss | undefined, otherwise: string): string =>
    loss ? `${loss.node}: ${loss.reason}` : otherwise;

  if (used.size === 0 && part.channels.length > 0) {
    const loss = reasonFor('part', label) ?? reasonFor('channel', part.channels[0]!.name);
    return [{ kind: 'lost', item: 'part', name: label, from, reason: told(loss, 'no channel of it is used') }];
  }
  const entries: Entry[] = [];
  for (const { name } of part.channels) {
    if (kept.has(name)) continue;
    const reason = told(reasonFor('channel', name), 'not used by the graph');
    const kind = used.has(name) ? 'changed' : 'lost';
    entries.push({ kind, item: 'channel', name: prefix + name, from, reason });
  }
  for (const attribute of part.attributes) {
    const written = targets.map((t) => t.spec.attributes);
    const holders = written.map((set) => findAttribute(set, attribute.name)).filter((a) => a !== undefined);
    if (holders.some((a) => sameAttribute(a, attribute))) continue;
    const loss = reasonFor('attribute', attribute.name);
    const elsewhere = written.some((set) => set.some((a) => sameAttribute(a, attribute)));
    const replaced = (loss?.replaced ?? true) && (holders.length > 0 || (loss !== undefined && elsewhere));
    const setter = holders[0]?.source;
    // A way on which it is not wanted is not why it is gone where another node sets it.
    const why = setter !== undefined && loss?.cleared ? undefined : loss;
    const reason = told(why, setter === undefined ? 'not taken by the graph' : `replaced by ${setter}`);
    const cleared = loss?.cleared === true && holders.length === 0;
    const kind = replaced ? 'changed' : cleared ? 'cleared' : 'lost';
    entries.push({ kind, item: 'attribute', name: prefix + attribute.name, from, reason });
  }
  for (const field of ['name', 'view'] as const) {
    const value = part[field];
    if (value === undefined || targets.some((t) => t.spec[field] === value)) continue;
    const now = targets.map((t) => t.spec[field]).find((v) => v !== undefined);
    const reason = now === undefined ? `the output has no ${field}` : `${value} became ${now}`;
    const kind = now === undefined ? 'lost' : 'changed';
    entries.push({ kind, item: 'attribute', name: prefix + field, from, reason });
  }
  const windows = losses.filter(({ kind }) => kind === 'window' || kind === 'level');
  const stored = windowsAndStorage(part, targets, windows);
  entries.push(...stored.map((entry) => ({ ...entry, name: prefix + entry.name, from })));
  return entries;
}

/**
 * `losses` are those of windows and levels: where nodes say of all of a window that nothing of the picture is gone, it only
 * changed.
 */
function windowsAndStorage(
  part: PartSpec,
  targets: readonly Target[],
  losses: readonly GivenLoss[],
): Omit<Entry, 'from'>[] {
  const [first] = targets;
  if (!first) return [];
  const entries: Omit<Entry, 'from'>[] = [];
  for (const name of ['dataWindow', 'displayWindow'] as const) {
    const was = part[name];
    if (targets.some((t) => boxEquals(t.spec[name], was))) continue;
    const is = first.spec[name];
    const given = losses.filter((loss) => loss.name === name);
    const moved = given.length > 0 && given.every(({ replaced }) => replaced);
    const whole = name === 'displayWindow' || moved || targets.some((t) => boxContains(t.spec[name], was));
    const reason = `${boxText(was)} became ${boxText(is)}`;
    entries.push({ kind: whole ? 'changed' : 'lost', item: 'window', name, reason });
  }
  const levels = levelsOf(part);
  // Mip levels are the diagonal of rip levels.
  const keeps = (other: string | undefined): boolean => other === levels || (levels === 'mip' && other === 'rip');
  if (levels && levels !== 'one' && !targets.some((t) => keeps(levelsOf(t.spec)))) {
    const given = losses.find(({ kind }) => kind === 'level');
    const reason = given ? `${given.node}: ${given.reason}` : 'only the full resolution is rendered';
    entries.push({ kind: 'lost', item: 'level', name: `${levels} levels`, reason });
  }
  if (targets.every((t) => t.spec.kind !== part.kind)) {
    entries.push({
      kind: 'changed',
      item: 'storage',
      name: 'samples',
      reason: `${part.kind} became ${first.spec.kind}`,
    });
  }
  // What the sink itself changes is in its own list; what nodes on the way changed is found here.
  for (const [name, textOf] of STORAGE) {
    const was = part.stored && textOf(part.stored);
    if (was === undefined || targets.some((t) => !t.given?.stored || textOf(t.given.stored) === was)) continue;
    entries.push({ kind: 'changed', item: 'storage', name, reason: `${was} became ${textOf(first.given!.stored!)}` });
  }
  return entries;
}

const STORAGE: readonly (readonly [name: string, textOf: (stored: Stored) => string])[] = [
  ['compression', ({ compression }) => compression],
  ['layout', ({ tiles }) => (tiles ? `tiles of ${tiles.width} x ${tiles.height}` : 'scan lines')],
  ['line order', ({ lineOrder }) => lineOrder],
];

/** What the graph puts into the file that no source gives. */
async function additions(
  descriptions: Descriptions,
  makers: readonly Maker[],
  targets: readonly Target[],
  traces: PartTraces,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const isMaker = (node: string): boolean => makers.some((m) => m.node === node);
  /** Whether a source gave it as it is, perhaps in another part. */
  const brought = (attribute: Attribute): boolean =>
    makers.some(
      ({ node, spec }) =>
        node === attribute.source &&
        spec.parts.some((p) => p.attributes.some((a) => a.name === attribute.name && sameAttribute(a, attribute))),
    );
  for (const [index, { spec, origins }] of targets.entries()) {
    const prefix = targets.length > 1 ? `${partLabel(spec, index)}/` : '';
    const sources = makers.flatMap((m) => m.spec.parts.filter((_, i) => origins.has(originOf(m.node, m.frame, i))));
    for (const attribute of spec.attributes) {
      const { name, source } = attribute;
      if (source === undefined || brought(attribute) || sources.some((p) => findAttribute(p.attributes, name)))
        continue;
      entries.push({ kind: 'added', item: 'attribute', name: prefix + name, from: source, reason: `set by ${source}` });
    }
    for (const field of ['name', 'view'] as const) {
      const value = spec[field];
      // In a file of several parts the format demands names, as it does types and counts.
      const demanded = field === 'name' && targets.length > 1;
      if (value === undefined || demanded || sources.some((p) => p[field] !== undefined)) continue;
      const reason = `the part is given the ${field} ${value}`;
      entries.push({ kind: 'added', item: 'attribute', name: prefix + field, from: 'graph', reason });
    }
    for (const list of traces.values()) {
      for (const [i, { channel, node, frame, part }] of (list[index] ?? []).entries()) {
        if (isMaker(node)) continue;
        const name = prefix + (spec.channels[i]?.name ?? channel.name);
        const { origin } = channel;
        if (origin.from === 'constant')
          entries.push({ kind: 'added', item: 'channel', name, from: node, reason: `constant ${origin.value}` });
        else if (!(await isFed(descriptions, node, frame, part, channel.name)))
          entries.push({ kind: 'added', item: 'channel', name, from: node, reason: `computed by ${node}` });
      }
    }
  }
  return entries;
}

/** Whether an input of a node has a channel of that name in that part, so that what it computes is another form of it. */
async function isFed(
  descriptions: Descriptions,
  node: string,
  frame: number,
  part: number,
  channel: string,
): Promise<boolean> {
  for (const feed of descriptions.feeds(node, frame)) {
    const { spec } = await descriptions.describe(feed.node, feed.frame);
    if (spec?.parts[part]?.channels.some((c) => c.name === channel)) return true;
  }
  return false;
}

/** The sources above a sink at a frame, and the losses that nodes on the way gave, the nearest to the sink first. */
async function survey(
  descriptions: Descriptions,
  provenance: Provenance,
  sink: string,
  frame: number,
  own: readonly Loss[],
): Promise<{ makers: Maker[]; losses: GivenLoss[] }> {
  const makers: Maker[] = [];
  const losses: GivenLoss[] = [];
  for (const { node, frame: at } of descriptions.above(sink, frame).reverse()) {
    const described = await descriptions.describe(node, at);
    const feeds = descriptions.feeds(node, at);
    const source = node !== sink && (await isSource(descriptions, node, at));
    if (source && described.spec)
      makers.push({ node, frame: at, spec: described.found ? { parts: described.found } : described.spec });
    if (source && described.found) {
      for (const loss of described.losses)
        losses.push({ ...loss, node, about: new Set([originOf(node, at, loss.part)]) });
    }
    for (const loss of node === sink ? own : described.losses) {
      const feed = feeds.find((f) => f.port === loss.port);
      if (feed) losses.push({ ...loss, node, about: await provenance.part(feed.node, feed.frame, loss.part) });
    }
  }
  return { makers, losses };
}

async function targetsOf(
  descriptions: Descriptions,
  provenance: Provenance,
  sink: string,
  frame: number,
  delivery: Delivery,
  traces: PartTraces,
): Promise<Target[]> {
  const targets: Target[] = [];
  const feeds = descriptions.feeds(sink, frame);
  for (const [index, spec] of delivery.written.parts.entries()) {
    const origins = new Set<string>();
    for (const t of [...traces.values()].flatMap((list) => list[index] ?? []))
      for (const one of await provenance.channel(t.node, t.frame, t.part, t.channel.name)) origins.add(one);
    const taken = delivery.taken?.[index];
    const feed = taken ? feeds.find(({ port }) => port === taken.port) : feeds[0];
    const given = feed && (await descriptions.describe(feed.node, feed.frame)).spec?.parts[taken?.part ?? index];
    targets.push({ spec, given, origins });
  }
  return targets;
}

const levelsOf = ({ stored }: PartSpec): string | undefined => stored?.tiles?.levels;
