// What can stand over the canvas: a search, a field for a name, a menu, or a word on what just happened.
import type { Link } from '../../../engine/browser.ts';
import type { SocketPlace } from './connect.ts';
import type { Point } from './geometry.ts';
import type { SceneWire } from './scene.ts';

/** What a chosen entry of the search becomes. */
export type Purpose =
  /** A new node, after the selected ones where that fits. */
  | { readonly kind: 'create' }
  | { readonly kind: 'inWire'; readonly wire: SceneWire }
  /** A new node at the other end of a wire that was dragged into nothing. */
  | { readonly kind: 'atEnd'; readonly place: SocketPlace };

/** Points are of the canvas, so that overlays stay where they belong when the view moves. */
export type Overlay =
  | { readonly kind: 'search'; readonly at: Point; readonly purpose: Purpose }
  | { readonly kind: 'find' }
  | { readonly kind: 'rename'; readonly node: string }
  /** `group` is that of the step in which it was made just now. */
  | { readonly kind: 'title'; readonly backdrop: string; readonly group?: string }
  | { readonly kind: 'text'; readonly note: string; readonly group?: string }
  /** The name of one more input of a port that takes many. */
  | {
      readonly kind: 'name';
      readonly at: Point;
      readonly from: SocketPlace;
      readonly to: SocketPlace;
      readonly port: string;
      readonly suggested: string;
      readonly instead?: Link;
    };

/** A few words beside the pointer that go by themselves; `id` tells one from the next. */
export interface Word {
  readonly id: number;
  readonly text: string;
  /** Of the view. */
  readonly at: Point;
}
