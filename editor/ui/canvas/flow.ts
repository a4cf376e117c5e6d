// How a wire is dragged: picked at a socket, dropped on another one, on a node or on nothing; edits come of it, not wires.
import { Flow, type SocketData } from 'rete-connection-plugin';
import type { ClassicScheme } from 'rete-connection-plugin/_types/types';
import type { SocketPlace } from './connect.ts';

/** What the canvas does about a wire that is dragged. */
export interface WireHooks {
  /** A press on a socket. Gives the end that stays fixed: that socket, or the far end of the wire that was picked up. */
  picked(socket: SocketPlace): SocketPlace;
  dropped(socket: SocketPlace): void;
  droppedOnNothing(): void;
  cancelled(): void;
}

type Pick = Parameters<Flow<ClassicScheme, unknown[]>['pick']>[0];

const placeOf = ({ nodeId, side, key }: SocketData): SocketPlace => ({ node: nodeId, side, key });

export class WireFlow extends Flow<ClassicScheme, unknown[]> {
  readonly #hooks: WireHooks;
  #held: SocketData | undefined;
  /** Where the press was: letting go there keeps the wire in hand, so that two clicks do what a drag does. */
  #pressed: SocketPlace | undefined;

  constructor(hooks: WireHooks) {
    super();
    this.#hooks = hooks;
  }

  override pick({ socket, event }: Pick): Promise<void> {
    const place = placeOf(socket);
    if (!this.#held) {
      if (event === 'down') this.#take(socket, place);
    } else if (event === 'down' || !same(place, this.#pressed)) {
      this.#release();
      this.#hooks.dropped(place);
    }
    return Promise.resolve();
  }

  override getPickedSocket(): SocketData | undefined {
    return this.#held;
  }

  override drop(): void {
    if (!this.#held) return;
    this.#release();
    this.#hooks.droppedOnNothing();
  }

  cancel(): void {
    if (!this.#held) return;
    this.#release();
    this.#hooks.cancelled();
  }

  #take(socket: SocketData, place: SocketPlace): void {
    const fixed = this.#hooks.picked(place);
    this.#pressed = place;
    this.#held = { ...socket, nodeId: fixed.node, side: fixed.side, key: fixed.key };
  }

  #release(): void {
    this.#held = undefined;
    this.#pressed = undefined;
  }
}

const same = (a: SocketPlace, b: SocketPlace | undefined): boolean =>
  b !== undefined && a.node === b.node && a.side === b.side && a.key === b.key;
