// Which ids a list of names stands for: names, wildcards and ids in angle brackets.
import { countStars, idBits, listNames, matchesName, type NodeProblem, nearNames } from '../../../engine/authoring.ts';

/** `<c1fa3f1f>`: an id by its bits. */
const BARE = /^<([0-9a-f]{8})>$/i;

export interface Chosen {
  /** Bits, each once, in rising order. */
  readonly ids: readonly number[];
  readonly problems: readonly NodeProblem[];
}

/**
 * The ids of names. A name is looked up to the letter first, so that one with a star in it can be meant; a star stands for
 * any text. Where the manifest lacks a name its hash is taken all the same, with a warning.
 */
export function chooseIds(names: readonly string[], manifest: ReadonlyMap<string, number> | undefined): Chosen {
  const ids = new Set<number>();
  const problems: NodeProblem[] = [];
  const warn = (code: NodeProblem['code'], message: string, fixes: NodeProblem['fixes'] = []): void => {
    problems.push({
      severity: 'warning',
      code,
      message,
      where: { param: 'names' },
      ...(fixes.length > 0 ? { fixes } : {}),
    });
  };
  for (const [index, name] of names.entries()) {
    const bare = BARE.exec(name)?.[1];
    const exact = manifest?.get(name);
    if (exact !== undefined) ids.add(exact);
    else if (bare !== undefined) ids.add(Number.parseInt(bare, 16));
    else if (countStars(name) > 0) {
      const found = [...(manifest ?? [])].filter(([known]) => matchesName(name, known));
      for (const [, id] of found) ids.add(id);
      if (!manifest) {
        warn('cryptomatte-manifest', `There is no manifest to look ${name} up in. Write the names out.`);
      } else if (found.length === 0) warn('cryptomatte-name', `No name in the manifest fits ${name}.`);
    } else {
      ids.add(idBits(name));
      if (!manifest) continue;
      const near = nearNames(name, manifest.keys());
      const hint = near.length > 0 ? '' : ` It has: ${listNames([...manifest.keys()], 5)}.`;
      warn(
        'cryptomatte-name',
        `The manifest has no ${JSON.stringify(name)}; the id of that name is looked for all the same.${hint}`,
        near.map((other) => ({ title: `Use ${other}`, set: { names: names.with(index, other) as string[] } })),
      );
    }
  }
  return { ids: [...ids].sort((a, b) => a - b), problems };
}
