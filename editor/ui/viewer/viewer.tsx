// The viewer: toolbar, picture with what is said over it, scopes, and the row of values.
import { useEffect, useMemo } from 'react';
import { Badge } from '../look/badge.tsx';
import { Button } from '../look/button.tsx';
import { EmptyState } from '../look/empty-state.tsx';
import { Progress } from '../look/progress.tsx';
import { registerActions } from '../shell/actions.ts';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { SLOTS } from './choices.ts';
import { viewerCommands } from './commands.ts';
import { deskOf, type ViewerDesk } from './desk.ts';
import { useDrawn } from './drawn.ts';
import { Legend } from './legend.tsx';
import { createPainter, type Painter } from './painter.ts';
import { Probe } from './probe.ts';
import { Readout } from './readout.tsx';
import { Scopes } from './scopes.tsx';
import { Stage } from './stage.tsx';
import { Toolbar } from './toolbar.tsx';
import { Values } from './values.tsx';
import './viewer.css';

let painter: Painter | undefined;

/** One for the page: which one is quicker is measured once. */
function sharedPainter(): Painter {
  painter ??= createPainter();
  return painter;
}

export function Viewer() {
  const store = useStore();
  const desk = deskOf(store);
  const painter = sharedPainter();
  const probe = useMemo(() => new Probe(desk), [desk]);
  const hasScopes = useSelect(desk.choices$, ({ scopes }) => scopes);
  useEffect(() => probe.follow(), [probe]);
  useEffect(() => registerActions(viewerCommands(desk)), [desk]);
  return (
    <div className="viewer">
      <Toolbar desk={desk} />
      <div className="viewer-middle">
        <div className="viewer-picture">
          <Stage desk={desk} painter={painter} probe={probe} />
          <Values desk={desk} probe={probe} />
          <Legend desk={desk} />
          <Waiting desk={desk} />
          <Failures desk={desk} />
          <Nothing desk={desk} />
        </div>
        {hasScopes && <Scopes desk={desk} />}
      </div>
      <Readout desk={desk} painter={painter} probe={probe} />
    </div>
  );
}

/** What takes less is not worth a line that comes and goes. */
const PATIENCE = 100;

/** A line over the picture's upper edge while one is awaited. */
function Waiting({ desk }: { readonly desk: ViewerDesk }) {
  const state = useDrawn(desk, () => {
    const waits = SLOTS.map((name) => desk.slots[name].waiting).filter((waiting) => waiting !== undefined);
    if (waits.length === 0) return 'still';
    if (performance.now() - Math.min(...waits.map(({ since }) => since)) < PATIENCE) return 'soon';
    const known = waits.map(({ progress }) => progress).filter((progress) => progress !== undefined);
    return known.length === waits.length ? Math.min(...known) : 'unknown';
  });
  const isWaiting = state !== 'still';
  useEffect(() => {
    if (!isWaiting) return;
    // Time alone changes what there is to say.
    const timer = setInterval(() => desk.schedule(), PATIENCE);
    return () => clearInterval(timer);
  }, [desk, isWaiting]);
  if (state === 'still' || state === 'soon') return null;
  return (
    <div className="viewer-progress">
      <Progress label="The picture is being made" {...(typeof state === 'number' ? { value: state } : {})} />
    </div>
  );
}

/** What went wrong, beside the last picture. */
function Failures({ desk }: { readonly desk: ViewerDesk }) {
  const text = useDrawn(desk, () =>
    JSON.stringify(SLOTS.flatMap((name) => (desk.slots[name].failure ? [{ name, ...desk.slots[name].failure }] : []))),
  );
  const failures = JSON.parse(text) as { name: 'a' | 'b'; code: string; message: string; node?: string }[];
  const titles = useValue(desk.store.document$).nodes;
  const gaps = useDrawn(desk, () => desk.gaps.map(({ name, reason }) => `${name}${reason}`).join('\n'));
  return (
    <div className="viewer-failures">
      {gaps !== '' &&
        gaps.split('\n').map((gap) => (
          <div key={gap} className="viewer-failure viewer-gap" role="status">
            <Badge kind="warning" text={`${gap.charAt(0).toUpperCase()} has no image here`} />
            <p className="selectable">{gap.slice(1)}</p>
          </div>
        ))}
      {failures.map(({ name, code, message, node }) => (
        <div key={name} className="viewer-failure" role="alert">
          <Badge kind="error" text={`${name.toUpperCase()} has no picture at this frame`} />
          <p className="selectable">{message}</p>
          <p className="viewer-failure-row">
            {node !== undefined && titles[node] && (
              <Button onClick={() => desk.store.select([node])}>Select {titles[node].title ?? node}</Button>
            )}
            <Button tone="plain" onClick={() => desk.slots[name].reload()}>
              Try again
            </Button>
            <span className="mono quiet">{code}</span>
          </p>
        </div>
      ))}
    </div>
  );
}

/** One sentence where there is nothing to see. */
function Nothing({ desk }: { readonly desk: ViewerDesk }) {
  const { store } = desk;
  const { a, b } = useValue(store.viewed$);
  const selected = useSelect(store.selection$, (selection) =>
    [...selection].find((id) => id in store.document$.value.nodes),
  );
  const problem = useDrawn(desk, () => {
    const { leading } = desk;
    return leading !== undefined && desk.isEmpty(leading) ? desk.reasonOf(leading) : '';
  });
  if (a === undefined && b === undefined) {
    return (
      <div className="viewer-nothing">
        <EmptyState
          sentence="Select a node and press 1 to see it."
          {...(selected === undefined
            ? {}
            : { action: { title: 'View the selected node', run: () => store.view('a', selected) } })}
        />
      </div>
    );
  }
  const { leading } = desk;
  if (problem === '' || leading === undefined || SLOTS.some((name) => desk.slots[name].failure)) return null;
  return (
    <div className="viewer-nothing">
      <EmptyState sentence={problem} action={{ title: 'Select the node', run: () => store.select([leading]) }} />
    </div>
  );
}
