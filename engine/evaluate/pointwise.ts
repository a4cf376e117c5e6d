// The samples of point-wise nodes: programs of nodes in a row, run on the samples that the first of them begins with.
import type { Box } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import type { Planes, Want } from '../image/want.ts';
import type { PointwiseGroup } from '../node/define.ts';
import type { Plane } from '../pixels/plane.ts';
import { runPointwise } from '../pixels/pointwise.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { PlaneCache } from './cache.ts';
import { fuse, type Source, type Surroundings } from './fuse.ts';

/** Gives the channels of a source over a box, in their order. */
export type Region = (source: Source, box: Box, signal: AbortSignal) => Promise<readonly Plane[]>;

export class Pointwise {
  readonly #descriptions: Descriptions;
  readonly #cache: PlaneCache;
  readonly #region: Region;

  constructor(descriptions: Descriptions, cache: PlaneCache, region: Region) {
    this.#descriptions = descriptions;
    this.#cache = cache;
    this.#region = region;
  }

  /** All channels of those groups that are wanted of a described point-wise node. */
  async make(id: string, frame: number, want: Want, signal: AbortSignal): Promise<Planes> {
    const around: Surroundings = {
      descriptions: this.#descriptions,
      groups: (node, at, part) => this.#groups(node, at, part),
      kept: (source) => this.#kept(source, want.box),
    };
    const { spec } = await this.#descriptions.describe(id, frame);
    const groups = ((await this.#groups(id, frame, want.part)) ?? []).filter(({ channels }) =>
      channels.some((name) => want.channels.includes(name)),
    );
    // Side by side, so that what the groups begin with is read of a source together.
    const sources = await Promise.all(
      groups.map(async (group) => {
        const fused = await fuse({ node: id, frame, part: want.part, group }, around);
        if (!fused)
          throw new EngineError('invalid', 'input-missing', `${id}: input image is not connected.`, { node: id });
        const [channels, alpha] = await Promise.all([
          this.#region(fused.source, want.box, signal),
          fused.alpha && this.#region(fused.alpha, want.box, signal),
        ]);
        return { program: fused.program, channels, ...(alpha ? { alpha: alpha[0]! } : {}) };
      }),
    );
    const found = new Map<string, Plane>();
    for (const [i, group] of groups.entries()) {
      const { program, ...input } = sources[i]!;
      const types = group.channels.map((name) => spec!.parts[want.part]!.channels.find((c) => c.name === name)!.type);
      const made = runPointwise(program, { ...input, types });
      for (const [k, name] of group.channels.entries()) found.set(name, made[k]!);
    }
    return found;
  }

  async #groups(id: string, frame: number, part: number): Promise<readonly PointwiseGroup[] | undefined> {
    const node = this.#descriptions.plan.nodes.get(id)!;
    if (!node.definition.pointwise) return undefined;
    const { params } = await this.#descriptions.describe(id, frame);
    const inputs = await this.#descriptions.inputsOf(node, frame);
    if (!inputs) return undefined;
    const ctx = { ...this.#descriptions.context(node, params, frame), inputs: inputs as never };
    return node.definition.pointwise(ctx, part);
  }

  async #kept({ node, frame, part, channels }: Source, box: Box): Promise<boolean> {
    const { key } = await this.#descriptions.describe(node, frame);
    return channels.every((name) => this.#cache.get(`${key}/${part}/${name}`, box) !== undefined);
  }
}
