import tseslint from 'typescript-eslint';

/** Where what is measured or replayed is computed: no clock, no chance, no timers. */
const eventTimeOnly = ['src/kernel/**/*.ts', 'src/stages/**/*.ts'];

/** Loops over arrays whose lengths are checked once, before the loop. */
const hotLoops = [
  'src/kernel/**/*.ts',
  'src/model/layout.ts',
  'src/stages/**/*.ts',
  'src/pipeline/**/*.ts',
  'src/wire/**/*.ts',
  'src/recording/**/*.ts',
  'src/evidence/**/*.ts',
  'src/server/**/*.ts',
  'src/sinks/**/*.ts',
  'adapters/**/*.ts',
  'simulators/**/*.ts',
  'dashboards/**/*.ts',
  'bench/**/*.ts',
  'test/**/*.ts',
];

const notHere = (name) => ({
  name,
  message: 'Event time only: a stage knows frame.timeUs, and chance is part of the state.',
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/*.mjs', '**/*.js', 'runs/**', 'coverage/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      // Contracts are records of closures: no method here uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // Here `!` says that an index is known to be in range, whether or not the compiler asks for it.
    files: hotLoops,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  {
    files: eventTimeOnly,
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'process'].map(notHere),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance is part of the state.' },
      ],
    },
  },
  {
    // A contract may ask for a promise of what a test knows at once.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
);
