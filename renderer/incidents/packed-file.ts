/** What one call to the host takes, in base64. */
const MOST_CHARACTERS = 1_000_000;

/**
 * A file as the host takes it: packed with gzip unless it is already, in base64.
 * @throws Error with a sentence for the person when it is too large even so.
 */
export async function packedFile(file: File): Promise<{ name: string; base64: string }> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = isPacked ? file.stream() : file.stream().pipeThrough(new CompressionStream('gzip'));
  const base64 = base64Of(new Uint8Array(await new Response(stream).arrayBuffer()));
  if (base64.length > MOST_CHARACTERS)
    throw new Error(
      `${file.name} is too large for the screen even when packed. Rank it on the command line: countersign rank ${file.name}`,
    );
  return { name: file.name, base64 };
}

/** In pieces: a call with a million arguments is none. */
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += PIECE)
    text += String.fromCharCode(...bytes.subarray(from, from + PIECE));
  return btoa(text);
}

const PIECE = 32_768;
