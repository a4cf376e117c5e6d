// The viewer's state beside its components: slots, camera and choices. One for each store, whatever is on screen.
import { BehaviorSubject, merge, Subject, type Subscription } from 'rxjs';
import {
  type Box,
  boxHeight,
  boxWidth,
  type Document,
  formatFrames,
  type ImageSpec,
  type PartSpec,
} from '../../../engine/browser.ts';
import type { ChartsView, LightView } from '../../picture.ts';
import type { View } from '../../protocol.ts';
import type { Picture } from '../store/link.ts';
import { wordsOf } from '../store/refusal.ts';
import type { Store } from '../store/store.ts';
import { PictureCache } from './cache.ts';
import { chartsLike } from './charts.ts';
import { type Choices, FIRST_CHOICES, SLOTS, type SlotName } from './choices.ts';
import { Cubes } from './cubes.ts';
import type { DisplaySettings } from './display.ts';
import { type Camera, fitted, type Screen, wanted } from './geometry.ts';
import type { Range } from './heat.ts';
import { drawnChannels, findLayer, firstLayer, type Layer, modesOf } from './layers.ts';
import { Manners } from './manners.ts';
import { type Mode, TYPES } from './mode.ts';
import type { Manner } from './portrayal.ts';
import { ViewSlot } from './slot.ts';
import { Transport } from './transport.ts';
import { pictureTest } from './upstream.ts';
import { type Windowed, Windows } from './windows.ts';

export class ViewerDesk {
  readonly store: Store;
  readonly cache = new PictureCache();
  readonly choices$ = new BehaviorSubject<Choices>(FIRST_CHOICES);
  /** The place that the user has chosen; null while the whole display window is fitted. */
  readonly camera$ = new BehaviorSubject<Camera | null>(null);
  readonly screen$ = new BehaviorSubject<Screen | null>(null);
  /** Frames of the wanted view that this page holds, as `formatFrames` writes them. */
  readonly cached$ = new BehaviorSubject('');
  /** Fires once in an animation frame after anything that is drawn has changed. */
  readonly drawn$ = new Subject<void>();
  readonly slots: Readonly<Record<SlotName, ViewSlot>>;
  readonly transport: Transport;
  readonly cubes: Cubes;
  readonly #subscriptions: Subscription[];
  readonly #windows = new Windows();
  readonly #manners = new Manners();
  #scheduled = 0;
  /** The leading node as the host knows it. */
  #told: string | null | undefined;
  #document: Document;

  constructor(store: Store) {
    this.store = store;
    this.cubes = new Cubes(store);
    const { cache } = this;
    const slot = (number: number): ViewSlot =>
      new ViewSlot({ slot: number, store, cache, changed: () => this.schedule() });
    this.slots = { a: slot(0), b: slot(1) };
    this.transport = new Transport(store, () => this.#isCurrent());
    this.#document = store.document$.value;
    const schedule = (): void => this.schedule();
    this.#subscriptions = [
      store.pictures$.subscribe((picture) => {
        const name = SLOTS[picture.header.slot];
        if (!name || picture.header.serial < 0) return;
        this.#windows.learn(picture.header);
        this.slots[name].take(picture);
      }),
      store.viewEvents$.subscribe((event) => {
        const name = SLOTS[event.slot];
        if (name) this.slots[name].hear(event);
      }),
      store.document$.subscribe((document) => this.#follow(document)),
      store.reset$.subscribe(() => this.reload()),
      store.looked$.subscribe((slot) => {
        // What the mode does not show would be missed, though it stands in its slot already.
        if (slot === 'a' && this.display.compare === 'b') this.show({ compare: 'a' });
      }),
      store.viewed$.subscribe(({ a, b }) => {
        if (b !== undefined && a === undefined && this.display.compare === 'a') this.show({ compare: 'b' });
        if (b === undefined && this.display.compare !== 'a') this.show({ compare: 'a' });
        void this.transport.learnRate(a ?? b);
      }),
      merge(store.viewed$, store.nodes$, store.problems$, store.frame$, store.timeline$).subscribe(schedule),
      merge(this.choices$, this.camera$, this.screen$).subscribe(schedule),
    ];
  }

  get display(): DisplaySettings {
    return this.choices$.value.display;
  }

  choose(change: Partial<Choices>): void {
    this.choices$.next({ ...this.choices$.value, ...change });
  }

  show(change: Partial<DisplaySettings>): void {
    this.choose({ display: { ...this.display, ...change } });
  }

  /** Goes over to a display transform once it can be drawn: until then the present one stays. */
  async showThrough(transform: string): Promise<void> {
    try {
      await this.cubes.need(transform);
      this.show({ transform });
    } catch (thrown) {
      this.store.notify({ level: 'warning', key: 'transform', text: wordsOf(thrown) });
    }
  }

  /** What the samples in a slot are taken for by transforms that have to know. */
  lightOf(name: SlotName): LightView | undefined {
    return this.slots[name].picture?.header.light;
  }

  /** The image that a node shows: its own, or what feeds it where it has none. */
  imageOf(node: string): ImageSpec | undefined {
    const view = this.store.nodes$.value[node];
    if (view?.charts && !view.image) return chartsLike(view.charts, this.#besideCharts(node));
    return view?.image ?? Object.values(view?.inputs ?? {})[0];
  }

  /** The window of the image in the other slot than the charts of a mesh: they are drawn at its size, so that both lie on each other. */
  #besideCharts(node: string): Box | undefined {
    const { a, b } = this.store.viewed$.value;
    const other = node === a ? b : a;
    return other === undefined || this.isMesh(other) ? undefined : this.frameOf(other)?.displayWindow;
  }

  /** True of a node that gives a mesh: its charts are shown. */
  isMesh(node: string): boolean {
    const view = this.store.nodes$.value[node];
    return view?.charts !== undefined && view.image === undefined;
  }

  partOf(node: string): { readonly index: number; readonly part: PartSpec } | undefined {
    const parts = this.imageOf(node)?.parts ?? [];
    const index = Math.min(this.choices$.value.part, parts.length - 1);
    const part = parts[index];
    return part ? { index, part } : undefined;
  }

  layerOf(node: string): Layer | undefined {
    const found = this.partOf(node);
    if (!found) return undefined;
    const { layer } = this.choices$.value;
    const chosen = layer === undefined || this.isMesh(node) ? undefined : findLayer(found.part, layer);
    return chosen?.key === layer && chosen ? chosen : findLayer(found.part, firstLayer(found.part));
  }

  /** What a node's layer is drawn as. Two pictures that are mixed are light. */
  modeOf(node: string): Mode {
    const found = this.partOf(node);
    const layer = this.layerOf(node);
    const { compare } = this.display;
    if (!found || !layer || compare === 'over' || compare === 'difference') return 'light';
    const [usual] = modesOf(found.part, layer);
    const chosen = this.choices$.value.modes[layer.channels[0] ?? ''];
    return chosen !== undefined && this.modesOf(node).includes(chosen) ? chosen : usual!;
  }

  /** The modes that a node's layer can be drawn in: of charts only one is of use. */
  modesOf(node: string): readonly Mode[] {
    const found = this.partOf(node);
    const layer = this.layerOf(node);
    if (!found || !layer) return ['light'];
    return this.isMesh(node) ? ['ids'] : modesOf(found.part, layer);
  }

  /** How a picture that has come is drawn; undefined where it is light. */
  mannerOf(picture: Picture): Manner | undefined {
    return this.#manners.of(picture, this.choices$.value);
  }

  /** Draws heights as steep as what is on the screen makes them easy to read. */
  refit(): void {
    this.#manners.forgetSteepness();
    this.choose({ relief: { ...this.choices$.value.relief, strength: 1 } });
  }

  /** Windows and aspect of a node at the present frame, from what is known of it. */
  frameOf(node: string): Windowed | undefined {
    const found = this.partOf(node);
    if (!found) return undefined;
    const { index, part } = found;
    // Those of charts are what is asked for.
    if (this.isMesh(node)) return { dataWindow: part.dataWindow, displayWindow: part.displayWindow, aspect: 1 };
    return this.#windows.find(node, index, this.store.frame$.value) ?? this.#windows.guess(node, index, part);
  }

  /** The node whose windows frame the view: A, or B where there is no A, or it is not shown, or has no image beside B's. */
  get leading(): string | undefined {
    const { a, b } = this.store.viewed$.value;
    if (this.display.compare === 'b') return b ?? a;
    const gives = this.display.compare !== 'a' && a !== undefined && b !== undefined && this.isEmpty(a);
    return gives && !this.isEmpty(b) ? b : (a ?? b);
  }

  /** The slot of the leading node. */
  get leadingSlot(): ViewSlot {
    const { leading } = this;
    return leading !== undefined && leading === this.store.viewed$.value.a ? this.slots.a : this.slots.b;
  }

  /** The charts that are on the screen, of the leading node. */
  get charts(): ChartsView | undefined {
    return this.leading !== undefined && this.isMesh(this.leading) ? this.#leadingPicture?.header.charts : undefined;
  }

  /** The ends of the heat map that is on the screen, of the leading node. */
  get range(): Range | undefined {
    const picture = this.#leadingPicture;
    const manner =
      picture && this.display.compare !== 'over' && this.display.compare !== 'difference'
        ? this.mannerOf(picture)
        : undefined;
    return manner?.mode === 'heat' ? manner.range : undefined;
  }

  get #leadingPicture(): Picture | undefined {
    const { picture } = this.leadingSlot;
    return picture?.header.node === this.leading ? picture : undefined;
  }

  /** True where it is known that a node has no image at this frame. */
  isEmpty(node: string): boolean {
    return this.store.nodes$.value[node] !== undefined && this.layerOf(node) === undefined;
  }

  /** Why a node has no image to show. */
  reasonOf(node: string): string {
    const { problems$ } = this.store;
    const own = problems$.value.find(({ where, severity }) => where.node === node && severity === 'error');
    if (own) return own.message.split('\n')[0]!;
    return this.imageOf(node) ? 'This part has no channels to show.' : 'This node has no image to show.';
  }

  /** Slots that a comparison shows empty beside the other one, and why. */
  get gaps(): readonly { readonly name: SlotName; readonly reason: string }[] {
    const viewed = this.store.viewed$.value;
    return SLOTS.flatMap((name) => {
      const node = viewed[name];
      if (node === undefined || node === this.leading || !this.#isShown(name) || !this.isEmpty(node)) return [];
      return [{ name, reason: this.reasonOf(node) }];
    });
  }

  get aspect(): number {
    return (this.leading === undefined ? undefined : this.frameOf(this.leading)?.aspect) ?? 1;
  }

  get camera(): Camera | undefined {
    const screen = this.screen$.value;
    const frame = this.leading === undefined ? undefined : this.frameOf(this.leading);
    if (!screen || !frame) return undefined;
    return this.camera$.value ?? fitted(frame.displayWindow, frame.aspect, screen, this.#margin);
  }

  /** Room for the coordinates of the windows, where they are drawn. */
  get #margin(): number {
    return (this.choices$.value.windows ? 20 : 4) * (window.devicePixelRatio || 1);
  }

  /** Asks and draws in the next animation frame; many calls in one are one. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = requestAnimationFrame(() => {
      this.#scheduled = 0;
      this.#ask();
      this.drawn$.next();
    });
  }

  /** Forgets all pictures and asks again: files on disk may have changed. */
  reload(): void {
    this.cache.clear();
    this.#windows.clear();
    for (const name of SLOTS) this.slots[name].reload();
    this.schedule();
  }

  #ask(): void {
    const viewed = this.store.viewed$.value;
    for (const name of SLOTS) {
      const node = viewed[name];
      const slot = this.slots[name];
      if (node === undefined || !this.screen$.value) slot.clear({ quiet: false });
      else if (!this.#isShown(name)) slot.clear({ quiet: true });
      else {
        const view = this.#viewOf(node);
        if (view) slot.want(view);
        else slot.clear({ quiet: true });
      }
    }
    this.#lead();
    const lead = this.leading === viewed.b && this.leading !== viewed.a ? this.slots.b : this.slots.a;
    const frames = lead.view ? formatFrames(this.cache.frames(lead.view)) : '';
    if (frames !== this.cached$.value) this.cached$.next(frames);
  }

  /** Tells the host which node the timeline is about: also one that has no picture at this frame. */
  #lead(): void {
    const node = this.leading ?? null;
    if (node === this.#told) return;
    this.#told = node;
    this.store.send({ kind: 'lead', node });
  }

  /** The slots show the present frame, as far as they can. */
  #isCurrent(): boolean {
    const frame = this.store.frame$.value;
    return SLOTS.every((name) => {
      const { view, settled } = this.slots[name];
      return view === undefined || (settled && view.frame === frame);
    });
  }

  #isShown(name: SlotName): boolean {
    const { compare } = this.display;
    return compare === name || (compare !== 'a' && compare !== 'b');
  }

  #viewOf(node: string): View | undefined {
    const found = this.partOf(node);
    const layer = this.layerOf(node);
    const frame = this.frameOf(node);
    const { camera } = this;
    const screen = this.screen$.value;
    if (!found || !layer || !frame || !camera || !screen) return undefined;
    const region = wanted(camera, this.aspect, screen, frame.dataWindow);
    if (!region) return undefined;
    const mode = this.modeOf(node);
    const type = TYPES[mode];
    const { tile } = this.choices$.value;
    const { displayWindow } = found.part;
    const texels: [number, number] = [boxWidth(displayWindow), boxHeight(displayWindow)];
    return {
      node,
      frame: this.store.frame$.value,
      part: found.index,
      channels: drawnChannels(found.part, layer, mode),
      ...region,
      ...(type === undefined ? {} : { type }),
      ...(this.isMesh(node) ? { charts: { texels, ...(tile === undefined ? {} : { tile }) } } : {}),
    };
  }

  /** The document changed: forgets the pictures of nodes that it may have changed. */
  #follow(document: Document): void {
    const isSame = pictureTest(this.#document, document);
    this.#document = document;
    const { a, b } = this.store.viewed$.value;
    for (const node of new Set([
      ...this.#windows.nodes(),
      ...(a === undefined ? [] : [a]),
      ...(b === undefined ? [] : [b]),
    ])) {
      if (isSame(node)) continue;
      this.cache.clear(node);
      this.#windows.forget(node);
      if (a === node) this.slots.a.invalidate();
      if (b === node) this.slots.b.invalidate();
    }
    this.schedule();
  }

  close(): void {
    this.transport.play(0);
    cancelAnimationFrame(this.#scheduled);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const name of SLOTS) this.slots[name].close();
  }
}

const desks = new WeakMap<Store, ViewerDesk>();

/** The desk of a store, made when it is first asked for. */
export function deskOf(store: Store): ViewerDesk {
  const known = desks.get(store);
  if (known) return known;
  const desk = new ViewerDesk(store);
  desks.set(store, desk);
  return desk;
}
