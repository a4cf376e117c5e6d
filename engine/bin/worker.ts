// The module that worker threads run: the built-in nodes that the job's graph names, behind the worker's side of the pool.

import { loadNodes, loadNodesNamedIn } from '../../nodes/table.ts';
import { workerTask } from '../index.ts';

// biome-ignore lint/style/noDefaultExport: piscina calls a worker module's default export
export default workerTask(({ document, overrides, packs }) =>
  packs.length > 0 ? loadNodes() : loadNodesNamedIn(JSON.stringify([document, overrides])),
);
