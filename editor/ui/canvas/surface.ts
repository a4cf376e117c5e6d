// The surface: joins store, scene, Rete, painter and gestures; turns what changed into one drawing a frame.
import { BehaviorSubject, type Subscription } from 'rxjs';
import type { CatalogueEntry, Document } from '../../../engine/browser.ts';
import type { Store } from '../store/store.ts';
import { NOTHING, rectOf, type Things } from './arrange.ts';
import { type Camera, framing, levelAt, revealing, toCanvas } from './camera.ts';
import { type Change, isRefused, type Refused } from './change.ts';
import { boundsOf, type Point, type Rect } from './geometry.ts';
import { Minimap } from './minimap.ts';
import type { Overlay, Word } from './overlay.ts';
import { Painter } from './painter.ts';
import { readPalette } from './palette.ts';
import { Pictures } from './pictures.ts';
import { ReteView } from './rete.ts';
import { makeScene, reach } from './scene.ts';
import { emptyStage, type Stage } from './stage.ts';
import { problemsByNode, type Status, sameStatus, statusOf } from './status.ts';
import { NodeViews } from './views.ts';
import { Wiring, type WiringHost } from './wiring.ts';

/** The elements that the surface draws into. */
export interface SurfaceParts {
  /** What takes the focus and the gestures. */
  readonly container: HTMLElement;
  /** Empty: Rete puts the nodes into it. */
  readonly nodes: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

/** Below this zoom the words on nodes are set larger, as far as the nodes have room. */
const SMALL = 0.8;

export class Surface implements WiringHost {
  readonly store: Store;
  readonly stage: Stage = emptyStage();
  readonly views: NodeViews;
  readonly pictures: Pictures;
  readonly wires: Wiring;
  readonly minimap: Minimap;
  readonly container: HTMLElement;
  readonly camera$ = new BehaviorSubject<Camera>({ x: 0, y: 0, k: 1 });
  readonly overlay$ = new BehaviorSubject<Overlay | null>(null);
  readonly word$ = new BehaviorSubject<Word | null>(null);
  /** The node whose wires are gone through by keys. */
  wireOwner: string | undefined;
  /** Which node each digit recalls. */
  readonly digits = new Map<string, string>();
  /** Where the pointer was last, in the view; undefined until it was there. */
  pointerAt: Point | undefined;
  readonly #painter: Painter;
  readonly #rete: ReteView;
  readonly #subscriptions: Subscription[] = [];
  readonly #observer: ResizeObserver;
  #catalogue: ReadonlyMap<string, CatalogueEntry> = new Map();
  #frame: number | undefined;
  #mapStale = true;
  #cameraStale = true;
  #unframed = true;
  #words = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, { container, nodes, canvas, minimap }: SurfaceParts) {
    this.store = store;
    this.container = container;
    const palette = readPalette(container);
    this.#painter = new Painter(canvas, palette);
    this.minimap = new Minimap(minimap, palette);
    this.views = new NodeViews(
      {
        mounted: (element, node, side, key) => this.#rete.addSocket(element, node, side, key),
        unmounted: (element) => this.#rete.removeSocket(element),
      },
      (id) => this.pictures.imageOf(id),
    );
    this.wires = new Wiring(this);
    this.#rete = new ReteView(nodes, this.views, this.wires);
    this.pictures = new Pictures(
      store,
      (id) => this.views.draw(id),
      () => this.#take(store.document$.value),
    );
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(container);
    this.#measure();
    this.#subscribe();
  }

  #subscribe(): void {
    const { store } = this;
    this.#subscriptions.push(
      store.catalogue$.subscribe((entries) => {
        this.#catalogue = new Map(entries.map((entry) => [entry.type, entry]));
        this.#take(store.document$.value);
      }),
      store.reset$.subscribe(() => {
        this.#unframed = true;
        this.digits.clear();
        this.overlay$.next(null);
        this.stage.drag = undefined;
        this.#take(store.document$.value);
      }),
      store.document$.subscribe((document) => {
        if (document !== this.stage.scene.document) this.#take(document);
      }),
      store.selection$.subscribe((selection) => {
        this.stage.selection = selection;
        this.#mapStale = true;
        this.refresh();
      }),
      store.wire$.subscribe((wire) => {
        this.stage.wire = wire;
        this.refresh();
      }),
      store.nodes$.subscribe(() => this.#readStatuses()),
      store.problems$.subscribe(() => this.#readStatuses()),
      store.viewed$.subscribe(() => {
        this.#readPath();
        this.#readStatuses();
      }),
    );
  }

  destroy(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.pictures.destroy();
    this.#observer.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    this.#rete.destroy();
  }

  /** Draws before the next picture of the screen. */
  refresh(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  /** Makes a change, or says why there is none. */
  apply(outcome: Change | Refused, group?: string): void {
    if (isRefused(outcome)) {
      this.say(outcome.refused);
      return;
    }
    this.store.edit(outcome.edit, outcome.intent, group);
    if (outcome.select) this.select({ ...NOTHING, nodes: outcome.select });
  }

  /** Selects nodes, backdrops and notes; a wire is selected alone. */
  select({ nodes, backdrops, notes }: Things): void {
    this.stage.backdrops = new Set(backdrops);
    this.stage.notes = new Set(notes);
    this.store.select(nodes);
    this.refresh();
  }

  selectWire(id: string): void {
    this.select(NOTHING);
    this.store.selectWire(id);
  }

  get selected(): Things {
    const { selection, backdrops, notes } = this.stage;
    return { nodes: [...selection], backdrops: [...backdrops], notes: [...notes] };
  }

  /** Where the pointer is on the canvas; the middle of the view where it is elsewhere. */
  pointer(): Point {
    const { width, height } = this.stage.size;
    return toCanvas(this.stage.camera, this.pointerAt ?? { x: width / 2, y: height / 2 });
  }

  open(overlay: Overlay | null): void {
    const { stage } = this;
    stage.typing =
      overlay?.kind === 'title'
        ? `backdrop ${overlay.backdrop}`
        : overlay?.kind === 'text'
          ? `note ${overlay.note}`
          : undefined;
    this.overlay$.next(overlay);
    if (!overlay) this.container.focus({ preventScroll: true });
    this.refresh();
  }

  say(text: string): void {
    const { width, height } = this.stage.size;
    this.#words += 1;
    this.word$.next({ id: this.#words, text, at: this.pointerAt ?? { x: width / 2, y: height / 2 } });
  }

  wiring(active: boolean): void {
    this.container.classList.toggle('canvas-wiring', active);
  }

  /** Gives up the wire in hand. */
  cancelWire(): void {
    this.#rete.cancelWire();
  }

  setCamera(camera: Camera): void {
    this.stage.camera = camera;
    this.#cameraStale = true;
    this.camera$.next(camera);
    this.refresh();
  }

  /** Shows some nodes whole, or everything. */
  frame(ids?: Iterable<string>): void {
    const { scene, size } = this.stage;
    const nodes = ids ? [...ids].flatMap((id) => scene.nodes.get(id) ?? []) : [...scene.nodes.values()];
    const { backdrops = {}, notes = {} } = ids ? {} : (scene.document.canvas ?? {});
    const rects: Rect[] = [...nodes, ...Object.values(backdrops).map(rectOf), ...Object.values(notes).map(rectOf)];
    const bounds = boundsOf(rects);
    if (bounds) this.setCamera(framing(bounds, size));
  }

  /** Moves the view, no further than needed, so that nodes can be seen. */
  reveal(...ids: readonly string[]): void {
    const bounds = boundsOf(ids.flatMap((id) => this.stage.scene.nodes.get(id) ?? []));
    if (bounds) this.setCamera(revealing(this.stage.camera, bounds, this.stage.size));
  }

  /** Shows or hides pictures on nodes. */
  togglePictures(ids: readonly string[]): void {
    this.pictures.toggle(ids);
    this.#take(this.store.document$.value);
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.container;
    if (width === 0 || height === 0) return;
    this.stage.size = { width, height };
    this.#painter.resize(this.stage.size, Math.max(1, window.devicePixelRatio));
    this.#frameFirst();
    // At once, as a canvas of a new size is empty.
    this.#draw();
  }

  #take(document: Document): void {
    this.pictures.keep((id) => Object.hasOwn(document.nodes, id));
    const before = this.stage.scene;
    const context = { catalogue: this.#catalogue, pictures: this.pictures.shown };
    this.stage.scene = makeScene(document, context, before);
    const { canvas } = document;
    this.stage.backdrops = kept(this.stage.backdrops, canvas?.backdrops);
    this.stage.notes = kept(this.stage.notes, canvas?.notes);
    void this.#rete.show(this.stage.scene).then(() => this.refresh());
    this.#mapStale = true;
    this.#readPath();
    this.#readStatuses();
    this.#frameFirst();
  }

  #frameFirst(): void {
    if (!this.#unframed || this.stage.scene.nodes.size === 0 || this.stage.size.width <= 1) return;
    this.#unframed = false;
    this.frame();
  }

  #readPath(): void {
    const { a, b } = this.store.viewed$.value;
    const viewed = [a, b].filter((id) => id !== undefined);
    this.stage.path = reach(this.stage.scene.document, viewed, 'upstream');
  }

  #readStatuses(): void {
    const { store, stage } = this;
    const problems = problemsByNode(store.problems$.value);
    const views = store.nodes$.value;
    const { a, b } = store.viewed$.value;
    const before = new Map(stage.statuses);
    stage.statuses.clear();
    for (const { id, node, entry } of stage.scene.nodes.values()) {
      const status: Status = statusOf({
        typeTitle: entry?.title,
        type: node.type,
        disabled: node.disabled === true,
        view: views[id],
        problems: problems.get(id) ?? [],
        viewed: (id === a ? 'A' : '') + (id === b ? 'B' : ''),
      });
      const old = before.get(id);
      stage.statuses.set(id, old && sameStatus(old, status) ? old : status);
    }
    this.refresh();
  }

  #draw(): void {
    const { stage } = this;
    if (this.#cameraStale) {
      this.#cameraStale = false;
      this.container.classList.toggle('canvas-far', levelAt(stage.camera.k) !== 'near');
      this.container.classList.toggle('canvas-small', stage.camera.k < SMALL);
      void this.#rete.setCamera(stage.camera);
      this.#keepLayer();
    }
    this.views.update(stage);
    this.#painter.paint(stage);
    if (this.#mapStale) {
      this.#mapStale = false;
      this.minimap.redraw(stage);
    }
    this.minimap.show(stage);
  }

  /** While the view moves the nodes are one layer, scaled as they are; once it rests they are drawn sharp. */
  #keepLayer(): void {
    this.container.classList.add('canvas-moving');
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.container.classList.remove('canvas-moving'), 160);
  }
}

const kept = (ids: ReadonlySet<string>, all: object | undefined): ReadonlySet<string> =>
  [...ids].every((id) => all && Object.hasOwn(all, id))
    ? ids
    : new Set([...ids].filter((id) => all && Object.hasOwn(all, id)));
