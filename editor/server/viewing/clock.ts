// Clocks on nodes: how long each node's own work on pixels takes, what it waits for from above not counted.
import type { AnyNode } from '../../../engine/index.ts';
import type { Spent } from './task.ts';

interface Source {
  planes(...args: readonly unknown[]): Promise<unknown>;
}

export class Clock {
  readonly #spent = new Map<string, number>();

  /** The same node, with its work timed. */
  on(node: AnyNode): AnyNode {
    const { pull } = node;
    if (!pull) return node;
    return {
      ...node,
      pull: async (ctx, want) => {
        let waiting = 0;
        let since = 0;
        let away = 0;
        const timed = (source: Source): Source => ({
          planes: async (...args) => {
            if (waiting++ === 0) since = performance.now();
            try {
              return await source.planes(...args);
            } finally {
              if (--waiting === 0) away += performance.now() - since;
            }
          },
        });
        const sources = Object.fromEntries(
          Object.entries(ctx.sources as Record<string, Source | Record<string, Source>>).map(([port, source]) => [
            port,
            isSource(source)
              ? timed(source)
              : source && Object.fromEntries(Object.entries(source).map(([name, one]) => [name, timed(one)])),
          ]),
        );
        const begun = performance.now();
        try {
          return await pull({ ...ctx, sources: sources as never }, want);
        } finally {
          const own = performance.now() - begun - away;
          this.#spent.set(ctx.node, (this.#spent.get(ctx.node) ?? 0) + own);
        }
      },
    };
  }

  /** What was spent since the last call. */
  take(): Spent[] {
    const spent = [...this.#spent].map(([node, milliseconds]) => ({ node, milliseconds }));
    this.#spent.clear();
    return spent;
  }
}

const isSource = (source: Source | Record<string, Source> | undefined): source is Source =>
  typeof source?.planes === 'function';
