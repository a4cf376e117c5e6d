// Builds the page of the canvas and opens it in headless Chromium, without any server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

export const CHROMIUM = '/usr/bin/chromium';
const ORIGIN = 'http://localhost';
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'";
const ENTRY = fileURLToPath(new URL('../canvas-page.ts', import.meta.url));

const KINDS: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  woff2: 'font/woff2',
  woff: 'font/woff',
};

async function files(entry: string): Promise<Map<string, string | Uint8Array>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../', import.meta.url)),
    build: {
      write: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: entry,
        output: { entryFileNames: 'entry.js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  });
  const { output } = built as {
    readonly output: readonly { fileName: string; code?: string; source?: string | Uint8Array }[];
  };
  return new Map(output.map((file) => [`/${file.fileName}`, file.code ?? file.source ?? '']));
}

export interface CanvasTab {
  readonly page: Page;
  close(): Promise<void>;
}

export interface TabOptions {
  readonly width: number;
  readonly height: number;
  /** Another script than the canvas's, and the global that it sets when it is there. */
  readonly entry?: { readonly file: string; readonly global: string };
}

/** A window with nothing in it but the canvas, which `canvasPage(catalogue)` starts. */
export async function openCanvas({ width, height, entry }: TabOptions): Promise<CanvasTab> {
  const served = await files(entry?.file ?? ENTRY);
  const sheets = [...served.keys()].filter((name) => name.endsWith('.css'));
  const html = `<!doctype html><meta charset="utf-8">${sheets.map((name) => `<link rel="stylesheet" href="${name}">`).join('')}
    <style>.page{display:flex;flex-direction:column;height:100%}</style><div id="root"></div><script type="module" src="/entry.js"></script>`;
  const profile = mkdtempSync(join(tmpdir(), 'sluice-canvas-'));
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      viewport: { width, height },
      args: [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') {
        return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': POLICY }, body: html });
      }
      const body = served.get(pathname);
      if (body === undefined) return route.abort();
      const contentType = KINDS[pathname.slice(pathname.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      return route.fulfill({ contentType, body: typeof body === 'string' ? body : Buffer.from(body) });
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(`"${entry?.global ?? 'canvasPage'}" in globalThis`);
    return { page, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
