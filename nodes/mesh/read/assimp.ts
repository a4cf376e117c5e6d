// Assimp: files become binary glTF in a thread of their own, which is stopped when it takes too long or is not wanted.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../engine/authoring.ts';

/** A file under the name by which others refer to it. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Minutes that reading may take. */
const LONGEST = 10;

/**
 * Loaded here and nowhere else, so that a graph without meshes never unpacks the 4 MB of WebAssembly. In a thread, since a
 * hostile file may keep assimp busy for ever, and a failure in it leaves memory that nobody should go on with.
 */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const quiet = { print() {}, printErr() {} };
require(workerData.module)(quiet).then((assimp) => {
  const list = new assimp.FileList();
  for (const { name, bytes } of workerData.files) list.AddFile(name, bytes);
  const result = assimp.ConvertFileList(list, 'glb2');
  if (!result.IsSuccess() || result.FileCount() === 0) return parentPort.postMessage({ failed: result.GetErrorCode() });
  const made = result.GetFile(0).GetContent();
  parentPort.postMessage({ bytes: Uint8Array.from(made) });
}).catch((thrown) => parentPort.postMessage({ failed: String(thrown && thrown.message || thrown) }));
`;

/** The first file, converted to GLB. Throws `mesh-format` where assimp cannot read it, and `cancelled`. */
export async function runAssimp(files: readonly NamedBytes[], signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const module = createRequire(import.meta.url).resolve('assimpjs');
  const worker = new Worker(SCRIPT, { eval: true, workerData: { module, files }, stdout: true, stderr: true });
  const late = AbortSignal.timeout(LONGEST * 60_000);
  const stop = AbortSignal.any([signal, late]);
  try {
    return await new Promise((resolve, reject) => {
      const refuse = (why: string): void =>
        reject(
          new EngineError(
            'invalid',
            'mesh-format',
            `Expected a mesh that assimp reads, and it does not read this one (${why}). Export it anew, or try another format.`,
          ),
        );
      stop.addEventListener('abort', () => {
        if (signal.aborted) reject(signal.reason);
        else refuse(`it was not done after ${LONGEST} minutes`);
      });
      worker.on('message', (answer: { readonly bytes?: Uint8Array; readonly failed?: string }) => {
        if (answer.bytes) resolve(answer.bytes);
        else refuse(answer.failed === 'import_error' ? 'it is damaged, or of another format' : `${answer.failed}`);
      });
      worker.on('error', (thrown) => refuse((thrown as Error).message));
      worker.on('exit', (code) => refuse(`it ended with code ${code}`));
    });
  } finally {
    await worker.terminate();
  }
}
