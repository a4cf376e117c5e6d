// Paths of the host's machine as texts: the page knows no file system of its own.

const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

export const isAbsolute = (path: string): boolean => ABSOLUTE.test(path);

const separatorOf = (path: string): string => (/^[A-Za-z]:\\|^\\\\/.test(path) ? '\\' : '/');

/** The last name of a path. */
export const baseName = (path: string): string =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1) ?? '';

/** What stands before the last name; the root stays the root. */
export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (cut < 0) return '';
  const folder = path.slice(0, cut);
  return folder === '' || /^[A-Za-z]:$/.test(folder) ? path.slice(0, cut + 1) : folder;
}

/** A name inside a folder; a name that is absolute already stays as it is. */
export function joinPath(folder: string, name: string): string {
  if (folder === '' || isAbsolute(name)) return name;
  return /[\\/]$/.test(folder) ? folder + name : folder + separatorOf(folder) + name;
}

/** The path as a document in `folder` would write it: relative where it lies below, with forward slashes. */
export function relativeTo(folder: string, path: string): string {
  const base = /[\\/]$/.test(folder) ? folder : folder + separatorOf(folder);
  return folder !== '' && path.startsWith(base) ? path.slice(base.length).replaceAll('\\', '/') : path;
}

/** A text that looks like the path of a file or folder, without quotes and `file://`; undefined for others. */
export function pathIn(text: string): string | undefined {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/s, '$2');
  if (trimmed.length === 0 || trimmed.length > 4096 || /[\n\r\t]/.test(trimmed)) return undefined;
  if (trimmed.startsWith('file://')) {
    try {
      const path = decodeURIComponent(new URL(trimmed).pathname);
      return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
    } catch {
      return undefined;
    }
  }
  if (isAbsolute(trimmed) && trimmed.length > 1) return trimmed;
  return /^(?:\.{1,2}[\\/]|~\/)?[^:*?"<>|{}]*\.(?:exr|sluice\.json)$/i.test(trimmed) ? trimmed : undefined;
}
