// The table of values over the picture's corner: all channels under the pointer, or of the probed region.
import { X } from 'lucide-react';
import { boxHeight, boxWidth } from '../../../engine/browser.ts';
import { IconButton } from '../look/button.tsx';
import { useSelect, useValue } from '../store/use.ts';
import type { ViewerDesk } from './desk.ts';
import type { Probe, Probed } from './probe.ts';
import './values.css';

/** A region goes before the pointer. */
export function Values({ desk, probe }: { readonly desk: ViewerDesk; readonly probe: Probe }) {
  const point = useValue(probe.point$);
  const area = useValue(probe.area$);
  const follows = useSelect(desk.choices$, ({ values }) => values);
  const shown = area ?? (follows ? point : null);
  if (!shown) return null;
  return (
    <section className={`values ${area ? 'values-held' : ''}`} aria-label={area ? 'Values of the region' : 'Values'}>
      <header className="values-head">
        <span className="mono">{titleOf(shown)}</span>
        {area && <IconButton icon={X} size={14} title="Close" onClick={() => probe.area(undefined)} />}
      </header>
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
          {shown.lines.map(({ channel, type, value, min, max, rough }) => (
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
      {area && shown.lines.some(({ rough }) => rough) && <p className="quiet values-note">~ measured on the screen</p>}
      {shown.lines.length === 0 && <p className="quiet values-note">No pixels here.</p>}
    </section>
  );
}

function titleOf({ box, area }: Probed): string {
  return area ? `${box.minX}, ${box.minY}  ${boxWidth(box)}×${boxHeight(box)}` : `${box.minX}, ${box.minY}`;
}
