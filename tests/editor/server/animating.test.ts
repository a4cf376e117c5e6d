// Animated parameters at the host: clients are told what they are at the frame, again after each seek and edit.
import { expect, test } from 'vitest';
import type { CurveValue } from '../../../engine/browser.ts';
import { hosted, shotFolder, type TestClient } from './hosted.ts';

/** Waits until the newest view of the node tells these values. */
const told = (
  client: TestClient,
  node: string,
  values: Readonly<Record<string, CurveValue>> | undefined,
): Promise<void> =>
  client.until(() => {
    const views = client.events.flatMap((e) => (e.kind === 'nodes' && e.nodes[node] ? [e.nodes[node]] : []));
    return views.length > 0 && JSON.stringify(views.at(-1)!.driven) === JSON.stringify(values);
  });

test('values of expressions follow the frame, edits and undo', async () => {
  const { graph } = await shotFolder();
  const host = await hosted({ graph });
  const client = await host.connect();
  const node = { type: 'color.exposure', version: 1, params: {}, at: [0, 0] } as const;
  await client.edit({ op: 'addNode', id: 'gain', node });
  client.send({ kind: 'seek', frame: 1004 });
  await client.edit({
    op: 'setAnimation',
    node: 'gain',
    name: 'stops',
    animation: { expression: '(frame - 1000) / 2' },
  });
  await told(client, 'gain', { stops: 2 });
  client.send({ kind: 'seek', frame: 1001 });
  await told(client, 'gain', { stops: 0.5 });
  await client.edit({ op: 'setAnimation', node: 'gain', name: 'stops', animation: { expression: 'nope' } });
  await told(client, 'gain', undefined);
  await client.until(() =>
    client.events.some((e) => e.kind === 'problems' && e.problems.some((p) => p.code === 'expression-name')),
  );
  await client.ask('undo', {});
  await told(client, 'gain', { stops: 0.5 });
  await client.edit({ op: 'renameNode', id: 'gain', to: 'light' });
  await told(client, 'light', { stops: 0.5 });
  expect(client.document!.nodes['light']!.animation).toEqual({ stops: { expression: '(frame - 1000) / 2' } });
});
