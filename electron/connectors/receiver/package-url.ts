/** What a package URL (https://github.com/package-url/purl-spec) says of an artifact's name and version. */
export type Artifact = { name: string | null; version: string | null };

/** A digest is no version that anybody would call it by; an image's tag stands in the qualifiers then. */
export function artifactOf(url: string): Artifact {
  const [, path = '', , query = ''] = /^pkg:[^/?#]+\/([^?#]*)(\?([^#]*))?/.exec(url) ?? [];
  const at = path.lastIndexOf('@');
  const name = decoded((at < 0 ? path : path.slice(0, at)).split('/').at(-1) ?? '');
  const version = at < 0 ? '' : decoded(path.slice(at + 1));
  const called = isDigest(version) ? (new URLSearchParams(query).get('tag') ?? '') : version;
  return { name: name || null, version: called || null };
}

const isDigest = (version: string) => /^sha\d+:/i.test(version);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
