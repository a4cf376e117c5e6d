// The picture of the charts of a mesh before it has come: as large as what is beside it.
import { type Box, boxHeight, boxWidth, type ImageSpec } from '../../../engine/browser.ts';

/** Texels across or down at most. */
const MOST = 8192;

let made: { readonly from: ImageSpec; readonly size: string; readonly image: ImageSpec } | undefined;

/** The description with another window, where one of that size can be asked for and begins at 0. */
export function chartsLike(charts: ImageSpec, window: Box | undefined): ImageSpec {
  if (window === undefined || !startsAtZero(window)) return charts;
  const [width, height] = [boxWidth(window), boxHeight(window)];
  if (width < 1 || height < 1 || width > MOST || height > MOST) return charts;
  const size = `${width} ${height}`;
  if (made?.from === charts && made.size === size) return made.image;
  const windows = { dataWindow: window, displayWindow: window };
  made = { from: charts, size, image: { ...charts, parts: charts.parts.map((part) => ({ ...part, ...windows })) } };
  return made.image;
}

const startsAtZero = ({ minX, minY }: Box): boolean => minX === 0 && minY === 0;
