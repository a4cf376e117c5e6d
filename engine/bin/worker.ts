// The module that worker threads run: the built-in nodes behind the worker's side of the pool.

import { nodes } from '../../nodes/index.ts';
import { workerTask } from '../index.ts';

// biome-ignore lint/style/noDefaultExport: piscina calls a worker module's default export
export default workerTask(nodes);
