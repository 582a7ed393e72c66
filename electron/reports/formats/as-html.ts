import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { inertText } from '../../../shared/formats/inert-text.ts';

/**
 * A page that stands by itself: no script, nothing loaded, nothing followed, as its own policy says to any browser. Good to
 * print.
 */
export function asHtml(title: string, markdown: string): string {
  const body = renderToStaticMarkup(
    createElement(
      Markdown,
      { components: INERT, remarkPlugins: [remarkGfm], skipHtml: true },
      inertText(markdown),
    ),
  );
  const name = renderToStaticMarkup(createElement('title', null, inertText(title)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
${name}
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const INERT: Components = {
  a: ({ children, href }) =>
    createElement(
      'span',
      null,
      children,
      href !== undefined && href !== String(children) ? ` (${href})` : '',
    ),
  img: ({ alt }) => createElement('em', null, `[picture not loaded${alt ? `: ${alt}` : ''}]`),
};

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; } td, th { border: 1px solid #8885; padding: .25rem .6rem; text-align: left; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { padding: .75rem; border: 1px solid #8885; border-radius: 4px; white-space: pre-wrap; }
blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid #8888; }
@media print { h2 { break-after: avoid; } li, tr { break-inside: avoid; } }
`;
