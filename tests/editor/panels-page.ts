// A page that shows the parameters, attributes and problems panels on a host in memory.
import '../../editor/ui/strict.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/400.css';
import '../../editor/ui/look/look.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { AttributeRow, NodeView, Request } from '../../editor/protocol.ts';
import { Attributes } from '../../editor/ui/panels/attributes/attributes.tsx';
import { Parameters } from '../../editor/ui/panels/parameters/parameters.tsx';
import { Problems } from '../../editor/ui/panels/problems/problems.tsx';
import { listenForShortcuts } from '../../editor/ui/shell/actions.ts';
import { Browsing } from '../../editor/ui/shell/browse.tsx';
import { createStore, type Store } from '../../editor/ui/store/store.ts';
import { StoreContext } from '../../editor/ui/store/use.ts';
import type { CatalogueEntry, Document, Problem } from '../../engine/browser.ts';
import { FakeHost, type FakeLine } from './fake-host.ts';

export interface Scene {
  readonly document: Document;
  readonly select: readonly string[];
  readonly nodes?: Readonly<Record<string, NodeView>>;
  readonly problems?: readonly Problem[];
  /** By node. */
  readonly attributes?: Readonly<Record<string, readonly AttributeRow[]>>;
}

export interface PanelsPage {
  readonly store: Store;
  readonly host: FakeHost;
  readonly received: readonly Request[];
  show(scene: Scene): Promise<void>;
}

declare global {
  var panelsPage: ((catalogue: readonly CatalogueEntry[]) => PanelsPage) | undefined;
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

globalThis.panelsPage = (catalogue) => {
  const host = new FakeHost();
  host.catalogue = catalogue;
  let attributes: Scene['attributes'];
  host.answer = (request) => {
    if (request.kind === 'attributes') return attributes?.[request.node] ?? [];
    if (request.kind === 'browse') {
      const sequences = [{ pattern: 'beauty.%04d.exr', frames: '1001-1008', gaps: '' }];
      const { extensions } = request;
      const files = ['look.cube', 'curve.spi1d', 'notes.txt'].filter((name) =>
        extensions?.some((ending) => name.endsWith(`.${ending}`)),
      );
      return {
        folder: request.folder,
        folders: ['plates'],
        sequences,
        roots: ['/shots'],
        ...(extensions ? { files } : {}),
      };
    }
    return null;
  };
  const line: FakeLine = host.line();
  const store = createStore({
    state$: line.state$,
    events$: line.events$,
    pictures$: line.pictures$,
    renew: () => line.renew(),
    close: () => line.close(),
    send: (request) => {
      line.send(request);
      queueMicrotask(() => line.deliver());
    },
  });
  const column = createElement(
    'div',
    { className: 'page' },
    createElement(Parameters),
    createElement(Attributes),
    createElement(Problems),
    createElement(Browsing),
  );
  createRoot(document.getElementById('root')!).render(createElement(StoreContext, { value: store }, column));
  listenForShortcuts(window);
  return {
    store,
    host,
    received: line.received,
    show: async (scene) => {
      while (!store.welcome$.value) await frame();
      attributes = scene.attributes;
      host.replace(scene.document);
      store.nodes$.next(scene.nodes ?? {});
      store.problems$.next(scene.problems ?? []);
      store.select(scene.select);
      line.received.length = 0;
      for (let i = 0; i < 3; i++) await frame();
    },
  };
};
