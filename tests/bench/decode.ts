// Decodes every channel of a file in two threads, this one and a worker, through the engine's door; throws the samples away.
// Arguments: the URL of the door, the file, the rows of its chunks.
import { enableCompileCache } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

// As the command line does: what was compiled once is read the next time.
enableCompileCache();

type Door = typeof import('../../engine/files.ts');

interface Share {
  readonly door: string;
  readonly file: string;
  /** Rows of a band: one chunk, so that little is held at once. */
  readonly rows: number;
  /** Bands `first`, `first + 2`, … are this thread's. */
  readonly first: number;
}

const THREADS = 2;

async function decode({ door, file, rows, first }: Share): Promise<number> {
  const { ExrFile } = (await import(door)) as Door;
  const opened = ExrFile.open(file);
  const { dataWindow } = opened.part(0);
  let samples = 0;
  for (let y = dataWindow.minY + first * rows; y <= dataWindow.maxY; y += THREADS * rows) {
    const maxY = Math.min(dataWindow.maxY, y + rows - 1);
    for (const plane of opened.readPart(0, { box: { ...dataWindow, minY: y, maxY } }).values())
      samples += plane.samples.length;
  }
  opened.close();
  return samples;
}

if (isMainThread) {
  const [door = '', file = '', rows = ''] = process.argv.slice(2);
  const share = (first: number): Share => ({ door, file, rows: Number(rows), first });
  const worker = new Worker(new URL(import.meta.url), {
    workerData: share(1),
    // As a run's workers: a small nursery gives the memory of planes back sooner.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const other = new Promise<number>((done, fail) => worker.once('message', done).once('error', fail));
  const samples = [await decode(share(0)), await other];
  if (samples.some((count) => count === 0)) throw new Error('Nothing was decoded.');
} else parentPort?.postMessage(await decode(workerData as Share));
