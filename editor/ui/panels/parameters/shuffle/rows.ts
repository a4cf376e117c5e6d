// Rows of a shuffle: what a dragged channel, layer or source becomes, and what a row says in a line.
import type { Json } from '../../../../../engine/browser.ts';
import { fieldsOf, type Shape } from '../schema.ts';
import type { LayerChoice, SourceChoice } from '../upstream.ts';
import { briefly, isRecord } from '../value.ts';

/** An output channel that comes from a source channel, or is one value everywhere. */
export type Row = Readonly<Record<string, Json | undefined>>;

/** What a drag from the list of inputs carries. */
export interface Dragged {
  readonly rows: readonly { readonly to: string; readonly from: string }[];
}

export const DRAGGED_ROWS = 'application/x-sluice-rows';

/** True for a list of objects of which one form has `to` and `from` and another `to` and `value`. */
export function isShuffleRows(shape: Shape): boolean {
  if (shape.kind !== 'table') return false;
  const forms = shape.variants.map((variant) => fieldsOf(variant).map(({ name }) => name));
  const has = (...names: readonly string[]): boolean =>
    forms.some((form) => names.every((name) => form.includes(name)));
  return has('to', 'from') && has('to', 'value');
}

/** One channel under its own name. */
export const channelRows = (channel: { readonly name: string; readonly address: string }): Dragged => ({
  rows: [{ to: channel.name, from: channel.address }],
});

/** A whole layer by one star; channels without a layer one by one, as no star means them alone. */
export const layerRows = (layer: LayerChoice): Dragged =>
  layer.address === undefined
    ? { rows: layer.channels.flatMap((channel) => channelRows(channel).rows) }
    : { rows: [{ to: `${layer.name}.*`, from: layer.address }] };

/** Everything of one part of a source. */
export const sourceRows = (source: SourceChoice): Dragged => ({ rows: [{ to: '*', from: `${source.prefix}*` }] });

/** What was dragged, from the text that it travelled as; undefined where that is something else. */
export function readDragged(text: string): Dragged | undefined {
  try {
    const value = JSON.parse(text) as { rows?: unknown };
    const rows = Array.isArray(value.rows) ? (value.rows as unknown[]) : [];
    const sound = rows.every(
      (row) =>
        typeof row === 'object' &&
        row !== null &&
        typeof (row as Row)['to'] === 'string' &&
        typeof (row as Row)['from'] === 'string',
    );
    return sound && rows.length > 0 ? { rows: rows as Dragged['rows'] } : undefined;
  } catch {
    return undefined;
  }
}

/** The rows with others put in before the one at `index`; rows that are there already are not put in twice. */
export function withRows(rows: readonly Json[], dragged: Dragged, index = rows.length): Json[] {
  const known = new Set(rows.map((row) => (isRecord(row) ? `${row['to']} ${row['from']}` : '')));
  const fresh = dragged.rows.filter(({ to, from }) => !known.has(`${to} ${from}`));
  return rows.toSpliced(index, 0, ...fresh.map(({ to, from }) => ({ to, from })));
}

/** What stands left and right of the arrow. */
export const rowText = (row: Row): { readonly to: string; readonly from: string; readonly constant: boolean } => {
  const constant = row['from'] === undefined;
  return {
    to: briefly(row['to']) || '…',
    from: constant ? briefly(row['value']) || '0' : briefly(row['from']) || '…',
    constant,
  };
};

/** The row as a constant, or as one that takes a channel; name and type stay. */
export function asConstant(row: Row): Row {
  const { to = '', type } = row;
  return { to, value: 0, ...(type === undefined ? {} : { type }) };
}

export function asChannel(row: Row): Row {
  const { to = '', type } = row;
  return { to, from: to, ...(type === undefined ? {} : { type }) };
}
