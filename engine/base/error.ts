// The one error that Sluice raises: plain data with a kind, a code from the catalogue, a message and a place.
import type { ErrorCode } from './codes.ts';

/** What sort of trouble: decides the exit code and whether trying again can help. */
export type ErrorKind = 'invalid' | 'unsupported' | 'io' | 'usage' | 'cancelled';

/** Where the trouble is. Only the pieces that are known are present. */
export interface Place {
  readonly node?: string;
  readonly param?: string;
  readonly frame?: number;
  readonly file?: string;
  readonly part?: string | number;
  readonly channel?: string;
  readonly chunk?: number;
  readonly attribute?: string;
  readonly offset?: number;
}

/** An `EngineError` as plain data, as it crosses workers and sockets. */
export interface PlainError {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: Place;
  readonly cause?: string;
}

/** Marks engine errors, also those of another copy of this module: a node pack may bring its own. */
const BRAND = Symbol.for('sluice.EngineError');

/** The error of the whole engine. `message` says what was expected, what was found and what to do. */
export class EngineError extends Error {
  readonly [BRAND] = true;
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly where: Place;

  constructor(kind: ErrorKind, code: ErrorCode, message: string, where: Place = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EngineError';
    this.kind = kind;
    this.code = code;
    this.where = where;
  }

  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return typeof thrown === 'object' && thrown !== null && BRAND in thrown;
  }

  /** The same error with more known about the place; what was known already stays. */
  at(place: Place): EngineError {
    return new EngineError(this.kind, this.code, this.message, { ...place, ...this.where }, this.cause);
  }

  toJSON(): PlainError {
    const cause =
      this.cause instanceof Error ? this.cause.message : this.cause === undefined ? undefined : String(this.cause);
    return {
      kind: this.kind,
      code: this.code,
      message: this.message,
      where: this.where,
      ...(cause === undefined ? {} : { cause }),
    };
  }

  static fromJSON(plain: PlainError): EngineError {
    return new EngineError(plain.kind, plain.code, plain.message, plain.where, plain.cause);
  }
}

/** Any thrown value as an `EngineError`; what is not one already is reported as `internal`. */
export function asEngineError(thrown: unknown, where: Place = {}): EngineError {
  if (thrown instanceof EngineError) return thrown.at(where);
  if (
    thrown instanceof Error &&
    (thrown.name === 'AbortError' || (thrown as { code?: unknown }).code === 'ABORT_ERR')
  ) {
    return new EngineError('cancelled', 'cancelled', 'Cancelled.', where, thrown);
  }
  const system = systemError(thrown, where.file);
  if (system) return new EngineError('io', system.code, system.message, { ...where, ...system.where }, thrown);
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError(
    'invalid',
    'internal',
    `Unexpected failure: ${text}. Please report this with the graph that shows it.`,
    where,
    thrown,
  );
}

const SYSTEM: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['file-not-found', 'does not exist'],
  ENOTDIR: ['file-not-found', 'lies below something that is not a folder'],
  EACCES: ['file-denied', 'may not be opened: permission denied'],
  EPERM: ['file-denied', 'may not be opened: operation not permitted'],
  EISDIR: ['file-not-regular', 'is a folder, not a file'],
  ENOSPC: ['disk-full', 'cannot be written: the disk is full'],
  EDQUOT: ['disk-full', 'cannot be written: the quota is used up'],
  EROFS: ['file-denied', 'cannot be written: the file system is read-only'],
  EMFILE: ['too-many-files', 'cannot be opened: too many files are open'],
  ENAMETOOLONG: ['file-not-found', 'has a name that is too long'],
};

/** Errors of reading and writing name no file by themselves: then it is `known` from the place. */
function systemError(thrown: unknown, known?: string): { code: ErrorCode; message: string; where: Place } | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, path = known } = thrown as { code?: unknown; path?: unknown };
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const [own, words] = SYSTEM[code] ?? ['file-io', `failed with ${code}`];
  const file = typeof path === 'string' ? path : undefined;
  return { code: own, message: `${file ?? 'A file'} ${words}.`, where: file === undefined ? {} : { file } };
}
