import './without-eval.ts';
import './first-theme.ts';
// The look of controls first, so that a place may refine it.
import '@xyflow/react/dist/base.css';
import 'uplot/dist/uPlot.min.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';

import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loopbackTransport } from '../bridge/loopback-transport.ts';
import { preloadBridge, preloadTransport } from '../bridge/preload-transport.ts';
import { signIn } from '../bridge/sign-in.ts';
import { connect } from '../state/connect.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Frame } from './frame.tsx';
import { SignInPage } from './sign-in-page.tsx';

// Dialogs add a style element of their own; under the content policy it needs the nonce of this page.
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
if (nonce) setNonce(nonce);

const root = createRoot(document.getElementById('root') ?? document.body);

async function start(): Promise<void> {
  // A constant of the build: what is shipped holds nothing of it.
  if (import.meta.env.MODE === 'development' && location.hash === '#/gallery') {
    const { Gallery } = await import('../gallery/gallery.tsx');
    return root.render(<Gallery />);
  }
  const preload = preloadBridge();
  if (preload) {
    connect(preloadTransport(preload));
  } else {
    const tab = await signIn();
    if (tab === null) return root.render(<SignInPage />);
    connect(loopbackTransport(tab));
  }
  root.render(
    <StrictMode>
      <ErrorBoundary what="The screen">
        <Frame />
      </ErrorBoundary>
    </StrictMode>,
  );
}

start().catch(() => root.render(<SignInPage unreachable />));
