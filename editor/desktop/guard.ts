// What pages may not do: go elsewhere, open windows, embed others, or get at the machine.
import { app, session, type WebContents } from 'electron';

/** All that the page needs beyond drawing itself: copying texts that the user asked to copy. */
const PERMITTED = new Set(['clipboard-sanitized-write']);

/** The origin of an address; empty for what is none. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** An address without what follows the path. */
const pageOf = (url: string): string => (URL.canParse(url) ? originOf(url) + new URL(url).pathname : url);

/** Holds every page to the address that `home` gives; nothing else is loaded, permitted or opened. */
export function guard(home: () => string): void {
  app.on('web-contents-created', (_, contents) => confine(contents, home));
  const mine = (url: string): boolean => originOf(home()) !== '' && originOf(url) === originOf(home());
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_, permission, answer, { requestingUrl }) =>
    answer(PERMITTED.has(permission) && mine(requestingUrl)),
  );
  defaultSession.setPermissionCheckHandler((_, permission, origin) => PERMITTED.has(permission) && mine(origin));
}

function confine(contents: WebContents, home: () => string): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    // Loading the same page again is all.
    if (pageOf(event.url) !== pageOf(home())) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
