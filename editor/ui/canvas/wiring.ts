// Dragging a wire: what is in hand, which sockets would take it, and what letting go of it does.
import { type Link, parseLinkEnd } from '../../../engine/browser.ts';
import { type Change, isRefused, type Refused } from './change.ts';
import { connect, disconnect, misfit, nameFor, roomFor, type SocketPlace, socketOf } from './connect.ts';
import type { WireHooks } from './flow.ts';
import type { Point } from './geometry.ts';
import { nodeAt } from './hit.ts';
import type { Overlay } from './overlay.ts';
import { joins, keyOf, type Side } from './ports.ts';
import { socketAt } from './scene.ts';
import type { Stage } from './stage.ts';
import type { NodeViews } from './views.ts';

/** What dragging a wire needs of the surface. */
export interface WiringHost {
  readonly stage: Stage;
  readonly views: NodeViews;
  /** Where the pointer is, on the canvas. */
  pointer(): Point;
  refresh(): void;
  apply(change: Change | Refused): void;
  open(overlay: Overlay): void;
  say(text: string): void;
  /** True while wires are in hand, for the style of sockets. */
  wiring(active: boolean): void;
}

export class Wiring implements WireHooks {
  readonly #host: WiringHost;
  #lifted: Link | undefined;

  constructor(host: WiringHost) {
    this.#host = host;
  }

  get active(): boolean {
    return this.#host.stage.held !== undefined;
  }

  picked(socket: SocketPlace): SocketPlace {
    const { stage } = this.#host;
    const end = `${socket.node}.${socket.key}`;
    this.#lifted = socket.side === 'input' ? stage.scene.document.links.find(({ to }) => to === end) : undefined;
    const fixed: SocketPlace = this.#lifted
      ? { node: parseLinkEnd(this.#lifted.from).node, side: 'output', key: keyOf(this.#lifted.from) }
      : socket;
    const node = stage.scene.nodes.get(fixed.node);
    const start = node && socketAt(node, fixed.side, fixed.key);
    if (start) {
      const lifted = this.#lifted && { lifted: this.#lifted.to };
      stage.held = { from: fixed, start, end: this.#host.pointer(), ...lifted };
    }
    stage.hot = undefined;
    this.#mark(fixed);
    this.#host.refresh();
    return fixed;
  }

  /** The pointer moved. */
  moved(end: Point): void {
    const { stage } = this.#host;
    if (!stage.held) return;
    stage.held = { ...stage.held, end };
    this.#host.refresh();
  }

  dropped(socket: SocketPlace): void {
    const held = this.#release();
    if (held) this.#join(held.from, socket, held.lifted);
  }

  droppedOnNothing(): void {
    const held = this.#release();
    if (!held) return;
    const { stage } = this.#host;
    const at = this.#host.pointer();
    const node = nodeAt(stage, at);
    if (node && node.id !== held.from.node) {
      const socket = this.#fittingAt(held.from, node.id);
      if (socket) this.#join(held.from, socket, held.lifted);
      else this.#host.say('Nothing here takes this wire.');
    } else if (held.lifted) this.#host.apply(disconnect(held.lifted));
    else if (!node) this.#host.open({ kind: 'search', at, purpose: { kind: 'atEnd', place: held.from } });
  }

  cancelled(): void {
    this.#release();
  }

  #release(): { readonly from: SocketPlace; readonly lifted: Link | undefined } | undefined {
    const { stage } = this.#host;
    const { held } = stage;
    stage.held = undefined;
    const lifted = this.#lifted;
    this.#lifted = undefined;
    this.#host.wiring(false);
    this.#host.refresh();
    return held && { from: held.from, lifted };
  }

  #join(fixed: SocketPlace, other: SocketPlace, lifted: Link | undefined): void {
    const { stage } = this.#host;
    const [from, to] = fixed.side === 'output' ? [fixed, other] : [other, fixed];
    if (lifted && lifted.to === `${other.node}.${other.key}`) return;
    const instead = lifted && { instead: lifted };
    const outcome = connect(stage.scene, { from, to, ...instead });
    const target = socketOf(stage.scene, to);
    // A wire that moves within its port keeps its name.
    const named = lifted && parseLinkEnd(lifted.to).node === to.node && parseLinkEnd(lifted.to).port === target?.port;
    if (isRefused(outcome) || !target?.free || named) {
      this.#host.apply(outcome);
      return;
    }
    const node = stage.scene.nodes.get(to.node)!;
    this.#host.open({
      kind: 'name',
      at: socketAt(node, 'input', to.key) ?? node,
      from,
      to,
      port: target.port,
      suggested: nameFor(stage.scene.document.links, to.node, target.port, from.node),
      ...instead,
    });
  }

  /** The first socket of a node that could take the wire. */
  #fittingAt(fixed: SocketPlace, id: string): SocketPlace | undefined {
    const { scene } = this.#host.stage;
    const node = scene.nodes.get(id);
    const kind = socketOf(scene, fixed)?.kind;
    if (!node || !kind) return undefined;
    const { links } = scene.document;
    const taken = (key: string): boolean => links.some(({ to }) => to === `${id}.${key}`);
    const socket =
      fixed.side === 'output'
        ? (roomFor(node.inputs, kind, taken) ?? roomFor(node.inputs, kind, () => false))
        : node.outputs.find((one) => joins(kind, one.kind));
    return socket && { node: id, side: socket.side, key: socket.key };
  }

  /** Shows which sockets would take the wire. */
  #mark(fixed: SocketPlace): void {
    const { stage, views } = this.#host;
    for (const { node, element } of views.sockets()) {
      const { socket: key = '', side } = element.dataset;
      const own = node === fixed.node && key === fixed.key && side === fixed.side;
      const fits = own || misfit(stage.scene, fixed, { node, side: side as Side, key }) === undefined;
      element.classList.toggle('port-yes', fits && !own);
      element.classList.toggle('port-no', !fits);
    }
    this.#host.wiring(true);
  }
}
