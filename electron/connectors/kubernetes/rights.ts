/** A right as an access review asks for it and a role grants it; `resource` names a subresource after a slash. */
export type Right = { verb: string; group: string; resource: string };

export const rightInWords = ({ verb, group, resource }: Right): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

export const sameRight = (a: Right, b: Right): boolean =>
  a.verb === b.verb && a.group === b.group && a.resource === b.resource;
