// A page in headless Chromium that holds the viewer's painters, under the content policy that the host sends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

export const CHROMIUM = '/usr/bin/chromium';

const HERE = fileURLToPath(new URL('./', import.meta.url));
const VIEWER = fileURLToPath(new URL('../../editor/ui/viewer/', import.meta.url));
const ENTRY = 'virtual:viewer-page';
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:";
const ORIGIN = 'http://localhost';

/** The script of the page: everything that the tests call hangs on `viewer`. */
async function script(): Promise<Map<string, string>> {
  const source = `
    import { createGpuPainter } from '${VIEWER}gpu.ts';
    import { makePaintings } from '${HERE}viewer-pictures.ts';
    globalThis.viewer = { createGpuPainter, makePaintings };
  `;
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: VIEWER,
    build: {
      write: false,
      minify: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: ENTRY, output: { entryFileNames: 'entry.js', chunkFileNames: '[name].js' } },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? `\0${ENTRY}.ts` : undefined),
        load: (id) => (id === `\0${ENTRY}.ts` ? source : undefined),
      },
    ],
  });
  const { output } = built as { readonly output: readonly { type: string; fileName: string; code?: string }[] };
  return new Map(output.map((file) => [`/${file.fileName}`, file.code ?? '']));
}

export interface ViewerPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** `flags` are further flags of Chromium. */
export async function openViewerPage({ flags }: { readonly flags: readonly string[] }): Promise<ViewerPage> {
  const files = await script();
  const profile = mkdtempSync(join(tmpdir(), 'sluice-viewer-'));
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
        ...flags,
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') {
        const body = '<!doctype html><script type="module" src="/entry.js"></script>';
        return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': POLICY }, body });
      }
      const body = files.get(pathname);
      return body === undefined ? route.abort() : route.fulfill({ contentType: 'text/javascript', body });
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => 'viewer' in globalThis);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
