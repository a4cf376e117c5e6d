// A curve to look at and to bend: keys and handles are dragged, the chosen key has its numbers below.
import { Trash2 } from 'lucide-react';
import { type PointerEvent, useRef, useState } from 'react';
import { type Animation, INTERPOLATIONS, type Interpolation, type Key } from '../../../../../engine/browser.ts';
import { IconButton } from '../../../look/button.tsx';
import { gesture } from '../../../look/gesture.ts';
import { NumberField } from '../../../look/number-field.tsx';
import { Select } from '../../../look/select.tsx';
import { useStore, useValue } from '../../../store/use.ts';
import {
  handlesOf,
  keyAt,
  type Side,
  type Stretch,
  samplesOf,
  stretchOf,
  withHandle,
  withMoved,
  withWay,
} from './keys.ts';

export interface CurveViewProps {
  readonly label: string;
  readonly keys: readonly Key[];
  /** Undefined takes the animation away. */
  readonly onChange: (animation: Animation | undefined, group?: string) => void;
}

/** What is held by the pointer. */
interface Held {
  readonly group: string;
  readonly index: number;
  readonly side?: Side;
  /** As it was when the drag began, so that the ground does not move under the pointer. */
  readonly stretch: Stretch;
}

export function CurveView({ label, keys, onChange }: CurveViewProps) {
  const store = useStore();
  const frame = useValue(store.frame$);
  const timeline = useValue(store.timeline$);
  const area = useRef<HTMLDivElement>(null);
  const held = useRef<Held | null>(null);
  const [chosen, setChosen] = useState(0);
  const [, redraw] = useState(0);
  const index = Math.min(chosen, keys.length - 1);
  const stretch =
    held.current?.stretch ?? stretchOf(keys, timeline?.first ?? keys[0]![0], timeline?.last ?? keys[0]![0]);
  const across = (at: number): number => ((at - stretch.first) / (stretch.last - stretch.first)) * 100;
  const down = (value: number): number => ((stretch.high - value) / (stretch.high - stretch.low)) * 100;
  const place = (at: number, value: number) => ({ left: `${across(at)}%`, top: `${down(value)}%` });

  const take = (event: PointerEvent<HTMLElement>, at: number, side?: Side): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { group: gesture(), index: at, stretch, ...(side ? { side } : {}) };
    setChosen(at);
  };
  const drag = (event: PointerEvent): void => {
    const drawn = held.current;
    if (!drawn || !area.current) return;
    const box = area.current.getBoundingClientRect();
    const at = stretch.first + ((event.clientX - box.left) / box.width) * (stretch.last - stretch.first);
    const value = stretch.high - ((event.clientY - box.top) / box.height) * (stretch.high - stretch.low);
    const fine = rounded(value, (stretch.high - stretch.low) / box.height);
    const key = keys[drawn.index]!;
    const moved = drawn.side
      ? withHandle(keys, drawn.index, drawn.side, [rounded(at - key[0], 0.1), rounded(fine - Number(key[1]), 1e-6)])
      : withMoved(keys, drawn.index, Math.round(at), fine);
    onChange({ keys: moved }, drawn.group);
  };
  const drop = (): void => {
    held.current = null;
    redraw((count) => count + 1);
  };
  const knob = { onPointerMove: drag, onPointerUp: drop, onLostPointerCapture: drop };
  const key = keys[index]!;
  const points = samplesOf(keys, stretch.first, stretch.last, 160).map(([at, value]) => `${across(at)},${down(value)}`);
  const remove = (): void => onChange(keys.length > 1 ? { keys: keys.toSpliced(index, 1) } : undefined);
  return (
    <div className="curve">
      <div
        ref={area}
        className="curve-area"
        onPointerDown={(event) => {
          if (event.target !== event.currentTarget) return;
          const box = event.currentTarget.getBoundingClientRect();
          store.seek(
            Math.round(stretch.first + ((event.clientX - box.left) / box.width) * (stretch.last - stretch.first)),
          );
        }}
      >
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={`Curve of ${label}`}>
          {stretch.low < 0 && stretch.high > 0 && (
            <line className="curve-zero" x1="0" x2="100" y1={down(0)} y2={down(0)} />
          )}
          <line className="curve-now" x1={across(frame)} x2={across(frame)} y1="0" y2="100" />
          <polyline className="curve-line" points={points.join(' ')} />
          {handlesOf(keys, index).map(({ side, handle }) => (
            <line
              key={side}
              className="curve-arm"
              x1={across(key[0])}
              y1={down(Number(key[1]))}
              x2={across(key[0] + handle[0])}
              y2={down(Number(key[1]) + handle[1])}
            />
          ))}
        </svg>
        {handlesOf(keys, index).map(({ side, handle }) => (
          <button
            type="button"
            key={side}
            className="curve-handle"
            style={place(key[0] + handle[0], Number(key[1]) + handle[1])}
            aria-label={`Handle ${side} key ${index + 1} of ${label}`}
            onPointerDown={(event) => take(event, index, side)}
            {...knob}
          />
        ))}
        {keys.map(([at, value], i) => (
          <button
            type="button"
            // biome-ignore lint/suspicious/noArrayIndexKey: a key is known by its place while its frame changes
            key={i}
            className="curve-key"
            style={place(at, Number(value))}
            aria-label={`Key ${i + 1} of ${label}`}
            aria-pressed={i === index}
            onPointerDown={(event) => take(event, i)}
            onFocus={() => setChosen(i)}
            {...knob}
          />
        ))}
      </div>
      <div className="curve-row">
        <NumberField
          label={`Frame of the key of ${label}`}
          integer
          value={key[0]}
          onChange={(at, group) => onChange({ keys: withMoved(keys, index, at, Number(key[1])) }, group)}
        />
        <NumberField
          label={`Value of the key of ${label}`}
          value={Number(key[1])}
          onChange={(value, group) => onChange({ keys: withMoved(keys, index, key[0], value) }, group)}
        />
        <Select
          label={`From here on, ${label} is`}
          value={key[2]}
          options={INTERPOLATIONS.map((way) => ({ value: way, title: way }))}
          onChange={(way) => onChange({ keys: withWay(keys, index, way as Interpolation) })}
        />
        <IconButton icon={Trash2} size={13} title={`Remove key ${index + 1} of ${label}`} onClick={remove} />
      </div>
      <div className="curve-row">
        <button type="button" className="param-link quiet" onClick={() => onChange(undefined)}>
          Remove the animation
        </button>
        <span className="mono quiet">{keyAt(keys, frame) >= 0 ? 'at a key' : `frame ${frame}`}</span>
      </div>
    </div>
  );
}

/** A number with no more digits than what is seen of it has. */
function rounded(value: number, size: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(size, 1e-9)));
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}
