// The row below the picture: zoom, size, and what is under the pointer.
import { Cpu, Gpu } from 'lucide-react';
import { boxHeight, boxWidth } from '../../../engine/browser.ts';
import type { ChartsView } from '../../picture.ts';
import { Tooltip } from '../look/tooltip.tsx';
import { useSelect, useValue } from '../store/use.ts';
import type { ViewerDesk } from './desk.ts';
import { zoomAt } from './geometry.ts';
import { shortName } from './layers.ts';
import type { Painter } from './painter.ts';
import type { Probe, Probed, ProbeLine } from './probe.ts';
import './readout.css';
import { useDrawn } from './drawn.ts';

export interface ReadoutProps {
  readonly desk: ViewerDesk;
  readonly painter: Painter;
  readonly probe: Probe;
}

const percentText = (zoom: number): string => `${zoom >= 0.1 ? Math.round(zoom * 100) : (zoom * 100).toFixed(1)}%`;

export function Readout({ desk, painter, probe }: ReadoutProps) {
  const drawer = useValue(painter.words$);
  const zoom = useDrawn(desk, () => percentText(desk.camera?.zoom ?? 1));
  const isFitted = useSelect(desk.camera$, (camera) => camera === null);
  const size = useDrawn(desk, () => {
    const known = desk.leading === undefined ? undefined : desk.frameOf(desk.leading);
    if (!known) return '';
    if (desk.leading !== undefined && desk.isMesh(desk.leading)) return desk.charts ? `tile ${desk.charts.tile}` : '';
    const { displayWindow, aspect } = known;
    const pixels = `${boxWidth(displayWindow)}×${boxHeight(displayWindow)}`;
    const isDeep = desk.leading !== undefined && desk.partOf(desk.leading)?.part.kind === 'deep';
    return `${pixels}${aspect === 1 ? '' : ` at ${Number(aspect.toFixed(4))}`}${isDeep ? ', deep: flattened' : ''}`;
  });
  const toggle = (): void => {
    const { camera, aspect } = desk;
    const screen = desk.screen$.value;
    if (!camera || !screen) return;
    const middle = { x: screen.width / 2, y: screen.height / 2 };
    desk.camera$.next(isFitted ? zoomAt(camera, aspect, screen, middle, 1) : null);
  };
  const Chip = painter.kind === 'processor' ? Cpu : Gpu;
  return (
    <div className="readout">
      <Tooltip
        text={isFitted ? 'Fitted: show at 100%' : 'Fit the picture'}
        keys={isFitted ? 'Shift+H' : 'H'}
        child={
          <button type="button" className="readout-zoom" onClick={toggle}>
            {zoom}
            {isFitted && <span className="quiet"> fit</span>}
          </button>
        }
      />
      <span className="readout-size quiet">{size}</span>
      <PointReadout desk={desk} probe={probe} />
      <Tooltip
        text={drawer}
        child={
          <span className="readout-painter quiet" role="img" aria-label={drawer}>
            <Chip size={14} aria-hidden />
          </span>
        }
      />
    </div>
  );
}

interface CoordinateProps {
  readonly name: string;
  readonly children: number | string | undefined;
}

function Coordinate({ name, children }: CoordinateProps) {
  return (
    <span className="readout-at">
      <span className="quiet">{name}</span> {children ?? ''}
    </span>
  );
}

/** Position and values of the layer; empty fields keep their width, so that nothing jumps. */
function PointReadout({ desk, probe }: { readonly desk: ViewerDesk; readonly probe: Probe }) {
  const point = useValue(probe.point$);
  const layer = useDrawn(desk, () =>
    desk.leading === undefined ? '' : (desk.layerOf(desk.leading)?.channels ?? []).filter((name) => name).join('\n'),
  );
  const channels = layer === '' ? [] : layer.split('\n');
  const lineOf = (name: string): ProbeLine | undefined => point?.lines.find(({ channel }) => channel === name);
  const isIds = useDrawn(desk, () => desk.leading !== undefined && desk.modeOf(desk.leading) === 'ids');
  if (isIds && channels[0] !== undefined) return <IslandReadout desk={desk} point={point} channel={channels[0]} />;
  return (
    <div className="readout-point mono" aria-live="off">
      <Coordinate name="x">{point?.box.minX}</Coordinate>
      <Coordinate name="y">{point?.box.minY}</Coordinate>
      {channels.slice(0, 4).map((name) => {
        const line = lineOf(name);
        return (
          <span key={name} className="readout-value">
            <span className="quiet">{shortName(name)}</span> {line ? `${line.rough ? '~' : ''}${line.value}` : ''}
          </span>
        );
      })}
    </div>
  );
}

interface IslandProps {
  readonly desk: ViewerDesk;
  readonly point: Probed | null;
  /** The channel of numbers. */
  readonly channel: string;
}

/** The number under the pointer, where that is on the texture of a mesh, and whether the island is mirrored. */
function IslandReadout({ desk, point, channel }: IslandProps) {
  const beside = useDrawn(desk, () => desk.leadingSlot.picture?.header.channels[1] ?? '');
  const text = useDrawn(desk, () => JSON.stringify(desk.charts ?? null));
  const charts = JSON.parse(text) as ChartsView | null;
  const sampleOf = (name: string): string => point?.lines.find((line) => line.channel === name)?.value ?? '';
  const number = sampleOf(channel);
  const place = point && charts ? placeOnTile(desk, charts.tile, point) : undefined;
  const isIsland = charts !== null || beside !== '';
  return (
    <div className="readout-point mono" aria-live="off">
      <Coordinate name="x">{point?.box.minX}</Coordinate>
      <Coordinate name="y">{point?.box.minY}</Coordinate>
      {charts && (
        <>
          <Coordinate name="u">{place?.u.toFixed(4)}</Coordinate>
          <Coordinate name="v">{place?.v.toFixed(4)}</Coordinate>
        </>
      )}
      <span className="readout-value">
        <span className="quiet">{isIsland ? 'island' : shortName(channel)}</span>{' '}
        {isIsland && number === '0' ? 'none' : number}
      </span>
      {isIsland && <span className="readout-value readout-mirror">{MIRRORED[sampleOf(beside)] ?? ''}</span>}
    </div>
  );
}

/** By what the channel beside the numbers says. */
const MIRRORED: Readonly<Record<string, string>> = {
  1: 'mirrored in u',
  2: 'mirrored in v',
  3: 'mirrored in u and v',
};

function placeOnTile(desk: ViewerDesk, tile: number, { box }: Probed) {
  const window = desk.leading === undefined ? undefined : desk.frameOf(desk.leading)?.displayWindow;
  if (!window) return undefined;
  return {
    u: ((tile - 1001) % 10) + (box.minX - window.minX + 0.5) / boxWidth(window),
    v: Math.floor((tile - 1001) / 10) + 1 - (box.minY - window.minY + 0.5) / boxHeight(window),
  };
}
