import { describe, expect, it } from 'vitest';
import { maskSecrets, resolveSecrets } from '../../src/config/secrets.ts';

const written = { sinks: [{ with: { url: 'http://${HOST}:8086', token: '${TOKEN}' } }], plain: 3 };

describe('resolveSecrets', () => {
  it('puts the values of the environment in', () => {
    const { data, problems } = resolveSecrets(written, { HOST: 'h', TOKEN: 't' });
    expect(problems).toEqual([]);
    expect(data).toEqual({ sinks: [{ with: { url: 'http://h:8086', token: 't' } }], plain: 3 });
  });

  it('does not resolve what a value says', () => {
    expect(resolveSecrets({ a: '${A}' }, { A: '${B}', B: 'x' }).data).toEqual({ a: '${B}' });
  });

  it('names one that is not set, and the nearest that is', () => {
    const { problems } = resolveSecrets(written, { HOST: 'h', TOKEM: 't' });
    expect(problems).toEqual([
      {
        at: ['sinks', 0, 'with', 'token'],
        message: 'expected the environment variable TOKEN, it is not set, did you mean "TOKEM"?',
      },
    ]);
  });
});

describe('maskSecrets', () => {
  it('takes the values out again and keeps what defaults have added', () => {
    const config = { sinks: [{ with: { url: 'http://h:8086', token: 't', bucket: 'operando' } }], plain: 3 };
    expect(maskSecrets(config, written)).toEqual({
      sinks: [{ with: { url: 'http://${HOST}:8086', token: '${TOKEN}', bucket: 'operando' } }],
      plain: 3,
    });
  });
});
