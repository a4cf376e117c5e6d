// The colours of the canvas, read from the tokens of the look once, as plain texts for drawing.
import type { SocketKind } from './ports.ts';

export interface Palette {
  readonly window: string;
  readonly panel: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  readonly error: string;
  readonly warning: string;
  readonly done: string;
  readonly running: string;
  readonly sans: string;
  readonly port: Readonly<Record<SocketKind, string>>;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    window: token('window'),
    panel: token('panel'),
    raised: token('raised'),
    line: token('line'),
    text: token('text'),
    quiet: token('quiet'),
    accent: token('accent'),
    error: token('error'),
    warning: token('warning'),
    done: token('done'),
    running: token('running'),
    sans: token('sans'),
    port: {
      image: token('port-image'),
      mesh: token('port-mesh'),
      number: token('port-number'),
      string: token('port-string'),
      colour: token('port-colour'),
      unknown: token('quiet'),
    },
  };
}

const CATEGORIES: Readonly<Record<string, string>> = {
  io: '#8a8a8a',
  channel: '#7b9aa8',
  metadata: '#a89a6e',
  part: '#8f86a8',
  color: '#a87f72',
  template: '#a8729a',
  graph: '#5c5c5c',
};
const OTHERS = ['#7fa07a', '#72a096', '#9f7f9f', '#a0896b', '#7f88a8'];

/** The edge of a node: one quiet colour a category, always the same one. */
export function categoryColour(type: string): string {
  const category = type.slice(0, type.indexOf('.'));
  if (Object.hasOwn(CATEGORIES, category)) return CATEGORIES[category]!;
  let sum = 0;
  for (const letter of category) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return OTHERS[sum % OTHERS.length]!;
}
