/** Milliseconds after which what else is to be done comes first. What was drawn is put into pixels after that. */
const TURN_MS = 5;

const waiting = new Map<object, () => void>();
let channel: MessageChannel | null = null;
let isAsked = false;

/**
 * Draws soon, a few at a time: a press of a key or the pointer never waits for all of them. Of several drawings for one owner
 * only the last one is drawn.
 */
export function drawInTurn(owner: object, draw: () => void): void {
  waiting.delete(owner);
  waiting.set(owner, draw);
  askForTurn();
}

/** A message comes before the next timer, and after the input that waits. */
function askForTurn(): void {
  if (isAsked || waiting.size === 0) return;
  isAsked = true;
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = takeTurn;
  }
  channel.port2.postMessage(null);
}

function takeTurn(): void {
  isAsked = false;
  const endMs = performance.now() + TURN_MS;
  try {
    for (const [owner, draw] of waiting) {
      waiting.delete(owner);
      draw();
      if (performance.now() >= endMs) break;
    }
  } finally {
    askForTurn();
  }
}
