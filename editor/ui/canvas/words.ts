// Texts on a canvas: cut to a width or broken into lines, measured once each.

export class Words {
  readonly #context: CanvasRenderingContext2D;
  readonly #widths = new Map<string, number>();
  readonly #lines = new Map<string, readonly string[]>();

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** The text, or as much of it as has room, with an ellipsis. */
  fit(text: string, room: number, font: string): string {
    const width = this.#width(text, font);
    if (width <= room) return text;
    // Letters differ little enough in width for an estimate, which is then mended.
    let length = Math.max(0, Math.floor((text.length * room) / width) - 1);
    while (length > 0 && this.#width(`${text.slice(0, length)}…`, font) > room) length--;
    return length === 0 ? '' : `${text.slice(0, length).trimEnd()}…`;
  }

  /** Lines no wider than the room, broken at spaces where there are any. */
  wrap(text: string, room: number, font: string): readonly string[] {
    const key = `${Math.round(room)} ${font} ${text}`;
    const known = this.#lines.get(key);
    if (known) return known;
    const lines = text.split('\n').flatMap((line) => this.#broken(line, room, font));
    remember(this.#lines, key, lines);
    return lines;
  }

  #broken(line: string, room: number, font: string): string[] {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      const longer = current === '' ? word : `${current} ${word}`;
      if (current !== '' && this.#width(longer, font) > room) {
        lines.push(current);
        current = word;
      } else current = longer;
      while (current.length > 1 && this.#width(current, font) > room) {
        const cut = Math.max(1, Math.floor((current.length * room) / this.#width(current, font)));
        lines.push(current.slice(0, cut));
        current = current.slice(cut);
      }
    }
    return [...lines, current];
  }

  #width(text: string, font: string): number {
    const key = `${font} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#context.font = font;
    const { width } = this.#context.measureText(text);
    remember(this.#widths, key, width);
    return width;
  }
}

const MOST = 20_000;

/** Keeps the memory bounded while somebody zooms for hours. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST) map.clear();
  map.set(key, value);
}
