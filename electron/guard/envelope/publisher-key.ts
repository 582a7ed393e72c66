/**
 * The public half of the key that the default envelope in `resources/envelope` is signed with, in Base64. Written by
 * `scripts/sign-default-envelope.mjs`, which makes a new key each time and throws the private half away.
 */
export const PUBLISHER_KEY = '7nOgc9zmalol6JIbRF4o1Z2rL0+FJ9HQFkJAtQnXVT4=';
