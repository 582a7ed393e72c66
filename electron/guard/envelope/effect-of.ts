/** Whether a policy permits or forbids: the first word that is neither annotation nor comment. A policy that loads begins with one of the two. */
export const effectOf = (text: string): 'permit' | 'forbid' => {
  const bare = text.replace(/\/\/.*$/gm, '').replace(/@[a-zA-Z_]\w*\s*(\(\s*"(?:[^"\\]|\\.)*"\s*\))?/g, '');
  return /^\s*forbid\b/.test(bare) ? 'forbid' : 'permit';
};
