// What is chosen in the viewer, beside nodes, camera and frame.
import { DEFAULT_DISPLAY, type DisplaySettings } from './display.ts';
import { type DataChoices, FIRST_DATA_CHOICES } from './manners.ts';

export type SlotName = 'a' | 'b';
export type Surround = 'grey' | 'black' | 'middle';

export interface Choices extends DataChoices {
  readonly display: DisplaySettings;
  readonly part: number;
  /** Key of a layer, or name of a channel; the first layer where it is left out or not there. */
  readonly layer?: string;
  /** Of a mesh; the first one where it is left out or has no charts. */
  readonly tile?: number;
  readonly surround: Surround;
  /** Draws the display and data windows. */
  readonly windows: boolean;
  /** Shows the values of all channels under the pointer. */
  readonly values: boolean;
  readonly scopes: boolean;
  /** Where the wipe stands: a share of the display window's width. */
  readonly wipe: number;
}

/** What is chosen at first. */
export const FIRST_CHOICES: Choices = {
  display: DEFAULT_DISPLAY,
  part: 0,
  ...FIRST_DATA_CHOICES,
  surround: 'grey',
  windows: true,
  values: false,
  scopes: false,
  wipe: 0.5,
};

export const SLOTS: readonly SlotName[] = ['a', 'b'];
