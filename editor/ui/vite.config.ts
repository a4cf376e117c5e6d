// How Vite builds the editor's pages: hashed files in dist, nothing inlined, so that a strict content policy holds.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2024',
    chunkSizeWarningLimit: 2000,
    // What the bundle is made of asks for its notices to go with it.
    license: { fileName: 'LICENSES.md' },
  },
});
