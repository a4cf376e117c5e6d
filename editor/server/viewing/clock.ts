// Clocks on nodes: how long each node's own work on samples takes, what it waits for from above not counted.
import type { AnyNode } from '../../../engine/index.ts';
import type { Spent } from './task.ts';

type Ask = (...args: never[]) => Promise<unknown>;

/** An image on an input as a node sees it. */
interface Source {
  readonly planes: Ask;
  readonly deep: Ask;
}

type Sources = Readonly<Record<string, Source | Readonly<Record<string, Source>> | undefined>>;

interface Context {
  readonly node: string;
  readonly sources: Sources;
}

export class Clock {
  readonly #spent = new Map<string, number>();

  /** The same node, with its work timed. */
  on(node: AnyNode): AnyNode {
    const { pull, pullDeep } = node;
    return {
      ...node,
      ...(pull ? { pull: (ctx, want) => this.#time(ctx, async (timed) => pull(timed, want)) } : {}),
      ...(pullDeep ? { pullDeep: (ctx, want) => this.#time(ctx, async (timed) => pullDeep(timed, want)) } : {}),
    };
  }

  /** What was spent since the last call. */
  take(): Spent[] {
    const spent = [...this.#spent].map(([node, milliseconds]) => ({ node, milliseconds }));
    this.#spent.clear();
    return spent;
  }

  async #time<C extends Context, T>(ctx: C, work: (timed: C) => Promise<T>): Promise<T> {
    let waiting = 0;
    let since = 0;
    let away = 0;
    const waited =
      <A extends unknown[]>(ask: (...args: A) => Promise<unknown>) =>
      async (...args: A): Promise<unknown> => {
        if (waiting++ === 0) since = performance.now();
        try {
          return await ask(...args);
        } finally {
          if (--waiting === 0) away += performance.now() - since;
        }
      };
    const timed = (source: Source): Source => ({
      planes: waited((...args) => source.planes(...args)),
      deep: waited((...args) => source.deep(...args)),
    });
    const sources: Sources = Object.fromEntries(
      Object.entries(ctx.sources).map(([port, source]) => [
        port,
        isSource(source)
          ? timed(source)
          : source && Object.fromEntries(Object.entries(source).map(([name, one]) => [name, timed(one)])),
      ]),
    );
    const begun = performance.now();
    try {
      return await work({ ...ctx, sources });
    } finally {
      const own = performance.now() - begun - away;
      this.#spent.set(ctx.node, (this.#spent.get(ctx.node) ?? 0) + own);
    }
  }
}

const isSource = (source: Sources[string]): source is Source => typeof source?.['planes'] === 'function';
