import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The screen, served at / by both shells under a policy that allows no inline script and no foreign host. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [react()],
  // Replaced by a fresh value in each response.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One application, loaded from the same machine: the number of bytes is no matter of waiting here.
    chunkSizeWarningLimit: 2_000,
  },
});
