type SavedFile = { fileName: string; mediaType: string; content: string; isBase64?: boolean };

/** Hands a file to the browser or the desktop shell to save. */
export function saveFile({ fileName, mediaType, content, isBase64 = false }: SavedFile): void {
  const data = isBase64 ? bytesOf(content) : content;
  const url = URL.createObjectURL(new Blob([data], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the data by the time this runs.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
