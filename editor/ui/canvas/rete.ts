// Rete as a view of the scene: nodes, connections, places and the camera follow the scene; nothing is kept here.
import { ClassicPreset, type GetSchemes, NodeEditor, Scope } from 'rete';
import { type Area2D, AreaPlugin, type RenderSignal } from 'rete-area-plugin';
import { ConnectionPlugin } from 'rete-connection-plugin';
import type { Camera } from './camera.ts';
import { WireFlow, type WireHooks } from './flow.ts';
import { keyOf, type Side } from './ports.ts';
import { EMPTY_SCENE, type Scene, type SceneWire } from './scene.ts';

class ViewNode extends ClassicPreset.Node {
  constructor(id: string) {
    super(id);
    this.id = id;
  }
}

/** A connection without the classes of sockets that Rete's own would ask for; wires are drawn by the painter. */
interface ViewConnection {
  id: string;
  source: string;
  target: string;
  sourceOutput: string;
  targetInput: string;
  isPseudo?: boolean;
}

type Schemes = GetSchemes<ViewNode, ViewConnection & ClassicPreset.Connection<ViewNode, ViewNode>>;
type SocketSignal = RenderSignal<'socket', { nodeId: string; side: Side; key: string }>;
type Signals = Area2D<Schemes> | SocketSignal;

/** Told when the element of a node is there, and when it goes. */
export interface ElementHooks {
  mounted(id: string, element: HTMLElement): void;
  unmounted(id: string): void;
}

/** Takes the place of a renderer with one root for each node: hands over elements, draws nothing. */
class Elements extends Scope<never, [Signals]> {
  readonly #hooks: ElementHooks;
  readonly #seen = new Map<HTMLElement, string>();

  constructor(hooks: ElementHooks) {
    super('elements');
    this.#hooks = hooks;
    this.addPipe((signal) => {
      if (signal.type === 'render' && signal.data.type === 'node')
        this.#mount(signal.data.payload.id, signal.data.element);
      else if (signal.type === 'render' && signal.data.type === 'connection')
        signal.data.element.style.display = 'none';
      else if (signal.type === 'unmount') this.#unmount(signal.data.element);
      return signal;
    });
  }

  #mount(id: string, element: HTMLElement): void {
    if (this.#seen.has(element)) return;
    this.#seen.set(element, id);
    this.#hooks.mounted(id, element);
  }

  #unmount(element: HTMLElement): void {
    const id = this.#seen.get(element);
    if (id === undefined) return;
    this.#seen.delete(element);
    this.#hooks.unmounted(id);
  }
}

const idOf = (wire: SceneWire): string => `${wire.link.from}>${wire.link.to}`;

export class ReteView {
  readonly #editor = new NodeEditor<Schemes>();
  readonly #area: AreaPlugin<Schemes, SocketSignal>;
  readonly #connection = new ConnectionPlugin<Schemes, Signals>();
  readonly #flow: WireFlow;
  #shown: Scene = EMPTY_SCENE;
  #wanted: Scene = EMPTY_SCENE;
  #running: Promise<void> | undefined;
  #destroyed = false;

  constructor(container: HTMLElement, elements: ElementHooks, wires: WireHooks) {
    this.#area = new AreaPlugin<Schemes, SocketSignal>(container);
    this.#flow = new WireFlow(wires);
    this.#editor.use(this.#area);
    this.#area.use(this.#connection);
    this.#area.use(new Elements(elements));
    this.#connection.addPreset(() => this.#flow);
    // The gestures of the canvas are its own: they act on the document and not on Rete.
    this.#area.area.setDragHandler(null);
    this.#area.area.setZoomHandler(null);
  }

  /** Shows a scene. Calls while one is being taken over wait for it; only the newest of them counts. */
  show(scene: Scene): Promise<void> {
    this.#wanted = scene;
    this.#running ??= this.#catchUp().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #catchUp(): Promise<void> {
    while (this.#shown !== this.#wanted && !this.#destroyed) {
      const [before, now] = [this.#shown, this.#wanted];
      this.#shown = now;
      await this.#take(before, now);
    }
  }

  async #take(before: Scene, now: Scene): Promise<void> {
    const old = new Set(before.wires.map(idOf));
    const kept = new Set(now.wires.map(idOf));
    await Promise.all([...old].filter((id) => !kept.has(id)).map((id) => this.#editor.removeConnection(id)));
    const gone = [...before.nodes.keys()].filter((id) => !now.nodes.has(id));
    await Promise.all(gone.map((id) => this.#editor.removeNode(id)));
    const fresh = [...now.nodes.keys()].filter((id) => !before.nodes.has(id));
    await Promise.all(fresh.map((id) => this.#editor.addNode(new ViewNode(id))));
    // Rete's own drag would keep presses on nodes to itself.
    for (const id of fresh) this.#area.nodeViews.get(id)?.dragHandler.destroy();
    await Promise.all(
      [...now.nodes.values()].map((node) => {
        const last = before.nodes.get(node.id);
        return last && last.x === node.x && last.y === node.y ? undefined : this.#area.translate(node.id, node);
      }),
    );
    await Promise.all(
      now.wires.filter((wire) => !old.has(idOf(wire))).map((wire) => this.#editor.addConnection(connectionOf(wire))),
    );
  }

  async setCamera({ x, y, k }: Camera): Promise<void> {
    const { area } = this.#area;
    const { transform } = area;
    if (transform.k === k) await area.translate(x, y);
    else await area.zoom(k, x - transform.x, y - transform.y);
  }

  /** Lets wires be dragged from and to the element of a socket. */
  addSocket(element: HTMLElement, nodeId: string, side: Side, key: string): void {
    void this.#area.emit({ type: 'render', data: { type: 'socket', element, nodeId, side, key } });
  }

  removeSocket(element: HTMLElement): void {
    void this.#area.emit({ type: 'unmount', data: { element } });
  }

  /** Gives up the wire that is being dragged. */
  cancelWire(): void {
    this.#flow.cancel();
    this.#connection.drop();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#area.destroy();
    this.#area.container.replaceChildren();
  }
}

const connectionOf = (wire: SceneWire): ViewConnection => ({
  id: idOf(wire),
  source: wire.source,
  sourceOutput: keyOf(wire.link.from),
  target: wire.target,
  targetInput: keyOf(wire.link.to),
});
