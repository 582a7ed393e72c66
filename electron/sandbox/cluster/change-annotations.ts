/**
 * How any controller tells Countersign of a change: an Event in the namespace of the service with these annotations.
 * `change` is a kind of change, `service` the Deployment it concerns.
 */
export const changeAnnotation = 'countersign.dev/change';
export const serviceAnnotation = 'countersign.dev/service';
export const actorAnnotation = 'countersign.dev/actor';
export const flagAnnotation = 'countersign.dev/flag';
