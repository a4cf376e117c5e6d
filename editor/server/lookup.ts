// Looks below the roots for files and folders of which only the names are known: a browser tells no more of what is dropped.
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { realPath } from '../../engine/index.ts';
import type { NamedThing, Replies } from '../protocol.ts';
import type { Roots } from './roots.ts';

/** Folders that are looked into at most. */
const MOST_FOLDERS = 5000;
/** Places that are told of one name at most. */
const MOST_PLACES = 20;

/** Some systems take the marks of letters apart in names. */
const plain = (name: string): string => name.normalize('NFC');

/**
 * The places of each name, nearest to a root first. Names that begin with a dot are passed over, as where folders are
 * browsed; what cannot be read is not there.
 */
export async function lookUp(roots: Roots, names: readonly string[], most = MOST_FOLDERS): Promise<Replies['lookUp']> {
  const places = new Map<string, NamedThing[]>(names.map((name) => [plain(name), []]));
  const queue = [...roots.list];
  const seen = new Set(queue);
  for (let looked = 0; queue.length > 0 && looked < most; looked++) {
    const folder = queue.shift()!;
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      const found = places.get(plain(entry.name));
      const isLink = entry.isSymbolicLink();
      if (isLink && !roots.holds(path)) continue;
      const thing = found || isLink ? await thingAt(path) : undefined;
      if (found && thing && found.length < MOST_PLACES) found.push(thing);
      // A link that leads back names a folder that was seen.
      const inside = isLink ? realPath(path) : path;
      if (!(isLink ? thing?.folder : entry.isDirectory()) || seen.has(inside)) continue;
      seen.add(inside);
      queue.push(path);
    }
  }
  return { places: names.map((name) => places.get(plain(name))!), complete: queue.length === 0 };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function thingAt(path: string): Promise<NamedThing | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  return { path, folder: found.isDirectory(), size: found.size, modified: Math.floor(found.mtimeMs) };
}
