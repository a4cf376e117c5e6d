// Claims: which paths a run reads and which it writes, so that it never writes over an input or over its own outputs.
import { EngineError } from '../base/error.ts';
import type { FrameList } from '../image/frames.ts';
import type { Services, Timeline } from '../node/define.ts';
import { type Plan, upstreamOf } from '../plan/plan.ts';
import { paramsAt } from '../plan/resolve.ts';
import { realPath } from './services.ts';

export interface ClaimOptions {
  readonly plan: Plan;
  readonly sinks: readonly string[];
  readonly frames: FrameList;
  readonly services: Services;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
}

export class Claims {
  /** By their real paths, so that links and other spellings make no difference. */
  readonly #inputs = new Set<string>();
  readonly #outputs = new Map<string, string>();

  /** Knows every file that the nodes above the sinks may read at the frames of the run. */
  static async of(options: ClaimOptions): Promise<Claims> {
    const { plan, sinks, frames, services, timeline, signal } = options;
    const claims = new Claims();
    for (const id of upstreamOf(plan, sinks)) {
      const node = plan.nodes.get(id)!;
      const files = node.definition.files;
      if (!files || plan.document.nodes[id]?.disabled) continue;
      for (const frame of frames) {
        const filled = paramsAt(node, plan, frame);
        if (filled.values) claims.reads(await files({ node: id, params: filled.values, timeline, services, signal }));
        if (!filled.framed && filled.moving.length === 0) break;
      }
    }
    return claims;
  }

  /** Adds inputs that turned up later. */
  reads(files: Iterable<string>): void {
    for (const file of files) this.#inputs.add(realPath(file));
  }

  /** Throws `overwrites-input` for a path that is read, `pattern-no-frame` for one that is written already. */
  write(path: string, by: { readonly sink: string; readonly frame: number }): void {
    const real = realPath(path);
    const where = { node: by.sink, frame: by.frame, file: path };
    if (this.#inputs.has(real)) {
      throw new EngineError(
        'invalid',
        'overwrites-input',
        `${path} is one of this run's inputs and is never written over. Choose another folder or name.`,
        where,
      );
    }
    const other = this.#outputs.get(real);
    if (other !== undefined) {
      throw new EngineError(
        'invalid',
        'pattern-no-frame',
        `${path} is written by ${other} of this run too. Put a frame token such as %04d into the path, or give each sink a path of its own.`,
        where,
      );
    }
    this.#outputs.set(real, `${by.sink} at frame ${by.frame}`);
  }
}
