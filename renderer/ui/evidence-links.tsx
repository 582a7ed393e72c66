/** Links from a sentence to the facts it rests on; `onShow` brings one into view. At most three, so a line stays a line. */
export function EvidenceLinks({ keys, onShow }: { keys: readonly string[]; onShow(key: string): void }) {
  return keys.slice(0, MOST_LINKS).map((key, index) => (
    <button key={key} type="button" className="evidence-link" onClick={() => onShow(key)}>
      show{keys.length > 1 ? ` ${index + 1}` : ''}
      <span className="visually-hidden"> in the timeline</span>
    </button>
  ));
}

const MOST_LINKS = 3;
