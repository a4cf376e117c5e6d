// The control of a path: typed, chosen in the host's folders, or dropped; relative to the document where it lies below.
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../look/button.tsx';
import { TextField } from '../../look/text-field.tsx';
import { chooseFile } from '../../shell/browse.tsx';
import { baseName, folderOf, isAbsolute, joinPath, relativeTo } from '../../shell/path.ts';
import type { Store } from '../../store/store.ts';
import { useStore } from '../../store/use.ts';
import { type ControlProps, useForm } from './form.ts';
import { Resolved, Stray } from './simple.tsx';

export const FILE_WIDGETS = ['sequence', 'save-sequence', 'folder', 'file'] as const;
export type FileWidget = (typeof FILE_WIDGETS)[number];

/** What a drag of a sequence carries. */
const DRAGGED = 'application/x-sluice-sequence';

/** The folder of the document, to which paths are relative; empty for one that was never saved. */
export const documentFolder = (store: Store): string => folderOf(store.file$.value.path ?? '');

/** The folder where a dialog begins: that of the present path, or the document's, or the first root. */
function startAt(store: Store, path: string): { readonly folder?: string } {
  const base = documentFolder(store);
  const folder = path.includes('$') ? '' : folderOf(path);
  const start = isAbsolute(folder) ? folder : base === '' ? '' : folder === '' ? base : joinPath(base, folder);
  const chosen = start === '' ? store.welcome$.value?.roots[0] : start;
  return chosen === undefined ? {} : { folder: chosen };
}

/** Asks for a path of a kind; undefined where the user gave up. For writing, a folder is chosen and the name is kept. */
async function askFor(
  store: Store,
  widget: FileWidget,
  path: string,
  extensions: readonly string[] | undefined,
): Promise<string | undefined> {
  const start = startAt(store, path);
  const base = documentFolder(store);
  if (widget === 'save-sequence') {
    const folder = await chooseFile({ title: 'Choose the folder to write to', want: 'folder', ...start });
    const name = baseName(path) || `${store.document$.value.name || 'untitled'}.%04d.exr`;
    return folder && relativeTo(base, joinPath(folder, name));
  }
  const want = widget === 'folder' || widget === 'file' ? widget : 'sequence';
  const wanted = want === 'file' && extensions ? { extensions } : {};
  const chosen = await chooseFile({ title: `Choose a ${want}`, want, ...wanted, ...start });
  return chosen === undefined ? undefined : relativeTo(base, chosen);
}

export function FileControl({
  widget,
  extensions,
  ...props
}: ControlProps & { readonly widget: FileWidget; readonly extensions?: readonly string[] }) {
  const { value, onChange, id, label, invalid } = props;
  const store = useStore();
  const { resolve } = useForm();
  const [over, setOver] = useState(false);
  if (value !== undefined && typeof value !== 'string') return <Stray {...props} />;
  const path = value ?? '';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop what can be chosen by the button as well
    <div
      className={`param-text ${over ? 'param-drop' : ''}`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const dropped = pathOf(event.dataTransfer.getData(DRAGGED));
        if (dropped === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onChange(relativeTo(documentFolder(store), dropped));
      }}
    >
      <div className="param-row">
        <TextField
          mono
          value={path}
          onChange={(text) => onChange(text)}
          {...(id === undefined ? {} : { id })}
          label={label}
          placeholder={
            widget === 'folder' ? 'folder' : widget === 'file' ? `file.${extensions?.[0] ?? 'ext'}` : 'shot.%04d.exr'
          }
          invalid={invalid === true}
        />
        <IconButton
          icon={FolderOpen}
          title="Browse"
          onClick={() =>
            void askFor(store, widget, path, extensions).then(
              (chosen) => chosen !== undefined && chosen !== path && onChange(chosen),
            )
          }
        />
      </div>
      <Resolved text={resolve(path)} />
    </div>
  );
}

function pathOf(text: string): string | undefined {
  try {
    const { path } = JSON.parse(text) as { path?: unknown };
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}
