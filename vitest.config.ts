import { configDefaults, defineConfig } from 'vitest/config';

// Each project names its own files: what a project inherits is added to what it says.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/{e2e,real,laws}/**'],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'laws', include: ['test/laws/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { name: 'e2e', include: ['test/{e2e,real}/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
