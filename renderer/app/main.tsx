import './without-eval.ts';
import './first-theme.ts';
import { preloadBridge } from '../bridge/preload-bridge.ts';
import { signIn } from '../bridge/sign-in.ts';
import type { Entrance } from './link.ts';

/** Small, so that the theme is set and the sign-in under way while the screen itself is still being loaded. */
async function start(): Promise<void> {
  const entrance = enter();
  const { showScreen } = await import('./screen.tsx');
  await showScreen(entrance);
}

async function enter(): Promise<Entrance | null> {
  const preload = preloadBridge();
  if (preload) return { preload };
  const tab = await signIn();
  return tab === null ? null : { tab };
}

start().catch(() => {
  const root = document.getElementById('root') ?? document.body;
  root.textContent = 'Countersign could not be loaded. Check that it still runs, then reload this page.';
});
