import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['node_modules/', '.data/', 'views/assets/'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      // One program for one run: quicker than the service that editors want.
      parserOptions: { project: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Interfaces promise; an implementation in memory has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // ES getters and setters of Koa are read through interfaces; functions that use `this` say so in their type.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-params': ['error', 3],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // Marked as deprecated by its author only to stand out: the emulator speaks http on loopback.
      '@typescript-eslint/no-deprecated': ['error', { allow: ['allowInsecureRequests'] }],
      eqeqeq: 'error',
      // There are no enums: `erasableSyntaxOnly` refuses them.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  { files: ['test/**', 'bench/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);
