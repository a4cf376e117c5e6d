// The folder that files go to: whether it can be written, and making it.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { asEngineError, type NodeProblem } from '../../../engine/authoring.ts';

/** Whether files can be made in a folder, or in the nearest one above it that exists. */
export function folderProblem(folder: string): NodeProblem | undefined {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const where = { param: 'path', file: existing };
  try {
    if (!statSync(existing).isDirectory())
      return {
        severity: 'error',
        code: 'file-not-found',
        message:
          existing === folder
            ? `${folder} is a file and no folder. Choose another path.`
            : `${existing} is a file, so the folder ${folder} cannot be made. Choose another path.`,
        where,
      };
    accessSync(existing, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (thrown) {
    return {
      severity: 'error',
      code: 'file-denied',
      message: `Nothing can be written in ${existing}: ${asEngineError(thrown).message}`,
      where,
    };
  }
}

/**
 * Makes a folder and those above it. Each is made by itself: Node's own recursive way never ends in places such as
 * `/proc`, where a folder that exists refuses new ones by saying that it does not.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  try {
    for (const path of missing.reverse()) makeOne(path);
  } catch (thrown) {
    throw asEngineError(thrown, { file: folder });
  }
}

/** Another run may be making the same one. */
function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'EEXIST') throw thrown;
  }
}
