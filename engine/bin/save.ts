// Saving a graph from the command line: to a file that was not there, whole or not at all.
import { EngineError, OutputFile } from '../index.ts';
import { shortPath } from './trouble.ts';

/**
 * Never writes over a file, not even one that comes up at this moment: `file-exists`, where `option` is what gives another
 * name. Other errors are those of `OutputFile`.
 */
export async function saveNew(path: string, text: string, option: string): Promise<void> {
  try {
    const file = await OutputFile.create(path, { replace: false });
    try {
      await file.append(Buffer.from(text));
      await file.finish(new Uint8Array(0));
    } catch (thrown) {
      await file.abort();
      throw thrown;
    }
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code !== 'file-exists') throw thrown;
    const message = `${shortPath(path)} exists and is not replaced. Choose another name for ${option}.`;
    throw new EngineError('io', 'file-exists', message, { file: path });
  }
}
