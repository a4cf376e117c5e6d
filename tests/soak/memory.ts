// Memory over a long run: looked at as work is done, summed up in quarters.

/** The last quarter may take so much more than the second one, as a part and in bytes: collectors come and go. */
const MORE = 1.1;
const MORE_BYTES = 24 * 2 ** 20;

interface Look {
  /** Of the whole process, workers included. */
  readonly resident: number;
  /** Objects of the main thread. */
  readonly heap: number;
  /** Arrays of bytes of the main thread. */
  readonly arrays: number;
}

export class Memory {
  readonly #total: number;
  readonly #quarters: Look[][] = [[], [], [], []];
  #count = 0;

  /** `total`: how many pieces of work there will be. */
  constructor(total: number) {
    this.#total = total;
  }

  /** One more piece is done. */
  done(): void {
    const quarter = Math.min(3, Math.floor((this.#count++ / this.#total) * 4));
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    this.#quarters[quarter]!.push({ resident: rss, heap: heapUsed, arrays: arrayBuffers });
  }

  lines(): string[] {
    const quarters = this.#quarters.map((looks, i) => {
      const [resident, heap, arrays] = (['resident', 'heap', 'arrays'] as const).map((key) => middle(looks, key));
      const most = Math.max(...looks.map((look) => look.resident));
      const texts = [resident!, most, heap!, arrays!].map((bytes) =>
        `${(bytes / 2 ** 20).toFixed(0)} MiB`.padStart(10),
      );
      return `quarter ${i + 1} ${texts.join('')}`;
    });
    return ['             median      most      heap    arrays', ...quarters];
  }

  /** Whether the last quarter takes about what the second one took; the first is for warming up. */
  isSteady(): boolean {
    const [second, last] = [this.#quarters[1]!, this.#quarters[3]!].map((looks) => middle(looks, 'resident'));
    return last! <= second! * MORE + MORE_BYTES;
  }
}

function middle(looks: readonly Look[], key: keyof Look): number {
  const sorted = looks.map((look) => look[key]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
