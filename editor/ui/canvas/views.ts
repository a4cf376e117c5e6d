// The elements of nodes: made when a node first comes into view, hidden when it leaves, moved along while it is dragged.
import { levelAt, seen } from './camera.ts';
import { grown, overlaps } from './geometry.ts';
import { NodeElements, type SocketHooks } from './node-view.ts';
import { placeOf, type Stage } from './stage.ts';

/** Pixels of the canvas around the view in which nodes are kept ready. */
const MARGIN = 160;

interface View {
  readonly host: HTMLElement;
  elements: NodeElements | undefined;
  shown: boolean;
}

export class NodeViews {
  readonly #views = new Map<string, View>();
  readonly #sockets: SocketHooks;
  readonly #pictureOf: (id: string) => HTMLCanvasElement | undefined;

  constructor(sockets: SocketHooks, pictureOf: (id: string) => HTMLCanvasElement | undefined) {
    this.#sockets = sockets;
    this.#pictureOf = pictureOf;
  }

  mounted(id: string, host: HTMLElement): void {
    host.className = 'node-host';
    host.hidden = true;
    this.#views.set(id, { host, elements: undefined, shown: false });
  }

  unmounted(id: string): void {
    this.#views.get(id)?.elements?.destroy();
    this.#views.delete(id);
  }

  /** Shows the nodes in view as they are now, hides the others. */
  update(stage: Stage): void {
    const near = levelAt(stage.camera.k) === 'near';
    const view = near ? grown(seen(stage.camera, stage.size), MARGIN) : undefined;
    for (const [id, one] of this.#views) {
      const node = stage.scene.nodes.get(id);
      const status = stage.statuses.get(id);
      const shown =
        view !== undefined && node !== undefined && status !== undefined && overlaps(view, placeOf(stage, node));
      if (shown !== one.shown) {
        one.shown = shown;
        one.host.hidden = !shown;
      }
      if (!shown) continue;
      let { elements } = one;
      if (!elements) {
        elements = new NodeElements(this.#sockets);
        one.elements = elements;
        one.host.append(elements.root);
      }
      elements.update(node, status);
      const selected = stage.selection.has(id);
      elements.selected = selected;
      // What it would go into can be seen through it.
      elements.root.classList.toggle('node-inserting', stage.hot !== undefined && stage.drag?.nodes.has(id) === true);
      one.host.style.zIndex = selected ? '1' : '';
      one.host.style.translate = stage.drag?.nodes.has(id) ? `${stage.drag.by.x}px ${stage.drag.by.y}px` : '';
      if (!elements.drawn) this.draw(id);
    }
  }

  /** Draws the node's picture, where it has one. */
  draw(id: string): void {
    const picture = this.#pictureOf(id);
    if (picture) this.#views.get(id)?.elements?.draw(picture);
  }

  /** The elements of sockets that are on the screen. */
  *sockets(): Generator<{ readonly node: string; readonly element: HTMLElement }> {
    for (const [node, { elements, shown }] of this.#views) {
      if (!shown || !elements) continue;
      for (const element of elements.ports) yield { node, element };
    }
  }
}
