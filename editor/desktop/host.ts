// The session host as a process of its own: started by the main process, which it hears and answers.
import { startHost } from '../server/index.ts';
import type { FromHost, ToHost } from './message.ts';

const { parentPort } = process;
const tell = (message: FromHost): void => parentPort.postMessage(message);

let running: ReturnType<typeof startHost> | undefined;

async function take(message: ToHost): Promise<void> {
  if (message.kind === 'start') {
    running = startHost(message.graph === undefined ? {} : { graph: message.graph });
    try {
      tell({ kind: 'ready', url: (await running).url });
    } catch (thrown) {
      tell({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
    return;
  }
  const host = await running;
  if (message.kind === 'close') {
    await host?.close();
    process.exit(0);
  } else {
    try {
      host?.allow(message.folder);
    } finally {
      // A folder that is gone is not opened; whoever looks into it will be told.
      tell({ kind: 'allowed', id: message.id });
    }
  }
}

parentPort.on('message', ({ data }: { readonly data: ToHost }) => {
  take(data).catch(() => {});
});
