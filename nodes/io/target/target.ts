// Where a frame is written: the parameters that all writing nodes share, and what stands in the way.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import {
  formatFrame,
  type NodeProblem,
  parsePattern,
  type Services,
  type Timeline,
} from '../../../engine/authoring.ts';
import { folderProblem } from './folder.ts';

export const overwriteParam = z
  .enum(['refuse', 'replace'])
  .default('refuse')
  .meta({ title: 'Existing files', description: 'Whether files that are there already are replaced.' });

export const createFoldersParam = z.boolean().default(true).meta({
  title: 'Make folders',
  advanced: true,
  description: 'Makes the folder of the file where it is not there.',
});

interface Context {
  readonly params: {
    readonly path: string;
    readonly overwrite: z.output<typeof overwriteParam>;
    readonly createFolders: boolean;
  };
  readonly frame: number;
  readonly timeline: Timeline;
  readonly services: Services;
}

/** The absolute path of a frame's file. `ending` is what a path without one is given in the fix of a problem. */
export function targetPath(ctx: Context, ending: string, report: (problem: NodeProblem) => void): string {
  const { path, overwrite, createFolders } = ctx.params;
  const pattern = parsePattern(path);
  if (!pattern.token && ctx.timeline.count > 1) {
    const dot = path.lastIndexOf('.');
    const named =
      dot > path.lastIndexOf('/') ? `${path.slice(0, dot)}.%04d${path.slice(dot)}` : `${path}.%04d.${ending}`;
    report({
      severity: 'error',
      code: 'pattern-no-frame',
      message: `${ctx.timeline.count} frames would all be written to ${path}. Put a frame token into the path.`,
      where: { param: 'path' },
      fixes: [{ title: `Write to ${named}`, set: { path: named } }],
    });
  }
  const target = ctx.services.resolve(formatFrame(pattern, ctx.frame), 'write');
  const folder = dirname(target);
  if (!existsSync(folder) && !createFolders) {
    report({
      severity: 'error',
      code: 'file-not-found',
      message: `The folder ${folder} does not exist.`,
      where: { param: 'path', file: folder },
      fixes: [{ title: 'Make the folder', set: { createFolders: true } }],
    });
  }
  const problem = folderProblem(folder);
  if (problem) report(problem);
  if (overwrite === 'refuse' && existsSync(target)) {
    report({
      severity: 'error',
      code: 'file-exists',
      message: `${target} exists and is not replaced. Choose another path, go on with --resume, or allow it to be replaced.`,
      where: { param: 'overwrite', file: target },
      fixes: [{ title: 'Replace existing files', set: { overwrite: 'replace' } }],
    });
  }
  return target;
}
