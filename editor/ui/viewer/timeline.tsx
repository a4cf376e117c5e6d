// The timeline: a track of the graph's frames with their marks, and the buttons and numbers that move along it.
import {
  ArrowLeftRight,
  ChevronFirst,
  ChevronLast,
  type LucideIcon,
  Pause,
  Play,
  Repeat,
  Repeat1,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { IconButton } from '../look/button.tsx';
import { NumberField } from '../look/number-field.tsx';
import { registerActions } from '../shell/actions.ts';
import { useStore, useValue } from '../store/use.ts';
import { deskOf, type ViewerDesk } from './desk.ts';
import type { Repeat as Repeats } from './play.ts';
import { NEXT_REPEAT, TIMELINE_KEYS, timelineCommands } from './playback.ts';
import { drawTrack, frameAt, spansIn } from './track.ts';
import './timeline.css';

export function Timeline() {
  const desk = deskOf(useStore());
  useEffect(() => registerActions(timelineCommands(desk)), [desk]);
  return (
    <div className="timeline">
      <Track desk={desk} />
      <Controls desk={desk} />
    </div>
  );
}

function Track({ desk }: { readonly desk: ViewerDesk }) {
  const { store, transport } = desk;
  const frame = useValue(store.frame$);
  const timeline = useValue(store.timeline$);
  const cached = useValue(desk.cached$);
  useValue(store.document$);
  useValue(transport.playing$);
  const canvas = useRef<HTMLCanvasElement>(null);
  const around = useRef<HTMLDivElement>(null);
  const { range, stretch } = transport;
  const missing = timeline?.missing ?? '';
  const substituted = timeline?.substituted ?? '';
  const known = timeline?.cached ?? '';
  const { first, last } = range;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    const element = around.current;
    if (!context || !element) return;
    const draw = (): void => {
      const ratio = window.devicePixelRatio || 1;
      const width = Math.max(1, Math.round(element.clientWidth * ratio));
      const height = Math.max(1, Math.round(element.clientHeight * ratio));
      if (context.canvas.width !== width || context.canvas.height !== height) {
        Object.assign(context.canvas, { width, height });
      }
      drawTrack(
        context,
        {
          range: { first, last },
          frame,
          stretch: { first: stretch.first, last: stretch.last },
          missing: spansIn(missing),
          substituted: spansIn(substituted),
          cached: [...spansIn(known), ...spansIn(cached)],
        },
        { width, height, ratio },
      );
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [first, last, frame, stretch.first, stretch.last, missing, substituted, known, cached]);

  const scrub = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    transport.go(frameAt(transport.range, (event.clientX - left) / Math.max(1, width)));
  };
  const keyDown = (event: KeyboardEvent): void => {
    const move = TRACK_KEYS[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (typeof move === 'number') transport.step(move);
    else transport.go(transport.stretch[move]);
  };
  return (
    <div
      ref={around}
      className="timeline-track"
      role="slider"
      tabIndex={0}
      aria-label="Frame"
      aria-valuemin={first}
      aria-valuemax={last}
      aria-valuenow={frame}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) scrub(event);
      }}
      onKeyDown={keyDown}
    >
      <canvas ref={canvas} className="timeline-canvas" />
    </div>
  );
}

/** The track has keys of its own while it has the focus: the same that work over the whole viewer. */
const TRACK_KEYS: Readonly<Record<string, number | 'first' | 'last'>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowDown: -10,
  ArrowUp: 10,
  PageDown: -10,
  PageUp: 10,
  Home: 'first',
  End: 'last',
};

const REPEATS: Readonly<Record<Repeats, { readonly icon: LucideIcon; readonly title: string }>> = {
  loop: { icon: Repeat, title: 'Loop' },
  bounce: { icon: ArrowLeftRight, title: 'Bounce' },
  once: { icon: Repeat1, title: 'Once' },
};

function Controls({ desk }: { readonly desk: ViewerDesk }) {
  const { store, transport } = desk;
  const frame = useValue(store.frame$);
  const playing = useValue(transport.playing$);
  useValue(store.timeline$);
  useValue(store.document$);
  const { range, stretch } = transport;
  const repeat = REPEATS[playing.repeat];
  return (
    <div className="timeline-controls">
      <div className="timeline-end">
        <span className="mono" title="First frame">
          {range.first}
        </span>
        <IconButton
          icon={ChevronFirst}
          title={playing.in === undefined ? 'Mark in here' : `In at ${playing.in}: mark here, or take it away here`}
          keys={TIMELINE_KEYS.in}
          pressed={playing.in !== undefined}
          onClick={() => transport.mark('in')}
        />
      </div>
      <div className="timeline-buttons">
        <IconButton
          icon={repeat.icon}
          title={`${repeat.title}: change to ${NEXT_REPEAT[playing.repeat]}`}
          keys={TIMELINE_KEYS.repeat}
          onClick={() => transport.set({ repeat: NEXT_REPEAT[playing.repeat] })}
        />
        <IconButton icon={SkipBack} title="First frame" keys="Home" onClick={() => transport.go(stretch.first)} />
        <IconButton icon={StepBack} title="Previous frame" keys="ArrowLeft" onClick={() => transport.step(-1)} />
        <PlayButton desk={desk} direction={-1} />
        <div className="timeline-frame">
          <NumberField label="Present frame" integer value={frame} onChange={(next) => transport.go(next)} />
        </div>
        <PlayButton desk={desk} direction={1} />
        <IconButton icon={StepForward} title="Next frame" keys="ArrowRight" onClick={() => transport.step(1)} />
        <IconButton icon={SkipForward} title="Last frame" keys="End" onClick={() => transport.go(stretch.last)} />
        <div className="timeline-rate" title="Frames per second to play at">
          <NumberField
            label="Frames per second"
            unit="fps"
            min={1}
            max={240}
            value={Math.round(playing.fps * 1000) / 1000}
            onChange={(fps) => transport.set({ fps, fpsChosen: true })}
          />
        </div>
        <Achieved desk={desk} />
      </div>
      <div className="timeline-end">
        <IconButton
          icon={ChevronLast}
          title={playing.out === undefined ? 'Mark out here' : `Out at ${playing.out}: mark here, or take it away here`}
          keys={TIMELINE_KEYS.out}
          pressed={playing.out !== undefined}
          onClick={() => transport.mark('out')}
        />
        <span className="mono" title="Last frame">
          {range.last}
        </span>
      </div>
    </div>
  );
}

function PlayButton({ desk, direction }: { readonly desk: ViewerDesk; readonly direction: 1 | -1 }) {
  const { transport } = desk;
  const isOn = useValue(transport.playing$).direction === direction;
  const forward = direction === 1;
  return (
    <span className={forward ? '' : 'timeline-mirrored'}>
      <IconButton
        icon={isOn ? Pause : Play}
        title={isOn ? 'Stop' : forward ? 'Play forwards' : 'Play backwards'}
        keys={isOn ? TIMELINE_KEYS.stop : forward ? TIMELINE_KEYS.forward : TIMELINE_KEYS.backward}
        pressed={isOn}
        onClick={() => transport.play(isOn ? 0 : direction)}
      />
    </span>
  );
}

/** The speed as it comes out while playing; its place is kept otherwise. */
function Achieved({ desk }: { readonly desk: ViewerDesk }) {
  const { achieved, fps } = useValue(desk.transport.playing$);
  const isSlow = achieved !== undefined && achieved < fps * 0.95;
  return (
    <span className={`timeline-achieved mono ${isSlow ? 'timeline-slow' : 'quiet'}`} title="Frames per second as shown">
      {achieved === undefined ? '' : `${isSlow ? '▾ ' : ''}${achieved.toFixed(1)}`}
    </span>
  );
}
