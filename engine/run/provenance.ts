// Provenance: which parts of which sources the channels of a part come from, followed through every node.
import type { Descriptions } from '../plan/describe.ts';

/** A part of the image that a source gives at a frame, as one text. */
export const originOf = (node: string, frame: number, part: number): string => `${node}@${frame}/${part}`;

const NOWHERE: ReadonlySet<string> = new Set();

/** Answers by `originOf`. A source is a node that no image feeds; a constant comes from nowhere. */
export class Provenance {
  readonly #descriptions: Descriptions;
  readonly #channels = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #parts = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(descriptions: Descriptions) {
    this.#descriptions = descriptions;
  }

  /** The origins of all channels of a part. */
  part(node: string, frame: number, part: number): Promise<ReadonlySet<string>> {
    const key = originOf(node, frame, part);
    const known = this.#parts.get(key) ?? this.#ofPart(node, frame, part);
    this.#parts.set(key, known);
    return known;
  }

  channel(node: string, frame: number, part: number, name: string): Promise<ReadonlySet<string>> {
    const key = `${originOf(node, frame, part)}/${name}`;
    const known = this.#channels.get(key) ?? this.#ofChannel(node, frame, part, name);
    this.#channels.set(key, known);
    return known;
  }

  async #ofPart(node: string, frame: number, part: number): Promise<ReadonlySet<string>> {
    const { spec } = await this.#descriptions.describe(node, frame);
    const found = new Set<string>();
    for (const { name } of spec?.parts[part]?.channels ?? [])
      for (const origin of await this.channel(node, frame, part, name)) found.add(origin);
    return found;
  }

  async #ofChannel(node: string, frame: number, part: number, name: string): Promise<ReadonlySet<string>> {
    const { spec } = await this.#descriptions.describe(node, frame);
    const feeds = this.#descriptions.feeds(node, frame);
    if (await isSource(this.#descriptions, node, frame)) return new Set([originOf(node, frame, part)]);
    const origin = spec?.parts[part]?.channels.find((c) => c.name === name)?.origin;
    if (!origin || origin.from === 'constant') return NOWHERE;
    if (origin.from === 'input') {
      const feed = feeds.find((f) => f.port === origin.port);
      return feed ? this.channel(feed.node, feed.frame, origin.part, origin.channel) : NOWHERE;
    }
    // What a node computes may come from anything that it was given for that part.
    const found = new Set<string>();
    for (const feed of feeds) for (const one of await this.part(feed.node, feed.frame, part)) found.add(one);
    return found;
  }
}

/** Whether what a node gives comes from outside: nothing feeds it, or it reads files and no image feeds it. */
export async function isSource(descriptions: Descriptions, node: string, frame: number): Promise<boolean> {
  const feeds = descriptions.feeds(node, frame);
  if (feeds.length === 0) return true;
  if (!descriptions.plan.nodes.get(node)?.definition.identity) return false;
  const fed = await Promise.all(feeds.map((feed) => descriptions.describe(feed.node, feed.frame)));
  return fed.every(({ spec }) => !spec);
}
