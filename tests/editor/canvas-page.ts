// A page that shows the canvas alone on a host in memory, and measures how quick it is; built by tests/editor/perf.
import '../../editor/ui/strict.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/400.css';
import '../../editor/ui/look/look.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { PictureHeader } from '../../editor/picture.ts';
import type { NodeView } from '../../editor/protocol.ts';
import { Canvas } from '../../editor/ui/canvas/canvas.tsx';
import { area$, listenForShortcuts } from '../../editor/ui/shell/actions.ts';
import { listenForArrivals } from '../../editor/ui/shell/arrival.ts';
import { createStore, type Store } from '../../editor/ui/store/store.ts';
import { StoreContext } from '../../editor/ui/store/use.ts';
import type { CatalogueEntry, Document, Problem } from '../../engine/browser.ts';
import { FakeHost, type FakeLine } from './fake-host.ts';

/** Frames of one gesture. */
export interface Pace {
  readonly frames: number;
  readonly fps: number;
  /** Milliseconds between two frames: nineteen of twenty are shorter. */
  readonly p95: number;
  readonly worst: number;
}

export interface Opened {
  /** Milliseconds from the document's arrival to its picture. */
  readonly document: number;
  /** Milliseconds since the page was asked for. */
  readonly page: number;
}

export interface CanvasPage {
  readonly store: Store;
  readonly host: FakeHost;
  open(
    document: Document,
    extras?: { readonly nodes?: Readonly<Record<string, NodeView>>; readonly problems?: readonly Problem[] },
  ): Promise<Opened>;
  /** Sends a picture, as the host does. */
  picture(header: PictureHeader, samples: Uint16Array): void;
  pan(milliseconds: number): Promise<Pace>;
  zoom(milliseconds: number): Promise<Pace>;
  drag(milliseconds: number, id: string): Promise<Pace>;
}

declare global {
  var canvasPage: ((catalogue: readonly CatalogueEntry[]) => CanvasPage) | undefined;
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** Calls `step` before every frame and counts them. */
async function paced(milliseconds: number, step: (i: number) => void): Promise<Pace> {
  const times: number[] = [];
  const start = await frame();
  let last = start;
  for (let i = 0; last - start < milliseconds; i++) {
    step(i);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    frames: times.length,
    fps: (times.length * 1000) / (last - start),
    p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    worst: sorted.at(-1) ?? 0,
  };
}

globalThis.canvasPage = (catalogue) => {
  const host = new FakeHost();
  host.catalogue = catalogue;
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
  createRoot(document.getElementById('root')!).render(
    createElement(StoreContext, { value: store }, createElement('div', { className: 'page' }, createElement(Canvas))),
  );
  area$.next('canvas');
  listenForShortcuts(window);
  listenForArrivals(window, store, () => undefined);
  const canvas = (): HTMLElement => document.querySelector<HTMLElement>('.canvas')!;
  const fire = (type: string, x: number, y: number, init: PointerEventInit = {}): void => {
    canvas().dispatchEvent(
      new PointerEvent(type, { bubbles: true, cancelable: true, clientX: x, clientY: y, pointerId: 1, ...init }),
    );
  };
  return {
    store,
    host,
    open: async (shown, extras = {}) => {
      while (!document.querySelector('.canvas-nodes > *')) await frame();
      const start = performance.now();
      host.replace(shown);
      store.history$.next({ depth: 0 });
      store.nodes$.next(extras.nodes ?? {});
      store.problems$.next(extras.problems ?? []);
      const count = Object.keys(shown.nodes).length;
      while (document.querySelectorAll('.node-host').length < count) await frame();
      await frame();
      await frame();
      const now = performance.now();
      return { document: now - start, page: now };
    },
    picture: (header, samples) => line.pictures$.next({ header, samples }),
    pan: async (milliseconds) => {
      fire('pointerdown', 640, 360, { button: 1, buttons: 4 });
      const pace = await paced(milliseconds, (i) => {
        fire('pointermove', 640 + 400 * Math.sin(i / 20), 360 + 200 * Math.sin(i / 13), { buttons: 4 });
      });
      fire('pointerup', 640, 360, { button: 1 });
      return pace;
    },
    zoom: (milliseconds) =>
      paced(milliseconds, (i) => {
        const deltaY = Math.floor(i / 40) % 2 === 0 ? -60 : 60;
        canvas().dispatchEvent(
          new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 640, clientY: 360, deltaY }),
        );
      }),
    drag: async (milliseconds, id) => {
      const holder = document.querySelector<HTMLElement>('.canvas-nodes > *')!;
      const [, left, top, k] = /translate\((.+)px, (.+)px\) scale\((.+)\)/.exec(holder.style.transform)!.map(Number);
      const [atX, atY] = store.document$.value.nodes[id]!.at;
      const [x, y] = [(atX + 60) * k! + left!, (atY + 12) * k! + top!];
      fire('pointerdown', x, y, { button: 0, buttons: 1 });
      const pace = await paced(milliseconds, (i) => {
        fire('pointermove', x + 200 * Math.sin(i / 20), y + 120 * Math.sin(i / 13), { buttons: 1 });
      });
      fire('pointerup', x, y, { button: 0 });
      return pace;
    },
  };
};
