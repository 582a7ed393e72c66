import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { inertText } from './inert-text.ts';

/**
 * Markdown of people and of the record. INVARIANT: nothing in it is followed or loaded; a link shows where it would lead,
 * a picture that there is one, and HTML is dropped.
 */
export const InertMarkdown = ({ text }: { text: string }) => (
  <Markdown components={INERT} remarkPlugins={PLUGINS} skipHtml>
    {inertText(text)}
  </Markdown>
);

const PLUGINS = [remarkGfm];

const INERT: Components = {
  a: ({ children, href }) => (
    <span className="inert-link">
      {children}
      {href !== undefined && href !== String(children) && ` (${href})`}
    </span>
  ),
  img: ({ alt }) => <span className="muted">[picture not loaded{alt ? `: ${alt}` : ''}]</span>,
  input: ({ checked }) => (
    <span role="img" aria-label={checked ? 'done' : 'open'}>
      {checked ? '☑' : '☐'}
    </span>
  ),
};
