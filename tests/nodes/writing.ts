// Files for tests of Write EXR, and a graph that reads one of them and writes it.
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { GraphRun, RunGraphOptions } from '../../engine/run/run.ts';
import { run, temporary, text, writeExr, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';

/** A graph that was run; its outputs are in the folder `out`, that of frame 1 is `file`. */
export interface Passed {
  readonly run: GraphRun;
  readonly out: string;
  readonly file: string;
}

const CHANNELS = ['A', 'B:float', 'G', 'R', 'id:uint'] as const;

/** A folder with `scan.exr`, `tiles.exr` and `seq/x.%04d.exr`; `pass` reads a path and writes into a folder of its own. */
export function writing() {
  const folder = temporary();
  beforeAll(async () => {
    await writeExr(join(folder, 'scan.exr'), [{ channels: CHANNELS, attributes: [text('owner', 'me')] }]);
    await writeExr(join(folder, 'tiles.exr'), [{ channels: CHANNELS, tiles: [17, 13], compression: 'piz' }]);
    await writeSequence(join(folder, 'seq'), 'x.%04d.exr', [1, 2, 3], { channels: ['R'] });
  });
  let outputs = 0;
  /** The name of a folder that nothing was written to yet. */
  const fresh = (): string => `out${outputs++}`;
  const pass = async (
    read: string,
    write: Readonly<Record<string, Json>>,
    more: Partial<RunGraphOptions> = {},
  ): Promise<Passed> => {
    const out = fresh();
    const params = { path: `${out}/o.%04d.exr`, ...write };
    const document = graph({ r: { type: 'io.read', params: { path: read } }, w: { type: 'io.write', params } }, [
      'r.image > w.image',
    ]);
    const done = await run(document, folder, more);
    return { run: done, out: join(folder, out), file: join(folder, out, 'o.0001.exr') };
  };
  return { folder, pass, fresh };
}
