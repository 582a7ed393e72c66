/** What a service ran and runs when the history begins. */
export type InitialRelease = { version: string; previousVersion: string; revision: number };

export const imageOf = (service: string, version: string): string =>
  `registry.shop.example/${service}:${version}`;

export const versionOfImage = (image: string): string => image.slice(image.lastIndexOf(':') + 1);
