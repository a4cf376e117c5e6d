// Writing that may replace a file or make a folder: the user is asked where it would, and it is tried again.
import { Refusal } from '../store/refusal.ts';
import { ask } from './ask.tsx';
import { baseName, folderOf } from './path.ts';

/** What the user has agreed to. */
export interface Consent {
  readonly overwrite: boolean;
  readonly makeFolder?: boolean;
}

/** Gives what `attempt` gives in the end; undefined where the user does not want it. Rejects with what cannot be helped by asking. */
export async function withConsent<T>(
  path: string,
  first: Consent,
  attempt: (consent: Consent) => Promise<T>,
): Promise<T | undefined> {
  for (let consent = first; ; ) {
    try {
      return await attempt(consent);
    } catch (thrown) {
      const question = thrown instanceof Refusal ? questionFor(thrown.code, path, consent) : undefined;
      if (!question) throw thrown;
      const { agreed, ...words } = question;
      if ((await ask(words)) !== 'yes') return undefined;
      consent = { ...consent, ...agreed };
    }
  }
}

const no = { id: 'cancel', title: 'Cancel' } as const;
const REPLACE = {
  first: 'cancel',
  answers: [no, { id: 'yes', title: 'Replace' }],
  agreed: { overwrite: true },
} as const;

function questionFor(code: string, path: string, { overwrite, makeFolder = false }: Consent) {
  const name = baseName(path);
  if (code === 'file-exists' && !overwrite) {
    return { title: 'Replace the file?', text: `${name} is there already.`, ...REPLACE };
  }
  if (code === 'file-changed' && !overwrite) {
    const text = `Somebody else wrote ${name} after it was opened here. Saving replaces what they wrote.`;
    return { title: 'The file changed on disk', text, ...REPLACE };
  }
  if (code === 'file-not-found' && !makeFolder) {
    const answers = [no, { id: 'yes', title: 'Make it and save' }] as const;
    const text = `${folderOf(path)} does not exist yet.`;
    return { title: 'Make the folder?', text, answers, agreed: { makeFolder: true } };
  }
  return undefined;
}
