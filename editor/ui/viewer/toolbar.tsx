// The row above the picture: which nodes, which layer, and how it is shown.
import { Contrast, Ellipsis, PaintbrushVertical, Spline } from 'lucide-react';
import { IconButton } from '../look/button.tsx';
import { useMenu } from '../look/menu.tsx';
import { NumberField } from '../look/number-field.tsx';
import { Select } from '../look/select.tsx';
import { Slider } from '../look/slider.tsx';
import { Tooltip } from '../look/tooltip.tsx';
import { useStore, useValue } from '../store/use.ts';
import { VIEWER_KEYS, viewerCommands } from './commands.ts';
import type { ViewerDesk } from './desk.ts';
import { type Compare, EXPOSURE_RANGE, GAMMA_RANGE, type Solo } from './display.ts';
import { LayerSelect } from './layer-select.tsx';
import { HeatControls, ModeSelect, ReliefControls, TileSelect } from './mode-controls.tsx';
import { DISPLAY_TRANSFORMS, needsCube, transformIndex } from './transform.ts';
import './toolbar.css';

const SOLOS: readonly { readonly solo: Solo; readonly letter: string; readonly title: string }[] = [
  { solo: 'r', letter: 'R', title: 'Red alone' },
  { solo: 'g', letter: 'G', title: 'Green alone' },
  { solo: 'b', letter: 'B', title: 'Blue alone' },
  { solo: 'a', letter: 'A', title: 'Alpha alone' },
  { solo: 'l', letter: 'L', title: 'Luminance alone' },
];

const COMPARES: readonly { readonly value: Compare; readonly title: string; readonly doc: string }[] = [
  { value: 'a', title: 'A', doc: 'A alone.' },
  { value: 'b', title: 'B', doc: 'B alone.' },
  {
    value: 'wipe',
    title: 'Wipe',
    doc: 'A on the left of the line, B on its right. Where one of them has no image its side is empty.',
  },
  {
    value: 'over',
    title: 'A over B',
    doc: 'A, and B as far as the alpha of A lets it through. Where A has no image B stands alone, and the other way round.',
  },
  {
    value: 'difference',
    title: 'Difference',
    doc: 'How far A and B are apart, channel by channel. Where one of them has no image it counts as black.',
  },
];

export function Toolbar({ desk }: { readonly desk: ViewerDesk }) {
  const choices = useValue(desk.choices$);
  const { display } = choices;
  const { a, b } = useValue(useStore().viewed$);
  useValue(desk.store.nodes$);
  const { leading } = desk;
  const mode = leading === undefined ? 'light' : desk.modeOf(leading);
  const channel = leading === undefined ? undefined : desk.layerOf(leading)?.channels[0];
  const { open, menu } = useMenu('More of the viewer');
  const commands = viewerCommands(desk);
  const entry = (id: string, checked?: boolean) => {
    const command = commands.find((one) => one.id === id)!;
    return {
      title: command.title,
      run: () => command.run(),
      ...(command.keys?.[0] === undefined ? {} : { keys: command.keys[0] }),
      ...(checked === undefined ? {} : { checked }),
    };
  };
  return (
    <div className="viewer-bar" role="toolbar" aria-label="Viewer">
      <NodeChip desk={desk} slot="a" {...(a === undefined ? {} : { node: a })} />
      {b !== undefined && <NodeChip desk={desk} slot="b" node={b} />}
      {leading !== undefined && desk.isMesh(leading) ? <TileSelect desk={desk} /> : <LayerSelect desk={desk} />}
      {leading !== undefined && <ModeSelect desk={desk} node={leading} />}
      {mode === 'relief' && <ReliefControls desk={desk} />}
      {mode === 'heat' && typeof channel === 'string' && <HeatControls desk={desk} channel={channel} />}
      {mode === 'light' && <LightControls desk={desk} />}
      {b !== undefined && (
        <div className="viewer-compare" title={COMPARES.find(({ value }) => value === display.compare)!.doc}>
          <Select
            label="Compare A and B"
            value={display.compare}
            options={COMPARES}
            onChange={(compare) => desk.show({ compare: compare as Compare })}
          />
        </div>
      )}
      <div className="viewer-bar-end">
        {mode === 'light' && (
          <div className="viewer-optional">
            <IconButton
              icon={PaintbrushVertical}
              title="False colour by stops"
              keys={VIEWER_KEYS.falseColour}
              pressed={display.falseColour}
              onClick={() => desk.show({ falseColour: !display.falseColour })}
            />
            <IconButton
              icon={Contrast}
              title="Zebra: above 1 and below 0"
              keys={VIEWER_KEYS.zebra}
              pressed={display.zebra}
              onClick={() => desk.show({ zebra: !display.zebra })}
            />
          </div>
        )}
        <IconButton
          icon={Spline}
          title="Scopes"
          keys={VIEWER_KEYS.scopes}
          pressed={choices.scopes}
          onClick={() => desk.choose({ scopes: !choices.scopes })}
        />
        <IconButton
          icon={Ellipsis}
          title="More of the viewer"
          onClick={({ currentTarget }) => {
            const { right, bottom } = currentTarget.getBoundingClientRect();
            open(
              [
                entry('viewer.fit'),
                entry('viewer.pixels'),
                'line',
                entry('viewer.falseColour', display.falseColour),
                entry('viewer.zebra', display.zebra),
                entry('viewer.highlight', display.highlight),
                entry('viewer.scopes', choices.scopes),
                'line',
                entry('viewer.windows', choices.windows),
                entry('viewer.surround'),
                entry('viewer.values', choices.values),
                'line',
                entry('viewer.reset'),
                entry('viewer.swap'),
                entry('viewer.reload'),
              ],
              { x: right - 200, y: bottom },
            );
          }}
        />
      </div>
      {menu}
    </div>
  );
}

/** Channels alone, exposure, gamma and display transform. */
function LightControls({ desk }: { readonly desk: ViewerDesk }) {
  const { display } = desk;
  return (
    <>
      <fieldset className="viewer-solos" aria-label="Channels">
        {SOLOS.map(({ solo, letter, title }) => (
          <Tooltip
            key={solo}
            text={title}
            keys={VIEWER_KEYS.solo[solo as Exclude<Solo, 'rgb'>]}
            child={
              <button
                type="button"
                className={`viewer-solo viewer-solo-${solo}`}
                aria-label={title}
                aria-pressed={display.solo === solo}
                onClick={() => desk.show({ solo: display.solo === solo ? 'rgb' : solo })}
              >
                {letter}
              </button>
            }
          />
        ))}
      </fieldset>
      <div className="viewer-exposure" title="Exposure in stops; double click for 0">
        <Slider
          bare
          label="Exposure"
          value={display.exposure}
          min={-8}
          max={8}
          step={0.05}
          neutral={0}
          onChange={(exposure) => desk.show({ exposure })}
        />
        <div className="viewer-number">
          <NumberField
            label="Exposure"
            value={display.exposure}
            min={-EXPOSURE_RANGE}
            max={EXPOSURE_RANGE}
            step={0.1}
            unit="EV"
            onChange={(exposure) => desk.show({ exposure })}
          />
        </div>
      </div>
      <div className="viewer-number" title="Gamma of the viewer, before the display transform">
        <NumberField
          label="Gamma"
          value={display.gamma}
          min={GAMMA_RANGE[0]}
          max={GAMMA_RANGE[1]}
          step={0.05}
          unit="γ"
          onChange={(gamma) => desk.show({ gamma })}
        />
      </div>
      <div className="viewer-transform" title={transformWords(desk)}>
        <Select
          label="Display transform"
          value={display.transform}
          options={DISPLAY_TRANSFORMS.map(({ id, title }) => ({ value: id, title }))}
          onChange={(transform) => void desk.showThrough(transform)}
        />
      </div>
    </>
  );
}

/** What the transform is, and what the picture is taken for. */
function transformWords(desk: ViewerDesk): string {
  const { transform, compare } = desk.display;
  const { doc } = DISPLAY_TRANSFORMS[transformIndex(transform)]!;
  const light = desk.lightOf(compare === 'b' ? 'b' : 'a');
  if (!needsCube(transform) || !light) return doc;
  if (light.toAcescg.length === 0)
    return `${doc} The picture is no scene-linear light (${light.title}): it is shown as it is.`;
  const taken = `The picture is taken as ${light.title}`;
  return `${doc} ${taken}${light.stated ? ', as it says.' : ': it does not say what it is.'}`;
}

/** What stands in a slot; a click selects the node. */
function NodeChip({
  desk,
  slot,
  node,
}: {
  readonly desk: ViewerDesk;
  readonly slot: 'a' | 'b';
  readonly node?: string;
}) {
  const { store } = desk;
  const document = useValue(store.document$);
  const title = node === undefined ? '—' : (document.nodes[node]?.title ?? node);
  return (
    <Tooltip
      text={node === undefined ? `Nothing in ${slot.toUpperCase()}` : `${slot.toUpperCase()} shows ${title}: select it`}
      child={
        <button
          type="button"
          className="viewer-chip"
          disabled={node === undefined}
          onClick={() => node !== undefined && store.select([node])}
        >
          <span className="viewer-chip-slot">{slot.toUpperCase()}</span>
          <span className="viewer-chip-title">{title}</span>
        </button>
      }
    />
  );
}
