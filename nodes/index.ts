// The built-in nodes, all loaded.
import type { AnyNode } from '../engine/authoring.ts';
import { loadNodes } from './table.ts';

/** For viewers: display transforms as cubes, and what the numbers of a part are. */
export { CUBE, CUBE_NAMES, CUBE_SIZE, cubeOf } from './color/output/bake.ts';
export { lightOf, type PartLight } from './color/output/light.ts';
export { CHARTED, CHARTS_IMAGE, chartsDrawn, FLATTENED, type Step } from './shown.ts';

export const nodes: readonly AnyNode[] = await loadNodes();
