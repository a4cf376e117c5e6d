// Modes: what a channel is drawn as. Light is what the display makes of it; the others show data so that it can be read.
import type { SampleType } from '../../../engine/browser.ts';
import type { View } from '../../protocol.ts';

export type Mode = 'light' | 'relief' | 'heat' | 'ids';

export const MODES: Readonly<Record<Mode, { readonly title: string; readonly doc: string }>> = {
  light: { title: 'Light', doc: 'The samples as light, through exposure and display transform.' },
  relief: { title: 'Relief', doc: 'The samples as the heights of a surface that is lit from one side.' },
  heat: { title: 'Heat map', doc: 'The samples as colours, those of the legend.' },
  ids: {
    title: 'Islands',
    doc: 'A colour for each number, always the same one, with borders between them. Mirrored islands are hatched.',
  },
};

/** The type of samples that a mode draws; halfs where it is left out. */
export const TYPES: Readonly<Record<Mode, View['type']>> = {
  light: undefined,
  relief: 'float',
  heat: 'float',
  ids: 'uint',
};

/** Names, in lower case and without their layer, of channels that are heights, and of those that tell of errors. */
const HEIGHTS = /^(height|displacement|disp|bump)$/;
const ERRORS = /^(residual|curl|error|divergence)$/;

/** What a channel can be drawn as when it is looked at alone, the mode for it first. */
export function modesFor(channel: string, type: SampleType): readonly Mode[] {
  if (type === 'uint') return ['ids', 'light'];
  const last = channel.slice(channel.lastIndexOf('.') + 1).toLowerCase();
  if (HEIGHTS.test(last)) return ['relief', 'heat', 'light'];
  return ERRORS.test(last) ? ['heat', 'relief', 'light'] : ['light', 'heat', 'relief'];
}

/** True of a channel that is best drawn as something else than light. */
export const isData = (channel: string, type: SampleType): boolean => modesFor(channel, type)[0] !== 'light';
