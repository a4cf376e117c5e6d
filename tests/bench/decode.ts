// Decodes every channel of a file in two threads through the engine's door, and throws the samples away.
// Arguments: the URL of the door, the file.
import { isMainThread, Worker, workerData } from 'node:worker_threads';

type Door = typeof import('../../engine/index.ts');

interface Share {
  readonly door: string;
  readonly file: string;
  /** Bands `first`, `first + 2`, … are this thread's. */
  readonly first: number;
}

const THREADS = 2;
/** Rows of a band: one chunk of ZIP, so that little is held at once. */
const ROWS = 16;

async function decode({ door, file, first }: Share): Promise<number> {
  const { ExrFile } = (await import(door)) as Door;
  const opened = ExrFile.open(file);
  const { dataWindow } = opened.part(0);
  let samples = 0;
  for (let y = dataWindow.minY + first * ROWS; y <= dataWindow.maxY; y += THREADS * ROWS) {
    const maxY = Math.min(dataWindow.maxY, y + ROWS - 1);
    for (const plane of opened.readPart(0, { box: { ...dataWindow, minY: y, maxY } }).values())
      samples += plane.samples.length;
  }
  opened.close();
  return samples;
}

if (isMainThread) {
  const [door = '', file = ''] = process.argv.slice(2);
  const worker = new Worker(new URL(import.meta.url), { workerData: { door, file, first: 1 } satisfies Share });
  const ended = new Promise<number>((done, fail) => worker.once('exit', done).once('error', fail));
  const samples = await decode({ door, file, first: 0 });
  if (samples === 0) throw new Error('Nothing was decoded.');
  process.exitCode = await ended;
} else await decode(workerData as Share);
