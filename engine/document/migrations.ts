// Migrations: numbered steps that bring a saved graph of an older format to the current one.
import { DOCUMENT_VERSION } from './schema.ts';

/** A document as it was parsed, before its form is known to be right. */
export type RawDocument = Readonly<Record<string, unknown>>;

/** Turns a document of one version into the next one. It must not fail on documents that are wrong otherwise. */
export type Migration = (document: RawDocument) => RawDocument;

/** Version → the step to the next version. Steps are never changed once released; the first format has none before it. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {};

/** Applies every step from the document's version up to the current one. */
export function migrate(
  document: RawDocument,
  from: number,
  steps = MIGRATIONS,
  to: number = DOCUMENT_VERSION,
): RawDocument {
  let migrated = document;
  for (let version = from; version < to; version++) {
    const step = steps[version];
    if (!step) throw new RangeError(`No migration leads from version ${version} of the document format.`);
    migrated = { ...step(migrated), sluice: version + 1 };
  }
  return migrated;
}
