// Finds dropped files whose paths a browser does not tell: by name, size and time, in the folders that are open to the host.
import type { NamedThing, Replies } from '../../protocol.ts';
import type { Store } from '../store/store.ts';
import { folderOf } from './path.ts';

/** What is known of something that was dropped. */
export interface Dropped {
  readonly name: string;
  /** Where it lies on the host's machine, where that is known. */
  readonly path?: string;
  /** Known to be a folder, or not to be one. */
  readonly folder?: boolean;
  readonly file: Pick<File, 'size' | 'lastModified'>;
}

export interface Place {
  readonly path: string;
  readonly folder: boolean;
}

export interface Located {
  /** Found without doubt; of the frames of a sequence, the first. */
  readonly found: readonly Place[];
  /** In several places, and nothing tells which one is meant. */
  readonly unsure: readonly { readonly name: string; readonly places: readonly Place[] }[];
  /** In no place. */
  readonly lost: readonly string[];
  /** The folder that is the likeliest to hold what was not found; undefined where nothing points anywhere. */
  readonly near?: string;
}

/** Names that are looked for at most. */
const MOST_NAMES = 100;

/** Equal for frames of one sequence: what is dropped at once comes from one folder. */
const stemOf = (name: string): string => name.replace(/\d+(?=\.[^.]+$)/, '#');

/** Rejects where the host does not answer. */
export async function locate(store: Pick<Store, 'request'>, dropped: readonly Dropped[]): Promise<Located> {
  const first = new Map<string, Dropped>();
  for (const one of dropped) {
    const stem = one.path ?? stemOf(one.name);
    if (!first.has(stem)) first.set(stem, one);
  }
  const known = [...first.values()].flatMap(({ path, folder }) =>
    path === undefined ? [] : [{ path, folder: folder === true }],
  );
  const unknown = [...first.values()].filter(({ path }) => path === undefined).slice(0, MOST_NAMES);
  if (unknown.length === 0) return { found: known, unsure: [], lost: [] };
  const names = unknown.map(({ name }) => name);
  const { places } = await store.request<Replies['lookUp']>({ kind: 'lookUp', names });
  const settled = settle(unknown, places);
  return { ...settled, found: [...known, ...settled.found] };
}

/** Which places are meant: of the same size, of the same time where several are, and in one folder where that helps. */
export function settle(dropped: readonly Dropped[], places: readonly (readonly NamedThing[])[]): Located {
  const fitting = dropped.map((one, i) => fits(one, places[i] ?? []));
  const folders = fitting.filter((list) => list.length > 0).map((list) => list.map(({ path }) => folderOf(path)));
  const shared = (folders[0] ?? []).filter((folder) => folders.every((list) => list.includes(folder)));
  const found: Place[] = [];
  const unsure: { name: string; places: readonly Place[] }[] = [];
  const lost: string[] = [];
  let near: string | undefined;
  for (const [i, { name }] of dropped.entries()) {
    const list = fitting[i]!;
    const here =
      list.length > 1 && shared.length === 1 ? list.filter(({ path }) => folderOf(path) === shared[0]) : list;
    const [only] = here;
    if (!only) {
      lost.push(name);
      const other = places[i]?.[0];
      near ??= other && folderOf(other.path);
    } else if (here.length === 1) found.push({ path: only.path, folder: only.folder });
    else unsure.push({ name, places: here.map(({ path, folder }) => ({ path, folder })) });
  }
  const beside = near ?? (found[0] && folderOf(found[0].path));
  return { found, unsure, lost, ...(beside === undefined ? {} : { near: beside }) };
}

function fits({ folder, file }: Dropped, places: readonly NamedThing[]): readonly NamedThing[] {
  if (folder === true) return places.filter((place) => place.folder);
  const same = places.filter((place) => !place.folder && place.size === file.size);
  const timely = same.filter(({ modified }) => modified === Math.floor(file.lastModified));
  return timely.length > 0 ? timely : same;
}
