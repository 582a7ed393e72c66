/**
 * How any controller tells Countersign of a change: an Event in the namespace of the service with these annotations.
 * `change` is a kind of change, `service` the Deployment it concerns; `object`, `field`, `before` and `after` say what
 * exactly changed, where that is known.
 */
export const changeAnnotation = 'countersign.dev/change';
export const serviceAnnotation = 'countersign.dev/service';
export const actorAnnotation = 'countersign.dev/actor';
export const objectAnnotation = 'countersign.dev/object';
export const fieldAnnotation = 'countersign.dev/field';
export const beforeAnnotation = 'countersign.dev/before';
export const afterAnnotation = 'countersign.dev/after';
