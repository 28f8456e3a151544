export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** One spelling for the same value (RFC 8785): members in the order of their names, no spaces. Without `undefined`. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`;
  const members: string[] = [];
  const named: { readonly [name: string]: Json | undefined } = value as { readonly [name: string]: Json | undefined };
  for (const name of Object.keys(named).sort()) {
    const member = named[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonical(member)}`);
  }
  return `{${members.join(',')}}`;
}
