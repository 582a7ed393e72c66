import type { PhrasingContent, RootContent, Table } from 'mdast';
import type { Content } from 'pdfmake';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** Markdown (CommonMark with GitHub's tables and task lists) as what pdfmake lays out; raw HTML and pictures are left out. */
export const contentOf = (markdown: string): Content[] =>
  unified().use(remarkParse).use(remarkGfm).parse(markdown).children.flatMap(block);

const HEADING_SIZE = { 1: 18, 2: 14, 3: 11.5, 4: 10.5, 5: 10, 6: 10 } as const;
const AFTER = { margin: [0, 0, 0, 6] };

function block(node: RootContent): Content[] {
  switch (node.type) {
    case 'heading':
      return [
        {
          text: node.children.flatMap(inline),
          fontSize: HEADING_SIZE[node.depth],
          bold: true,
          margin: [0, node.depth === 1 ? 0 : 10, 0, 4],
          headlineLevel: node.depth,
        },
      ];
    case 'paragraph':
      return [{ text: node.children.flatMap(inline), ...AFTER }];
    case 'list': {
      const items = node.children.map(
        ({ checked, children }): Content => ({
          stack: [
            ...(typeof checked === 'boolean' ? [{ text: checked ? '[x]' : '[ ]' }] : []),
            ...children.flatMap(block),
          ],
        }),
      );
      return [node.ordered ? { ol: items, ...AFTER } : { ul: items, ...AFTER }];
    }
    case 'blockquote':
      return [{ stack: node.children.flatMap(block), italics: true, margin: [12, 0, 0, 6] }];
    case 'code':
      return [
        { text: node.value, fontSize: 8.5, background: '#eeeeee', preserveLeadingSpaces: true, ...AFTER },
      ];
    case 'table':
      return node.children.length > 1 ? [table(node)] : [];
    case 'thematicBreak':
      return [{ text: ' ', ...AFTER }];
    default:
      return [];
  }
}

/** Markdown lets rows have fewer or more cells than the head; a page must not. */
function table({ children }: Table): Content {
  const columns = Math.max(...children.map((row) => row.children.length));
  const rows = children.map((row) =>
    Array.from(
      { length: columns },
      (_, at): Content => ({ text: (row.children[at]?.children ?? []).flatMap(inline) }),
    ),
  );
  const hasHead = children[0]?.children.some((cell) => cell.children.length > 0) === true;
  return {
    table: { headerRows: hasHead ? 1 : 0, body: hasHead ? rows : rows.slice(1) },
    layout: 'lightHorizontalLines',
    ...AFTER,
  };
}

function inline(node: PhrasingContent): Content[] {
  switch (node.type) {
    case 'text':
      return [{ text: node.value }];
    case 'inlineCode':
      return [{ text: node.value, background: '#eeeeee' }];
    case 'strong':
      return [{ text: node.children.flatMap(inline), bold: true }];
    case 'emphasis':
      return [{ text: node.children.flatMap(inline), italics: true }];
    case 'delete':
      return [{ text: node.children.flatMap(inline), decoration: 'lineThrough' }];
    case 'link':
      return [{ text: [...node.children.flatMap(inline), { text: ` (${node.url})` }] }];
    case 'image':
      return [{ text: `[picture not loaded${node.alt ? `: ${node.alt}` : ''}]`, italics: true }];
    case 'break':
      return [{ text: '\n' }];
    default:
      return [];
  }
}
