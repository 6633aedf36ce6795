import { afterEach, describe, expect, it, vi } from 'vitest';
import { needs } from './requirement.ts';

describe('a test that needs something outside', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('runs when it is there', () => {
    vi.stubEnv('REQUIRE_SERVERS', '1');
    expect(needs('servers', 'influxd', true)).toBe(true);
  });

  it('is skipped with the reason when it is not', () => {
    vi.stubEnv('REQUIRE_DATA', '');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(needs('data', 'perovskite', false)).toBe(false);
    expect(warn).toHaveBeenCalledWith('skipped: perovskite is not available');
  });

  it('fails when it is required', () => {
    vi.stubEnv('REQUIRE_DATA', '1');
    vi.stubEnv('REQUIRE_SERVERS', '');
    expect(() => needs('data', 'perovskite', false)).toThrow('perovskite');
    vi.spyOn(console, 'warn').mockReturnValue();
    expect(needs('servers', 'influxd', false)).toBe(false);
  });
});
