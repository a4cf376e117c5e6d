// Runs inside the page, before anything of it: notes when a key was pressed and when the viewer's pixels changed.

export interface Paint {
  /** Milliseconds of the page's clock at which the picture had been handed to the screen. */
  readonly at: number;
  /** Changes with what the picture shows. */
  readonly look: number;
}

export interface Watch {
  /** When the last key went down, by the page's clock. */
  pressed: number;
  readonly paints: Paint[];
  /** Presses a key in the focused element so many times, evenly spread; gives the time of the last one. */
  burst(key: string, count: number, milliseconds: number): Promise<number>;
}

declare global {
  var watched: Watch;
}

/** For `page.addInitScript`: it is sent as text, so nothing from outside may stand in it. */
export function watchPage(): void {
  const paints: Paint[] = [];
  const prototype = CanvasRenderingContext2D.prototype;

  const isPicture = (canvas: Element): boolean => canvas.matches('.stage > canvas:first-child');
  const lookOf = ({ data }: ImageData): number => {
    let look = 0;
    const step = Math.max(4, Math.floor(data.length / 4 / 997) * 4);
    for (let i = 0; i < data.length; i += step) look = (Math.imul(look, 31) + data[i]! + data[i + 1]! * 7) | 0;
    return look;
  };
  /** By the next animation frame the one with this picture has been handed over. */
  const note = (look: number): void => {
    requestAnimationFrame((at) => paints.push({ at, look }));
  };

  const put = prototype.putImageData;
  prototype.putImageData = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
    put.apply(this, given as Parameters<typeof put>);
    if (isPicture(this.canvas)) note(lookOf(given[0] as ImageData));
  } as typeof put;
  const draw = prototype.drawImage;
  prototype.drawImage = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
    (draw as (...all: unknown[]) => void).apply(this, given);
    // The graphics card paints by drawing its canvas: some of it is read back.
    if (isPicture(this.canvas)) note(lookOf(this.getImageData(this.canvas.width / 4, this.canvas.height / 2, 256, 1)));
  } as typeof draw;

  globalThis.watched = {
    pressed: 0,
    paints,
    burst: (key, count, milliseconds) =>
      new Promise((resolve) => {
        const target = document.activeElement!;
        const begun = performance.now();
        let sent = 0;
        const press = (): void => {
          const now = performance.now();
          const due = Math.min(count, Math.floor(((now - begun) / milliseconds) * count) + 1);
          for (; sent < due; sent++) {
            target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, repeat: sent > 0 }));
          }
          if (sent < count) return void setTimeout(press, 4);
          target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true }));
          resolve(now);
        };
        press();
      }),
  };
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.isTrusted) globalThis.watched.pressed = event.timeStamp;
    },
    true,
  );
}
