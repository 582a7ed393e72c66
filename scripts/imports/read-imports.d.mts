export type Import = { line: number; name: string; path: string | undefined; typesOnly: boolean };
export function sourceFiles(root: string): string[];
export function importsOf(root: string, file: string): Import[];
