// The account of one frame of a sink: what of its inputs reaches the file, found by comparing descriptions.
import { boxContains, boxEquals, boxText } from '../base/box.ts';
import { findAttribute, sameAttribute } from '../image/attribute.ts';
import { partLabel } from '../image/parts.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { Delivery, Loss } from '../node/define.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { Trace } from '../plan/trace.ts';
import type { LedgerItem } from './ledger.ts';
import type { PartTraces } from './sinking.ts';

interface Maker {
  readonly node: string;
  readonly frame: number;
  readonly spec: ImageSpec;
}

/**
 * Compares every part, channel, attribute and window that the sources above a sink give with what the sink will write.
 * Knows no node type: a source is a node that has no image input, and reasons are those that nodes gave for their losses.
 */
export async function account(
  descriptions: Descriptions,
  sink: string,
  frame: number,
  delivery: Delivery,
  traces: PartTraces,
): Promise<LedgerItem[]> {
  const { makers, losses, attributesSet } = await survey(descriptions, sink, frame);
  const written = delivery.written.parts;
  const reached = await reachedChannels(descriptions, traces);
  const items: LedgerItem[] = [];
  const add = (
    kind: LedgerItem['kind'],
    item: LedgerItem['item'],
    name: string,
    from: string,
    reason: string,
  ): void => {
    items.push({ kind, item, name, from, sink, reason });
  };
  const reasonFor = (kind: Loss['kind'], name: string): (Loss & { node: string }) | undefined =>
    losses.find((l) => l.kind === kind && l.name === name);

  for (const maker of makers) {
    for (const [index, part] of maker.spec.parts.entries()) {
      const prefix = maker.spec.parts.length > 1 ? `${partLabel(part, index)}/` : '';
      const kept = part.channels.filter((c) => reached.has(`${maker.node}@${maker.frame}/${index}/${c.name}`));
      if (kept.length === 0 && part.channels.length > 0) {
        const loss = reasonFor('part', partLabel(part, index)) ?? reasonFor('channel', part.channels[0]!.name);
        add(
          'lost',
          'part',
          partLabel(part, index),
          maker.node,
          loss ? `${loss.node}: ${loss.reason}` : 'no channel of it is used',
        );
        continue;
      }
      for (const channel of part.channels) {
        if (kept.includes(channel)) continue;
        const loss = reasonFor('channel', channel.name);
        add(
          'lost',
          'channel',
          prefix + channel.name,
          maker.node,
          loss ? `${loss.node}: ${loss.reason}` : 'not used by the graph',
        );
      }
      for (const attribute of part.attributes) {
        const holders = written.map((p) => findAttribute(p.attributes, attribute.name)).filter((a) => a !== undefined);
        if (holders.some((a) => sameAttribute(a, attribute))) continue;
        const loss = reasonFor('attribute', attribute.name);
        const setter = holders[0]?.source;
        const replaced = loss?.replaced ?? (holders.length > 0 && !loss);
        const reason = loss
          ? `${loss.node}: ${loss.reason}`
          : setter === undefined
            ? 'not taken by the graph'
            : `replaced by ${setter}`;
        add(replaced ? 'changed' : 'lost', 'attribute', prefix + attribute.name, maker.node, reason);
      }
      const target = written.find((p, i) => holdsAny(p, i, traces, maker, index));
      if (target)
        windows(part, target, (item, name, reason, kind) => add(kind, item, prefix + name, maker.node, reason));
      const levels = part.stored?.tiles?.levels;
      if (target && levels && levels !== 'one' && target.stored?.tiles?.levels !== levels) {
        add('lost', 'level', `${prefix}${levels} levels`, maker.node, 'only the full resolution is rendered');
      }
    }
  }

  for (const [index, part] of written.entries()) {
    const prefix = written.length > 1 ? `${partLabel(part, index)}/` : '';
    for (const attribute of part.attributes) {
      const known = makers.some((m) => m.spec.parts.some((p) => findAttribute(p.attributes, attribute.name)));
      const setter = attribute.source ?? sink;
      if (!known && attributesSet.has(setter))
        add('added', 'attribute', prefix + attribute.name, setter, `set by ${setter}`);
    }
    for (const list of traces.values()) {
      for (const [i, t] of (list[index] ?? []).entries()) {
        if (t.channel.origin.from === 'constant')
          add(
            'added',
            'channel',
            prefix + (part.channels[i]?.name ?? t.channel.name),
            t.node,
            `constant ${t.channel.origin.value}`,
          );
      }
    }
  }
  for (const { name, reason } of delivery.changes) add('changed', 'storage', name, sink, reason);
  return items;
}

function windows(
  from: PartSpec,
  to: PartSpec,
  add: (item: 'window', name: string, reason: string, kind: LedgerItem['kind']) => void,
): void {
  if (!boxEquals(from.dataWindow, to.dataWindow)) {
    const kind = boxContains(to.dataWindow, from.dataWindow) ? 'changed' : 'lost';
    add('window', 'dataWindow', `${boxText(from.dataWindow)} became ${boxText(to.dataWindow)}`, kind);
  }
  if (!boxEquals(from.displayWindow, to.displayWindow)) {
    add('window', 'displayWindow', `${boxText(from.displayWindow)} became ${boxText(to.displayWindow)}`, 'changed');
  }
}

/** The sources above a sink at a frame, the losses that nodes on the way gave, and the nodes that are no sources. */
async function survey(
  descriptions: Descriptions,
  sink: string,
  frame: number,
): Promise<{ makers: Maker[]; losses: (Loss & { node: string })[]; attributesSet: ReadonlySet<string> }> {
  const makers: Maker[] = [];
  const losses: (Loss & { node: string })[] = [];
  const attributesSet = new Set<string>();
  const seen = new Set<string>();
  const visit = async (id: string, at: number): Promise<void> => {
    if (seen.has(`${id}@${at}`)) return;
    seen.add(`${id}@${at}`);
    const described = await descriptions.describe(id, at);
    losses.push(...described.losses.map((loss) => ({ ...loss, node: id })));
    const feeds = descriptions.feeds(id, at);
    if (feeds.length === 0 && described.spec && id !== sink) makers.push({ node: id, frame: at, spec: described.spec });
    else attributesSet.add(id);
    for (const feed of feeds) await visit(feed.node, feed.frame);
  };
  await visit(sink, frame);
  return { makers, losses, attributesSet };
}

/** `node@frame/part/channel` of every channel that reaches the sink, through nodes that compute under the same name too. */
async function reachedChannels(descriptions: Descriptions, traces: PartTraces): Promise<Set<string>> {
  const reached = new Set<string>();
  const visit = async (node: string, frame: number, part: number, channel: string): Promise<void> => {
    const key = `${node}@${frame}/${part}/${channel}`;
    if (reached.has(key)) return;
    reached.add(key);
    const spec = (await descriptions.describe(node, frame)).spec?.parts[part]?.channels.find((c) => c.name === channel);
    if (!spec) return;
    for (const feed of descriptions.feeds(node, frame)) {
      if (spec.origin.from === 'input' && spec.origin.port === feed.port)
        await visit(feed.node, feed.frame, spec.origin.part, spec.origin.channel);
      if (spec.origin.from === 'computed') await visit(feed.node, feed.frame, part, channel);
    }
  };
  for (const t of [...traces.values()].flat(2)) await visit(t.node, t.frame, t.part, t.channel.name);
  return reached;
}

function holdsAny(_part: PartSpec, index: number, traces: PartTraces, maker: Maker, part: number): boolean {
  return [...traces.values()].some((list) =>
    (list[index] ?? ([] as readonly Trace[])).some(
      (t) => t.node === maker.node && t.frame === maker.frame && t.part === part,
    ),
  );
}
