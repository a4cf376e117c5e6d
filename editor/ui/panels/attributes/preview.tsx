// The picture in a preview attribute, drawn as it is: eight bits, already made for a screen. A picture file can replace it.
import { ImageUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { isRecord } from '../parameters/value.ts';
import type { EditorProps } from './value.tsx';

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

/** Pixels of the longer side of a new preview: OpenEXR's own tools make them about as large. */
const LONGEST = 128;

/** A picture file as a preview, scaled down where it is larger. Rejects where the browser cannot read it. */
async function previewOf(file: Blob): Promise<Json> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, rgba: btoa(data.reduce((text, byte) => text + String.fromCharCode(byte), '')) };
}

export function PreviewPicture({ value, label, onChange }: EditorProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    const pixels = previewPixels(value);
    const canvas = element.current;
    if (!pixels || !canvas) return;
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    canvas.getContext('2d')?.putImageData(new ImageData(pixels.bytes, pixels.width, pixels.height), 0, 0);
  }, [value]);
  const { width, height } = isRecord(value) ? value : {};
  const replace = (file: File): void => {
    setTrouble('');
    previewOf(file).then(onChange, () => setTrouble(`${file.name} is no picture that can be shown here.`));
  };
  return (
    <div className="value-column">
      <canvas ref={element} className="value-preview" aria-label={label} />
      <div className="value-row">
        <span className="mono quiet">
          {String(width)} × {String(height)}
        </span>
        <Button icon={ImageUp} hint="Takes a PNG, JPEG or WebP file" onClick={() => input.current?.click()}>
          Replace by a picture…
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept="image/*"
          aria-label={`${label}: picture file`}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) replace(file);
            target.value = '';
          }}
        />
      </div>
      {trouble !== '' && (
        <p className="value-trouble" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
