// The key to the false colours: which colour means how many stops from middle grey.
import { FALSE_COLOURS } from './display.ts';
import './legend.css';

export function Legend() {
  return (
    <ul className="legend" aria-label="False colours by stops from middle grey">
      {FALSE_COLOURS.toReversed().map(({ colour, title }) => (
        <li key={title} className="legend-row">
          <span className="legend-swatch" style={{ background: `rgb(${colour.join(', ')})` }} />
          {title}
        </li>
      ))}
    </ul>
  );
}
