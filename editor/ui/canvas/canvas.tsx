// The graph: a canvas of nodes and wires over the document, and what opens over it.
import { useEffect, useRef, useState } from 'react';
import { EmptyState } from '../look/empty-state.tsx';
import { useMenu } from '../look/menu.tsx';
import { registerActions } from '../shell/actions.ts';
import { registerArrival, registerPlacer } from '../shell/arrival.ts';
import type { Store } from '../store/store.ts';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { canvasActions } from './actions.ts';
import { toCanvas } from './camera.ts';
import { graphIn } from './clip.ts';
import { pasteText, rename, showProblems } from './commands.ts';
import { listenForDrops } from './drop.ts';
import { NamePrompt, NoteText, Rename, Title } from './fields.tsx';
import { Find } from './find.tsx';
import { NODE, snap } from './geometry.ts';
import { Gestures } from './gestures.ts';
import { menuFor } from './menus.ts';
import { Search } from './search.tsx';
import { Surface } from './surface.ts';
import './canvas.css';
import './node.css';

export function Canvas() {
  const store = useStore();
  const container = useRef<HTMLDivElement>(null);
  const nodes = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const [surface, setSurface] = useState<Surface | null>(null);
  const { open, menu } = useMenu('Graph');

  useEffect(() => {
    if (!container.current || !nodes.current || !layer.current || !map.current) return;
    const made = new Surface(store, {
      container: container.current,
      nodes: nodes.current,
      canvas: layer.current,
      minimap: map.current,
    });
    const gestures = new Gestures(made, {
      menu: (hit, at) => open(menuFor(made, hit), at),
      opened: (hit) => {
        if (hit.kind === 'nothing') made.open({ kind: 'search', at: made.pointer(), purpose: { kind: 'create' } });
        else rename(made);
      },
      badge: (id) => showProblems(made, id),
    });
    const ends = [
      registerActions(canvasActions(made, () => gestures.cancel())),
      registerArrival((arrival) => arrival.by === 'paste' && takePaste(made, arrival.text)),
      registerPlacer((at) => place(made, at)),
      listenForDrops(made),
    ];
    setSurface(made);
    return () => {
      for (const end of ends) end();
      gestures.destroy();
      made.destroy();
      setSurface(null);
    };
  }, [store, open]);

  return (
    <div
      ref={container}
      className="canvas"
      role="application"
      aria-label="Graph. Arrow keys go from node to node, Tab adds one, F6 goes on to the next pane."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is worked with by keys
      tabIndex={0}
    >
      <canvas ref={layer} className="canvas-layer" />
      <div ref={nodes} className="canvas-nodes" />
      <canvas ref={map} className="canvas-minimap" aria-label="Overview of the graph" hidden />
      {surface && <Empty surface={surface} />}
      {surface && <Over surface={surface} />}
      {surface && <ShownWord surface={surface} />}
      {surface && <Spoken store={store} surface={surface} />}
      {menu}
    </div>
  );
}

/** A graph that is pasted into an empty document is opened by the shell, with all that belongs to it. */
function takePaste(surface: Surface, text: string): boolean {
  const { scene } = surface.stage;
  if (scene.nodes.size === 0 && graphIn(text)?.name !== 'copy') return false;
  return pasteText(surface, text);
}

/** Where on the canvas something goes that arrives at a point of the window. */
function place(
  surface: Surface,
  at: { readonly x: number; readonly y: number } | undefined,
): readonly [number, number] {
  const { left, top, right, bottom } = surface.container.getBoundingClientRect();
  const inside = at && at.x >= left && at.x < right && at.y >= top && at.y < bottom;
  const point = inside ? toCanvas(surface.stage.camera, { x: at.x - left, y: at.y - top }) : surface.pointer();
  return [snap(point.x - NODE.width / 2), snap(point.y - NODE.title)];
}

function Empty({ surface }: { readonly surface: Surface }) {
  const empty = useSelect(surface.store.document$, ({ nodes, canvas }) => Object.keys(nodes).length === 0 && !canvas);
  if (!empty) return null;
  return (
    <div className="canvas-empty">
      <div className="canvas-over">
        <EmptyState
          sentence="Drop an EXR sequence here, or press Tab."
          action={{
            title: 'Add a node',
            run: () => surface.open({ kind: 'search', at: surface.pointer(), purpose: { kind: 'create' } }),
          }}
        />
      </div>
    </div>
  );
}

function Over({ surface }: { readonly surface: Surface }) {
  const overlay = useValue(surface.overlay$);
  if (!overlay) return null;
  switch (overlay.kind) {
    case 'search':
      return <Search surface={surface} at={overlay.at} purpose={overlay.purpose} />;
    case 'find':
      return <Find surface={surface} />;
    case 'rename':
      return <Rename key={overlay.node} surface={surface} node={overlay.node} />;
    case 'title':
      return <Title key={overlay.backdrop} surface={surface} id={overlay.backdrop} group={overlay.group} />;
    case 'text':
      return <NoteText key={overlay.note} surface={surface} id={overlay.note} group={overlay.group} />;
    case 'name':
      return <NamePrompt surface={surface} ask={overlay} />;
  }
}

const SHOWN_FOR = 2400;

/** The last word, for a moment, beside where the pointer was. */
function ShownWord({ surface }: { readonly surface: Surface }) {
  const word = useValue(surface.word$);
  useEffect(() => {
    if (!word) return;
    const timer = setTimeout(() => surface.word$.next(null), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [word, surface]);
  if (!word) return null;
  const { width, height } = surface.stage.size;
  const left = Math.min(word.at.x + 14, width - 180);
  const top = Math.min(word.at.y + 14, height - 28);
  return (
    <div className="canvas-word" role="status" style={{ left: Math.max(4, left), top: Math.max(4, top) }}>
      {word.text}
    </div>
  );
}

/** What is selected, for those who do not see it. */
function Spoken({ store, surface }: { readonly store: Store; readonly surface: Surface }) {
  const selection = useValue(store.selection$);
  const wire = useValue(store.wire$);
  const link = surface.stage.scene.wires.find(({ id }) => id === wire)?.link;
  const [only] = selection;
  let text = selection.size === 0 ? '' : `${selection.size} nodes selected`;
  if (selection.size === 1 && only !== undefined) {
    const status = surface.stage.statuses.get(only);
    text = [only, status?.summary, status?.badge?.title].filter(Boolean).join(', ');
  }
  if (link) text = `The wire from ${link.from} to ${link.to}`;
  return (
    <div className="unseen" aria-live="polite">
      {text}
    </div>
  );
}
