// The table of values over the picture's corner: all channels under the pointer, or of the probed region.
import { X } from 'lucide-react';
import { useRef } from 'react';
import { boxHeight, boxWidth } from '../../../engine/browser.ts';
import { IconButton } from '../look/button.tsx';
import { useSelect, useValue } from '../store/use.ts';
import type { ViewerDesk } from './desk.ts';
import { toScreen } from './geometry.ts';
import type { Probe, Probed, ProbeLine } from './probe.ts';
import './values.css';

/** Pixels of the page that a row takes, and what is around the rows. */
const ROW = 16;
const AROUND = 64;

/** A region goes before the pointer. The table keeps to the side where the pointer is not. */
export function Values({ desk, probe }: { readonly desk: ViewerDesk; readonly probe: Probe }) {
  const point = useValue(probe.point$);
  const area = useValue(probe.area$);
  const follows = useSelect(desk.choices$, ({ values }) => values);
  const height = useSelect(desk.screen$, (screen) => (screen?.height ?? 0) / (window.devicePixelRatio || 1));
  const side = useRef<'left' | 'right'>('right');
  const shown = area ?? (follows ? point : null);
  if (!shown) return null;
  side.current = sideFor(desk, shown, side.current);
  // What follows the pointer cannot be scrolled.
  const room = area ? Number.POSITIVE_INFINITY : Math.max(4, Math.floor((height - AROUND) / ROW));
  const columns: (readonly ProbeLine[])[] = [];
  for (let at = 0; at < shown.lines.length; at += room) columns.push(shown.lines.slice(at, at + room));
  return (
    <section
      className={`values values-${side.current} ${area ? 'values-held' : ''}`}
      aria-label={area ? 'Values of the region' : 'Values'}
    >
      <header className="values-head">
        <span className="mono">{titleOf(shown)}</span>
        {area && <IconButton icon={X} size={14} title="Close" onClick={() => probe.area(undefined)} />}
      </header>
      <div className="values-columns">
        {columns.map((lines) => (
          <Lines key={lines[0]!.channel} lines={lines} area={shown.area} />
        ))}
      </div>
      {area && shown.lines.some(({ rough }) => rough) && <p className="quiet values-note">~ measured on the screen</p>}
      {shown.lines.length === 0 && <p className="quiet values-note">No pixels here.</p>}
    </section>
  );
}

function Lines({ lines, area }: { readonly lines: readonly ProbeLine[]; readonly area: boolean }) {
  return (
    <table className="values-table mono">
      {area && (
        <thead>
          <tr>
            <th />
            <th>mean</th>
            <th>min</th>
            <th>max</th>
          </tr>
        </thead>
      )}
      <tbody>
        {lines.map(({ channel, type, value, min, max, rough }) => (
          <tr key={channel}>
            <th scope="row">
              {channel} <span className="quiet">{type}</span>
            </th>
            <td>
              {rough ? '~' : ''}
              {value}
            </td>
            {area && <td>{min}</td>}
            {area && <td>{max}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The other side of the picture; the same as before while the pointer is near the middle. */
function sideFor(desk: ViewerDesk, { box }: Probed, before: 'left' | 'right'): 'left' | 'right' {
  const screen = desk.screen$.value;
  const { camera, aspect } = desk;
  if (!screen || !camera) return before;
  const { x } = toScreen(camera, aspect, screen, (box.minX + box.maxX + 1) / 2, 0);
  const share = x / screen.width;
  if (share > 0.58) return 'left';
  return share < 0.42 ? 'right' : before;
}

function titleOf({ box, area }: Probed): string {
  return area ? `${box.minX}, ${box.minY}  ${boxWidth(box)}×${boxHeight(box)}` : `${box.minX}, ${box.minY}`;
}
