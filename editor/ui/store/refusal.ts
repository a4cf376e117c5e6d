// What a request fails with: the host's code and message, or why it could not be asked.

/** Codes are the engine's, and `disconnected` where the answer cannot come any more. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Any thrown value as words for a person. */
export const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
