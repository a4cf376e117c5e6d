// Controls of the toolbar for pictures of data: how a channel is drawn, and what belongs to that.
import { ScanSearch } from 'lucide-react';
import { IconButton } from '../look/button.tsx';
import { NumberField } from '../look/number-field.tsx';
import { Select } from '../look/select.tsx';
import { Slider } from '../look/slider.tsx';
import type { ViewerDesk } from './desk.ts';
import { useDrawn } from './drawn.ts';
import type { Range } from './heat.ts';
import { MODES, type Mode } from './mode.ts';

interface ControlsProps {
  readonly desk: ViewerDesk;
}

/** The choice of a mode, where there is one. */
export function ModeSelect({ desk, node }: ControlsProps & { readonly node: string }) {
  const mode = desk.modeOf(node);
  const modes = desk.modesOf(node);
  const channel = desk.layerOf(node)?.channels[0];
  if (modes.length < 2 || typeof channel !== 'string') return null;
  return (
    <div className="viewer-mode" title={MODES[mode].doc}>
      <Select
        label="Draw as"
        value={mode}
        options={modes.map((one) => ({ value: one, title: MODES[one].title }))}
        onChange={(chosen) => desk.choose({ modes: { ...desk.choices$.value.modes, [channel]: chosen as Mode } })}
      />
    </div>
  );
}

/** Which tile of a mesh is shown. */
export function TileSelect({ desk }: ControlsProps) {
  const text = useDrawn(desk, () => JSON.stringify(desk.charts ?? null));
  const charts = JSON.parse(text) as NonNullable<ViewerDesk['charts']> | null;
  const tiles = charts?.tiles.length ? charts.tiles : charts ? [charts.tile] : [];
  return (
    <div className="viewer-tile" title="Tile of the UV set, 1001 + whole part of u + 10 × whole part of v">
      <Select
        label="Tile"
        value={String(charts?.tile ?? '')}
        options={charts ? tiles.map((tile) => ({ value: String(tile), title: `Tile ${tile}` })) : [WAITING]}
        disabled={tiles.length < 2}
        onChange={(tile) => desk.choose({ tile: Number(tile) })}
      />
    </div>
  );
}

const WAITING = { value: '', title: 'Tile …' };

/** Strengths stand on a scale of powers of 2. */
const STRENGTHS: readonly [least: number, most: number] = [1 / 32, 32];

export function ReliefControls({ desk }: ControlsProps) {
  const { relief } = desk.choices$.value;
  const light = (change: Partial<typeof relief>): void => desk.choose({ relief: { ...relief, ...change } });
  return (
    <>
      <div className="viewer-number" title="Where the light comes from, in degrees clockwise from above">
        <NumberField
          label="Light from"
          value={relief.angle}
          step={5}
          integer
          unit="°"
          onChange={(angle) => light({ angle: ((angle % 360) + 360) % 360 })}
        />
      </div>
      <div className="viewer-exposure" title="How steep heights are drawn; double click for 1">
        <Slider
          bare
          label="Steepness"
          value={Math.log2(relief.strength)}
          min={-5}
          max={5}
          step={0.1}
          neutral={0}
          onChange={(power) => light({ strength: Number((2 ** power).toPrecision(3)) })}
        />
        <div className="viewer-number">
          <NumberField
            label="Steepness"
            value={relief.strength}
            min={STRENGTHS[0]}
            max={STRENGTHS[1]}
            step={0.1}
            unit="×"
            onChange={(strength) => light({ strength })}
          />
        </div>
      </div>
      <IconButton
        icon={ScanSearch}
        title="As steep as is easy to read in what is on the screen"
        onClick={() => desk.refit()}
      />
    </>
  );
}

export function HeatControls({ desk, channel }: ControlsProps & { readonly channel: string }) {
  const text = useDrawn(desk, () => JSON.stringify(desk.range ?? null));
  const range = JSON.parse(text) as Range | null;
  const { ranges } = desk.choices$.value;
  const isFixed = ranges[channel] !== undefined;
  const fix = (change: Partial<Range>): void => {
    const next = { low: 0, high: 1, ...range, ...change };
    if (next.low < next.high) desk.choose({ ranges: { ...ranges, [channel]: next } });
  };
  const free = (): void => {
    const { [channel]: _, ...rest } = ranges;
    desk.choose({ ranges: rest });
  };
  return (
    <>
      <div className="viewer-end" title="The sample at the low end of the colours">
        <NumberField label="Low end" value={range?.low ?? 0} onChange={(low) => fix({ low })} />
      </div>
      <div className="viewer-end" title="The sample at the high end of the colours">
        <NumberField label="High end" value={range?.high ?? 1} onChange={(high) => fix({ high })} />
      </div>
      <IconButton
        icon={ScanSearch}
        title={isFixed ? 'Ends from what is on the screen again' : 'Ends are from what is on the screen'}
        pressed={!isFixed}
        onClick={() => (isFixed ? free() : fix({}))}
      />
    </>
  );
}
