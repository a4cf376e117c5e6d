// The Eclipse Layout Kernel in a worker of its own, fetched when it is first asked for, so that nothing waits for it.
import type { ELK } from 'elkjs/lib/elk-api';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { LayoutGraph, LayoutResult } from './layout.ts';

let kernel: Promise<ELK> | undefined;

async function load(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api');
  return new Elk({ workerFactory: () => new Worker(workerUrl) });
}

/** Computes places for a graph. Rejects where the kernel cannot be fetched or does not take the graph. */
export async function layOut(graph: LayoutGraph): Promise<LayoutResult> {
  kernel ??= load();
  // The kernel writes its answer into what it is given.
  return (await kernel).layout(structuredClone(graph) as Parameters<ELK['layout']>[0]);
}
