// What is dragged onto the canvas from other panels: a node of the library, or a sequence.
import { readerEdit } from '../shell/reader.ts';
import { toCanvas } from './camera.ts';
import { createAlone, createInWire, fitsInWire } from './create.ts';
import { NODE, type Point, snap } from './geometry.ts';
import { wireAt } from './hit.ts';
import { cornerFor } from './room.ts';
import type { Surface } from './surface.ts';

/** JSON `{ "type": … }` with the type of a node. */
export const DRAGGED_NODE = 'application/x-sluice-node';
/** JSON `{ "path": … }` with the pattern of a sequence. */
export const DRAGGED_SEQUENCE = 'application/x-sluice-sequence';

/** Takes drops on the canvas. Returns what ends it. */
export function listenForDrops(surface: Surface): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const { container, stage } = surface;
  const takes = (data: DataTransfer | null): data is DataTransfer =>
    data?.types.some((type) => type === DRAGGED_NODE || type === DRAGGED_SEQUENCE) ?? false;
  const pointOf = ({ clientX, clientY }: DragEvent): Point => {
    const { left, top } = container.getBoundingClientRect();
    surface.pointerAt = { x: clientX - left, y: clientY - top };
    return toCanvas(stage.camera, surface.pointerAt);
  };
  const cool = (): void => {
    stage.hot = undefined;
    surface.refresh();
  };
  container.addEventListener(
    'dragover',
    (event) => {
      if (!takes(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      stage.hot = wireAt(stage, pointOf(event), 8 / stage.camera.k)?.id;
      surface.refresh();
    },
    options,
  );
  container.addEventListener('dragleave', cool, options);
  container.addEventListener(
    'drop',
    (event) => {
      if (!takes(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      cool();
      const at = pointOf(event);
      const type = textIn(event.dataTransfer, DRAGGED_NODE, 'type');
      const path = textIn(event.dataTransfer, DRAGGED_SEQUENCE, 'path');
      if (type !== undefined) dropNode(surface, type, at);
      else if (path !== undefined) dropSequence(surface, path, at);
    },
    options,
  );
  return () => listening.abort();
}

function textIn(data: DataTransfer, format: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(data.getData(format)) as Readonly<Record<string, unknown>>)[key];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function dropNode(surface: Surface, type: string, at: Point): void {
  const { scene, camera } = surface.stage;
  const entry = surface.store.catalogue$.value.find((one) => one.type === type);
  if (!entry) return;
  const corner = cornerFor(entry, at);
  const wire = wireAt(surface.stage, at, 8 / camera.k);
  const fits = wire && fitsInWire(entry, wire);
  surface.apply(fits ? createInWire(scene, entry, corner, wire) : createAlone(scene, entry, corner));
}

function dropSequence(surface: Surface, path: string, { x, y }: Point): void {
  const { store } = surface;
  const file = store.file$.value.path;
  const made = readerEdit(store.catalogue$.value, store.document$.value, {
    path,
    at: [snap(x - NODE.width / 2), snap(y - NODE.title)],
    ...(file === undefined ? {} : { file }),
  });
  if (made) surface.apply({ edit: made.edit, intent: `Read ${made.id}`, select: [made.id] });
  else surface.say('No installed node reads sequences.');
}
