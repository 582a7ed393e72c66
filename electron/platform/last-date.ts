/** The last millisecond that a date can be (ECMA-262, time values): what is later cannot be written as one. */
export const LAST_DATE_MS = 8_640_000_000_000_000;
