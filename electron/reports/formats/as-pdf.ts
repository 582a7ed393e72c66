import type { Content } from 'pdfmake';
import { inertText } from '../../../shared/formats/inert-text.ts';
import { contentOf } from './pdf-content.ts';

/**
 * The report as pages to print or to attach. Nothing is loaded while it is made, from the network or from the disk: the
 * fonts come with the program. Letters that these do not have (East Asian scripts, emoji) are drawn as boxes; the HTML
 * export shows them.
 */
export async function asPdf(title: string, markdown: string): Promise<Buffer> {
  const printer = await printerWithFonts();
  const content: Content[] = contentOf(inertText(markdown));
  return printer
    .createPdf({
      info: { title: inertText(title), creator: 'Countersign' },
      pageSize: 'A4',
      pageMargins: [48, 48, 48, 56],
      defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.25 },
      content,
      footer: (page: number, pages: number) => ({
        text: `${inertText(title)} · ${page} of ${pages}`,
        alignment: 'center',
        fontSize: 8,
        margin: [48, 16],
      }),
    })
    .getBuffer();
}

/** Loaded with the first PDF: nobody else should wait for it. */
async function printerWithFonts() {
  const { default: printer } = await import('pdfmake');
  const { default: files } = await import('pdfmake/build/vfs_fonts.js');
  for (const [name, base64] of Object.entries(files)) printer.virtualfs.writeFileSync(name, base64, 'base64');
  printer.setFonts({
    Roboto: {
      normal: 'Roboto-Regular.ttf',
      bold: 'Roboto-Medium.ttf',
      italics: 'Roboto-Italic.ttf',
      bolditalics: 'Roboto-MediumItalic.ttf',
    },
  });
  printer.setUrlAccessPolicy(() => false);
  printer.setLocalAccessPolicy((path) => Object.hasOwn(files, path));
  return printer;
}
