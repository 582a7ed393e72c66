/** What a model says and hears, in the shape of the Messages API's turns, so that any client is a small adapter. */
export type ToolCall = { id: string; name: string; input: unknown };
export type ToolResult = { call: string; text: string; failed: boolean };
export type Message =
  | { role: 'user'; text: string; challenge?: string }
  | { role: 'assistant'; text: string; calls: readonly ToolCall[] }
  | { role: 'tools'; results: readonly ToolResult[] };

export type ToolSpec = { name: string; purpose: string; inputSchema: unknown };

export type TurnRequest = { system: string; messages: readonly Message[]; tools: readonly ToolSpec[] };
/** One finished turn; `tokens` is null where the client does not count. */
export type Turn = {
  text: string;
  calls: readonly ToolCall[];
  tokens: { input: number; output: number } | null;
};

/** A model. It yields text as it comes and returns the whole turn; it can do nothing but answer. */
export type ModelClient = {
  /** Exact model id, as it stands in the ledger. */
  id: string;
  /** What the model is run with besides the prompt (temperature, limits), as it stands in the ledger. */
  parameters: Readonly<Record<string, string | number | boolean>>;
  turn(request: TurnRequest, signal: AbortSignal): AsyncGenerator<string, Turn>;
};
