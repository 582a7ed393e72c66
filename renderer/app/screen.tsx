// The look of controls first, so that a place may refine it.
import '@xyflow/react/dist/base.css';
import 'uplot/dist/uPlot.min.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';

import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Frame } from './frame.tsx';
import { loadAhead } from './later-parts.ts';
import type { Entrance } from './link.ts';
import { placeOf } from './router.ts';
import { SignInPage } from './sign-in-page.tsx';

/** Shows the frame, and only then loads what it takes to speak with the host; null is a browser that is not let in. */
export async function showScreen(entering: Promise<Entrance | null>): Promise<void> {
  // Dialogs add a style element of their own; under the content policy it needs the nonce of this page.
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
  if (nonce) setNonce(nonce);
  const root = createRoot(document.getElementById('root') ?? document.body);
  // A constant of the build: what is shipped holds nothing of it.
  if (import.meta.env.MODE === 'development' && location.hash === '#/gallery') {
    const { Gallery } = await import('../gallery/gallery.tsx');
    return root.render(<Gallery />);
  }
  try {
    const entrance = await entering;
    if (entrance === null) return root.render(<SignInPage />);
    flushSync(() =>
      root.render(
        <StrictMode>
          <ErrorBoundary what="The screen">
            <Frame />
          </ErrorBoundary>
        </StrictMode>,
      ),
    );
    await painted();
    const loading = loadAhead(placeOf(location.hash).place);
    const { link } = await import('./link.ts');
    link(entrance);
    await loading;
  } catch {
    root.render(<SignInPage unreachable />);
  }
}

/** A page that is hidden paints nothing, and must go on all the same. */
const HIDDEN_MS = 100;

/** After the next frame: its callbacks run before it is painted. */
const painted = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, HIDDEN_MS);
  });
