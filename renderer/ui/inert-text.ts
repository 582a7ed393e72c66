export { inertLine, inertText } from '../../shared/formats/inert-text.ts';
