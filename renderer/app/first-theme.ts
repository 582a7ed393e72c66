/** The system's theme, until the host has told which one the person chose (use-document.ts). */
document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: light)').matches
  ? 'light'
  : 'dark';
