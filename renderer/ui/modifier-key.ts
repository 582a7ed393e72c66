/** The key that commands are given with, as the keyboard of this machine calls it. */
export const MODIFIER_KEY = /Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
