// Keys to what is drawn over or in place of light: false colours, the ends of a heat map, charts of a mesh.
import { useEffect, useRef } from 'react';
import type { ChartsView } from '../../picture.ts';
import { numberText } from '../look/number.ts';
import type { ViewerDesk } from './desk.ts';
import { FALSE_COLOURS } from './display.ts';
import { useDrawn } from './drawn.ts';
import { isTwoSided, type Range, scaleOf } from './heat.ts';
import './legend.css';

/** What is drawn tells which of them is there. */
export function Legend({ desk }: { readonly desk: ViewerDesk }) {
  const text = useDrawn(desk, () => JSON.stringify(legendOf(desk)));
  const { falseColour, range, charts } = JSON.parse(text) as ReturnType<typeof legendOf>;
  if (charts) return <ChartsLegend {...charts} />;
  if (range) return <HeatLegend {...range} />;
  return falseColour ? <FalseColourLegend /> : null;
}

function legendOf(desk: ViewerDesk) {
  const { charts, range, display, leading } = desk;
  const isLight = leading !== undefined && desk.modeOf(leading) === 'light';
  return {
    falseColour: display.falseColour && isLight,
    ...(range ? { range } : {}),
    ...(charts ? { charts } : {}),
  };
}

function FalseColourLegend() {
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

/** The colours from the low end to the high one, with 0 where it is between them. */
function HeatLegend({ low, high }: Range) {
  const bar = useRef<HTMLCanvasElement>(null);
  const twoSided = isTwoSided({ low, high });
  useEffect(() => {
    const context = bar.current?.getContext('2d');
    if (!context) return;
    const colours = scaleOf({ low: twoSided ? -1 : 0, high: 1 });
    const image = new ImageData(colours.length, 1);
    for (const [i, colour] of colours.entries()) image.data.set([...colour, 255], 4 * i);
    context.putImageData(image, 0, 0);
  }, [twoSided]);
  return (
    <figure className="legend legend-heat" aria-label={`Heat map from ${low} to ${high}`}>
      <canvas ref={bar} className="legend-bar" width={scaleOf({ low, high }).length} height={1} />
      <figcaption className="legend-ends mono">
        <span>{numberText(low)}</span>
        {twoSided && <span>0</span>}
        <span>{numberText(high)}</span>
      </figcaption>
    </figure>
  );
}

function ChartsLegend({ uvSet, count, mirrored, overlaps, tiles }: ChartsView) {
  return (
    <div className="legend legend-charts">
      <span>
        {count === 1 ? '1 island' : `${count} islands`} on {tiles.length === 1 ? '1 tile' : `${tiles.length} tiles`}
      </span>
      <span className="quiet">UV set {uvSet}</span>
      {mirrored > 0 && (
        <span className="legend-row">
          <span className="legend-swatch legend-hatch" />
          {mirrored} mirrored
        </span>
      )}
      {overlaps > 0 && (
        <span className="quiet">
          {overlaps === 1 ? '1 pair overlaps' : `${overlaps} pairs overlap`}: the first is seen
        </span>
      )}
    </div>
  );
}
