// Rows to channels: finds what each row takes, adds the channels that no row took, and tells what is wrong.
import {
  type ChannelSpec,
  countStars,
  type ErrorCode,
  FULL_SAMPLING,
  type Json,
  listNames,
  type NodeProblem,
  nameTrouble,
  partLabels,
} from '../../../engine/authoring.ts';
import { addressOf, findChannels, type SourcePart, type Sources, sourcePartLabel } from './address.ts';
import { constantTrouble, constantValue } from './constant.ts';
import type { Params, Row } from './params.ts';

/** A channel of the output with where it came from. */
export interface Made {
  readonly channel: ChannelSpec;
  /** Absent for a constant. */
  readonly of?: SourcePart;
  /** `row 3`, or `others`. */
  readonly by: string;
}

export interface Selection {
  /** In no particular order; names are unique. */
  readonly made: readonly Made[];
  /** Why a channel that was looked at is not among them: key of `channelKey` → reason. */
  readonly reasons: ReadonlyMap<string, { readonly reason: string; readonly replaced: boolean }>;
}

export const channelKey = (source: string, part: number, channel: string): string => `${source}\0${part}\0${channel}`;

interface Context {
  readonly params: Params;
  report(problem: NodeProblem): void;
}

/** Follows the rows in order, then keeps the other channels where that is asked for. Reports what is wrong. */
export function selectChannels(ctx: Context, sources: Sources): Selection {
  const selector = new Selector(ctx, sources);
  for (const [index, row] of ctx.params.rows.entries()) selector.addRow(row, index);
  if (ctx.params.others === 'keep') selector.addOthers();
  return selector;
}

class Selector implements Selection {
  readonly #ctx: Context;
  readonly #sources: Sources;
  readonly #byName = new Map<string, Made>();
  readonly #used = new Set<string>();
  readonly #addressed = new Set<string>();
  readonly reasons = new Map<string, { reason: string; replaced: boolean }>();

  constructor(ctx: Context, sources: Sources) {
    this.#ctx = ctx;
    this.#sources = sources;
  }

  get made(): readonly Made[] {
    return [...this.#byName.values()];
  }

  addRow(row: Row, index: number): void {
    if ('value' in row) this.#addConstant(row, index);
    else this.#addFrom(row, index);
  }

  #addConstant(row: Extract<Row, { value: unknown }>, index: number): void {
    const trouble =
      countStars(row.to) > 0 ? 'A constant needs one channel name, without *.' : constantTrouble(row.value, row.type);
    if (trouble !== undefined) this.#fail(index, 'param-invalid', countStars(row.to) > 0 ? 'to' : 'value', trouble);
    const origin = { from: 'constant', value: constantValue(row.value) } as const;
    const channel: ChannelSpec = { name: row.to, type: row.type, sampling: FULL_SAMPLING, pLinear: 0, origin };
    if (!this.#add({ channel, by: rowName(index) }, index)) this.#refuseDoubled([row.to], index);
  }

  #addFrom(row: Extract<Row, { from: string }>, index: number): void {
    const stars = [countStars(row.to), countStars(row.from)];
    if (stars[0] !== stars[1] || stars[0]! > 1) {
      const message = `Expected one * on both sides or none, found "${row.to}" from "${row.from}".`;
      this.#fail(index, 'param-invalid', 'to', message);
      return;
    }
    const finding = findChannels(row.from, this.#sources);
    if ('code' in finding) {
      const fixes = finding.instead.map((from) => this.#fix(`Take ${from}`, index, { ...row, from }));
      const severity = finding.code === 'channel-unknown' && stars[0]! > 0 ? 'warning' : 'error';
      this.#fail(index, finding.code, 'from', finding.message, { severity, fixes });
      return;
    }
    const { found, matches } = finding;
    this.#addressed.add(`${found.source}\0${found.index}`);
    const doubled: string[] = [];
    for (const { channel, star } of matches) {
      this.#used.add(channelKey(found.source, found.index, channel.name));
      const made = this.#pass(
        found,
        channel,
        row.to.replace('*', () => star),
        row.type,
      );
      if (!this.#add({ channel: made, of: found, by: rowName(index) }, index)) doubled.push(made.name);
    }
    this.#refuseDoubled(doubled, index, found);
  }

  /** The channels that no row took, under their own names. Those of the earlier source win a clash, which is reported. */
  addOthers(): void {
    const before = new Set(this.#byName.keys());
    for (const [source, { parts }] of Object.entries(this.#sources)) {
      const taken = parts.length === 1 ? [0] : [...parts.keys()].filter((i) => this.#addressed.has(`${source}\0${i}`));
      if (taken.length === 0 && parts.length > 1) this.#unclear(source);
      const clashes = new Map<string, string[]>();
      for (const index of taken) {
        const at: SourcePart = { source, index, part: parts[index]! };
        for (const channel of at.part.channels) {
          const key = channelKey(source, index, channel.name);
          if (this.#used.has(key)) continue;
          const standing = this.#byName.get(channel.name);
          if (standing === undefined) {
            this.#byName.set(channel.name, { channel: this.#pass(at, channel, channel.name), of: at, by: 'others' });
          } else if (before.has(channel.name)) {
            this.reasons.set(key, { reason: `${standing.by} makes ${channel.name}`, replaced: true });
          } else {
            const other = sourcePartLabel(this.#sources, standing.of!);
            this.reasons.set(key, { reason: `${other} has a channel ${channel.name} too`, replaced: true });
            clashes.set(other, [...(clashes.get(other) ?? []), channel.name]);
          }
        }
      }
      for (const [other, names] of clashes) this.#clash(other, source, names);
    }
  }

  #pass(at: SourcePart, channel: ChannelSpec, name: string, type = channel.type): ChannelSpec {
    const origin = { from: 'input', port: `sources.${at.source}`, part: at.index, channel: channel.name } as const;
    return { ...channel, name, type, origin };
  }

  /** Takes the channel in; false where its name is taken. */
  #add(made: Made, index: number): boolean {
    const { name, origin } = made.channel;
    const trouble = nameTrouble(name);
    const standing = this.#byName.get(name);
    if (trouble === undefined && standing === undefined) {
      this.#byName.set(name, made);
      return true;
    }
    const own = origin.from === 'input' ? origin.channel : undefined;
    if (made.of && own !== undefined) {
      const reason = trouble === undefined ? `${standing!.by} makes ${name} already` : `the name ${trouble}`;
      this.reasons.set(channelKey(made.of.source, made.of.index, own), { reason, replaced: false });
    }
    if (trouble === undefined) return false;
    const what = own === undefined ? '' : ` for ${own}`;
    const message = `The channel name "${name.slice(0, 60)}"${what} ${trouble}. Give another one.`;
    this.#fail(index, 'channel-name', 'to', message);
    return true;
  }

  #refuseDoubled(names: readonly string[], index: number, of?: SourcePart): void {
    const [first] = names;
    if (first === undefined) return;
    const { rows } = this.#ctx.params;
    const row = rows[index]!;
    const to = of && `${of.source}.${row.to}`;
    const makers = [...new Set(names.map((name) => this.#byName.get(name)!.by))];
    const message = `${makers.join(' and ')} makes ${listNames(names)} already. Give this row another name or remove one of the two.`;
    this.#fail(index, 'channel-duplicate', 'to', message, {
      channel: first,
      fixes: [
        ...(to === undefined ? [] : [this.#fix(`Name it ${to}`, index, { ...row, to })]),
        { title: `Remove ${rowName(index)}`, set: { rows: rows.toSpliced(index, 1) as Json } },
      ],
    });
  }

  #clash(other: string, source: string, names: readonly string[]): void {
    const row = { to: `${source}.*`, from: `${source}:*` };
    this.#ctx.report({
      severity: 'error',
      code: 'channel-duplicate',
      message: `${other} and ${source} both have ${listNames(names)}. Rename those of one source with rows, or drop what no row takes.`,
      where: { param: 'others' },
      fixes: [
        ...(this.#sources[source]!.parts.length === 1
          ? [
              {
                title: `Put the channels of ${source} in a layer ${source}`,
                set: { rows: [...this.#ctx.params.rows, row] as Json },
              },
            ]
          : []),
        { title: 'Drop what no row takes', set: { others: 'drop' } },
      ],
    });
  }

  #unclear(source: string): void {
    const { parts } = this.#sources[source]!;
    const sample = addressOf(this.#sources, { source, index: 0, part: parts[0]! }, '*');
    this.#ctx.report({
      severity: 'error',
      code: 'channel-ambiguous',
      message: `${source} has the parts ${listNames(partLabels(parts))}. Say which are meant by rows such as "*" from "${sample}", or put Select parts before.`,
      where: { param: 'others' },
      fixes: parts.map((part, index) => {
        const from = addressOf(this.#sources, { source, index, part }, '*');
        return { title: `Take ${from}`, set: { rows: [...this.#ctx.params.rows, { to: '*', from }] as Json } };
      }),
    });
  }

  #fix(title: string, index: number, row: Row): { title: string; set: Record<string, Json> } {
    return { title, set: { rows: this.#ctx.params.rows.with(index, row) as Json } };
  }

  #fail(
    index: number,
    code: ErrorCode,
    field: string,
    message: string,
    more: { severity?: NodeProblem['severity']; channel?: string; fixes?: NodeProblem['fixes'] } = {},
  ): void {
    this.#ctx.report({
      severity: more.severity ?? 'error',
      code,
      message: `Row ${index + 1}: ${message}`,
      where: { param: `rows[${index}].${field}`, ...(more.channel === undefined ? {} : { channel: more.channel }) },
      ...(more.fixes && more.fixes.length > 0 ? { fixes: more.fixes } : {}),
    });
  }
}

const rowName = (index: number): string => `row ${index + 1}`;
