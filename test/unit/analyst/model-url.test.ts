import { expect, it } from 'vitest';
import { ModelUrl } from '../../../shared/vocabulary/model.ts';

it.each([
  ['https://api.anthropic.com', true],
  ['https://gateway.example.com:8443/anthropic', true],
  ['http://127.0.0.1:8080', true],
  ['http://localhost:11434/api', true],
  ['http://[::1]:8080', true],
  ['http://api.anthropic.com', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://localhost.evil.example', false],
  ['http://localhost@evil.example', false],
  ['https://user:secret@gateway.example.com', false],
  ['https://gateway.example.com\\@evil.example', false],
  ['https://gateway.example.com/?key=1', false],
  ['https://gateway.example.com/#x', false],
  ['file:///etc/passwd', false],
  ['', false],
])('takes %s as the place of a model: %s', (url, good) => {
  expect(ModelUrl.safeParse(url).success).toBe(good);
});
