// The picture in a preview attribute, drawn as it is: eight bits, already made for a screen.
import { useEffect, useRef } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { isRecord } from '../parameters/value.ts';

/** Larger ones are told by their size only. */
const MOST_PIXELS = 1024 * 1024;

/** Red, green, blue, alpha of each pixel; undefined where the value holds no whole picture. */
function previewPixels(
  value: Json,
): { readonly width: number; readonly height: number; readonly bytes: Uint8ClampedArray<ArrayBuffer> } | undefined {
  if (!isRecord(value) || typeof value['rgba'] !== 'string') return undefined;
  const width = Number(value['width']);
  const height = Number(value['height']);
  const count = width * height;
  if (!Number.isInteger(count) || width <= 0 || height <= 0 || count > MOST_PIXELS) return undefined;
  let text: string;
  try {
    text = atob(value['rgba']);
  } catch {
    return undefined;
  }
  if (text.length !== count * 4) return undefined;
  return { width, height, bytes: Uint8ClampedArray.from(text, (letter) => letter.charCodeAt(0)) };
}

export function PreviewPicture({ value, label }: { readonly value: Json; readonly label: string }) {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = previewPixels(value);
    const canvas = element.current;
    if (!pixels || !canvas) return;
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    canvas.getContext('2d')?.putImageData(new ImageData(pixels.bytes, pixels.width, pixels.height), 0, 0);
  }, [value]);
  const { width, height } = isRecord(value) ? value : {};
  return (
    <div className="value-column">
      <canvas ref={element} className="value-preview" aria-label={label} />
      <span className="mono quiet">
        {String(width)} × {String(height)}
      </span>
    </div>
  );
}
