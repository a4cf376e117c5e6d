// Runs chains of nodes on deep files, for tests.

import type { Json } from '../../engine/base/canonical.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { type GraphRun, runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { graph, type NodeSketch } from '../run/graph.ts';

/** Opens a file for what is done with it. */
export const withFile = <T>(path: string, act: (file: ExrFile) => T): T => {
  const file = ExrFile.open(path);
  try {
    return act(file);
  } finally {
    file.close();
  }
};

/** Runs a chain of nodes in a folder, from a read to `out.exr`, and gives what the run says. */
export async function runChain(
  folder: string,
  path: string,
  chain: readonly NodeSketch[],
  write: Readonly<Record<string, Json>> = {},
): Promise<GraphRun> {
  const ids = chain.map((_, i) => `n${i}`);
  const sketches: Record<string, NodeSketch> = { read: { type: 'io.read', params: { path } } };
  const links: string[] = [];
  let last = 'read';
  for (const [i, sketch] of chain.entries()) {
    sketches[ids[i]!] = sketch;
    links.push(`${last}.image > ${ids[i]}.${sketch.type === 'channel.shuffle' ? 'sources.a' : 'image'}`);
    last = ids[i]!;
  }
  sketches['write'] = { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace', ...write } };
  links.push(`${last}.image > write.image`);
  return runGraph({ document: graph(sketches, links), folder, nodes, range: '1', jobs: 0 });
}
