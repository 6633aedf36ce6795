/**
 * Whether a test's outside need is met. Where it is not, the test is skipped with the reason printed;
 * with REQUIRE_DATA=1 or REQUIRE_SERVERS=1 it fails instead.
 *
 * @param what - named in the message: 'influxd', 'npd_halide_perovskite_temperature'.
 * @throws Error when it is required and absent.
 */
export function needs(kind: 'data' | 'servers', what: string, present: boolean): boolean {
  if (present) return true;
  const variable = kind === 'data' ? 'REQUIRE_DATA' : 'REQUIRE_SERVERS';
  if (process.env[variable] === '1') throw new Error(`${what} is not available, and ${variable}=1 asks for it`);
  console.warn(`skipped: ${what} is not available`);
  return false;
}
