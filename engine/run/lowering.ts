// Lowered tiers: where the parts of a frame, on their way to the file, become good for less than they were.
import { partLabel } from '../image/parts.ts';
import { contributors, isLower, TIERS, tierOf } from '../image/quality.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { LedgerItem } from './ledger.ts';
import { originOf } from './provenance.ts';

/** A part as it will be written, and as the sink was given it. */
interface Written {
  readonly spec: PartSpec;
  readonly given: PartSpec | undefined;
}

/**
 * An item for each part of a node above the sink, and of the file, whose tier is lower than the best of what it is made of.
 * Parts of which no channel is in `reached` (by `originOf` and name) are left out.
 */
export async function lowerings(
  descriptions: Descriptions,
  at: { readonly sink: string; readonly frame: number },
  written: readonly Written[],
  reached: ReadonlySet<string>,
): Promise<Omit<LedgerItem, 'sink'>[]> {
  const items: Omit<LedgerItem, 'sink'>[] = [];
  for (const { node, frame } of descriptions.above(at.sink, at.frame)) {
    const { spec } = await descriptions.describe(node, frame);
    const inputs = new Map<string, ImageSpec>();
    for (const feed of descriptions.feeds(node, frame)) {
      const fed = (await descriptions.describe(feed.node, feed.frame)).spec;
      if (fed) inputs.set(feed.port, fed);
    }
    for (const [index, part] of (spec?.parts ?? []).entries()) {
      if (!part.channels.some(({ name }) => reached.has(`${originOf(node, frame, index)}/${name}`))) continue;
      items.push(...lowering(node, part, index, contributors(part, index, inputs)));
    }
  }
  for (const [index, { spec, given }] of written.entries())
    if (given) items.push(...lowering(at.sink, spec, index, [given]));
  return items;
}

function lowering(
  node: string,
  part: PartSpec,
  index: number,
  before: readonly PartSpec[],
): Omit<LedgerItem, 'sink'>[] {
  const best = TIERS.find((tier) => before.some((one) => tierOf(one) === tier));
  const { quality } = part;
  if (!quality || !best || !isLower(quality.tier, best)) return [];
  const from = quality.by === node ? '' : `, made with ${quality.by}`;
  const reason = `${best} became ${quality.tier}: ${quality.reason}${from}`;
  return [{ kind: 'lowered', item: 'part', name: partLabel(part, index), from: node, reason }];
}
