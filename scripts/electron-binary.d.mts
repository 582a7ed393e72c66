export function electronBinary(): string | null;
export function obtainElectron(node: string): Promise<string | null>;
