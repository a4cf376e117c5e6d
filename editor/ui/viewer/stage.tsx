// The picture itself: a canvas that painters fill, one above it for lines and figures, and what the pointer does there.
import { type PointerEvent, useEffect, useRef } from 'react';
import type { Box } from '../../../engine/browser.ts';
import type { ViewerDesk } from './desk.ts';
import { Figures } from './figures.ts';
import { pan, toImage, zoomAt } from './geometry.ts';
import { drawOverlay } from './overlay.ts';
import type { Painter } from './painter.ts';
import { Portrayer } from './portrayer.ts';
import type { Probe } from './probe.ts';
import { paintingOf, portrayalsOf, type Scene, SURROUNDS, sceneOf } from './scene.ts';
import './stage.css';

export interface StageProps {
  readonly desk: ViewerDesk;
  readonly painter: Painter;
  readonly probe: Probe;
}

/** Pixels of the page around the wipe within which it can be taken. */
const REACH = 6;

type Drag =
  | { readonly kind: 'pan'; x: number; y: number }
  | { readonly kind: 'wipe' }
  | { readonly kind: 'area'; readonly from: { readonly x: number; readonly y: number } };

const ratioOf = (): number => window.devicePixelRatio || 1;

export function Stage({ desk, painter, probe }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Drag | null>(null);
  const space = useRef(false);
  const pointer = useRef<Point | null>(null);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const size = entry?.contentRect;
      if (!size) return;
      const screen = { width: Math.round(size.width * ratioOf()), height: Math.round(size.height * ratioOf()) };
      desk.screen$.next(screen.width > 0 && screen.height > 0 ? screen : null);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      desk.screen$.next(null);
    };
  }, [desk]);

  useEffect(() => {
    const below = picture.current?.getContext('2d');
    const above = overlay.current?.getContext('2d');
    if (!below || !above) return;
    const figures = new Figures(desk);
    const ends = [figures.follow(), drawing({ desk, painter, probe, figures, below, above })];
    return () => {
      for (const end of ends) end();
    };
  }, [desk, painter, probe]);

  useEffect(() => {
    // The pixel under the pointer is another one when the picture moves below it.
    const subscription = desk.camera$.subscribe(() => {
      const scene = sceneOf(desk);
      if (scene && pointer.current) probe.point(pixelAt(scene, pointer.current));
    });
    return () => subscription.unsubscribe();
  }, [desk, probe]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { camera, aspect } = desk;
      const screen = desk.screen$.value;
      if (!camera || !screen) return;
      const travel = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
      // A pinch comes as small steps with Ctrl.
      const factor = 2 ** (-travel / (event.ctrlKey ? 60 : 240));
      desk.camera$.next(zoomAt(camera, aspect, screen, pointOf(event, element), camera.zoom * factor));
    };
    const key = (event: KeyboardEvent): void => {
      if (event.code === 'Space') space.current = event.type === 'keydown';
    };
    element.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', key);
    window.addEventListener('keyup', key);
    return () => {
      element.removeEventListener('wheel', wheel);
      window.removeEventListener('keydown', key);
      window.removeEventListener('keyup', key);
    };
  }, [desk]);

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    const scene = sceneOf(desk);
    if (!scene) return;
    const at = pointOf(event, event.currentTarget);
    if (event.button === 1 || (event.button === 0 && (space.current || event.altKey))) {
      event.preventDefault();
      drag.current = { kind: 'pan', ...at };
    } else if (event.button !== 0) return;
    else if (event.ctrlKey || event.metaKey) {
      const from = pixelAt(scene, at);
      drag.current = { kind: 'area', from };
      probe.area(spanned(from, from));
    } else if (isOnWipe(desk, scene, at)) drag.current = { kind: 'wipe' };
    else {
      if (probe.area$.value) probe.area(undefined);
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
  };

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const scene = sceneOf(desk);
    if (!scene) return;
    const at = pointOf(event, event.currentTarget);
    const held = drag.current;
    pointer.current = at;
    if (held?.kind === 'pan') {
      desk.camera$.next(pan(scene.camera, scene.aspect, at.x - held.x, at.y - held.y));
      Object.assign(held, at);
    } else if (held?.kind === 'wipe') {
      const { displayWindow, camera, aspect, screen } = scene;
      const { x } = toImage(camera, aspect, screen, at.x, at.y);
      const share = (x - displayWindow.minX) / Math.max(1, displayWindow.maxX + 1 - displayWindow.minX);
      desk.choose({ wipe: Math.max(0, Math.min(1, share)) });
    } else if (held?.kind === 'area') probe.area(spanned(held.from, pixelAt(scene, at)));
    event.currentTarget.style.cursor =
      held?.kind === 'pan' || space.current ? 'grab' : isOnWipe(desk, scene, at) ? 'ew-resize' : 'crosshair';
    probe.point(pixelAt(scene, at));
  };

  const up = (): void => {
    drag.current = null;
  };

  return (
    <div
      ref={frame}
      className="stage"
      role="img"
      aria-label="Picture"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onLostPointerCapture={up}
      onPointerLeave={() => {
        pointer.current = null;
        probe.point(undefined);
      }}
    >
      <canvas ref={picture} className="stage-layer" />
      <canvas ref={overlay} className="stage-layer" />
    </div>
  );
}

interface Drawing extends StageProps {
  readonly figures: Figures;
  /** The canvas of the picture, and the one above it for lines and figures. */
  readonly below: CanvasRenderingContext2D;
  readonly above: CanvasRenderingContext2D;
}

/** Draws whenever the desk says so; the picture only where something of it has changed. Returns what ends it. */
function drawing({ desk, painter, probe, figures, below, above }: Drawing): () => void {
  let last: readonly unknown[] = [];
  const portrayer = new Portrayer(painter);
  const draw = (): void => {
    const screen = desk.screen$.value;
    if (!screen) return;
    for (const { canvas } of [below, above]) {
      if (canvas.width === screen.width && canvas.height === screen.height) continue;
      Object.assign(canvas, screen);
      last = [];
    }
    const scene = sceneOf(desk);
    const { display, surround, windows, modes, relief, ranges } = desk.choices$.value;
    if (!scene) {
      last = [];
      const grey = SURROUNDS[surround];
      below.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
      below.fillRect(0, 0, screen.width, screen.height);
      above.clearRect(0, 0, screen.width, screen.height);
      return;
    }
    const { x, y, zoom } = scene.camera;
    const window = Object.values(scene.displayWindow);
    const chosen = [display, surround, modes, relief, ranges];
    const now = [scene.a, scene.b, x, y, zoom, scene.aspect, ...window, scene.wipe, painter.kind, ...chosen];
    const portrayals = portrayalsOf(scene, desk);
    if (now.length !== last.length || now.some((value, i) => value !== last[i])) {
      last = now;
      const slots = portrayals.map(({ slot }) => slot);
      const painting = paintingOf(scene, desk, slots);
      const isLit = portrayals.reduce((sum, { from, to }) => sum + to - from, 0) < screen.width;
      portrayer.draw({ painting, portrayals, isLit, ratio: ratioOf() }, below);
    }
    const area = probe.area$.value?.box;
    drawOverlay(above, scene, {
      windows,
      display,
      portrayals,
      figures,
      ratio: ratioOf(),
      ...(area ? { area } : {}),
    });
  };
  const subscription = desk.drawn$.subscribe(draw);
  const painters = painter.words$.subscribe(() => desk.schedule());
  return () => {
    subscription.unsubscribe();
    painters.unsubscribe();
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The pointer in pixels of the screen, from the upper left corner of an element. */
function pointOf(event: { readonly clientX: number; readonly clientY: number }, element: Element): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: (event.clientX - left) * ratioOf(), y: (event.clientY - top) * ratioOf() };
}

function pixelAt({ camera, aspect, screen }: Scene, at: Point): Point {
  const { x, y } = toImage(camera, aspect, screen, at.x, at.y);
  return { x: Math.floor(x), y: Math.floor(y) };
}

const spanned = (a: Point, b: Point): Box => ({
  minX: Math.min(a.x, b.x),
  minY: Math.min(a.y, b.y),
  maxX: Math.max(a.x, b.x),
  maxY: Math.max(a.y, b.y),
});

const isOnWipe = (desk: ViewerDesk, scene: Scene, at: Point): boolean =>
  desk.display.compare === 'wipe' && Math.abs(at.x - scene.wipe) <= REACH * ratioOf();
