// The window: bars at the top and bottom, three columns and a drawer between, overlays above. What is hidden stays as it is.
import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { Splitter } from '../look/splitter.tsx';
import { Tabs } from '../look/tabs.tsx';
import { Attributes } from '../panels/attributes/attributes.tsx';
import { Library } from '../panels/library/library.tsx';
import { Parameters } from '../panels/parameters/parameters.tsx';
import { ProblemCount, Problems } from '../panels/problems/problems.tsx';
import { Run } from '../panels/run/run.tsx';
import { Sequences } from '../panels/sequences/sequences.tsx';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { Timeline } from '../viewer/timeline.tsx';
import { Viewer } from '../viewer/viewer.tsx';
import { AREA, type Area, area$, listenForFocus } from './actions.ts';
import { listenForArrivals } from './arrival.ts';
import { Asking } from './ask.tsx';
import { Browsing } from './browse.tsx';
import { Fence } from './fence.tsx';
import { arrange, FIRST_LAYOUT, layout$, PANE_RANGE, type Pane, type RightTab, resized, split } from './layout.ts';
import { Notices } from './notices.tsx';
import { overlay$ } from './overlay.ts';
import { Palette } from './palette.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import './shell.css';

export function Shell() {
  const layout = useValue(layout$);
  const left = layout.hidden.includes('left') || layout.full !== null;
  const right = layout.hidden.includes('right') || layout.full !== null;
  const drawer = layout.hidden.includes('drawer');
  useEffect(() => listenForFocus(window), []);
  return (
    <div className="shell">
      <TopBar />
      <main className="shell-columns">
        <LeftColumn hidden={left} />
        {!left && <SideSplitter side="left" />}
        <CentreColumn />
        {!right && <SideSplitter side="right" />}
        <RightColumn hidden={right} />
      </main>
      {!drawer && <SideSplitter side="drawer" />}
      <div className="shell-drawer" data-pane hidden={drawer} style={{ height: layout.drawer }}>
        <Fence name="Run">
          <Run />
        </Fence>
      </div>
      <StatusBar />
      <Overlay />
      <Asking />
      <Browsing />
      <DropTarget />
    </div>
  );
}

const SIDES: Readonly<
  Record<Pane, { readonly label: string; readonly between: 'columns' | 'rows'; readonly sign: 1 | -1 }>
> = {
  left: { label: 'Width of the left column', between: 'columns', sign: 1 },
  right: { label: 'Width of the right column', between: 'columns', sign: -1 },
  drawer: { label: 'Height of the drawer', between: 'rows', sign: -1 },
};

/** The line between a pane at the side and the centre. */
function SideSplitter({ side }: { readonly side: Pane }) {
  const size = useSelect(layout$, (layout) => layout[side]);
  const { label, between, sign } = SIDES[side];
  const [min, max] = PANE_RANGE[side];
  return (
    <Splitter
      label={label}
      between={between}
      value={size}
      min={min}
      max={max}
      onMove={(by) => arrange((now) => resized(now, side, sign * by))}
      onReset={() => arrange((now) => ({ ...now, [side]: FIRST_LAYOUT[side] }))}
    />
  );
}

interface SplitColumnProps {
  readonly label: string;
  readonly share: 'leftSplit' | 'centreSplit' | 'rightSplit';
  readonly upper: ReactNode;
  readonly lower: ReactNode;
  /** The pane that fills the column alone. The other one stays as it is, out of sight. */
  readonly only?: 'upper' | 'lower';
}

/** Two panes above each other, with a line between that can be moved. */
function SplitColumn({ label, share, upper, lower, only }: SplitColumnProps) {
  const part = useSelect(layout$, (layout) => layout[share]);
  const element = useRef<HTMLDivElement>(null);
  return (
    <div ref={element} className="shell-split">
      <div className="shell-pane" data-pane hidden={only === 'lower'} style={{ flexGrow: only ? 1 : part }}>
        {upper}
      </div>
      {!only && (
        <Splitter
          label={label}
          between="rows"
          value={part * 100}
          min={0}
          max={100}
          onMove={(by) => arrange((now) => split(now, share, by, element.current?.clientHeight ?? 0))}
          onReset={() => arrange((now) => ({ ...now, [share]: FIRST_LAYOUT[share] }))}
        />
      )}
      <div className="shell-pane" data-pane hidden={only === 'upper'} style={{ flexGrow: only ? 1 : 1 - part }}>
        {lower}
      </div>
    </div>
  );
}

function LeftColumn({ hidden }: { readonly hidden: boolean }) {
  const width = useSelect(layout$, (layout) => layout.left);
  return (
    <div className="shell-side" hidden={hidden} style={{ width }}>
      <SplitColumn
        label="Height of the sequences"
        share="leftSplit"
        upper={
          <Fence name="Sequences">
            <Sequences />
          </Fence>
        }
        lower={
          <Fence name="The library">
            <Library />
          </Fence>
        }
      />
    </div>
  );
}

function CentreColumn() {
  const full = useSelect(layout$, (layout) => layout.full);
  const viewer = (
    <Zone area="viewer" name="Viewer">
      <Fence name="The viewer">
        <Viewer />
      </Fence>
      <Fence name="The timeline">
        <Timeline />
      </Fence>
    </Zone>
  );
  const graph = (
    <Zone area="canvas" name="Graph">
      <Fence name="The graph">
        <Canvas />
      </Fence>
    </Zone>
  );
  return (
    <div className="shell-centre">
      <SplitColumn
        label="Height of the viewer"
        share="centreSplit"
        upper={viewer}
        lower={graph}
        {...(full === null ? {} : { only: full === 'viewer' ? 'upper' : 'lower' })}
      />
      <Notices />
    </div>
  );
}

const RIGHT_TABS = ['attributes', 'problems'] as const satisfies readonly RightTab[];
const RIGHT_TITLES: Readonly<Record<RightTab, string>> = { attributes: 'Attributes', problems: 'Problems' };

function RightColumn({ hidden }: { readonly hidden: boolean }) {
  const store = useStore();
  const { right: width, rightTab } = useValue(layout$);
  const problems = useValue(store.problems$);
  return (
    <div className="shell-side" hidden={hidden} style={{ width }}>
      <SplitColumn
        label="Height of the parameters"
        share="rightSplit"
        upper={
          <Fence name="Parameters">
            <Parameters />
          </Fence>
        }
        lower={
          <Tabs
            label="Attributes and problems"
            value={rightTab}
            onChange={(tab) => arrange((layout) => ({ ...layout, rightTab: tab }))}
            tabs={RIGHT_TABS.map((id) => ({
              id,
              title: RIGHT_TITLES[id],
              mark: id === 'problems' && <ProblemCount problems={problems} />,
            }))}
          >
            <Fence key={rightTab} name={RIGHT_TITLES[rightTab]}>
              {rightTab === 'attributes' ? <Attributes /> : <Problems />}
            </Fence>
          </Tabs>
        }
      />
    </div>
  );
}

/** A part of the centre that shortcuts go to while the pointer or the focus is in it: whichever came to it last. */
function Zone({ area, name, children }: { readonly area: Area; readonly name: string; readonly children: ReactNode }) {
  const enter = (): void => {
    if (area$.value !== area) area$.next(area);
  };
  // The focus keeps the area where the pointer leaves it.
  const leave = ({ currentTarget }: PointerEvent): void => {
    if (area$.value === area && !currentTarget.contains(document.activeElement)) area$.next('anywhere');
  };
  // A pointer that rests here keeps the area only where the focus goes nowhere else.
  const blur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    const stays = relatedTarget ? currentTarget.contains(relatedTarget) : currentTarget.matches(':hover');
    if (area$.value === area && !stays) area$.next('anywhere');
  };
  return (
    <section
      className="shell-zone"
      {...{ [AREA]: area }}
      aria-label={name}
      onPointerEnter={enter}
      onPointerMove={enter}
      onPointerLeave={leave}
      onFocus={enter}
      onBlur={blur}
    >
      {children}
    </section>
  );
}

function Overlay() {
  const overlay = useValue(overlay$);
  const close = (): void => overlay$.next(null);
  if (overlay === 'palette') return <Palette onClose={close} />;
  return overlay === 'shortcuts' ? <Shortcuts onClose={close} /> : null;
}

/** Says what a drop would do, while something from outside is over the window. */
function DropTarget() {
  const store = useStore();
  const [over, setOver] = useState<'files' | 'text' | null>(null);
  useEffect(() => listenForArrivals(window, store, setOver), [store]);
  if (over === null) return null;
  const words = over === 'files' ? 'Drop a graph to open it, EXR files to read them.' : 'Drop a path to read it.';
  return (
    <div className="shell-drop" role="status">
      <p>{words}</p>
    </div>
  );
}
