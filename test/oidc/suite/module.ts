import type { ExecutionContext, TestFn } from 'ava';

type Variant = { readonly form?: boolean };
type Run = (t: ExecutionContext, type: string) => Promise<void>;

/** Names a test by the module of the OpenID Foundation's suite whose demand it proves; once for each response type. */
export function modulesFor(test: TestFn) {
  const module = (...[name, types, { form = false }, run]: [string, readonly string[], Variant, Run]): void => {
    for (const type of types) test.serial(`${name}: ${type}${form ? ', form_post' : ''}`, (t) => run(t, type));
  };
  return { module, forms: [false, true] };
}
