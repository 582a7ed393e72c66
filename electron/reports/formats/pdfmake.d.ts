/** The part of pdfmake 0.3 that is used; it ships no types. */
declare module 'pdfmake' {
  export type Content =
    | string
    | { text: string | readonly Content[]; [style: string]: unknown }
    | { stack: readonly Content[]; [style: string]: unknown }
    | { ul: readonly Content[]; [style: string]: unknown }
    | { ol: readonly Content[]; [style: string]: unknown }
    | {
        table: { body: readonly (readonly Content[])[]; headerRows?: number; widths?: readonly string[] };
        [style: string]: unknown;
      };
  const pdfmake: {
    virtualfs: { writeFileSync(name: string, content: string, encoding: 'base64'): void };
    setFonts(fonts: Record<string, Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>): void;
    setUrlAccessPolicy(isAllowed: (url: string) => boolean): void;
    setLocalAccessPolicy(isAllowed: (path: string) => boolean): void;
    createPdf(definition: object): { getBuffer(): Promise<Buffer> };
  };
  export default pdfmake;
}
declare module 'pdfmake/build/vfs_fonts.js' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
