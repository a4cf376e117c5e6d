// Gestures of the pointer on the canvas: which one a press begins, and what wheel and pinch do.
import { isTyping } from '../shell/chord.ts';
import { NOTHING } from './arrange.ts';
import { cursorOf } from './backdrop.ts';
import { toCanvas, toScreen, zoomedAt } from './camera.ts';
import { isRefused } from './change.ts';
import { createInWire } from './create.ts';
import { DOT } from './dot.ts';
import { boxGesture, dragGesture, type Gesture, mapGesture, panGesture, resizeGesture } from './drags.ts';
import type { Point } from './geometry.ts';
import { type Hit, hitAt, selectedHit } from './hit.ts';
import { Pinch } from './pinch.ts';
import { cornerFor } from './room.ts';
import type { Surface } from './surface.ts';

/** Pixels of the screen that a pointer may tremble during a click. */
const TREMBLE = 3;

/** What gestures ask of the rest of the canvas. */
export interface GestureHooks {
  /** Opens the menu for what was pressed, at a point of the window. */
  menu(hit: Hit, at: Point): void;
  /** A double click on something. */
  opened(hit: Hit): void;
  /** The badge of a node was pressed. */
  badge(node: string): void;
}

export class Gestures {
  readonly #surface: Surface;
  readonly #hooks: GestureHooks;
  readonly #listening = new AbortController();
  readonly #pinch = new Pinch();
  #gesture: Gesture | undefined;
  /** A press that is not a drag yet. */
  #press: { readonly start: Point; readonly begin: () => Gesture | undefined; readonly click: () => void } | undefined;
  #space = false;

  constructor(surface: Surface, hooks: GestureHooks) {
    this.#surface = surface;
    this.#hooks = hooks;
    const { container } = surface;
    const options = { signal: this.#listening.signal };
    container.addEventListener('pointerdown', (event) => this.#down(event), options);
    container.addEventListener('pointermove', (event) => this.#hover(event), options);
    container.addEventListener('pointerleave', () => this.#left(), options);
    container.addEventListener('click', (event) => this.#click(event), options);
    container.addEventListener('dblclick', (event) => this.#double(event), options);
    container.addEventListener('contextmenu', (event) => this.#menu(event), options);
    container.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false });
    window.addEventListener('pointermove', (event) => this.#move(event), options);
    window.addEventListener('pointerup', (event) => this.#up(event), options);
    window.addEventListener('pointercancel', (event) => this.#cancelled(event), options);
    window.addEventListener('keydown', (event) => this.#key(event, { down: true }), options);
    window.addEventListener('keyup', (event) => this.#key(event, { down: false }), options);
    window.addEventListener('blur', () => this.#hold({ space: false }), options);
  }

  destroy(): void {
    this.cancel();
    this.#listening.abort();
  }

  /** Gives up what is under way; true where something was. */
  cancel(): boolean {
    const { wires } = this.#surface;
    const busy = this.#gesture !== undefined || wires.active;
    this.#gesture?.cancel();
    this.#gesture = undefined;
    this.#press = undefined;
    if (wires.active) this.#surface.cancelWire();
    return busy;
  }

  #pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.#surface.container.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event: PointerEvent): void {
    const surface = this.#surface;
    const target = event.target as Element;
    if (target.closest('.canvas-over')) return;
    const at = this.#pointOf(event);
    surface.pointerAt = at;
    surface.container.focus({ preventScroll: true });
    if (event.pointerType === 'touch' && this.#touch(event, at)) return;
    // A socket has taken the press already, or a wire follows the pointer from click to click.
    if (target.closest('[data-socket]') || surface.wires.active) return;
    if (target.closest('.node-badge')) return;
    if (event.button === 1 || (event.button === 0 && this.#space)) {
      event.preventDefault();
      this.#begin(panGesture(surface, at));
      surface.container.classList.add('canvas-panning');
      surface.container.style.cursor = 'grabbing';
      return;
    }
    if (event.button !== 0) return;
    const map = target.closest<HTMLElement>('.canvas-minimap');
    if (map) {
      const gesture = mapGesture(surface, map);
      gesture.move(at, event);
      this.#begin(gesture);
      return;
    }
    this.#pressOn(hitAt(surface.stage, toCanvas(surface.stage.camera, at)), at, event);
  }

  #pressOn(hit: Hit, start: Point, event: PointerEvent): void {
    const surface = this.#surface;
    const { selected } = surface;
    const adds = event.shiftKey;
    switch (hit.kind) {
      case 'node': {
        const { id } = hit.node;
        const held = surface.stage.selection.has(id);
        const toggled = held ? selected.nodes.filter((one) => one !== id) : [...selected.nodes, id];
        if (adds) surface.select({ ...selected, nodes: toggled });
        else if (!held) surface.select({ ...NOTHING, nodes: [id] });
        this.#press = {
          start,
          begin: () => dragGesture(surface, start),
          click: () => !adds && surface.select({ ...NOTHING, nodes: [id] }),
        };
        return;
      }
      case 'notes':
      case 'backdrops': {
        const { kind, id, edges } = hit;
        const held = surface.stage[kind].has(id);
        const alone = { ...NOTHING, [kind]: [id] };
        const toggled = held ? selected[kind].filter((one) => one !== id) : [...selected[kind], id];
        if (adds) surface.select({ ...selected, [kind]: toggled });
        else if (!held) surface.select(alone);
        this.#press = {
          start,
          begin: () => (edges ? resizeGesture(surface, start, kind, id, edges) : dragGesture(surface, start)),
          click: () => !adds && surface.select(alone),
        };
        return;
      }
      case 'wire': {
        const { wire } = hit;
        if (event.altKey) this.#dot(hit, start);
        else surface.selectWire(wire.id);
        return;
      }
      case 'nothing':
        this.#press = {
          start,
          begin: () => boxGesture(surface, start, { adds }),
          click: () => !adds && surface.select(NOTHING),
        };
    }
  }

  /** Puts a dot into a wire. */
  #dot({ wire }: Extract<Hit, { kind: 'wire' }>, at: Point): void {
    const surface = this.#surface;
    const { scene, camera } = surface.stage;
    const entry = surface.store.catalogue$.value.find(({ type }) => type === DOT);
    if (!entry) {
      surface.say('This host has no dots.');
      return;
    }
    surface.apply(createInWire(scene, entry, cornerFor(entry, toCanvas(camera, at)), wire));
  }

  /** Two fingers move and zoom; one moves the view where it starts on nothing. True where it was taken. */
  #touch(event: PointerEvent, at: Point): boolean {
    if (this.#pinch.down(event.pointerId, at)) {
      this.cancel();
      return true;
    }
    const surface = this.#surface;
    if (hitAt(surface.stage, toCanvas(surface.stage.camera, at)).kind !== 'nothing') return false;
    this.#press = {
      start: at,
      begin: () => panGesture(surface, at),
      click: () => surface.select(NOTHING),
    };
    return true;
  }

  #begin(gesture: Gesture | undefined): void {
    this.#press = undefined;
    this.#gesture = gesture;
  }

  #move(event: PointerEvent): void {
    const at = this.#pointOf(event);
    const pinched = this.#pinch.moved(event.pointerId, at, this.#surface.stage.camera);
    if (pinched) {
      this.#surface.setCamera(pinched);
      return;
    }
    if (this.#press) {
      const { start, begin } = this.#press;
      if (Math.hypot(at.x - start.x, at.y - start.y) <= TREMBLE) return;
      this.#begin(begin());
    }
    this.#gesture?.move(at, event);
  }

  #hover(event: PointerEvent): void {
    const surface = this.#surface;
    const at = this.#pointOf(event);
    surface.pointerAt = at;
    const { stage } = surface;
    if (surface.wires.active) {
      surface.wires.moved(toCanvas(stage.camera, at));
      return;
    }
    if (this.#gesture || this.#press || event.buttons !== 0) return;
    const over = (event.target as Element).closest('.canvas-over, .canvas-minimap');
    const hit: Hit = over ? { kind: 'nothing' } : hitAt(stage, toCanvas(stage.camera, at));
    surface.container.style.cursor = this.#cursor(hit);
    const hot = hit.kind === 'wire' ? hit.wire.id : undefined;
    if (hot === stage.hot) return;
    stage.hot = hot;
    surface.refresh();
  }

  #cursor(hit: Hit): string {
    if (this.#space) return 'grab';
    if ((hit.kind === 'backdrops' || hit.kind === 'notes') && hit.edges) return cursorOf(hit.edges);
    return hit.kind === 'wire' ? 'pointer' : '';
  }

  #left(): void {
    const { stage } = this.#surface;
    if (!this.#gesture) this.#surface.pointerAt = undefined;
    if (stage.hot === undefined || this.#gesture) return;
    stage.hot = undefined;
    this.#surface.refresh();
  }

  #up(event: PointerEvent): void {
    this.#pinch.up(event.pointerId);
    const press = this.#press;
    const gesture = this.#gesture;
    this.#press = undefined;
    this.#gesture = undefined;
    if (press) press.click();
    else if (gesture) {
      const outcome = gesture.end(this.#pointOf(event));
      if (outcome) this.#surface.apply(outcome);
      if (outcome && isRefused(outcome)) this.#surface.refresh();
    }
    if (this.#surface.container.classList.contains('canvas-panning')) {
      this.#surface.container.classList.remove('canvas-panning');
      this.#surface.container.style.cursor = this.#space ? 'grab' : '';
    }
  }

  #cancelled(event: PointerEvent): void {
    this.#pinch.up(event.pointerId);
    this.cancel();
  }

  #double(event: MouseEvent): void {
    if ((event.target as Element).closest('.canvas-over, [data-socket], .node-badge, .canvas-minimap')) return;
    const at = this.#pointOf(event);
    const hit = hitAt(this.#surface.stage, toCanvas(this.#surface.stage.camera, at));
    if (hit.kind === 'wire') this.#dot(hit, at);
    else this.#hooks.opened(hit);
  }

  #menu(event: MouseEvent): void {
    if ((event.target as Element).closest('.canvas-over')) return;
    event.preventDefault();
    const surface = this.#surface;
    // The menu key speaks of what is selected, wherever the pointer is.
    if (event.button < 0) {
      const { left, top } = surface.container.getBoundingClientRect();
      const { hit, below } = selectedHit(surface.stage);
      const { width, height } = surface.stage.size;
      const at = below ? toScreen(surface.stage.camera, below) : (surface.pointerAt ?? { x: width / 2, y: height / 2 });
      this.#hooks.menu(hit, {
        x: left + Math.max(0, Math.min(at.x, width)),
        y: top + Math.max(0, Math.min(at.y + 4, height)),
      });
      return;
    }
    const at = this.#pointOf(event);
    surface.pointerAt = at;
    const hit = hitAt(surface.stage, toCanvas(surface.stage.camera, at));
    if (hit.kind === 'node' && !surface.stage.selection.has(hit.node.id)) surface.store.select([hit.node.id]);
    if (hit.kind === 'wire') surface.selectWire(hit.wire.id);
    if ((hit.kind === 'backdrops' || hit.kind === 'notes') && !surface.stage[hit.kind].has(hit.id)) {
      surface.select({ ...NOTHING, [hit.kind]: [hit.id] });
    }
    this.#hooks.menu(hit, { x: event.clientX, y: event.clientY });
  }

  #wheel(event: WheelEvent): void {
    if ((event.target as Element).closest('.canvas-over')) return;
    event.preventDefault();
    const surface = this.#surface;
    const { camera } = surface.stage;
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 400;
    const [x, y] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey && !event.ctrlKey) {
      surface.setCamera({ ...camera, x: camera.x - (x || y), y: camera.y - (x ? y : 0) });
      return;
    }
    // A pinch on a trackpad comes as a wheel with Ctrl and small steps.
    const factor = Math.exp(-Math.max(-200, Math.min(200, y)) * (event.ctrlKey ? 0.01 : 0.0016));
    surface.setCamera(zoomedAt(camera, this.#pointOf(event), factor));
  }

  #key(event: KeyboardEvent, { down }: { readonly down: boolean }): void {
    if (event.key !== ' ') return;
    const { container, pointerAt } = this.#surface;
    const here = pointerAt !== undefined || container === document.activeElement;
    if (down && (!here || isTyping(event) || event.ctrlKey || event.shiftKey)) return;
    if (down) event.preventDefault();
    this.#hold({ space: down });
  }

  #hold({ space }: { readonly space: boolean }): void {
    if (space === this.#space) return;
    this.#space = space;
    this.#surface.container.style.cursor = space ? 'grab' : '';
  }

  #click(event: MouseEvent): void {
    const badge = (event.target as Element).closest('.node-badge');
    const id = badge?.closest<HTMLElement>('[data-node]')?.dataset['node'];
    if (id !== undefined) this.#hooks.badge(id);
  }
}
