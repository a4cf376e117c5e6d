// The questions that the host has not answered yet: held while there is no connection, given up where one is lost.
import type { Request } from '../../protocol.ts';
import { Refusal } from './refusal.ts';
import { checkSize } from './size.ts';

interface Asked {
  readonly request: Request;
  sent: boolean;
  resolve(value: unknown): void;
  reject(refusal: Refusal): void;
}

export class Questions {
  readonly #asked = new Map<number, Asked>();

  /** What the host answers. Rejects with a `Refusal`; at once where the question is too large to be sent. */
  ask(request: Extract<Request, { id: number }>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      checkSize(request);
      this.#asked.set(request.id, { request, sent: false, resolve, reject });
    });
  }

  /** Those that have to be sent, in order; from now on they count as sent. */
  takeUnsent(): Request[] {
    const unsent = [...this.#asked.values()].filter(({ sent }) => !sent);
    for (const one of unsent) one.sent = true;
    return unsent.map(({ request }) => request);
  }

  answered(id: number, value: unknown): void {
    this.#asked.get(id)?.resolve(value);
    this.#asked.delete(id);
  }

  refused(id: number, refusal: Refusal): void {
    this.#asked.get(id)?.reject(refusal);
    this.#asked.delete(id);
  }

  /** The connection is gone: what was sent gets no answer any more. */
  lost(): void {
    for (const [id, { sent }] of this.#asked) {
      if (!sent) continue;
      const message = 'The connection was lost before the host had answered. Try again.';
      this.refused(id, new Refusal('disconnected', message));
    }
  }
}
