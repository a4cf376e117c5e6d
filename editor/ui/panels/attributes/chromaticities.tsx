// The editor of chromaticities: eight numbers, well-known colour spaces, and points to drag in the xy diagram.
import { type PointerEvent, useRef } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { gesture } from '../../look/gesture.ts';
import { Select } from '../../look/select.tsx';
import { isRecord, withKey } from '../parameters/value.ts';
import {
  type Chromaticities,
  locusPoints,
  type Pair,
  PRIMARIES,
  type Primary,
  pairAt,
  pairsOf,
  placeOf,
  pointsOf,
  SPACES,
  spaceOf,
} from './chromaticity.ts';
import { VectorEditor } from './numbers.tsx';
import type { EditorProps } from './value.tsx';

/** Pixels of the diagram, inside its border. */
const SIZE = 128;

export function ChromaticitiesEditor({ value, label, onChange }: EditorProps) {
  const pairs = pairsOf(value);
  const space = pairs && spaceOf(pairs);
  const own = isRecord(value) ? value : {};
  return (
    <div className="value-chromaticities">
      <div className="value-column">
        <Select
          label={`${label}: colour space`}
          value={space ?? 'custom'}
          options={[
            ...(space === undefined ? [{ value: 'custom', title: 'Custom' }] : []),
            ...Object.keys(SPACES).map((name) => ({ value: name, title: name })),
          ]}
          onChange={(name) => SPACES[name] && onChange(SPACES[name] as unknown as Json)}
        />
        {PRIMARIES.map((name) => (
          <div key={name} className="value-row">
            <span className="quiet value-tag">{name}</span>
            <VectorEditor
              integer={false}
              value={own[name] ?? [0, 0]}
              label={`${label} ${name}`}
              onChange={(pair, group) => onChange(withKey(own, name, pair) as Json, group)}
            />
          </div>
        ))}
      </div>
      {pairs && (
        <Plot
          pairs={pairs}
          label={label}
          onMove={(name, pair, group) => onChange(withKey(own, name, [...pair]) as Json, group)}
        />
      )}
    </div>
  );
}

interface PlotProps {
  readonly pairs: Chromaticities;
  readonly label: string;
  /** `group` is the same for all of one drag. */
  readonly onMove: (name: Primary, pair: Pair, group: string) => void;
}

/** Pixels around a point in which it is meant. */
const GRIP = 9;

/** The diagram; its points can be dragged, the fields beside it do the same by keys. */
function Plot({ pairs, label, onMove }: PlotProps) {
  const held = useRef<{ readonly name: Primary; readonly group: string } | null>(null);
  const placeIn = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { clientLeft, clientTop } = event.currentTarget;
    return { x: event.clientX - left - clientLeft, y: event.clientY - top - clientTop };
  };
  const down = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.button !== 0 || event.currentTarget.closest('fieldset:disabled')) return;
    const at = placeIn(event);
    const far = (name: Primary): number => {
      const { x, y } = placeOf(pairs[name], SIZE);
      return Math.hypot(x - at.x, y - at.y);
    };
    const [name] = PRIMARIES.filter((one) => far(one) <= GRIP).sort((a, b) => far(a) - far(b));
    if (name === undefined) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { name, group: gesture() };
  };
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (held.current) onMove(held.current.name, pairAt(placeIn(event), SIZE), held.current.group);
  };
  const letGo = (): void => {
    held.current = null;
  };
  return (
    <svg
      className="value-plot"
      width={SIZE}
      height={SIZE}
      role="img"
      aria-label={`${label} in the xy diagram`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={letGo}
      onLostPointerCapture={letGo}
    >
      <polygon className="value-locus" points={locusPoints(SIZE)} />
      <polygon className="value-gamut" points={pointsOf([pairs.red, pairs.green, pairs.blue], SIZE)} />
      {PRIMARIES.map((name) => {
        const { x, y } = placeOf(pairs[name], SIZE);
        return (
          <g key={name} className="value-handle" data-primary={name}>
            <title>{`${name}: drag it`}</title>
            <circle className="value-grip" cx={x} cy={y} r={GRIP} />
            <circle className={`value-point ${name === 'white' ? 'value-white' : ''}`} cx={x} cy={y} r={3} />
          </g>
        );
      })}
    </svg>
  );
}
